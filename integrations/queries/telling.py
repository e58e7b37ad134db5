"""An event in words that people read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.gs1 import Gs1Error
from core.kernel.gs1.epc import read_epc
from integrations.formats.epcis import Event, Quantity
from integrations.formats.epcis.values import plain
from integrations.queries.names import UNIT_CODES, parts_of

Text = str | Promise
KINDS: Mapping[str, Text] = {
    "ObjectEvent": gettext_lazy("Goods"),
    "AggregationEvent": gettext_lazy("Packing"),
    "AssociationEvent": gettext_lazy("Assembly"),
    "TransactionEvent": gettext_lazy("Business document"),
    "TransformationEvent": gettext_lazy("Making"),
}
STEPS: Mapping[str, Text] = {
    "collecting": gettext_lazy("Collected"), "consigning": gettext_lazy("Consigned"),
    "creating_class_instance": gettext_lazy("Lot created"), "cycle_counting": gettext_lazy("Counted"),
    "disassembling": gettext_lazy("Taken apart"), "dispensing": gettext_lazy("Dispensed"),
    "encoding": gettext_lazy("Tag written"), "entering_exiting": gettext_lazy("Entered or left"),
    "killing": gettext_lazy("Tag switched off"), "other": gettext_lazy("Something else"),
    "removing": gettext_lazy("Removed from a place"), "repackaging": gettext_lazy("Repackaged"),
    "repairing": gettext_lazy("Repaired"), "replacing": gettext_lazy("Replaced"),
    "reserving": gettext_lazy("Reserved"), "retail_selling": gettext_lazy("Sold"),
    "sampling": gettext_lazy("Sampled"), "staging_outbound": gettext_lazy("Made ready to leave"),
    "stock_taking": gettext_lazy("Stock taken"), "void_shipping": gettext_lazy("Shipping called off"),
    "accepting": gettext_lazy("Accepted"), "arriving": gettext_lazy("Arrived"), "assembling": gettext_lazy("Assembled"),
    "commissioning": gettext_lazy("Made"), "decommissioning": gettext_lazy("Taken out of use"),
    "departing": gettext_lazy("Departed"), "destroying": gettext_lazy("Destroyed"),
    "holding": gettext_lazy("Put on hold"), "inspecting": gettext_lazy("Inspected"),
    "installing": gettext_lazy("Installed"), "loading": gettext_lazy("Loaded"), "packing": gettext_lazy("Packed"),
    "picking": gettext_lazy("Taken for use"), "receiving": gettext_lazy("Received"),
    "sensor_reporting": gettext_lazy("Measured"), "shipping": gettext_lazy("Shipped"),
    "stocking": gettext_lazy("Put back into stock"), "storing": gettext_lazy("Stored"),
    "transporting": gettext_lazy("Transported"), "unloading": gettext_lazy("Unloaded"),
    "unpacking": gettext_lazy("Unpacked"),
}  # fmt: skip
STATES: Mapping[str, Text] = {
    "active": gettext_lazy("Active"), "available": gettext_lazy("Available"),
    "conformant": gettext_lazy("Conforming"), "damaged": gettext_lazy("Damaged"),
    "destroyed": gettext_lazy("Destroyed"), "dispensed": gettext_lazy("Dispensed"),
    "disposed": gettext_lazy("Disposed of"), "expired": gettext_lazy("Expired"),
    "in_progress": gettext_lazy("In progress"), "in_transit": gettext_lazy("On its way"),
    "inactive": gettext_lazy("Inactive"), "non_conformant": gettext_lazy("Not conforming"),
    "recalled": gettext_lazy("Recalled"), "reserved": gettext_lazy("Reserved"),
    "returned": gettext_lazy("Returned"), "stolen": gettext_lazy("Stolen"),
    "unavailable": gettext_lazy("Not available"), "unknown": gettext_lazy("Unknown"),
}  # fmt: skip
"""The dispositions that are met in plants; others are shown as they are written."""
ROLE_WORDS: Mapping[str, Text] = {
    "parent": gettext_lazy("the whole"), "epc": gettext_lazy("what it is about"), "child": gettext_lazy("a part"),
    "input": gettext_lazy("used"), "output": gettext_lazy("made"),
}  # fmt: skip


ACTIONS: Mapping[str, Text] = {
    "ADD": gettext_lazy("Added"), "OBSERVE": gettext_lazy("Seen"), "DELETE": gettext_lazy("Removed"),
}  # fmt: skip
PAPERS: Mapping[str, Text] = {
    "bol": gettext_lazy("Bill of lading"), "cert": gettext_lazy("Certificate"),
    "desadv": gettext_lazy("Despatch advice"), "inv": gettext_lazy("Invoice"),
    "po": gettext_lazy("Purchase order"), "prodorder": gettext_lazy("Production order"),
    "recadv": gettext_lazy("Receiving advice"), "rma": gettext_lazy("Return authorization"),
}  # fmt: skip
SYMBOLS = {code: symbol for symbol, code in reversed(UNIT_CODES.items())}


@dataclass(frozen=True)
class Thing:
    """One thing of an event as it is shown."""

    role: Text
    """Empty in the list where it says nothing: the event is about it."""
    name: str
    uri: str
    quantity: str
    record: Any = None


def word(value: str) -> str:
    """A word of a vocabulary as people read it."""
    known = STEPS.get(value) or STATES.get(value)
    if known is not None:
        return str(known)
    return value.rpartition("/")[2].rpartition(":")[2].replace("_", " ") if ":" in value else value.replace("_", " ")


def kind_of(event: Event) -> str:
    """What kind of event it is."""
    return str(KINDS[event.type])


def headline(event: Event) -> str:
    """What happened, in a few words."""
    said = word(event.biz_step) if event.biz_step else kind_of(event)
    return _("Taken back: %(what)s") % {"what": said} if event.error is not None else said


def name_of(uri: str) -> str:
    """An address as people call the thing: lot or serial number, else the last part of the address."""
    for kind in ("class", "obj", "loc", "party", "bt", "transformation"):
        if (parts := parts_of(uri, kind)) is not None:
            return " · ".join(parts[1:] if kind == "bt" else parts)
    try:
        epc = read_epc(uri)
    except Gs1Error:
        epc = None
    if epc is None:
        return unquote(uri.rstrip("/").rpartition("/")[2] or uri) if uri.startswith("http") else uri
    if epc.gtin:
        return " · ".join(filter(None, (epc.serial or epc.lot, epc.gtin)))
    return " · ".join(filter(None, (epc.kind.upper(), epc.key, epc.serial)))


def amount(quantity: Quantity | None) -> str:
    """So much of it."""
    if quantity is None or quantity.quantity is None:
        return ""
    return f"{plain(quantity.quantity)} {SYMBOLS.get(quantity.uom, quantity.uom)}".strip()


def paper(kind: str, uri: str) -> str:
    """A business document as people call it."""
    return f"{PAPERS.get(kind) or word(kind)} {name_of(uri)}".strip()


def things_told(event: Event, records: Mapping[str, Any], *, brief: bool = False) -> list[Thing]:
    """Everything that it names; `records`: our own records by their addresses. `brief`: as a line of a list."""
    return [
        Thing(
            "" if brief and role == "epc" else ROLE_WORDS[role],
            str(records.get(uri) or name_of(uri)),
            uri,
            amount(quantity),
            records.get(uri),
        )
        for role, uri, quantity in event.things()
    ]
