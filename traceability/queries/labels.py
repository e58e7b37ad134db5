"""What a GS1 label says about a lot or unit, beside what the record says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.kernel.errors import Blocker
from core.kernel.gs1 import ElementString, Gs1Error, build, date_of
from traceability.models import Lot, Material, SerializedUnit

GTIN, SSCC, BATCH, SERIAL, USE_BY = "01", "00", "10", "21", "17"


@dataclass(frozen=True)
class Label:
    """A GS1 label and the material that its GTIN means here; None where no material has it."""

    elements: ElementString
    material: Material | None = None

    @property
    def gtin(self) -> str:
        return self.elements.get(GTIN)

    @property
    def serial(self) -> str:
        """The serial number; a container that is named by its SSCC alone may be a unit with that number."""
        return self.elements.get(SERIAL) or ("" if self.lot_number else self.elements.get(SSCC))

    @property
    def lot_number(self) -> str:
        return self.elements.get(BATCH)

    @property
    def use_by(self) -> dt.date | None:
        """The last day of use that the label tells."""
        day = self.elements.get(USE_BY)
        return date_of(day) if day else None

    def is_of(self, material: Material) -> bool:
        """Whether the GTIN means this material: it is its own, or neither is known to anybody here."""
        if not self.gtin:
            return True
        return material == self.material if self.material is not None else not material.gtin


def labels_of(read: Iterable[ElementString]) -> list[Label]:
    """These labels with the materials of their GTINs; one query, none where no label has a GTIN."""
    labels = list(read)
    gtins = {label.get(GTIN) for label in labels} - {""}
    known = {one.gtin: one for one in Material.objects.filter(gtin__in=gtins)} if gtins else {}
    return [Label(label, known.get(label.get(GTIN))) for label in labels]


def label_blockers(label: Label, record: Lot | SerializedUnit, day: dt.date) -> Iterator[Blocker]:
    """Why what carries this label may not be used as that record on this day."""
    if not label.is_of(record.material):
        meant = label.material or _("no material here")
        yield Blocker(
            "label_material",
            _("The label says GTIN %(gtin)s (%(meant)s), but %(record)s is of %(material)s.")
            % {"gtin": label.gtin, "meant": meant, "record": record, "material": record.material},
            record=record,
            remedy=_("Put it aside, and have quality compare the label with what is in it."),
            remedy_url=record.get_absolute_url(),
        )
    lot = record.lot if isinstance(record, SerializedUnit) else record
    if label.lot_number and lot is not None and lot.number != label.lot_number:
        yield Blocker(
            "label_lot",
            _("The label says lot %(said)s, but unit %(unit)s is of lot %(lot)s.")
            % {"said": label.lot_number, "unit": record, "lot": lot},
            record=record,
            remedy=_("Put it aside, and have quality compare the label with the unit."),
            remedy_url=record.get_absolute_url(),
        )
    if label.use_by is not None and label.use_by < day:
        yield Blocker(
            "label_expired",
            _("By its label it was usable until %(date)s.") % {"date": _short(label.use_by)},
            record=record,
            remedy=_("Take another one. If its date was extended, have it labelled anew."),
            remedy_url=record.get_absolute_url(),
        )


def other_date(label: Label, record: Lot | SerializedUnit) -> str:
    """In words that label and record tell different last days of use; empty where they do not."""
    lot = record.lot if isinstance(record, SerializedUnit) else record
    if label.use_by is None or lot is None or lot.expires_on is None or label.use_by == lot.expires_on:
        return ""
    return _("The label says usable until %(said)s, the lot %(date)s.") % {
        "said": _short(label.use_by),
        "date": _short(lot.expires_on),
    }


@dataclass(frozen=True)
class OwnLabel:
    """What the label of a lot or unit says: its number here, and the GS1 elements where the material has a GTIN.

    `problem` tells in words why there are none although it has one.
    """

    number: str
    elements: ElementString | None = None
    problem: str = ""

    @property
    def element_string(self) -> str:
        """For a GS1 symbol, values of open length ended by a group separator (0x1D); empty where there is none."""
        return self.elements.raw() if self.elements is not None else ""

    @property
    def readable(self) -> str:
        """With the identifiers in brackets; empty where there is none."""
        return self.elements.bracketed() if self.elements is not None else ""

    @property
    def link(self) -> str:
        """The GS1 Digital Link; empty where there is none."""
        return self.elements.link() if self.elements is not None else ""


def own_label(record: Lot | SerializedUnit) -> OwnLabel:
    """The label of a lot or unit; with a GTIN the UDI, where the material is a device (DI 01, PI 17, 10 and 21)."""
    number = record.serial if isinstance(record, SerializedUnit) else record.number
    if not record.material.gtin:
        return OwnLabel(number)
    unit = record if isinstance(record, SerializedUnit) else None
    lot = unit.lot if unit is not None else record
    pairs = [(GTIN, record.material.gtin)]
    if isinstance(lot, Lot):
        # Of predefined length first: then a symbol needs one separator at most.
        pairs += [(USE_BY, f"{lot.expires_on:%y%m%d}")] if lot.expires_on else []
        pairs += [(BATCH, lot.number)]
    pairs += [(SERIAL, unit.serial)] if unit is not None else []
    try:
        return OwnLabel(number, build(pairs))
    except Gs1Error as error:
        return OwnLabel(number, problem=str(error))


def _short(day: dt.date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")
