"""Reading nonconformances: what is open on a lot or unit, what is similar, what is decided and what is not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import JSONObject
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.kernel.deeds import Deed
from core.kernel.lifecycle import open_states
from core.kernel.wiring import ask
from core.organization.models import Site, User
from core.organization.queries import may, people_who_may
from qms.changes.models.configuration import Function
from qms.nonconformance.lifecycle import NONCONFORMANCE, SIMILAR_WITHIN
from qms.nonconformance.models import AffectedItem, BoardRule, Disposition, DispositionVote, NonConformance, shown
from qms.nonconformance.questions import ReworkRoute, ReworkRoutes
from traceability.models import GenealogyLink, Lot, SerializedUnit, StorageLocation
from traceability.queries import node_of, states, went_into

OPEN_STATES = tuple(open_states(NONCONFORMANCE))
OWNERS_RIGHTS = ("qms_nonconformance.view_nonconformance", "qms_nonconformance.triage_nonconformance")
"""What an owner has to hold at the record's site: to open it and to bring it through its review."""
Text = str | Promise
DECIDED = ("approved", "done")
NOT_COUNTED = ("withdrawn", "rejected", "superseded")
"""Lines that decide about nothing any more."""
NOTHING = Decimal(0)

CONTEXT_LABELS: dict[str, Text] = {
    "order": _("Order"),
    "operation": _("Found at"),
    "characteristic": _("Characteristic"),
    "limits": _("Limits"),
    "measured": _("Measured"),
    "operator": _("By"),
    "station": _("Station"),
    "equipment": _("Machine"),
    "program": _("Program"),
    "gauge": _("Gauge"),
    "tool": _("Tool"),
    "instruction": _("Instruction"),
    "lots": _("Lots"),
    "shift": _("Shift"),
    "supplier": _("Supplier"),
}
"""The circumstances that `raise_nonconformance` knows by name, in the order in which they are shown."""


def routes_for(record: NonConformance) -> list[ReworkRoute]:
    """The routings by which the affected materials may be reworked."""
    items = AffectedItem.objects.filter(nonconformance=record).select_related("lot", "unit")
    materials = {item.thing.material_id for item in items}
    return ask(ReworkRoutes(tuple(sorted(materials)), record.site_id)) if materials else []


def may_own(user: Any, record: NonConformance) -> bool:
    """Whether somebody may see the record and do its owner's deeds."""
    return all(may(user, right, record) for right in OWNERS_RIGHTS)


def possible_owners(record: NonConformance) -> QuerySet[User]:
    """Those who `may_own` it, by name."""
    return people_who_may(OWNERS_RIGHTS, record.site)


def nonconformances_within(record: Lot | SerializedUnit, deed: Deed) -> list[NonConformance]:
    """Every nonconformance, open or closed, about a record or anything that went into it, at any depth.

    Read once for all guards of a deed.
    """

    def read() -> list[NonConformance]:
        lots, units = went_into(record, deed)
        affected = AffectedItem.objects.filter(Q(lot__in=lots) | Q(unit__in=units))
        return list(NonConformance.objects.filter(pk__in=affected.values("nonconformance")).order_by("pk"))

    return deed.once(("nonconformances within", node_of(record)), read)


def similar_to(nonconformance: NonConformance, *, limit: int = 8) -> list[NonConformance]:
    """Records of the last 12 months with the same defect code on the same material or at the same operation.

    Newest first, each with its dispositions prefetched; none while the defect code is not known.
    """
    if nonconformance.defect_code_id is None:
        return []
    lots = Lot.objects.filter(affected_items__nonconformance=nonconformance)
    units = SerializedUnit.objects.filter(affected_items__nonconformance=nonconformance)
    alike = Q(items__lot__material__in=lots.values("material")) | Q(items__unit__material__in=units.values("material"))
    alike |= Q(items__lot__material__in=units.values("material")) | Q(items__unit__material__in=lots.values("material"))
    operation = nonconformance.context.get("operation")
    if operation:
        alike |= Q(context__operation=operation)
    found = (
        NonConformance.objects.filter(
            alike,
            defect_code=nonconformance.defect_code_id,
            reported_at__gte=nonconformance.reported_at - SIMILAR_WITHIN,
        )
        .exclude(pk=nonconformance.pk)
        .exclude(status="cancelled")
        .distinct()
        .order_by("-reported_at", "-pk")
        .prefetch_related(Prefetch("items__dispositions", Disposition.objects.filter(status__in=DECIDED)))
    )
    return list(found[:limit])


def decisions_on(nonconformance: NonConformance) -> list[str]:
    """The kinds of approved dispositions of a record in words, each once; uses prefetched rows."""
    kinds = {
        disposition.get_kind_display(): None
        for item in nonconformance.items.all()
        for disposition in item.dispositions.all()
        if disposition.status in DECIDED
    }
    return [str(kind) for kind in kinds]


@dataclass(frozen=True)
class ItemState:
    """An affected item with its dispositions and what of its quantity is still undecided."""

    item: AffectedItem
    dispositions: Sequence[Disposition]

    def _sum(self, statuses: Iterable[str]) -> Decimal:
        wanted = set(statuses)
        return sum((d.quantity for d in self.dispositions if d.status in wanted), NOTHING)

    @property
    def decided(self) -> Decimal:
        """The quantity with a signed disposition."""
        return self._sum(DECIDED)

    @property
    def proposed(self) -> Decimal:
        """The quantity whose disposition waits for a signature."""
        return self._sum(("proposed",))

    @property
    def open_quantity(self) -> Decimal | None:
        """What nobody has proposed anything for; None while the quantity is not counted."""
        if self.item.quantity is None:
            return None
        return self.item.quantity - self.decided - self.proposed

    @property
    def is_decided(self) -> bool:
        """Whether the whole quantity has signed dispositions."""
        return self.item.quantity is not None and self.decided == self.item.quantity

    @property
    def waiting(self) -> list[Disposition]:
        """The proposals without a signature."""
        return [d for d in self.dispositions if d.status == "proposed"]

    @property
    def valid(self) -> list[Disposition]:
        """All that count: neither withdrawn nor rejected nor decided anew."""
        return [d for d in self.dispositions if d.status not in NOT_COUNTED]


def find_things(site: Site, words: str) -> list[Lot | SerializedUnit]:
    """The lots and units of a site with this number or serial; MATERIAL/NUMBER says which of several."""
    material, _separator, number = words.strip().rpartition("/")
    lots = Lot.objects.filter(site=site, number=number or words.strip()).select_related("material__uom", "site")
    units = SerializedUnit.objects.filter(site=site, serial=number or words.strip()).select_related(
        "material__uom", "site", "lot"
    )
    if material:
        lots, units = lots.filter(material__number=material), units.filter(material__number=material)
    return [*lots[:5], *units[:5]]


def places_of(items: Sequence[AffectedItem]) -> dict[int, list[str]]:
    """Where the stock of each affected lot lies now, in words, by the item's id; two queries for all of them."""
    lots = [item for item in items if item.lot_id is not None]
    found = states([(item.lot_id or 0, None) for item in lots])
    locations = StorageLocation.objects.in_bulk({place for state in found for place in state.places})
    return {
        item.pk: [f"{locations[place]} · {shown(quantity)}" for place, quantity in state.places.items()]
        for item, state in zip(lots, found, strict=True)
    }


def used_in(items: Sequence[AffectedItem]) -> dict[int, int]:
    """Into how many lots and units something of each affected item went directly, by the item's id; one query."""
    lots = {item.lot_id: item.pk for item in items if item.lot_id is not None}
    units = {item.unit_id: item.pk for item in items if item.unit_id is not None}
    links = GenealogyLink.objects.filter(
        Q(parent_lot__in=lots) | Q(parent_unit__in=units) | Q(parent_unit__lot__in=lots),
        reverses__isnull=True,
        reversed_by__isnull=True,
    )
    children: dict[int, set[tuple[int | None, int | None]]] = defaultdict(set)
    for lot, unit, lot_of_unit, child_lot, child_unit in links.values_list(
        "parent_lot", "parent_unit", "parent_unit__lot", "child_lot", "child_unit"
    ):
        for pk in {lots.get(lot), lots.get(lot_of_unit), units.get(unit)} - {None}:
            children[pk or 0].add((child_lot, child_unit))
    return {pk: len(found) for pk, found in children.items()}


def _with_board(lines: QuerySet[Disposition]) -> QuerySet[Disposition]:
    """Lines with the functions that sign them and the votes they have: told with them, in the same statement."""
    severity = OuterRef("affected_item__nonconformance__severity")
    rules = BoardRule.objects.filter(Q(severity="") | Q(severity=severity), kind=OuterRef("kind"), is_active=True)
    votes = DispositionVote.objects.filter(disposition=OuterRef("pk"), is_for=True).order_by("pk")
    told = JSONObject(function="function", who="actor__full_name")
    return lines.annotate(
        asked=ArraySubquery(rules.order_by("function").values("function")),
        signed=ArraySubquery(votes.values(told=told)),
    )


def items_with_lines(queryset: QuerySet[AffectedItem]) -> QuerySet[AffectedItem]:
    """Affected items with everything that is said about them."""
    lines = _with_board(Disposition.objects.select_related("proposed_by", "hold"))
    return (
        queryset.select_related("lot__material", "unit__material", "unit__lot", "uom", "hold", "nonconformance")
        .prefetch_related(Prefetch("dispositions", lines))
        .order_by("pk")
    )


def signers_of(line: Any) -> dict[str, str]:
    """Who has signed for each function that a line needs, empty where nobody has; a line of `items_with_lines`."""
    signed = {vote["function"]: vote["who"] for vote in line.signed}
    wanted = {*line.asked, *signed}
    return {str(function.label): signed.get(function, "") for function in Function if function in wanted}


def item_states(nonconformance: NonConformance) -> list[ItemState]:
    """Every affected item of a record with its dispositions: as prefetched with the record, or read in two queries."""
    if "items" in getattr(nonconformance, "_prefetched_objects_cache", {}):
        items = list(nonconformance.items.all())
    else:
        items = list(items_with_lines(AffectedItem.objects.filter(nonconformance=nonconformance)))
    return [ItemState(item, list(item.dispositions.all())) for item in items]


@dataclass(frozen=True)
class Circumstance:
    """One thing that was true where and when it was found."""

    key: str
    label: Text
    value: str
    is_bad: bool = False


def circumstances(nonconformance: NonConformance) -> list[Circumstance]:
    """The frozen context in the order in which people read it; keys without a name of ours come last, as they are."""
    context: dict[str, Any] = nonconformance.context
    known = [key for key in CONTEXT_LABELS if context.get(key)]
    others = [key for key in context if key not in CONTEXT_LABELS and context[key] not in (None, "", [], {})]
    return [
        Circumstance(
            key,
            CONTEXT_LABELS.get(key, key.replace("_", " ").capitalize()),
            _words(context[key]),
            is_bad=key == "measured",
        )
        for key in (*known, *others)
    ]


def _words(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_words(part) for part in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {_words(part)}" for key, part in value.items())
    return str(value)
