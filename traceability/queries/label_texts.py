"""What labels of this storey can say: their fields and contents, what a record puts in, samples, standard layouts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.gs1 import ElementString, build
from core.printing.labels import (
    Box,
    Code,
    Encoded,
    Filled,
    Layout,
    Placed,
    Text,
    Vocabulary,
    Word,
    as_data,
    place,
    read_layout,
)
from traceability.models import Container, LabelTemplate, Lot, Material, SerializedUnit, StorageLocation
from traceability.queries.labels import OwnLabel, own_label

Labelled = Lot | SerializedUnit | Material | StorageLocation | Container
Kind = LabelTemplate.Kind
LOT, UNIT, MATERIAL, LOCATION, CONTAINER = "lot", "unit", "material", "location", "container"

KIND_OF: dict[type[Any], str] = {
    Lot: LOT,
    SerializedUnit: UNIT,
    Material: MATERIAL,
    StorageLocation: LOCATION,
    Container: CONTAINER,
}

_SAMPLE_SSCC = "395060001343520001"
_SAMPLE_GTIN, _SAMPLE_LOT, _SAMPLE_SERIAL = "09506000134352", "L-2026-000123", "SN-0000001234"
_READABLE = f"(01) {_SAMPLE_GTIN} (17) 301231 (10) {_SAMPLE_LOT}"

_COMMON = {
    "number": Word(gettext_lazy("Number"), _SAMPLE_LOT),
    "site": Word(gettext_lazy("Site"), "Graz", may_shorten=True),
}
_OF_MATERIAL = {
    "material_number": Word(gettext_lazy("Material number"), "FR-R92R-62"),
    "material_name": Word(gettext_lazy("Name of the material"), "HL Road Frame - Red, 62", may_shorten=True),
    "gtin": Word(gettext_lazy("GTIN"), _SAMPLE_GTIN),
    "readable": Word(gettext_lazy("What the GS1 symbol says, in words"), _READABLE),
}
_OF_LOT = {
    "lot": Word(gettext_lazy("Lot"), _SAMPLE_LOT),
    "expires_on": Word(gettext_lazy("Usable until"), "2030-12-31"),
}
FIELDS: Mapping[str, Mapping[str, Word]] = {
    LOT: {
        **_COMMON,
        **_OF_MATERIAL,
        **_OF_LOT,
        "revision": Word(gettext_lazy("Revision"), "A"),
        "supplier_lot": Word(gettext_lazy("Supplier's lot number"), "S-4711"),
    },
    UNIT: {**_COMMON, **_OF_MATERIAL, **_OF_LOT, "serial": Word(gettext_lazy("Serial number"), _SAMPLE_SERIAL)},
    MATERIAL: {**_COMMON, **_OF_MATERIAL},
    LOCATION: {**_COMMON, "name": Word(gettext_lazy("Name"), "High rack 1", may_shorten=True)},
    CONTAINER: {
        **_COMMON,
        "kind": Word(gettext_lazy("Kind of container"), "Pallet", may_shorten=True),
        "sscc": Word(gettext_lazy("SSCC"), _SAMPLE_SSCC),
        "readable": Word(gettext_lazy("What the GS1 symbol says, in words"), f"(00) {_SAMPLE_SSCC}"),
    },
}
"""The closed lists of fields."""

GS1, GS1_OR_NUMBER, LINK, NUMBER = "gs1", "gs1_or_number", "link", "number"
_WORDS = {
    GS1: Word(gettext_lazy("GS1 element string (UDI); refused without a GTIN")),
    GS1_OR_NUMBER: Word(gettext_lazy("GS1 element string; the number where there is no GTIN")),
    LINK: Word(gettext_lazy("GS1 Digital Link; refused without a GTIN")),
    NUMBER: Word(gettext_lazy("The number")),
}
_OF_CONTAINER = {
    GS1: Word(gettext_lazy("SSCC as a GS1 symbol; refused without one")),
    GS1_OR_NUMBER: Word(gettext_lazy("SSCC as a GS1 symbol; the number where there is none")),
}
_CARRIED = {
    GS1: ("datamatrix", "code128"),
    GS1_OR_NUMBER: ("datamatrix", "code128"),
    LINK: ("qr", "datamatrix"),
    NUMBER: ("datamatrix", "qr", "code128"),
}


def vocabulary(kind: str) -> Vocabulary:
    """What a layout for this kind of record may name."""
    carried = {LOCATION: (NUMBER,), CONTAINER: (GS1, GS1_OR_NUMBER, NUMBER)}.get(kind, tuple(_WORDS))
    contents = {key: _OF_CONTAINER.get(key, _WORDS[key]) if kind == CONTAINER else _WORDS[key] for key in carried}
    return Vocabulary(FIELDS[kind], contents, _CARRIED, is_logistic=kind == CONTAINER)


def _spaced(elements: ElementString | None) -> str:
    return " ".join(f"({ai}) {value}" for ai, value in elements.pairs) if elements is not None else ""


def _codes(number: str, own: OwnLabel) -> dict[str, Encoded]:
    missing = own.problem or _("the material has no GTIN.")
    gs1 = Encoded(elements=tuple(own.elements.pairs)) if own.elements is not None else Encoded(problem=missing)
    return {
        GS1: gs1,
        GS1_OR_NUMBER: Encoded(number) if gs1.problem else gs1,
        LINK: Encoded(own.link) if own.elements is not None else Encoded(problem=missing),
        NUMBER: Encoded(number),
    }


def _of_material(material: Material, own: OwnLabel) -> dict[str, str]:
    return {
        "material_number": material.number,
        "material_name": material.name,
        "gtin": material.gtin,
        "readable": _spaced(own.elements),
    }


def _of_lot(lot: Lot | None) -> dict[str, str]:
    if lot is None:
        return {"lot": "", "expires_on": ""}
    return {"lot": lot.number, "expires_on": lot.expires_on.isoformat() if lot.expires_on else ""}


def _say_lot(lot: Lot) -> Filled:
    own = own_label(lot)
    revision = lot.revision.revision if lot.revision is not None else ""
    texts = {
        "number": lot.number,
        "site": lot.site.name,
        "revision": revision,
        "supplier_lot": lot.supplier_lot,
        **_of_material(lot.material, own),
        **_of_lot(lot),
    }
    return Filled(texts, _codes(lot.number, own))


def _say_unit(unit: SerializedUnit) -> Filled:
    own = own_label(unit)
    texts = {
        "number": unit.serial,
        "serial": unit.serial,
        "site": unit.site.name,
        **_of_material(unit.material, own),
        **_of_lot(unit.lot),
    }
    return Filled(texts, _codes(unit.serial, own))


def _say_material(material: Material) -> Filled:
    own = OwnLabel(material.number, build([("01", material.gtin)]) if material.gtin else None)
    texts = {"number": material.number, "site": "", **_of_material(material, own)}
    return Filled(texts, _codes(material.number, own))


def _say_location(location: StorageLocation) -> Filled:
    texts = {"number": location.code, "name": location.name, "site": location.site.name}
    return Filled(texts, {NUMBER: Encoded(location.code)})


def _say_container(container: Container) -> Filled:
    own = OwnLabel(container.number, build([("00", container.sscc)]) if container.sscc else None)
    texts = {
        "number": container.number,
        "site": container.site.name,
        "kind": container.get_kind_display(),
        "sscc": container.sscc,
        "readable": _spaced(own.elements),
    }
    return Filled(texts, _codes_of_container(container.number, own))


def _codes_of_container(number: str, own: OwnLabel) -> dict[str, Encoded]:
    pairs = own.elements.pairs if own.elements is not None else ()
    gs1 = Encoded(elements=tuple(pairs)) if pairs else Encoded(problem=_("the container has no SSCC."))
    return {GS1: gs1, GS1_OR_NUMBER: gs1 if pairs else Encoded(number), NUMBER: Encoded(number)}


_SAYS: dict[str, Callable[[Any], Filled]] = {
    LOT: _say_lot,
    UNIT: _say_unit,
    MATERIAL: _say_material,
    LOCATION: _say_location,
    CONTAINER: _say_container,
}


def said_by(record: Labelled) -> Filled:
    """What a record puts into the fields and symbols of its label. No query where its relations are read already."""
    return _SAYS[KIND_OF[type(record)]](record)


def sample_of(kind: str) -> Filled:
    """Values of usual length, for trying a layout."""
    if kind == CONTAINER:
        texts = {name: word.sample for name, word in FIELDS[kind].items()}
        own = OwnLabel(_SAMPLE_LOT, build([("00", _SAMPLE_SSCC)]))
        return Filled(texts, _codes_of_container(_SAMPLE_LOT, own))
    pairs = [("01", _SAMPLE_GTIN)]
    pairs += [("17", "301231"), ("10", _SAMPLE_LOT)] if kind in (LOT, UNIT) else []
    pairs += [("21", _SAMPLE_SERIAL)] if kind == UNIT else []
    number = _SAMPLE_SERIAL if kind == UNIT else _SAMPLE_LOT
    own = OwnLabel(number, build(pairs))
    texts = {name: word.sample for name, word in FIELDS[kind].items()} | {"number": number}
    if "readable" in texts:
        texts["readable"] = _spaced(own.elements)
    return Filled(texts, _codes(number, own))


def layout_of(template: LabelTemplate, *, dpmm: int | None = None) -> Layout:
    """The template's layout, at another resolution where it is printed elsewhere. Raises `LayoutProblem`."""
    return read_layout(
        template.width_mm, template.height_mm, dpmm or template.dpmm, template.elements, vocabulary(template.kind)
    )


def tried(template: LabelTemplate, *, strict: bool = True) -> Placed:
    """The template with sample values. Raises `LayoutProblem` with all that does not fit."""
    return place(layout_of(template), sample_of(template.kind), strict=strict)


def templates_for(record: Labelled) -> list[LabelTemplate]:
    """The effective templates for a record, the one used unless told otherwise first: its own site's, by code."""
    rows = LabelTemplate.objects.filter(status="effective", kind=KIND_OF[type(record)])
    site_id = getattr(record, "site_id", None)
    wanted = rows.filter(site__isnull=True) | rows.filter(site_id=site_id) if site_id else rows
    return sorted(wanted, key=lambda one: (one.site_id is None, one.code))


@dataclass(frozen=True)
class Standard:
    """A layout that the product brings."""

    kind: str
    label: Any
    width: Decimal
    height: Decimal
    elements: tuple[Text | Code | Box, ...]

    def data(self) -> list[dict[str, Any]]:
        """Its elements as a template keeps them."""
        return as_data(self.elements)


def _large(kind: str, *rest: Text | Code | Box) -> tuple[Text | Code | Box, ...]:
    content = NUMBER if kind == LOCATION else GS1_OR_NUMBER
    title = "name" if kind == LOCATION else "material_name"
    return (
        Text(4, 4, 65, 11.5, 4.6, field=title, is_bold=True, lines=2, shorten=True),
        Text(4, 17.5, 65, 5, 4.2, field="number", is_bold=True),
        Code(71, 4, 25, 25, "datamatrix", content),
        Text(71, 31, 25, 3.4, 2.8, field="site", align="center", shorten=True),
        *rest,
    )


_EXPIRY = (Text(4, 30, 9, 3.4, 2.8, text="EXP", is_bold=True), Text(13, 30, 56, 3.4, 2.8, field="expires_on"))
_HRI = Text(4, 36, 92, 9.5, 2.6, field="readable", lines=3)
_REF = (Text(4, 25, 9, 3.4, 2.8, text="REF", is_bold=True), Text(13, 25, 56, 3.4, 2.8, field="material_number"))

_EMPTY: tuple[Text | Code | Box, ...] = ()
STANDARDS: Mapping[str, Standard] = {
    "lot-100x50": Standard(
        LOT, gettext_lazy("Lot, 100 × 50 mm"), Decimal(100), Decimal(50), _large(LOT, *_REF, *_EXPIRY, _HRI)
    ),
    "lot-57x32": Standard(
        LOT,
        gettext_lazy("Lot, 57 × 32 mm"),
        Decimal(57),
        Decimal(32),
        (
            Text(2, 2, 32, 7, 3, field="material_name", is_bold=True, lines=2, shorten=True),
            Text(2, 10.5, 32, 3.2, 2.6, field="number", is_bold=True),
            Text(2, 15, 32, 2.8, 2.4, field="material_number"),
            Text(2, 19, 6, 2.8, 2.2, text="EXP", is_bold=True),
            Text(8.5, 19, 25, 2.8, 2.2, field="expires_on"),
            Code(35.5, 2, 20, 20, "datamatrix", GS1_OR_NUMBER),
            Text(2, 23.5, 53, 6, 2, field="readable", lines=2),
        ),
    ),
    "unit-100x50": Standard(
        UNIT,
        gettext_lazy("Serialized unit, 100 × 50 mm"),
        Decimal(100),
        Decimal(50),
        _large(UNIT, *_REF, *_EXPIRY, _HRI),
    ),
    "unit-57x32": Standard(
        UNIT,
        gettext_lazy("Serialized unit, 57 × 32 mm"),
        Decimal(57),
        Decimal(32),
        (
            Text(2, 2, 32, 7, 3, field="material_name", is_bold=True, lines=2, shorten=True),
            Text(2, 10.5, 5, 3.2, 2.6, text="SN", is_bold=True),
            Text(7.5, 10.5, 26.5, 3.2, 2.6, field="serial", is_bold=True),
            Text(2, 15, 32, 2.8, 2.4, field="material_number"),
            Code(35.5, 2, 20, 20, "datamatrix", GS1_OR_NUMBER),
            Text(2, 23.5, 53, 7, 2, field="readable", lines=3),
        ),
    ),
    "material-100x50": Standard(
        MATERIAL, gettext_lazy("Material, 100 × 50 mm"), Decimal(100), Decimal(50), _large(MATERIAL, _HRI)
    ),
    "location-100x50": Standard(
        LOCATION, gettext_lazy("Storage location, 100 × 50 mm"), Decimal(100), Decimal(50), _large(LOCATION)
    ),
    "container-105x148": Standard(
        CONTAINER,
        gettext_lazy("Logistic label, 105 × 148 mm (A6)"),
        Decimal(105),
        Decimal(148),
        (
            Text(5, 5, 95, 6, 5, field="site", is_bold=True, shorten=True),
            Text(5, 16, 95, 6, 5, field="kind", shorten=True),
            Text(5, 30, 20, 4, 3, text="SSCC"),
            Text(5, 36, 95, 8, 6, field="sscc", is_bold=True),
            Text(5, 50, 20, 4, 3, text="NO."),
            Text(5, 56, 95, 7, 5, field="number", is_bold=True),
            Code(5, 90, 95, 38, "code128", GS1),
            Text(5, 131, 95, 5, 4, field="readable", align="center"),
        ),
    ),
    "container-100x50": Standard(
        CONTAINER,
        gettext_lazy("Container, 100 × 50 mm"),
        Decimal(100),
        Decimal(50),
        (
            Text(4, 4, 65, 6, 4.6, field="kind", is_bold=True, shorten=True),
            Text(4, 17.5, 65, 5, 4.2, field="number", is_bold=True),
            Code(71, 4, 25, 25, "datamatrix", GS1_OR_NUMBER),
            Text(71, 31, 25, 3.4, 2.8, field="site", align="center", shorten=True),
            Text(4, 36, 92, 4, 2.8, field="readable"),
        ),
    ),
    "empty-lot": Standard(LOT, gettext_lazy("Lot, empty"), Decimal(100), Decimal(50), _EMPTY),
    "empty-unit": Standard(UNIT, gettext_lazy("Serialized unit, empty"), Decimal(100), Decimal(50), _EMPTY),
}
"""Layouts to begin with; whoever takes one approves it as one of their own."""
