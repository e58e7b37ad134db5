"""Where else the same may be: looked for, named, answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.web.views import Fact
from qms.capa import forms, services
from qms.capa.lifecycle import MANAGE
from qms.capa.models import Capa, ReadAcross
from qms.capa.views.common import CapaDeed, PartDeed


class LookAcross(CapaDeed):
    """Look what shares the process."""

    title = label = _("Look where else")
    explanation = _(
        "Names what shares material, work center, instruction or kind of equipment with this problem: each is a line to"
        " answer."
    )
    deed_permission = MANAGE
    tab = "actions"

    def deed(self, form: Any) -> Capa:
        return services.look_across(capa=self.record, actor=self.request.user, reason=form.cleaned_data["reason"])


class AcrossAdd(CapaDeed):
    """Name something by hand."""

    title = _("Name where else it may be")
    label = _("Add")
    deed_permission = MANAGE
    form_class = forms.AcrossForm
    tab = "actions"

    def deed(self, form: Any) -> ReadAcross:
        return services.name_across(capa=self.record, actor=self.request.user, **form.cleaned_data)


class AcrossAnswer(PartDeed):
    """Answer one line."""

    model = ReadAcross
    title = _("Does it apply there too?")
    label = _("Answer")
    deed_permission = MANAGE
    form_class = forms.AcrossAnswerForm
    tab = "actions"

    def get_queryset(self) -> QuerySet[Any]:
        return ReadAcross.objects.select_related("capa__site", "subject_type")

    @property
    def needs_reason(self) -> bool:
        return bool(self.record.answer)

    def get_initial(self) -> dict[str, Any]:
        return {"answer": self.record.answer or None, "rationale": self.record.rationale}

    def covered(self) -> Sequence[Fact]:
        return [Fact(_("Where else"), self.record.subject_label), Fact(_("Why it is asked"), self.record.why)]

    def deed(self, form: Any) -> ReadAcross:
        return services.answer_across(line=self.record, actor=self.request.user, **form.cleaned_data)
