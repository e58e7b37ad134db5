"""The lists, the forms, and the one page of a CAPA."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.jobs.queries import jobs_of
from core.printing.queries import prints_of
from core.web.access import may
from core.web.markup import Text, url_of
from core.web.views import Action, DetailPage, Fact, FormPage, ListPage, Related, Tab
from qms.capa import services
from qms.capa.filters import CapaFilters
from qms.capa.forms import ChangeForm, RaiseForm
from qms.capa.lifecycle import DATED_STATES, EXTEND, MANAGE, OPEN_STATES, RAISE, REOPEN, TRIAGE, VIEW
from qms.capa.models import Capa, CapaSource, EffectivenessResult
from qms.capa.queries import (
    across_of,
    actions_of,
    baseline,
    bound_kinds,
    capas,
    causes_of,
    check_of,
    drawing_of,
    event_kinds,
    exposure_kinds,
    only_trained,
    roots,
    uncovered,
)
from qms.capa.tables import CapaTable
from qms.capa.views.common import SETTLED

TONES = {"low": "neutral", "medium": "warn", "high": "bad"}


class CapaList(ListPage):
    """Every CAPA that the visitor may see."""

    model, permission = Capa, VIEW
    table_class, filterset_class = CapaTable, CapaFilters
    search_fields = ("number", "title")
    order = ("-pk",)
    create_url_name, create_permission = "qms_capa:capa_create", RAISE
    create_label = _("Raise a CAPA")
    empty_title = _("No CAPAs yet")
    empty_text = _("A CAPA removes the causes of a problem, and shows by figures that it helped.")
    empty_icon = "shield"

    def get_queryset(self) -> QuerySet[Any]:
        return capas()


class CapaRaise(FormPage):
    """State a problem."""

    model, permission, form_class = Capa, RAISE, RaiseForm
    title, submit_label = _("Raise a CAPA"), _("Begin the CAPA")
    lead = _("It begins as a draft. Quality decides then whether a CAPA is opened.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def deed(self, form: Any) -> Capa:
        return services.raise_capa(actor=self.request.user, **form.cleaned_data)


class CapaChange(FormPage):
    """State the problem better."""

    model, permission, form_class = Capa, RAISE, ChangeForm
    change_needs_reason = False
    title = _("State the problem")

    def get_queryset(self) -> QuerySet[Any]:
        return capas()

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.record, name) for name in ("kind", "title", "problem", "not_problem")}

    def deed(self, form: Any) -> Capa:
        return services.change_capa(capa=self.record, actor=self.request.user, **form.cleaned_data)


class CapaDetail(DetailPage):
    """What the problem is, why it happens, what is done, whether it helped."""

    model, permission = Capa, VIEW
    template_name = "qms/capa/capa_detail.html"
    timeline_later = True
    signatures_later = True
    gates_later = True
    settled_on_its_page = tuple(sorted(SETTLED))
    stepper_path = (
        "draft", "triage", "investigation", "plan_review", "implementation", "verification", "effectiveness", "closed",
    )  # fmt: skip

    def get_queryset(self) -> QuerySet[Any]:
        return capas()

    def due_at(self) -> Any:
        return self.record.due_at if self.record.status in OPEN_STATES else None

    def badges(self) -> Sequence[tuple[Text, str, str]]:
        record, found = self.record, []
        if record.priority:
            found.append((record.get_priority_display(), TONES[record.priority], "flag"))
        if record.cycle > 1:
            found.append((_("Cycle %(number)s") % {"number": record.cycle}, "warn", "refresh"))
        return found

    def may(self, right: str) -> bool:
        """Whether the visitor holds a right at this CAPA."""
        return may(self.request.user, right, self.record)

    def actions(self) -> Sequence[Action]:
        record = self.record

        def to(name: str) -> str:
            return reverse(f"qms_capa:{name}", args=[record.pk])

        found = []
        if record.status == "draft":
            found.append(Action(_("State the problem"), to("capa_change"), "pencil", RAISE))
        if record.status == "effectiveness":
            found.append(Action(_("Judge the effect"), to("capa_judge"), "scale", REOPEN, rare=True))
            found.append(Action(_("Compute the effect"), to("capa_evaluate"), "chart", VIEW, rare=True))
        if record.status in DATED_STATES:
            found.append(Action(_("Ask for an extension"), to("extension_create"), "hourglass", MANAGE, rare=True))
            found.append(Action(_("Name another owner"), to("capa_owner"), "user", TRIAGE, rare=True))
        found.append(Action(_("Sealed PDF"), to("capa_print"), "printer", VIEW))
        return found

    def facts(self) -> Sequence[Fact]:
        record = self.record
        facts = [
            Fact(_("Kind"), record.get_kind_display()),
            Fact(_("Raised by"), record.raised_by),
            Fact(_("Method"), record.get_method_display() or _("not yet chosen")),
        ]
        if record.first_due_at is not None and record.first_due_at != record.due_at:
            facts.append(Fact(_("First due"), f"{record.first_due_at:%Y-%m-%d}"))
        for label, value in ((_("What the problem is"), record.problem), (_("What it is not"), record.not_problem)):
            if value:
                facts.append(Fact(label, value, wide=True))
        return facts

    def related(self) -> Sequence[Related]:
        return [Related(str(one), one.get_absolute_url(), _("Sealed PDF")) for one in prints_of(self.record)]

    def tabs(self) -> Sequence[Tab]:
        folder = "qms/capa/"
        return [
            Tab("overview", _("Where it comes from"), folder + "_overview.html"),
            Tab("causes", _("Causes"), folder + "_causes.html"),
            Tab("actions", _("Actions"), folder + "_actions.html"),
            Tab("effectiveness", _("Effect"), folder + "_effectiveness.html"),
            Tab("story", _("Signed on the way"), folder + "_story.html"),
        ]

    def context(self, **more: Any) -> dict[str, Any]:
        record = self.record
        may_manage = self.may(MANAGE)
        found = super().context(
            jobs=jobs_of(record),
            may_manage=may_manage,
            is_planned=record.status == "investigation" and may_manage,
            **more,
        )
        reads: dict[str, Callable[[], dict[str, Any]]] = {
            "overview": self._overview,
            "causes": self._causes,
            "actions": self._actions,
            "effectiveness": self._effectiveness,
            "story": self._story,
        }
        return {**found, **reads[found["tab"].key]()}

    def _overview(self) -> dict[str, Any]:
        record = self.record
        is_early = record.status in ("draft", "triage")
        return {
            "sources": [(one, _address(one)) for one in record.sources.select_related("source_type").order_by("pk")],
            "members": list(record.members.select_related("user").order_by("pk")),
            "decisions": list(record.decisions.select_related("actor", "owner").order_by("-pk")),
            "may_link": is_early and self.may(RAISE),
            "may_staff": record.status in OPEN_STATES and self.may(TRIAGE if is_early else MANAGE),
            "may_unstaff": record.status in OPEN_STATES and self.may(MANAGE),
        }

    def _causes(self) -> dict[str, Any]:
        causes = causes_of(self.record)
        found = roots(causes)
        return {
            "causes": causes,
            "root_ids": {one.pk for one in found},
            "drawing": drawing_of(self.record, causes),
            "earlier": self.record.causes.filter(cycle__lt=self.record.cycle).order_by("pk"),
        }

    def _actions(self) -> dict[str, Any]:
        record = self.record
        causes, actions = causes_of(record), actions_of(record)
        return {
            "actions_planned": actions,
            "kinds": bound_kinds(),
            "across": [(line, _address_of(line.subject_type, line.subject_id)) for line in across_of(record)],
            "uncovered": uncovered(causes, actions),
            "only_trained": only_trained(causes, actions) if not record.retraining_reason else [],
            "earlier": record.actions.filter(cycle__lt=record.cycle).select_related("owner").order_by("pk"),
        }

    def _effectiveness(self) -> dict[str, Any]:
        record, check = self.record, check_of(self.record)
        results = record.results.select_related("actor").order_by("-pk")
        found: dict[str, Any] = {"check": check, "results": list(results), "Result": EffectivenessResult.Result}
        if check is not None:
            events, exposures = event_kinds(), exposure_kinds()
            check.capa = record
            event, exposure = events.get(check.events), exposures.get(check.exposure)
            found |= {
                "events_label": event.label if event else check.events,
                "exposure_label": exposure.label if exposure else check.exposure,
                "before": baseline(check) if event and exposure else None,
                "alpha": f"{check.alpha / 1000:g}",
            }
        return found

    def _story(self) -> dict[str, Any]:
        record = self.record
        return {
            "plans": list(record.plans.select_related("actor").prefetch_related("approvals__actor").order_by("-pk")),
            "verifications": list(record.verifications.select_related("actor").order_by("-pk")),
            "closings": list(record.closings.select_related("actor").order_by("-pk")),
            "reopenings": list(record.reopenings.select_related("actor").order_by("-pk")),
            "extensions": list(record.extensions.select_related("requested_by", "capa").order_by("-pk")),
            "may_answer": self.may(EXTEND),
        }


def _address(source: CapaSource) -> str:
    """Where the record of a source is shown, without reading it: addresses are made of ids."""
    return _address_of(source.source_type, source.source_id)


def _address_of(kind: Any, pk: int | None) -> str:
    model = kind.model_class() if kind is not None else None
    return url_of(model(pk=pk)) if model is not None else ""
