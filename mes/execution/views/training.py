"""Training at an operation, at the desk: train now, let somebody work untrained, who can run it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.kernel.clock import now
from core.organization.models import User
from core.organization.queries import people_at
from core.web import slots
from core.web.forms import Form, MomentField
from core.web.views import DetailPage, Fact, MovePage
from mes.execution import services
from mes.execution.lifecycle import OVERRIDE, VIEW
from mes.execution.models import OrderOperation
from mes.execution.queries.staff import ready, who_can_run
from mes.execution.views.floor_signing import code_field

SHIFT = dt.timedelta(hours=8)


class _OperationPage:
    """What these pages share."""

    record: OrderOperation

    def get_queryset(self) -> Any:
        return OrderOperation.objects.select_related(
            "order__site", "order__material", "operation__document", "work_center__area__site",
            "document_revision__document__site",
        )  # fmt: skip


class OrderOperationTrain(_OperationPage, MovePage):
    """Take the training that the operation's instruction needs, now."""

    model, permission, deed_permission = OrderOperation, VIEW, VIEW
    label = _("Train now")
    explanation = _("You read the instruction that this operation follows, with what is new in it, and sign.")

    def covered(self) -> Sequence[Fact]:
        return [Fact(_("Instruction"), self.record.document_revision or "–")]

    def deed(self, form: Any) -> Any:
        return services.train_for_operation(order_operation=self.record, actor=self.request.user)


class OverrideForm(Form):
    """Who works untrained, and who signs beside the supervisor."""

    person = forms.ModelChoiceField(label=_("Who works untrained"), queryset=User.objects.none())
    second_id = forms.CharField(label=_("User name of the second person who signs"), max_length=80)
    second_secret = forms.CharField(
        label=_("Password of the second person"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    second_code = code_field(_("Code of the second person's app"))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person: Any = self.fields["person"]
        person.queryset = people


class OrderOperationOverride(_OperationPage, MovePage):
    """Let somebody work untrained on this operation: a deviation, and two signatures."""

    model, permission, deed_permission, form_class = OrderOperation, VIEW, OVERRIDE, OverrideForm
    label, meaning, asks_reason = _("Let somebody work untrained"), "approved", True
    explanation = _("A deviation is raised; you and a second person sign. It counts for this operation only.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "people": people_at([self.record.order.site])}

    def deed(self, form: Any) -> Any:
        values = form.cleaned_data
        mine = self.proof()
        second = slots.signer().identify_second(
            user_id=values["second_id"],
            secret=values["second_secret"],
            meaning="witnessed",
            request=self.request,
            code=values.get("second_code", ""),
        )
        services.let_untrained_work(
            order_operation=self.record,
            person=values["person"],
            reason=values["reason"],
            signature=mine,
            second=second,
            actor=self.request.user,
        )
        return self.record

    def already_signed(self) -> Sequence[Any]:
        return ()

    def digest(self) -> str:
        return ""


class ShiftTimeForm(Form):
    """From and until."""

    since = MomentField(label=_("From"), required=False)
    until = MomentField(label=_("Until"), required=False)


class OrderOperationStaff(_OperationPage, DetailPage):
    """Who can run this operation on a shift, and what the others lack."""

    model, permission = OrderOperation, VIEW
    template_name = "mes/execution/orderoperation_staff.html"
    list_url_name = "mes_execution:productionorder_list"
    show_timeline = False
    title = _("Who can run it")

    def context(self, **more: Any) -> dict[str, Any]:
        form = ShiftTimeForm(self.request.GET or None)
        since, until = now(), now() + SHIFT
        if form.is_bound and form.is_valid():
            since = form.cleaned_data["since"] or since
            until = form.cleaned_data["until"] or since + SHIFT
        workers = who_can_run(self.record, since, max(until, since + dt.timedelta(minutes=1)))
        return super().context(form=form, workers=workers, ready=ready(workers), since=since, until=until, **more)
