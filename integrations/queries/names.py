"""How our lots, units, places, partners and papers are called in events that leave (docs/decisions/0024).

A trade item with a GTIN by its GS1 Digital Link. All else by an address below `TRUELINE_EPCIS_BASE`, in the forms that
CBV 2.0 §8 gives to private names: `…/class/…` for lots, `…/obj/…` for units, `…/loc/…`, `…/party/…`, `…/bt/…`.
"""

from __future__ import annotations

import hashlib
import uuid
from functools import lru_cache
from urllib.parse import quote, unquote

from django.conf import settings

from core.kernel.gs1 import Gs1Error
from core.kernel.gs1.epc import item_link
from core.organization.models import Partner, Site
from traceability.models import Container, Lot, SerializedUnit, StorageLocation, UnitOfMeasure

UNIT_CODES = {
    "kg": "KGM", "g": "GRM", "mg": "MGM", "µg": "MC", "t": "TNE", "lb": "LBR", "oz": "ONZ", "L": "LTR", "l": "LTR",
    "mL": "MLT", "ml": "MLT", "hL": "HLT", "m": "MTR", "mm": "MMT", "cm": "CMT", "km": "KMT", "in": "INH", "ft": "FOT",
    "m²": "MTK", "cm²": "CMK", "mm²": "MMK", "m³": "MTQ", "cm³": "CMQ", "mm³": "MMQ", "s": "SEC", "min": "MIN",
    "h": "HUR", "mol": "C34", "kWh": "KWH", "J": "JOU",
}  # fmt: skip
"""UN/CEFACT Recommendation 20, by the symbol of a unit of measure."""


def base() -> str:
    """What our own addresses begin with."""
    return str(settings.TRUELINE_EPCIS_BASE).rstrip("/")


def own(kind: str, *parts: str) -> str:
    """An address of ours."""
    return "/".join([base(), kind, *(quote(part, safe="") for part in parts)])


def parts_of(uri: str, kind: str) -> list[str] | None:
    """The parts of an address of ours of this kind; None for any other."""
    start = f"{base()}/{kind}/"
    return [unquote(part) for part in uri[len(start) :].split("/")] if uri.startswith(start) else None


@lru_cache(maxsize=4096)
def _link(gtin: str, lot: str, serial: str) -> str:
    """The Digital Link; empty where GS1 has no form for the number."""
    if not gtin:
        return ""
    try:
        return item_link(gtin, lot=lot, serial=serial)
    except Gs1Error:
        return ""


def lot_uri(lot: Lot) -> str:
    """A lot: a class of things in the words of EPCIS."""
    return _link(lot.material.gtin, lot.number, "") or own("class", lot.material.number, lot.number)


def unit_uri(unit: SerializedUnit) -> str:
    """One unit."""
    return _link(unit.material.gtin, "", unit.serial) or own("obj", unit.material.number, unit.serial)


def container_uri(container: Container) -> str:
    """A container: its SSCC as a Digital Link where it has one."""
    if container.sscc:
        return f"https://id.gs1.org/00/{container.sscc}"
    return own("obj", "container", container.site.code, container.number)


def site_uri(site: Site) -> str:
    """A site."""
    return own("loc", site.code)


def place_uri(place: StorageLocation) -> str:
    """A storage location."""
    return own("loc", place.site.code, place.code)


def partner_uri(partner: Partner) -> str:
    """A supplier or customer."""
    return own("party", partner.code)


def paper_uri(kind: str, site: Site, number: str) -> str:
    """A purchase order, a production order, a shipment."""
    return own("bt", kind, site.code, number)


def transformation_uri(lot: Lot) -> str:
    """What joins the events by which a lot is made."""
    return own("transformation", lot.material.number, lot.number)


def unit_code(uom: UnitOfMeasure) -> str | None:
    """The code of a unit of measure; empty for a count; None where the recommendation is not known to have one."""
    if uom.whole_only or not uom.pint_unit:
        return ""
    return UNIT_CODES.get(uom.symbol)


def event_id(source: int, key: int) -> str:
    """The id of an event that is made of a row: always the same, and the row is found by it (a UUID of version 8)."""
    space = int.from_bytes(hashlib.sha256(base().encode()).digest()[:6], "big")
    return f"urn:uuid:{uuid.UUID(int=(space << 80) | (8 << 76) | (source << 64) | (2 << 62) | key)}"


def row_of(uri: str) -> tuple[int, int] | None:
    """Source and key of the row that an event of ours was made of; None for an event of somebody else."""
    try:
        value = uuid.UUID(uri.removeprefix("urn:uuid:")).int if uri.startswith("urn:uuid:") else 0
    except ValueError:
        return None
    source, key = value >> 64 & 0xFFF, value & (1 << 62) - 1
    return (source, key) if value and event_id(source, key) == uri.lower() else None
