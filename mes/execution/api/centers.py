"""Reading orders, and what stands at a work center."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.organization.models import WorkCenter
from core.web.api import Reading
from core.web.forms import Form, QuantityField
from core.web.views import RecordPage
from core.web.views.form import DeedMixin
from mes.execution import services
from mes.execution.lifecycle import VIEW
from mes.execution.models import (
    FloorNote,
)
from mes.execution.queries import (
    dispatch_list,
    progress,
)
from mes.execution.serializers import DispatchShape, ProgressShape, WorkerShape
from mes.execution.views import desk, training


class OrderOperations(Reading):
    """The operations of an order with their counters."""

    page, shape = desk.ProductionOrderDetail, ProgressShape

    def read(self, page: Any) -> list[Any]:
        return progress(page.record)


class WorkCenterPage(RecordPage):
    """A work center, to whoever may see its orders."""

    model, permission = WorkCenter, VIEW

    def get_queryset(self) -> Any:
        return WorkCenter.objects.select_related("area__site")


class Dispatch(Reading):
    """What there is to do at a work center, ready or why not, for the person who asks."""

    page, shape = WorkCenterPage, DispatchShape

    def read(self, page: Any) -> list[Any]:
        return dispatch_list(page.record, page.request.user)


class Staff(Reading):
    """Who can run an operation on a shift (`since`, `until`), and what the others lack."""

    page, shape = training.OrderOperationStaff, WorkerShape

    def read(self, page: Any) -> list[Any]:
        return list(page.context()["workers"])


class NoteForm(Form):
    """What a note says; its time is now unless one is given."""

    kind = forms.ChoiceField(label=_("Kind"), choices=FloorNote.Kind.choices)
    text = forms.CharField(label=_("Text"), max_length=4000, required=False)
    number = QuantityField(label=_("Number"), max_digits=18, decimal_places=6, min_value=0, required=False)
    photo = forms.FileField(label=_("Photo"), required=False)
    noted_at = forms.DateTimeField(label=_("Noted at"), required=False)


class LeaveNote(DeedMixin, WorkCenterPage):
    """Leave a remark, a count, a time, a photo or a hand-over at a work center; it gates nothing."""

    form_class = NoteForm

    def deed(self, form: Any) -> FloorNote:
        values = dict(form.cleaned_data)
        photo = values.pop("photo")
        photos = [photo] if photo else ()
        return services.leave_note(work_center=self.record, photos=photos, actor=self.request.user, **values).record
