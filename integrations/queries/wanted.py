"""What is asked of events, by the names that EPCIS 2.0 gives to it (§8.2.7.1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Q

from core.kernel.gs1 import Gs1Error
from core.kernel.gs1.epc import read_epc
from integrations.queries.names import parts_of
from traceability.models import Lot, SerializedUnit

OWN, CAPTURED = "own", "captured"
ANY_ROLE = frozenset({"parent", "epc", "child", "input", "output"})


@dataclass(frozen=True)
class Match:
    """Things of which one must be there, in one of these roles; `kind` says whether as itself or as its class."""

    roles: frozenset[str]
    kind: str
    uris: tuple[str, ...]
    lots: frozenset[int] = frozenset()
    units: frozenset[int] = frozenset()
    others: Q = field(default_factory=lambda: Q(pk__in=()))
    """The things of captured events that are the same by another name."""


@dataclass(frozen=True)
class Wanted:
    """Which events are asked for. Nothing set: all of them."""

    origins: frozenset[str] = frozenset({OWN, CAPTURED})
    types: frozenset[str] = frozenset()
    actions: frozenset[str] = frozenset()
    biz_steps: frozenset[str] = frozenset()
    dispositions: frozenset[str] = frozenset()
    event_ids: frozenset[str] = frozenset()
    read_points: frozenset[str] = frozenset()
    biz_locations: frozenset[str] = frozenset()
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    recorded_since: dt.datetime | None = None
    recorded_until: dt.datetime | None = None
    matches: tuple[Match, ...] = ()

    def fits(self, type: str, action: str, biz_step: str, disposition: str) -> bool:
        """Whether events of such a kind are asked for at all."""
        pairs = (
            (self.types, type),
            (self.actions, action),
            (self.biz_steps, biz_step),
            (self.dispositions, disposition),
        )
        return all(not wanted or value in wanted for wanted, value in pairs)


def _named(uri: str) -> tuple[Q, Q, Q]:
    """The lots, the units, and the things of captured events that a URI names."""
    things = Q(uri=uri)
    nothing = Q(pk__in=())
    if (parts := parts_of(uri, "class")) is not None and len(parts) == 2:
        return Q(material__number=parts[0], number=parts[1]), nothing, things
    if (parts := parts_of(uri, "obj")) is not None and len(parts) == 2:
        return nothing, Q(material__number=parts[0], serial=parts[1]), things
    try:
        epc = read_epc(uri)
    except Gs1Error:
        epc = None
    if epc is None or not epc.gtin:
        return nothing, nothing, things
    if epc.serial:
        same = things | Q(gtin=epc.gtin, serial=epc.serial)
        return nothing, Q(material__gtin=epc.gtin, serial=epc.serial), same
    if epc.lot:
        same = things | Q(gtin=epc.gtin, lot_number=epc.lot, serial="")
        return Q(material__gtin=epc.gtin, number=epc.lot), nothing, same
    return Q(material__gtin=epc.gtin), nothing, things | Q(gtin=epc.gtin, serial="")


def resolved(wanted: Wanted, sites: Collection[int]) -> Wanted:
    """The same with our lots and units that its matches name; two statements, however many there are."""
    if not wanted.matches:
        return wanted
    named = [[_named(uri) for uri in match.uris] for match in wanted.matches]
    lots: Any = Q(pk__in=())
    units: Any = Q(pk__in=())
    for found in named:
        for lot, unit, _things in found:
            lots |= lot
            units |= unit
    seen_lots = _keys(
        Lot.objects.filter(lots, site__in=sites).values_list("pk", "material__gtin", "material__number", "number")
    )
    rows = SerializedUnit.objects.filter(units, site__in=sites)
    seen_units = _keys(rows.values_list("pk", "material__gtin", "material__number", "serial"))
    return replace(
        wanted,
        matches=tuple(
            replace(
                match,
                lots=match.lots
                | frozenset(key for uri in match.uris for key in _those(uri, seen_lots, "class", "lot")),
                units=match.units
                | frozenset(key for uri in match.uris for key in _those(uri, seen_units, "obj", "serial")),
                others=_any(things for _lot, _unit, things in found),
            )
            for match, found in zip(wanted.matches, named, strict=True)
        ),
    )


def _keys(rows: Any) -> list[tuple[int, str, str, str]]:
    return list(rows)


def _all_of(uris: Collection[str], rows: list[tuple[int, str, str, str]], kind: str, attribute: str) -> frozenset[int]:
    return frozenset(key for uri in uris for key in _those(uri, rows, kind, attribute))


def _those(uri: str, rows: list[tuple[int, str, str, str]], kind: str, attribute: str) -> list[int]:
    """The keys of the rows that this URI names."""
    if (parts := parts_of(uri, kind)) is not None:
        return [key for key, _gtin, material, number in rows if [material, number] == parts]
    try:
        epc = read_epc(uri)
    except Gs1Error:
        return []
    if epc is None or not epc.gtin:
        return []
    number = getattr(epc, attribute)
    if attribute == "lot" and epc.serial or attribute == "serial" and not number:
        return []
    return [key for key, gtin, _material, there in rows if gtin == epc.gtin and (not number or there == number)]


def _any(parts: Any) -> Q:
    found = Q(pk__in=())
    for part in parts:
        found |= part
    return found


def records_named(uris: Collection[str], sites: Collection[int]) -> dict[str, Lot | SerializedUnit]:
    """Our lots and units that these addresses name, as far as they are at these sites; two statements."""
    named = {uri: _named(uri)[:2] for uri in uris}
    lots, units = _any(lot for lot, _unit in named.values()), _any(unit for _lot, unit in named.values())
    seen: dict[str, Lot | SerializedUnit] = {}
    rows: list[tuple[Any, str, str]] = [
        (Lot.objects.filter(lots, site__in=sites).select_related("material"), "class", "lot"),
        (SerializedUnit.objects.filter(units, site__in=sites).select_related("material"), "obj", "serial"),
    ]
    for records, kind, attribute in rows:
        found = {record.pk: record for record in records}
        keys = [
            (pk, one.material.gtin, one.material.number, one.number if kind == "class" else one.serial)
            for pk, one in found.items()
        ]
        for uri in uris:
            those = _those(uri, keys, kind, attribute)
            if len(those) == 1:
                seen[uri] = found[those[0]]
    return seen
