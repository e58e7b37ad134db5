"""The list, the raise page, and the one page on which a nonconformance is triaged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.files.queries import attachments_of
from core.kernel.clock import now
from core.kernel.wiring import ask
from core.web.access import may
from core.web.views import Action, Bulk, DetailPage, Fact, FormPage, ListPage, Part
from core.web.views.detail import MoveButton
from qms.nonconformance import services
from qms.nonconformance.filters import NonConformanceFilters
from qms.nonconformance.forms import ProposeForm, RaiseForm, RecurrenceForm
from qms.nonconformance.models import AffectedItem, CauseCategory, Disposition, NonConformance
from qms.nonconformance.queries import (
    OPEN_STATES,
    ItemState,
    checks_of,
    circumstances,
    decisions_on,
    item_states,
    items_with_lines,
    other_lots,
    places_of,
    sharing_words,
    signers_of,
    similar_to,
    used_in,
)
from qms.nonconformance.questions import MeasuredValues, ReworkOrders, ReworkRoute, ReworkRoutes
from qms.nonconformance.tables import SEVERITY_ICONS, SEVERITY_TONES, NonConformanceTable

VIEW = "qms_nonconformance.view_nonconformance"
OTHERS_SHOWN = 12
PLACES_SHOWN = 50
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
    bulk = (
        Bulk(
            _("Assign"),
            "qms_nonconformance:nonconformance_assign_many",
            "qms_nonconformance.triage_nonconformance",
            "user",
        ),
    )
    empty_title = _("No nonconformances")
    empty_text = _("Raise one when something does not conform: what it affects is held at once.")
    empty_icon = "shield-check"

    def get_queryset(self) -> QuerySet[Any]:
        return NonConformance.objects.select_related("site", "owner", "defect_code")

    @cached_property
    def rows(self) -> QuerySet[Any]:
        """Only a search looks into the affected things and may find a record by several of them."""
        return super().rows.distinct() if self.words else super().rows


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


def _is_late(record: NonConformance) -> bool:
    """Whether the time for its containment was missed, or is over while it is open."""
    if record.contain_by is None:
        return False
    if record.contained_at is None:
        return record.status in OPEN_STATES and record.contain_by < now()
    return record.contained_at > record.contain_by


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
    signers: Mapping[int, Mapping[str, str]]
    """Per line that waits: the functions that sign it, and who has."""


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
            "site", "defect_code", "owner", "reported_by", "recurrence_of", "source_type", "merged_into", "capa"
        ).prefetch_related(Prefetch("items", items_with_lines(AffectedItem.objects.all())))

    def due_at(self) -> Any:
        return self.record.due_at if self.record.status in OPEN_STATES else None

    def badges(self) -> Sequence[tuple[Any, str, str]]:
        severity = self.record.severity
        return [(self.record.get_severity_display(), SEVERITY_TONES[severity], SEVERITY_ICONS[severity])]

    def actions(self) -> Sequence[Action]:
        found, record = [], self.record
        if record.status in ("open", "under_review"):
            found.append(self._action(_("Change"), "open", "pencil"))
        if record.status in EDITABLE:
            found.append(self._action(_("Merge"), "merge", "git-branch", "close_nonconformance"))
        if record.status in ("open", "under_review", "dispositioned"):
            found.append(self._action(_("CAPA decision"), "capa", "help"))
        asked = {
            "source_kind": record.kind, "source_number": record.number, "title": record.title, "site": record.site_id
        }  # fmt: skip
        capa = f"{reverse('qms_capa:capa_create')}?{urlencode(asked)}"
        found.append(Action(_("Raise a CAPA"), capa, "shield", permission="qms_capa.raise_capa", rare=True))
        return found

    def _action(self, label: Any, name: str, icon: str, right: str = "triage_nonconformance") -> Action:
        url = reverse(f"qms_nonconformance:nonconformance_{name}", args=[self.record.pk])
        return Action(label, url, icon, permission=f"qms_nonconformance.{right}")

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
        for label, value in (
            (_("Found at"), record.get_detection_point_display()),
            (_("Escaped at"), record.get_escape_point_display()),
            (_("Kind of cause"), record.get_cause_category_display()),
        ):
            if value:
                facts.append(Fact(label, value))
        if record.contain_by is not None:
            tone = "bad" if _is_late(record) else ""
            if record.contained_at is not None:
                facts.append(Fact(_("Contained at"), record.contained_at, tone=tone))
            else:
                facts.append(Fact(_("To be contained by"), record.contain_by, tone=tone))
        if record.merged_into is not None:
            facts.append(Fact(_("Merged into"), record.merged_into, record.merged_into.get_absolute_url()))
        if record.capa_decision:
            text = f"{record.get_capa_decision_display()} – {record.capa_rationale}"
            facts.append(Fact(_("Is a CAPA needed?"), text, wide=True))
        if record.capa is not None:
            words = f"{record.capa} · {record.capa.get_status_display()}"
            facts.append(Fact(_("CAPA"), words, record.capa.get_absolute_url()))
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
                {line.pk: signers_of(line) for line in state.waiting},
            )
            for state in self.states
        ]

    @cached_property
    def routes(self) -> list[ReworkRoute]:
        """By which routings the affected materials may be reworked; one question for all lines."""
        materials = tuple(sorted({state.item.thing.material_id for state in self.states}))
        return ask(ReworkRoutes(materials, self.record.site_id))

    def _propose_form(self, state: ItemState) -> ProposeForm:
        return ProposeForm(
            nonconformance=self.record,
            initial={"quantity": state.open_quantity},
            routes=[one for one in self.routes if one.material_id == state.item.thing.material_id],
            auto_id=f"id_{state.item.pk}_%s",
        )

    def context(self, **more: Any) -> dict[str, Any]:
        record = self.record
        others = list(other_lots(record)[: OTHERS_SHOWN + 1])
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
            has_rework=any(line.route_label for state in self.states for line in state.item.dispositions.all()),
            others=others,
            others_limit=f":{OTHERS_SHOWN}",
            others_more=len(others) > OTHERS_SHOWN,
            may_answer_others=may_triage and record.status in OPEN_STATES,
            may_close=self.may("close_nonconformance"),
            cause_categories=CauseCategory.choices,
            others_url=f"{reverse('qms_nonconformance:otherlot_list')}?nonconformance={record.number}",
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
        places = Part(
            "containment",
            _("Containment"),
            "qms/nonconformance/_containment.html",
            self._containment,
            _("Looking where affected goods are…"),
        )
        rework = Part(
            "rework", _("Rework"), "qms/nonconformance/_rework.html", self._rework, _("Looking for rework orders…")
        )
        return [*super().parts(), similar, places, rework]

    def _rework(self) -> dict[str, Any]:
        """The orders that rework what is affected, and what their re-inspection said."""
        return {"record": self.record, "orders": ask(ReworkOrders(self.record.pk))}

    def _containment(self) -> dict[str, Any]:
        """Where affected goods are, what was found there, and the clock."""
        record = self.record
        checks = list(checks_of(record)[: PLACES_SHOWN + 1])
        return {
            "record": record,
            "checks": checks[:PLACES_SHOWN],
            "more": len(checks) > PLACES_SHOWN,
            "is_late": _is_late(record),
            "may_answer": record.status in ("open", "under_review") and self.may("triage_nonconformance"),
        }

    def _recurrence(self) -> dict[str, Any]:
        """Similar records and what was decided there; the question whether it happened before, while it is open."""
        is_asked = self.record.status in ("open", "under_review") and not self.record.recurrence
        return {
            "record": self.record,
            "similar": [Similar(found, decisions_on(found)) for found in self.similar],
            "used_as_is": self._used_as_is(),
            "by_words": self._by_words(),
            "recurrence_form": RecurrenceForm(similar=self.similar)
            if is_asked and self.may("triage_nonconformance")
            else None,
        }

    def _by_words(self) -> list[NonConformance]:
        known = {found.pk for found in self.similar}
        return [found for found in sharing_words(self.record, limit=8) if found.pk not in known][:5]

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
