"""Causes, actions, and the check of their effect."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.web.markup import Text, url_of
from core.web.views import Action, DetailPage, Fact, FormPage, ListPage, MovePage
from qms.capa import forms, services
from qms.capa.filters import CapaActionFilters
from qms.capa.lifecycle import MANAGE, PERFORM, VIEW
from qms.capa.models import Capa, CapaAction, EffectivenessCheck, RootCause
from qms.capa.models.records import Method
from qms.capa.queries import bound_kinds, check_of, people_for, reached
from qms.capa.tables import CapaActionTable
from qms.capa.views.common import CapaDeed, PartDeed


class CapaMethod(CapaDeed):
    """Choose the method; say how adverse effects are looked for."""

    title = _("Method and adverse effects")
    label = _("Save")
    deed_permission = MANAGE
    form_class = forms.MethodForm
    tab = "causes"

    def get_initial(self) -> dict[str, Any]:
        record = self.record
        names = ("adverse_plan", "retraining_reason")
        return {"method": record.method or None, **{name: getattr(record, name) for name in names}}

    def deed(self, form: Any) -> Capa:
        return services.write_method(capa=self.record, actor=self.request.user, **form.cleaned_data)


class CapaCheck(CapaDeed):
    """Plan how the effect is judged."""

    title = _("How its effect is judged")
    label = _("Save")
    explanation = _("An exact one-sided test asks whether so few events after could be chance.")
    deed_permission = MANAGE
    form_class = forms.CheckForm
    tab = "effectiveness"

    def get_initial(self) -> dict[str, Any]:
        check = check_of(self.record)
        if check is None:
            return {}
        names = (
            "events", "sort", "exposure", "test", "baseline_begins", "baseline_ends", "window_days",
            "minimum_exposure", "alpha",
        )  # fmt: skip
        material = check.material.number if check.material is not None else ""
        return {**{name: getattr(check, name) for name in names}, "material": material}

    def deed(self, form: Any) -> EffectivenessCheck:
        return services.set_check(capa=self.record, actor=self.request.user, **form.cleaned_data)


def _others(capa: Capa) -> QuerySet[RootCause]:
    return capa.causes.filter(cycle=capa.cycle).order_by("pk")


class CauseAdd(CapaDeed):
    """Name a possible cause."""

    title = _("Name a cause")
    label = _("Add")
    deed_permission = MANAGE
    form_class = forms.CauseForm
    tab = "causes"

    def get_form_kwargs(self) -> dict[str, Any]:
        is_fishbone = self.record.method == Method.ISHIKAWA
        return {**super().get_form_kwargs(), "others": _others(self.record), "is_fishbone": is_fishbone}

    def deed(self, form: Any) -> RootCause:
        values = {name: form.cleaned_data[name] for name in form.fields if name != "reason"}
        return services.add_cause(capa=self.record, actor=self.request.user, **values)


class CauseDeed(PartDeed):
    """A deed on a cause."""

    model = RootCause
    deed_permission = MANAGE
    tab = "causes"

    def get_queryset(self) -> QuerySet[Any]:
        return RootCause.objects.select_related("capa__site", "parent")


class CauseChange(CauseDeed):
    """Say a cause better, or put it elsewhere."""

    title = _("Change the cause")
    label = _("Save")
    form_class = forms.CauseForm

    def get_initial(self) -> dict[str, Any]:
        record = self.record
        return {"statement": record.statement, "parent": record.parent_id, "branch": record.branch or None}

    def get_form_kwargs(self) -> dict[str, Any]:
        capa = self.record.capa
        others = _others(capa).exclude(pk=self.record.pk)
        return {**super().get_form_kwargs(), "others": others, "is_fishbone": capa.method == Method.ISHIKAWA}

    def deed(self, form: Any) -> RootCause:
        values = {name: form.cleaned_data[name] for name in form.fields if name != "reason"}
        return services.change_cause(cause=self.record, actor=self.request.user, **values)


class CauseJudge(CauseDeed):
    """Confirm a cause or rule it out."""

    title = label = _("Judge the cause")
    form_class = forms.JudgeForm

    def get_initial(self) -> dict[str, Any]:
        return {"verdict": self.record.verdict, "evidence": self.record.evidence}

    def deed(self, form: Any) -> RootCause:
        return services.judge_cause(cause=self.record, actor=self.request.user, **form.cleaned_data)


class CauseRemove(CauseDeed):
    """Take out a cause that was named by mistake."""

    title = label = _("Take the cause out")
    explanation = _("Only what was named by mistake; what was found to be no cause is ruled out instead.")

    def deed(self, form: Any) -> Capa:
        return services.remove_cause(cause=self.record, actor=self.request.user, reason=form.cleaned_data["reason"])


def _action_form(capa: Capa) -> dict[str, Any]:
    return {"site": capa.site, "people": people_for(PERFORM, capa.site), "causes": _others(capa)}


class ActionAdd(CapaDeed):
    """Plan an action."""

    title = _("Plan an action")
    label = _("Add")
    deed_permission = MANAGE
    form_class = forms.ActionForm
    tab = "actions"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), **_action_form(self.record)}

    def deed(self, form: Any) -> CapaAction:
        return services.add_action(capa=self.record, actor=self.request.user, **form.cleaned_data)


class ActionPage:
    """What the pages of an action share: the CAPA that it belongs to."""

    record: Any
    list_url_name = "qms_capa:capaaction_list"

    def get_queryset(self) -> QuerySet[Any]:
        return CapaAction.objects.select_related("capa__site", "owner", "bound_type")

    def number(self) -> str:
        return str(self.record.capa.number)

    def site(self) -> Any:
        return self.record.capa.site


class ActionList(ListPage):
    """Every action that the visitor may see."""

    model, permission = CapaAction, VIEW
    table_class, filterset_class = CapaActionTable, CapaActionFilters
    search_fields = ("title", "capa__number", "bound_label")
    order = ("-pk",)
    empty_title = _("No actions yet")
    empty_text = _("Actions are planned on the page of a CAPA.")
    empty_icon = "list-check"

    def get_queryset(self) -> QuerySet[Any]:
        return CapaAction.objects.select_related("capa", "owner")


class ActionDetail(ActionPage, DetailPage):
    """One action: what is to be done, by whom, against which causes, and what it waits for."""

    model, permission = CapaAction, VIEW
    template_name = "qms/capa/capaaction_detail.html"
    timeline_later = True
    stepper_path = ("open", "in_progress", "done", "accepted")

    def due_at(self) -> Any:
        return self.record.due_at if self.record.status in ("open", "in_progress") else None

    def facts(self) -> Sequence[Fact]:
        record = self.record
        facts = [
            Fact(_("CAPA"), record.capa, record.capa.get_absolute_url()),
            Fact(_("Purpose"), record.get_purpose_display()),
            Fact(_("Owner"), record.owner),
        ]
        state = reached(record)
        if state is not None:
            kind, bound = bound_kinds().get(record.kind), record.bound
            label = kind.label if kind is not None else _("Bound to")
            facts.append(Fact(label, record.bound_label, url_of(bound) if bound is not None else ""))
            facts.append(Fact(_("Stands"), state.words, tone="" if state.is_reached else "warn"))
            if kind is not None:
                facts.append(Fact(_("Can be finished when"), kind.waits_for))
        for link in record.removes.select_related("cause").order_by("pk"):
            facts.append(Fact(_("Removes"), link.cause, wide=True))
        if record.description:
            facts.append(Fact(_("Description"), record.description, wide=True))
        return facts

    def actions(self) -> Sequence[Action]:
        record = self.record
        if record.status != "open" or record.capa.status != "investigation" or record.cycle != record.capa.cycle:
            return ()
        return [Action(_("Change"), reverse("qms_capa:capaaction_change", args=[record.pk]), "pencil", MANAGE)]


class ActionMove(ActionPage, MovePage):
    """A move of an action."""

    model, permission = CapaAction, VIEW

    def covered(self) -> Sequence[Fact]:
        record = self.record
        causes = [Fact(_("Removes"), link.cause) for link in record.removes.select_related("cause").order_by("pk")]
        return [
            Fact(_("Description"), record.description or record.title),
            Fact(_("Owner"), record.owner),
            *([Fact(_("Bound to"), record.bound_label)] if record.kind else []),
            *causes,
        ]


class ActionChange(ActionPage, FormPage):
    """Plan an action otherwise."""

    model, permission, form_class = CapaAction, MANAGE, forms.ActionForm
    change_needs_reason = False

    def get_initial(self) -> dict[str, Any]:
        record = self.record
        names = ("title", "description", "purpose", "kind", "owner", "due_at")
        causes = list(record.removes.values_list("cause", flat=True))
        return {**{name: getattr(record, name) for name in names}, "causes": causes, "bound_number": _number(record)}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), **_action_form(self.record.capa)}

    def crumbs(self) -> list[tuple[Text, str]]:
        capa, action = self.record.capa, self.record
        return [
            (capa.number, capa.get_absolute_url()), (str(action), action.get_absolute_url()), (self.page_title(), ""),
        ]  # fmt: skip

    def deed(self, form: Any) -> CapaAction:
        return services.change_action(action=self.record, actor=self.request.user, **form.cleaned_data)


def _number(action: CapaAction) -> str:
    """By which number the object is found again."""
    bound = action.bound
    for name in ("number", "document", "routing"):
        found = getattr(bound, name, None)
        if found is not None:
            return str(getattr(found, "number", None) or getattr(found, "code", None) or found)
    return ""
