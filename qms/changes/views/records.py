"""The list, the form, and the one page of a change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.jobs.queries import jobs_of
from core.printing.queries import prints_of
from core.web.access import may
from core.web.markup import Text
from core.web.views import Action, DetailPage, Fact, FormPage, ListPage, Related, Tab
from core.web.views.detail import MoveButton
from qms.changes import services
from qms.changes.filters import ChangeOrderFilters
from qms.changes.forms import ChangeForm, DecideForm, RaiseForm
from qms.changes.lifecycle import ASSESS, DRAFTING, IN_FORCE, MANAGE, RAISE, RELEASE, VIEW, WAY, WORKING
from qms.changes.models import ChangeOrder
from qms.changes.queries import (
    approvals_of,
    assessments_of,
    edits_of,
    items_of,
    order_lines,
    people_for,
    risks_of_change,
    suggestions_of,
    tasks_of,
    uses_of_the_old,
    with_counts,
)
from qms.changes.tables import ChangeOrderTable

READ = ("site", "change_type", "owner", "requested_by", "effectivity_material")
NOT_FOR = {
    ChangeOrder.Urgency.ROUTINE: ("release_emergency", "approve_retrospectively"),
    ChangeOrder.Urgency.EMERGENCY: ("start_assessment",),
}
"""Moves that the class of a change does not take; their guards would only say so."""


class ChangeOrderList(ListPage):
    """Every change that the visitor may see."""

    model, permission = ChangeOrder, VIEW
    table_class, filterset_class = ChangeOrderTable, ChangeOrderFilters
    search_fields = ("number", "title", "items__from_label", "items__to_label")
    order = ("-pk",)
    create_url_name, create_permission = "qms_changes:changeorder_create", RAISE
    create_label = _("Ask for a change")
    empty_title = _("No changes yet")
    empty_text = _("A change brings documents, routings and configuration into force together, with a plan.")
    empty_icon = "git-branch"

    def get_queryset(self) -> QuerySet[Any]:
        return ChangeOrder.objects.select_related("site", "change_type", "owner")

    @cached_property
    def rows(self) -> QuerySet[Any]:
        return super().rows.distinct()


class ChangeOrderRaise(FormPage):
    """Ask for a change."""

    model, permission, form_class = ChangeOrder, RAISE, RaiseForm
    title, submit_label = _("Ask for a change"), _("Begin the change")
    lead = _("It begins as a draft. What it changes is named on its page; then it is submitted.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def deed(self, form: Any) -> ChangeOrder:
        return services.raise_change(actor=self.request.user, **form.cleaned_data)


class ChangeOrderChange(FormPage):
    """Write a change until its plan is approved."""

    model, permission, form_class = ChangeOrder, RAISE, ChangeForm
    change_needs_reason = False
    title = _("Write the change")

    def get_queryset(self) -> QuerySet[Any]:
        return ChangeOrder.objects.select_related(*READ)

    def get_initial(self) -> dict[str, Any]:
        return ChangeForm.values_of(self.record)

    def get_form_kwargs(self) -> dict[str, Any]:
        people = people_for(MANAGE, self.record.site) | type(self.record.owner).objects.filter(
            pk=self.record.owner_id
        ).order_by("full_name", "pk")
        return {**super().get_form_kwargs(), "people": people}

    def deed(self, form: Any) -> ChangeOrder:
        return services.change_order(change=self.record, actor=self.request.user, **form.cleaned_data)


class ChangeOrderDetail(DetailPage):
    """What a change is and affects, who assessed and approved it, what is done, what becomes of open orders."""

    model, permission = ChangeOrder, VIEW
    template_name = "qms/changes/changeorder_detail.html"
    timeline_later = signatures_later = gates_later = True
    stepper_path = WAY

    def get_queryset(self) -> QuerySet[Any]:
        return with_counts(ChangeOrder.objects.select_related(*READ))

    def due_at(self) -> Any:
        return self.record.due_at if self.record.status in (*DRAFTING, "plan_approval", "implementation") else None

    def badges(self) -> Sequence[tuple[Text, str, str]]:
        record, found = self.record, []
        if record.is_emergency:
            found.append((record.get_urgency_display(), "bad", "alarm"))
        if record.is_temporary:
            found.append((_("Temporary"), "warn", "hourglass"))
        if record.status == "ready" and record.release_at is not None:
            found.append((_("Release planned"), "info", "calendar"))
        return found

    def may(self, right: str) -> bool:
        """Whether the visitor holds a right at this change."""
        return may(self.request.user, right, self.record)

    def moves(self) -> list[MoveButton]:
        hidden = {self.move_url(move) for move in NOT_FOR[self.record.urgency]}
        return [button for button in super().moves() if button.url not in hidden]

    def actions(self) -> Sequence[Action]:
        record = self.record

        def to(name: str) -> str:
            return reverse(f"qms_changes:{name}", args=[record.pk])

        found = []
        if record.status in DRAFTING:
            found.append(Action(_("Write"), to("changeorder_change"), "pencil", RAISE))
        if record.status in ("implementation", "ready", "submitted"):
            found.append(Action(_("Preview"), to("changeorder_preview"), "eye", VIEW))
        if record.status == "ready":
            found.append(Action(_("Release on a date"), to("changeorder_schedule"), "calendar", RELEASE))
        if record.is_temporary and record.status in IN_FORCE:
            found.append(Action(_("Extend"), to("changeorder_extend"), "hourglass", RELEASE))
        found.append(Action(_("Sealed PDF"), to("changeorder_print"), "printer", VIEW))
        return found

    def facts(self) -> Sequence[Fact]:
        record = self.record
        facts = [
            Fact(_("Type"), record.change_type),
            Fact(_("Class"), record.get_urgency_display()),
            Fact(_("Asked for by"), record.requested_by),
            Fact(_("Counts"), self._effectivity()),
            Fact(_("Risk before"), _risk(record.severity_before, record.probability_before)),
            Fact(_("Risk after"), _risk(record.severity_after, record.probability_after)),
        ]
        if record.description:
            facts.append(Fact(_("What changes"), record.description, wide=True))
        if record.justification:
            facts.append(Fact(_("Why"), record.justification, wide=True))
        if record.risk_note:
            facts.append(Fact(_("How the risk was judged"), record.risk_note, wide=True))
        return facts

    def _effectivity(self) -> str:
        record = self.record
        parts = [record.get_effectivity_display(), record.effectivity_mark, record.effectivity_material]
        return " · ".join(str(part) for part in parts if part)

    def moments(self) -> list[tuple[Text, Any]]:
        """The dates of the change, as far as they are known."""
        record = self.record
        found = [
            (_("Planned release"), record.release_at if record.status == "ready" else None),
            (_("Released"), record.released_at),
            (_("Retrospective approval due"), record.retrospective_due_at if record.status == "released" else None),
            (_("Expires"), record.expires_at),
        ]
        return [(label, moment) for label, moment in found if moment is not None]

    def related(self) -> Sequence[Related]:
        return [Related(str(one), one.get_absolute_url(), _("Sealed PDF")) for one in prints_of(self.record)]

    def tabs(self) -> Sequence[Tab]:
        folder = "qms/changes/"
        record = self.record
        found = [
            Tab("items", _("What changes"), folder + "_items.html", record.item_count + record.scope_count),
            Tab("assessments", _("Assessment and approval"), folder + "_assessments.html"),
            Tab("tasks", _("Tasks"), folder + "_tasks.html", record.task_count),
            Tab("orders", _("Open orders"), folder + "_orders.html"),
        ]
        if record.scope_count or record.edit_count:
            found.append(Tab("edits", _("Configuration"), folder + "_edits.html", record.edit_count))
        return found

    def context(self, **more: Any) -> dict[str, Any]:
        record = self.record
        found = super().context(
            jobs=jobs_of(record),
            moments=self.moments(),
            may_manage=self.may(MANAGE),
            is_drafted=record.status in DRAFTING,
            is_worked_on=record.status in WORKING,
            **more,
        )
        tab = found["tab"].key
        reads: dict[str, Callable[[], dict[str, Any]]] = {
            "items": self._items,
            "assessments": self._assessments,
            "tasks": lambda: {"tasks": tasks_of(record)},
            "orders": self._orders,
            "edits": lambda: {"edits": edits_of(record)},
        }
        return {**found, **reads[tab]()}

    def _items(self) -> dict[str, Any]:
        record = self.record
        suggestions = list(suggestions_of(record))
        emergency = record.is_emergency and record.status == "released"
        return {
            "items": items_of(record),
            "scopes": list(record.scopes.select_related("configuration_type").order_by("pk")),
            "risks": list(risks_of_change(record)),
            "suggestions": suggestions,
            "unanswered": sum(not one.answer for one in suggestions),
            "may_answer": self.may(MANAGE) and (record.status in WORKING or emergency),
        }

    def _assessments(self) -> dict[str, Any]:
        return {
            "assessments": list(assessments_of(self.record)),
            "approvals": list(approvals_of(self.record)),
            "may_assess": self.may(ASSESS),
        }

    def _orders(self) -> dict[str, Any]:
        record = self.record
        is_over = record.status in (*IN_FORCE, "returned", "closed")
        lines = [] if is_over else order_lines(record)
        offers = self.may(MANAGE) and record.status in WORKING
        return {
            "lines": lines,
            "decide_forms": {
                f"{line.order_type}:{line.demand.order.pk}": DecideForm(
                    lines=[line],
                    initial={"decision": line.decision.decision if line.decision else None},
                    auto_id=f"id_{line.demand.order.pk}_%s",
                )
                for line in lines
            }
            if offers
            else {},
            "is_over": is_over,
            "decided": record.wip_decisions.select_related("decided_by").order_by("pk"),
            "still": uses_of_the_old(record) if is_over and record.status != "closed" else [],
        }


def _risk(severity: int | None, probability: int | None) -> str:
    if severity is None or probability is None:
        return str(_("not judged"))
    return f"{severity} × {probability} = {severity * probability}"
