"""The five kinds of events of EPCIS 2.0 as values (EPCIS 2.0 §7.4), and which of their fields each has.

What happened (`action`, `biz_step`) to which things (`epcs`, `quantities` …), when, where, and why. Words of the
Core Business Vocabulary stand bare. Times know their zone; `offset` is the zone of the place as `+01:00`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import ClassVar

Word = str
"""A word of the Core Business Vocabulary, or the address of one of somebody else's."""


@dataclass(frozen=True)
class Extension:
    """A field of somebody else's: `{namespace}name` with a text, or with further ones inside."""

    name: str
    value: str | tuple[Extension, ...]

    @property
    def namespace(self) -> str:
        """Whose field it is."""
        return self.name[1:].partition("}")[0]

    @property
    def local(self) -> str:
        """Its name there."""
        return self.name.partition("}")[2]


@dataclass(frozen=True)
class Quantity:
    """So much of a class of things. Without `quantity`: some of it; without `uom` (UN/CEFACT Rec. 20): a count."""

    epc_class: str
    quantity: Decimal | None = None
    uom: str = ""


@dataclass(frozen=True)
class Typed:
    """A business transaction, source or destination: what it is, and which."""

    type: Word
    id: str


@dataclass(frozen=True)
class PersistentDisposition:
    """Dispositions that hold from now on, and those that no longer do."""

    set: tuple[Word, ...] = ()
    unset: tuple[Word, ...] = ()


@dataclass(frozen=True)
class ErrorDeclaration:
    """The event of this id was a mistake."""

    declared_at: dt.datetime
    reason: Word = ""
    corrective_event_ids: tuple[str, ...] = ()
    extensions: tuple[Extension, ...] = ()


@dataclass(frozen=True)
class SensorReport:
    """One observation: its attributes by their names, as texts in their standard form."""

    values: tuple[tuple[str, str], ...]
    extensions: tuple[Extension, ...] = ()


@dataclass(frozen=True)
class SensorElement:
    """Observations that belong together, and what is said about all of them."""

    reports: tuple[SensorReport, ...]
    metadata: tuple[tuple[str, str], ...] = ()
    metadata_extensions: tuple[Extension, ...] = ()
    extensions: tuple[Extension, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Event:
    """What every event says."""

    type: ClassVar[str]
    keys: ClassVar[tuple[str, ...]]
    """The standard names of the fields of this kind, in the order of its XSD."""

    event_time: dt.datetime
    offset: str
    record_time: dt.datetime | None = None
    event_id: str = ""
    error: ErrorDeclaration | None = None
    certification: str = ""
    biz_step: Word = ""
    disposition: Word = ""
    read_point: str = ""
    biz_location: str = ""
    transactions: tuple[Typed, ...] = ()
    sources: tuple[Typed, ...] = ()
    destinations: tuple[Typed, ...] = ()
    sensors: tuple[SensorElement, ...] = ()
    extensions: tuple[Extension, ...] = ()

    def things(self) -> list[tuple[str, str, Quantity | None]]:
        """All that it names as (role, URI, quantity): parent, epc, child, input, output."""
        found: list[tuple[str, str, Quantity | None]] = []
        for one in fields(self):
            role = ROLES.get(one.name)
            if role is None:
                continue
            value = getattr(self, one.name)
            for thing in (value,) if isinstance(value, str) else value:
                if isinstance(thing, Quantity):
                    found.append((role, thing.epc_class, thing))
                elif thing:
                    found.append((role, thing, None))
        return found


ROLES = {
    "parent": "parent", "epcs": "epc", "quantities": "epc", "children": "child", "child_quantities": "child",
    "inputs": "input", "input_quantities": "input", "outputs": "output", "output_quantities": "output",
}  # fmt: skip
"""In which role the things of a field take part."""
_HEAD = ("eventTime", "recordTime", "eventTimeZoneOffset", "eventID", "errorDeclaration", "certificationInfo")
_WHY = ("bizStep", "disposition", "readPoint", "bizLocation")
_PARTIES = ("sourceList", "destinationList", "sensorElementList")


@dataclass(frozen=True, kw_only=True)
class ObjectEvent(Event):
    """Something happened to things (§7.4.2)."""

    type = "ObjectEvent"
    keys = (
        *_HEAD, "epcList", "action", *_WHY, "bizTransactionList", "quantityList", *_PARTIES, "persistentDisposition",
        "ilmd",
    )  # fmt: skip

    action: str
    epcs: tuple[str, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    persistent: PersistentDisposition | None = None
    ilmd: tuple[Extension, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AggregationEvent(Event):
    """Things were put into or taken out of something (§7.4.3)."""

    type = "AggregationEvent"
    keys = (*_HEAD, "parentID", "childEPCs", "action", *_WHY, "bizTransactionList", "childQuantityList", *_PARTIES)

    action: str
    parent: str = ""
    children: tuple[str, ...] = ()
    child_quantities: tuple[Quantity, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AssociationEvent(Event):
    """Things became, or ceased to be, a part of something for good (§7.4.6)."""

    type = "AssociationEvent"
    keys = (*_HEAD, "parentID", "childEPCs", "childQuantityList", "action", *_WHY, "bizTransactionList", *_PARTIES)

    action: str
    parent: str = ""
    children: tuple[str, ...] = ()
    child_quantities: tuple[Quantity, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TransactionEvent(Event):
    """Things belong, or no longer belong, to a business transaction (§7.4.4)."""

    type = "TransactionEvent"
    keys = (*_HEAD, "bizTransactionList", "parentID", "epcList", "action", *_WHY, "quantityList", *_PARTIES)

    action: str
    parent: str = ""
    epcs: tuple[str, ...] = ()
    quantities: tuple[Quantity, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TransformationEvent(Event):
    """Inputs were used up and outputs made (§7.4.5). Events of one transformation share `transformation_id`."""

    type = "TransformationEvent"
    keys = (
        *_HEAD, "inputEPCList", "inputQuantityList", "outputEPCList", "outputQuantityList", "transformationID", *_WHY,
        "bizTransactionList", *_PARTIES, "persistentDisposition", "ilmd",
    )  # fmt: skip

    inputs: tuple[str, ...] = ()
    input_quantities: tuple[Quantity, ...] = ()
    outputs: tuple[str, ...] = ()
    output_quantities: tuple[Quantity, ...] = ()
    transformation_id: str = ""
    persistent: PersistentDisposition | None = None
    ilmd: tuple[Extension, ...] = ()


KINDS: dict[str, type[Event]] = {
    kind.type: kind for kind in (ObjectEvent, AggregationEvent, TransactionEvent, TransformationEvent, AssociationEvent)
}
ATTRIBUTES = {
    "eventTime": "event_time", "recordTime": "record_time", "eventTimeZoneOffset": "offset", "eventID": "event_id",
    "errorDeclaration": "error", "certificationInfo": "certification", "epcList": "epcs", "action": "action",
    "bizStep": "biz_step", "disposition": "disposition", "readPoint": "read_point", "bizLocation": "biz_location",
    "bizTransactionList": "transactions", "quantityList": "quantities", "sourceList": "sources",
    "destinationList": "destinations", "sensorElementList": "sensors", "persistentDisposition": "persistent",
    "ilmd": "ilmd", "parentID": "parent", "childEPCs": "children", "childQuantityList": "child_quantities",
    "inputEPCList": "inputs", "inputQuantityList": "input_quantities", "outputEPCList": "outputs",
    "outputQuantityList": "output_quantities", "transformationID": "transformation_id",
}  # fmt: skip
"""The attribute of each standard name."""
