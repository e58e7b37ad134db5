"""The list, the raise page, and the one page on which a nonconformance is triaged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.files.queries import attachments_of
from core.kernel.wiring import ask
from core.web.access import may
from core.web.views import Action, DetailPage, Fact, FormPage, ListPage, Part
from core.web.views.detail import MoveButton
from qms.nonconformance import services
from qms.nonconformance.filters import NonConformanceFilters
from qms.nonconformance.forms import ProposeForm, RaiseForm, RecurrenceForm
from qms.nonconformance.models import AffectedItem, Disposition, NonConformance
from qms.nonconformance.queries import (
    OPEN_STATES,
    ItemState,
    circumstances,
    decisions_on,
    item_states,
    items_with_lines,
    places_of,
    similar_to,
    used_in,
)
from qms.nonconformance.questions import MeasuredValues
from qms.nonconformance.tables import SEVERITY_ICONS, SEVERITY_TONES, NonConformanceTable

VIEW = "qms_nonconformance.view_nonconformance"
EDITABLE = ("draft", "open", "under_review")


class NonConformanceList(ListPage):
    """Every nonconformance that the visitor may see."""

    model = NonConformance
    permission = VIEW
    table_class = NonConformanceTable
    filterset_class = NonConformanceFilters
    search_fields = ("number", "title", "items__lot__number", "items__unit__serial")
    order = ("-pk",)
    create_url_name = "qms_nonconformance:nonconformance_create"
    create_permission = "qms_nonconformance.raise_nonconformance"
    create_label = _("Raise")
    empty_title = _("No nonconformances")
    empty_text = _("Raise one when something does not conform: what it affects is held at once.")
    empty_icon = "shield-check"

    def get_queryset(self) -> QuerySet[Any]:
        return NonConformance.objects.select_related("site", "owner", "defect_code")

    @cached_property
    def rows(self) -> QuerySet[Any]:
        return super().rows.distinct()


class NonConformanceRaise(FormPage):
    """Raise one from the desk: what was found, how bad, what it affects. The affected material is held at once."""

    model = NonConformance
    permission = "qms_nonconformance.raise_nonconformance"
    form_class = RaiseForm
    template_name = "qms/nonconformance/nonconformance_create.html"
    title = _("Raise a nonconformance")
    submit_label = _("Raise and hold")
    lead = _("What it affects is held in the same moment, and quality is asked to triage it.")

    def get_initial(self) -> dict[str, Any]:
        initial = super().get_initial()
        return {**initial, **({"thing_1": self.request.GET["thing"]} if "thing" in self.request.GET else {})}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def deed(self, form: Any) -> Any:
        return services.raise_nonconformance(actor=self.request.user, **form.cleaned_data)


@dataclass(frozen=True)
class Similar:
    """A similar record and what was decided there."""

    record: NonConformance
    decisions: Sequence[str]


@dataclass(frozen=True)
class ItemLine:
    """An affected item as the page shows it."""

    state: ItemState
    places: Sequence[str]
    went_into: int
    propose_form: ProposeForm | None


class NonConformanceDetail(DetailPage):
    """The triage page: what happened, what it affects, what is decided, what is similar, and the next step."""

    model = NonConformance
    permission = VIEW
    template_name = "qms/nonconformance/nonconformance_detail.html"
    timeline_later = True
    signatures_later = True
    stepper_path = ("draft", "open", "under_review", "dispositioned", "closed")

    def get_queryset(self) -> QuerySet[Any]:
        return NonConformance.objects.select_related(
            "site", "defect_code", "owner", "reported_by", "recurrence_of", "source_type"
        ).prefetch_related(Prefetch("items", items_with_lines(AffectedItem.objects.all())))

    def due_at(self) -> Any:
        return self.record.due_at if self.record.status in OPEN_STATES else None

    def badges(self) -> Sequence[tuple[Any, str, str]]:
        severity = self.record.severity
        return [(self.record.get_severity_display(), SEVERITY_TONES[severity], SEVERITY_ICONS[severity])]

    def actions(self) -> Sequence[Action]:
        if self.record.status not in ("open", "under_review"):
            return ()
        url = reverse("qms_nonconformance:nonconformance_open", args=[self.record.pk])
        return [Action(_("Change"), url, "pencil", permission="qms_nonconformance.triage_nonconformance")]

    @cached_property
    def states(self) -> list[ItemState]:
        """The affected items with their dispositions."""
        return item_states(self.record)

    @cached_property
    def similar(self) -> list[NonConformance]:
        """The similar records of the last 12 months."""
        return similar_to(self.record)

    def may(self, right: str) -> bool:
        """Whether the visitor holds a right of this app here."""
        return may(self.request.user, f"qms_nonconformance.{right}", self.record)

    def waiting(self) -> list[Disposition]:
        """The proposals without a signature."""
        return [line for state in self.states for line in state.waiting]

    def moves(self) -> list[MoveButton]:
        """The moves, where the next step has a page that also asks for what is missing."""
        found = super().moves()
        urls = {name: self.move_url(name) for name in ("open", "disposition")}
        return [self._as_offered(button, urls) for button in found]

    def _as_offered(self, button: MoveButton, urls: dict[str, str]) -> MoveButton:
        if button.url == urls["open"]:
            asked = {"defect_code", "owner"}
            blockers = [blocker for blocker in button.blockers if blocker.code not in asked]
            return MoveButton(_("Triage"), button.url, button.is_primary, button.is_destructive, blockers)
        number = len(self.waiting())
        if button.url == urls["disposition"] and number:
            label = ngettext("Sign %(number)s disposition", "Sign %(number)s dispositions", number)
            blockers = [blocker for blocker in button.blockers if blocker.code == "permission"]
            url = reverse("qms_nonconformance:nonconformance_sign", args=[self.record.pk])
            return MoveButton(label % {"number": number}, url, button.is_primary, False, blockers)
        return button

    def facts(self) -> Sequence[Fact]:
        record = self.record
        facts = [Fact(found.label, found.value, tone="bad" if found.is_bad else "") for found in circumstances(record)]
        source = record.source
        if source is not None and hasattr(source, "get_absolute_url"):
            facts.insert(0, Fact(_("Raised from"), record.source_label, source.get_absolute_url()))
        elif record.source_label:
            facts.insert(0, Fact(_("Raised from"), record.source_label))
        facts += [
            Fact(_("Defect code"), record.defect_code or _("not yet chosen")),
            Fact(_("Reported by"), record.reported_by),
        ]
        if record.description:
            facts.append(Fact(_("What was found"), record.description, wide=True))
        return facts

    def _lines(self) -> list[ItemLine]:
        items = [state.item for state in self.states]
        places, used = places_of(items), used_in(items)
        offers = self.record.status in ("open", "under_review") and self.may("propose_disposition")
        return [
            ItemLine(
                state,
                places.get(state.item.pk, ()),
                used.get(state.item.pk, 0),
                self._propose_form(state) if offers and state.open_quantity else None,
            )
            for state in self.states
        ]

    def _propose_form(self, state: ItemState) -> ProposeForm:
        return ProposeForm(
            nonconformance=self.record,
            initial={"quantity": state.open_quantity},
            auto_id=f"id_{state.item.pk}_%s",
        )

    def context(self, **more: Any) -> dict[str, Any]:
        record = self.record
        may_triage, is_editable = self.may("triage_nonconformance"), record.status in EDITABLE
        return super().context(
            lines=self._lines(),
            may_triage=may_triage,
            may_add=may_triage and is_editable,
            may_sign=self.may("approve_disposition"),
            may_complete=self.may("complete_disposition"),
            may_attach=is_editable and self.may("raise_nonconformance"),
            may_state_cause=may_triage and record.status in OPEN_STATES and record.status != "draft",
            attachments=attachments_of(record),
            series=self._measured(),
            **more,
        )

    def parts(self) -> Sequence[Part]:
        similar = Part(
            "similar",
            _("Similar records"),
            "qms/nonconformance/_similar.html",
            self._recurrence,
            _("Looking for similar records…"),
        )
        return [*super().parts(), similar]

    def _recurrence(self) -> dict[str, Any]:
        """Similar records and what was decided there; the question whether it happened before, while it is open."""
        is_asked = self.record.status in ("open", "under_review") and not self.record.recurrence
        return {
            "record": self.record,
            "similar": [Similar(found, decisions_on(found)) for found in self.similar],
            "used_as_is": self._used_as_is(),
            "recurrence_form": RecurrenceForm(similar=self.similar)
            if is_asked and self.may("triage_nonconformance")
            else None,
        }

    def _used_as_is(self) -> str:
        number = sum(str(Disposition.Kind.USE_AS_IS.label) in decisions_on(found) for found in self.similar)
        if not number:
            return ""
        words = ngettext("Used as is once within 12 months.", "Used as is %(number)s times within 12 months.", number)
        return words % {"number": number}

    def _measured(self) -> list[Any]:
        record = self.record
        if record.source_type_id is None or record.source_id is None:
            return []
        return ask(MeasuredValues(record.pk, record.source_label, record.source_type_id, record.source_id))
