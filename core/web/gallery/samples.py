"""Invented records for the gallery: every component in every state, without a row in the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.kernel.clock import now
from core.kernel.errors import Blocker, GuardResult
from core.kernel.lifecycle import Lifecycle, Move, State
from core.web.forms import Form, MomentField, QuantityField, ReasonField
from core.web.questions import Change, SignatureLine, TimelineEntry


class SampleLifecycle(Lifecycle):
    """A lifecycle that is shown but never entered into the register: it belongs to no model."""

    def __post_init__(self) -> None:
        """Registers nothing."""


LIFECYCLE = SampleLifecycle(
    "core_web.Sample",
    states=(
        State("open", _("Open"), tone="info", icon="circle-dashed"),
        State("contained", _("Contained"), tone="warn", icon="circle-half"),
        State("in_review", _("Under review"), tone="info", icon="eye"),
        State("dispositioned", _("Dispositioned"), tone="info", icon="split"),
        State("in_execution", _("In execution"), tone="info", icon="play"),
        State("closed", _("Closed"), tone="good", icon="check", final=True),
        State("cancelled", _("Cancelled"), tone="bad", icon="ban", final=True),
    ),
    births=("open",),
    moves=(
        Move("contain", ("open",), "contained", _("Contain"), "core_web.view_kit", primary=True),
        Move("review", ("contained",), "in_review", _("Send to review board"), "core_web.view_kit", primary=True),
        Move("disposition", ("in_review",), "dispositioned", _("Disposition"), "core_web.view_kit", primary=True),
        Move("execute", ("dispositioned",), "in_execution", _("Execute"), "core_web.view_kit", primary=True),
        Move("close", ("in_execution",), "closed", _("Close"), "core_web.view_kit", signature="closed", primary=True),
        Move("cancel", ("open", "contained"), "cancelled", _("Cancel"), "core_web.view_kit", destructive=True),
    ),
)


@dataclass
class Sample:
    """A nonconformance that never was."""

    status: str = "contained"
    number: str = "NC-000042"
    title: str = "Bore over limit on infusion valve body"
    pk: int = 42
    owner: str = "Marta Lind"
    due_at: dt.datetime = field(default_factory=lambda: now() + dt.timedelta(days=2, hours=4))
    site: str = "Europe/Vienna"
    lifecycle: Lifecycle = LIFECYCLE

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


@dataclass(frozen=True)
class File:
    """An attachment that never was."""

    caption: str
    filename: str
    size: int
    sha256: str
    url: str = "#"


@dataclass(frozen=True)
class Row:
    """A line of the sample table."""

    lot: str
    where: str
    quantity: Decimal
    unit: str
    state: tuple[Any, str, str]
    note: str


def rows() -> list[Row]:
    """Affected items, with a name that is too long."""
    held = (_("Held"), "bad", "hand")
    return [
        Row("L-26-0417", "OP 20, station M-12", Decimal("30"), "pcs", held, "rework 15 · use as is 10 · scrap 5"),
        Row("L-26-0409", "Finished goods, bin 4-2", Decimal("12"), "pcs", (_("Held, inherited"), "bad", "hand"), ""),
        Row("SH-0088", "Customer Medivent", Decimal("4"), "pcs", (_("Shipped"), "warn", "truck"), ""),
        Row(
            "L-26-0388-SUPPLIER-LOT-2026-11-0000017",
            "Werk Graz, Halle 3, Zwischenlager für Wareneingangsprüfung, Regal 14-02-B",
            Decimal("12500.25"),
            "kg",
            (_("Available"), "good", "check"),
            "",
        ),
    ]


def blockers() -> list[Blocker]:
    """Two reasons, one with a way out that is a page."""
    return [
        Blocker(
            "recurrence",
            "Recurrence is not answered: 2 similar records in 12 months.",
            remedy="Answer now",
            remedy_url="#recurrence",
        ),
        Blocker("lot", "Lot L-26-0409 is not yet dispositioned.", remedy="Ask the owner of the lot"),
    ]


def gates() -> list[GuardResult]:
    """Five gates, two of them closed."""
    expired = Blocker(
        "gauge", "Gauge G-117 was due for calibration on 12 Nov.", remedy="Scan another gauge", remedy_url="#g"
    )
    untrained = Blocker(
        "training", "You have not been trained on WI-0031 revision 4.", remedy="Train now", remedy_url="#"
    )
    return [
        GuardResult("qualified", "Qualified", (untrained,)),
        GuardResult("instruction", "Instruction 4"),
        GuardResult("gauge", "Gauge G-117", (expired,)),
        GuardResult("material", "Material"),
        GuardResult("hold", "No hold"),
    ]


def timeline() -> list[TimelineEntry]:
    """Signed and unsigned, system and person."""
    at = now().replace(second=31, microsecond=0)
    return [
        TimelineEntry(
            at, _("Contained"), "Marta Lind", _("4 of 4 locations answered"), meaning=_("Verified"), tone="warn"
        ),
        TimelineEntry(
            at - dt.timedelta(minutes=8),
            _("Changed"),
            "Marta Lind",
            reason="recount at station",
            changes=(Change(_("Quantity"), "28", "30"), Change(_("Tool"), "", "T-88")),
        ),
        TimelineEntry(at - dt.timedelta(minutes=38), "Hold placed on L-26-0409", "Trueline system", tone="bad"),
        TimelineEntry(at - dt.timedelta(minutes=39), _("Open"), "Anna Kowalska", meaning=_("Performed"), tone="info"),
    ]


def signatures() -> list[SignatureLine]:
    """Intact, broken and awaited."""
    at = now()
    digest = "9f2c4b1a77d0e3568c41ab90de77f1023344556677889900aabbccddeeff0011"
    return [
        SignatureLine("Anna Kowalska", _("Performed"), at - dt.timedelta(hours=3), "Europe/Vienna", digest=digest),
        SignatureLine("Ben Okafor", _("Reviewed"), at - dt.timedelta(hours=2), "Europe/Vienna", "", False, digest),
        SignatureLine("Marta Lind", _("Approved")),
    ]


def files() -> list[File]:
    """One photo, one long name."""
    return [
        File("Burr at the edge", "IMG_2041.jpg", 2_412_332, "a1b2c3d4" * 8),
        File("", "Messprotokoll_Bohrung_Ventilkoerper_Infusion_2026-11-22_Schicht_2.pdf", 88_123, "0f1e2d3c" * 8),
    ]


class SampleForm(Form):
    """One field of each kind."""

    title = forms.CharField(label=_("Title"), help_text=_("What is wrong, in one line."))
    bore = QuantityField(label=_("Bore diameter"), unit="mm", min_value=Decimal("11.98"), max_value=Decimal("12.02"))
    kind = forms.ChoiceField(label=_("Severity"), choices=(("minor", _("Minor")), ("major", _("Major"))))
    found_at = MomentField(label=_("Found at"), required=False)
    contained = forms.BooleanField(label=_("All parts of the lot are contained"), required=False)
    way = forms.ChoiceField(
        label=_("Proposed"),
        widget=forms.RadioSelect,
        required=False,
        choices=(("rework", _("Rework")), ("scrap", _("Scrap")), ("as_is", _("Use as is"))),
    )
    photo = forms.FileField(label=_("Photo"), required=False)
    reason = ReasonField()


def filled(data: dict[str, Any] | None) -> SampleForm:
    """A fresh form, or one that was sent with these values."""
    return SampleForm(data) if data is not None else SampleForm(initial={"title": "Bore over limit"})


SCALE: Sequence[str] = ("11.98", "12.02")
