"""The key figures by name: what each is, in which unit, over which time, and the list behind it (ISO 9001 9.1.3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.organization.models import Site
from qms.reporting.queries.figures import Read, per_thousand, read_figures

Text = str | Promise
PERIOD, NOW = _("in the time"), _("now")


@dataclass(frozen=True)
class KeyFigure:
    """A figure: its value (None: there is nothing to compute it from), unit and definition, and what it was made of.

    `list_name` and `query` lead to the records behind it; `is_bad` asks for attention.
    """

    code: str
    label: Text
    value: float | int | None
    unit: Text
    definition: Text
    when: Text
    made_of: str
    list_name: str
    query: Mapping[str, Any] = field(default_factory=dict)
    is_bad: bool = False


@dataclass(frozen=True)
class FigureGroup:
    """Figures of one field of quality."""

    code: str
    label: Text
    figures: Sequence[KeyFigure]


def _of(part: Any, whole: Any) -> str:
    return f"{part} / {whole}"


class _Maker:
    """Makes the figures of one reading."""

    def __init__(self, site: Site, first: dt.date, last: dt.date, read: Read) -> None:
        self.read = read
        self.site = {"site": site.pk}
        self.first, self.last = first.isoformat(), last.isoformat()

    def days(self, name: str) -> dict[str, str]:
        """The list's filter of the time."""
        return {f"{name}_after": self.first, f"{name}_before": self.last}

    def nonconformances(self) -> list[KeyFigure]:
        read, name = self.read, "qms_nonconformance:nonconformance_list"
        found, floor = read.number("nc"), read.floor
        reported = {**self.site, "counts": "yes", **self.days("reported")}
        figures = []
        if floor is not None:
            pieces = floor.good + floor.scrapped
            passed: Decimal = max(floor.good - (read.values.get("reworked") or 0), Decimal(0))
            figures = [
                KeyFigure(
                    "nc_rate", _("Nonconformance rate"), per_thousand(found, floor.operations),
                    _("per 1,000 operations"),
                    _("Nonconformances reported, for each thousand order operations that were completed."), PERIOD,
                    _of(found, floor.operations), name, reported,
                ),
                KeyFigure(
                    "scrap", _("Scrap"), float(100 * floor.scrapped / pieces) if pieces else None, "%",
                    _("Pieces scrapped at any operation, of all pieces made: good at the last operation, or scrapped."),
                    PERIOD, _of(f"{floor.scrapped.normalize():f}", f"{pieces.normalize():f}"),
                    floor.list_name, {},
                ),
                KeyFigure(
                    "fpy", _("First-pass yield"), float(100 * passed / pieces) if pieces else None, "%",
                    _("Good pieces without those that a decided rework or repair of the time covers, of all pieces"
                      " made."),
                    PERIOD, _of(f"{passed.normalize():f}", f"{pieces.normalize():f}"), name, reported,
                ),
            ]  # fmt: skip
        return [
            *figures,
            KeyFigure(
                "nc_to_disposition", _("Report to disposition"), read.days("nc_to_disposition"), _("days, median"),
                _("From the report to the last signed disposition, of those that were dispositioned in the time."),
                PERIOD, str(read.number("nc_dispositioned")), name,
                {**self.site, **self.days("dispositioned")},
            ),
            KeyFigure(
                "nc_to_close", _("Report to closing"), read.days("nc_to_close"), _("days, median"),
                _("From the report to the closing, of those that were closed in the time."), PERIOD,
                str(read.number("nc_closed")), name, {**self.site, **self.days("closed")},
            ),
            KeyFigure(
                "nc_open", _("Open nonconformances"), read.number("nc_open"), "", _("Neither closed nor cancelled."),
                NOW, "", name, {**self.site, "work": "open"},
            ),
            KeyFigure(
                "nc_overdue", _("Overdue nonconformances"), read.number("nc_overdue"), "",
                _("Open after the day by which they were to be closed."), NOW, "", name,
                {**self.site, "work": "overdue"}, bool(read.number("nc_overdue")),
            ),
        ]  # fmt: skip

    def capas(self) -> list[KeyFigure]:
        read, name = self.read, "qms_capa:capa_list"
        closed = {**self.site, **self.days("closed")}
        whole = read.number("capa_closed")

        def share(code: str, label: Text, part: str, definition: Text) -> KeyFigure:
            value = read.share(part, "capa_closed")
            return KeyFigure(code, label, value, "%", definition, PERIOD, _of(read.number(part), whole), name, closed)

        return [
            share("capa_on_time", _("CAPAs on time"), "capa_on_time",
                  _("Closed by the due date that counts, extensions included, of those closed in the time.")),
            KeyFigure(
                "capa_cycle", _("CAPA cycle time"), read.days("capa_cycle"), _("days, median"),
                _("From the first decision of the triage to the closing, of those closed in the time."), PERIOD,
                str(whole), name, closed,
            ),
            share("capa_first_time", _("Effective the first time"), "capa_first_time",
                  _("Without any ineffective result, of those closed in the time.")),
            share("capa_extended", _("Extended"), "capa_extended",
                  _("With an approved extension, of those closed in the time.")),
            KeyFigure(
                "capa_open", _("Open CAPAs"), read.number("capa_open"), "", _("Drafts and triages included."), NOW, "",
                name, {**self.site, "work": "open"},
            ),
            KeyFigure(
                "capa_overdue", _("Overdue CAPAs"), read.number("capa_overdue"), "", _("Open after their due date."),
                NOW, "", name, {**self.site, "work": "overdue"}, bool(read.number("capa_overdue")),
            ),
        ]  # fmt: skip

    def customers(self) -> list[KeyFigure]:
        read = self.read
        found, shipped = read.number("complaints"), read.values.get("shipped")
        return [
            KeyFigure(
                "complaint_rate", _("Complaint rate"), per_thousand(found, shipped), _("per 1,000 shipped"),
                _("Complaints received, without those found to be none, for each thousand pieces shipped."), PERIOD,
                _of(found, f"{(shipped or 0):f}".rstrip("0").rstrip(".") if shipped else 0),
                "qms_complaints:complaint_list", {**self.site, "counts": "yes", **self.days("received_on")},
            ),
            KeyFigure(
                "reports_on_time", _("Reported to authorities on time"), read.share("reports_on_time", "reports"), "%",
                _("Submitted by their last day, of the reports to authorities and customers submitted in the time."),
                PERIOD, _of(read.number("reports_on_time"), read.number("reports")),
                "qms_complaints:regulatoryreport_list", {**self.site, **self.days("submitted_on")},
            ),
        ]  # fmt: skip

    def documents(self) -> list[KeyFigure]:
        late = self.read.number("reviews_overdue")
        return [
            KeyFigure(
                "reviews_overdue", _("Documents overdue for review"), late, "",
                _("Periodic reviews of the site's documents that are open after their day."), NOW, "",
                "qms_documents:periodicreview_list", {**self.site, "overdue": "true"}, bool(late),
            ),
        ]  # fmt: skip

    def training(self) -> list[KeyFigure]:
        read = self.read
        late, waiting = read.number("training_overdue"), read.number("training_open")
        return [
            KeyFigure(
                "training_overdue", _("Training overdue"), read.share("training_overdue", "training_open"), "%",
                _("Overdue, of the open training of people whose home is the site."), NOW, _of(late, waiting),
                "qms_training:trainingassignment_list", {**self.site, "overdue": "true"}, bool(late),
            ),
        ]  # fmt: skip

    def calibration(self) -> list[KeyFigure]:
        late, out = self.read.number("calibration_overdue"), self.read.number("oot")
        return [
            KeyFigure(
                "calibration_overdue", _("Calibrations overdue"), late, "",
                _("Gauges in service whose calibration was due before today."), NOW, "",
                "qms_calibration:calibrationplan_list", {**self.site, "standing": "overdue"}, bool(late),
            ),
            KeyFigure(
                "oot", _("Found out of tolerance"), out, "", _("Calibrations whose as-found values were out."), PERIOD,
                "", "qms_calibration:calibrationrecord_list",
                {**self.site, "found": "out", **self.days("performed_on")},
            ),
        ]  # fmt: skip

    def releases(self) -> list[KeyFigure]:
        times = self.read.releases
        if times is None:
            return []
        return [
            KeyFigure(
                "release_time", _("Release time"),
                None if times.median is None else times.median.total_seconds() / 86400, _("days, median"),
                _("From the end of the last work on an order to the release of its production record."), PERIOD,
                str(times.released), times.list_name, {**self.site, **self.days("released")},
            ),
        ]  # fmt: skip


GROUPS: Sequence[tuple[str, Text, str, Callable[[_Maker], list[KeyFigure]]]] = (
    ("nonconformances", _("Nonconformances"), "qms_nonconformance.view_nonconformance", _Maker.nonconformances),
    ("capas", _("CAPA"), "qms_capa.view_capa", _Maker.capas),
    ("customers", _("Customers"), "qms_complaints.view_complaint", _Maker.customers),
    ("documents", _("Documents"), "qms_documents.view_periodicreview", _Maker.documents),
    ("training", _("Training"), "qms_training.assign_trainingassignment", _Maker.training),
    ("calibration", _("Calibration"), "qms_calibration.view_calibrationplan", _Maker.calibration),
    ("releases", _("Releases"), "traceability.view_lot", _Maker.releases),
)


def key_figures(site: Site, first: dt.date, last: dt.date, rights: Callable[[str], bool]) -> list[FigureGroup]:
    """The figures of a site in a time, both days included, of the fields that somebody may see."""
    maker = _Maker(site, first, last, read_figures(site, first, last, rights))
    made = [(code, label, figures(maker)) for code, label, right, figures in GROUPS if rights(right)]
    return [FigureGroup(code, label, figures) for code, label, figures in made if figures]
