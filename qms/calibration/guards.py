"""Every “may not, because” of gauges and their calibrations."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.files.queries import attachments_of
from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from qms.calibration.models import CalibrationPlan, CalibrationRecord, StandardUse
from qms.calibration.queries import (
    gauge_blockers,
    look_back,
    newest_readings,
    open_calibration,
    points_of,
    site_of,
    today_at,
)

PLAN = "qms_calibration.CalibrationPlan"
RECORD = "qms_calibration.CalibrationRecord"


@guard(PLAN, "retire", title=gettext_lazy("No open calibration"))
def nothing_is_open(record: CalibrationPlan, deed: Deed) -> Iterator[Blocker]:
    """A gauge is not retired while a calibration is on its way or its failure is not answered (ISO 13485 7.6)."""
    found = open_calibration(record)
    if found is not None:
        yield Blocker(
            "calibration_open",
            _("%(calibration)s is “%(status)s”.") % {"calibration": found, "status": found.get_status_display()},
            record=found,
            remedy=_("Finish or cancel it first."),
            remedy_url=found.get_absolute_url(),
        )


@guard(PLAN, "calibrate", title=gettext_lazy("No other calibration is open"))
def no_other_is_open(record: CalibrationPlan, deed: Deed) -> Iterator[Blocker]:
    """One calibration at a time."""
    found = open_calibration(record)
    if found is not None:
        yield Blocker(
            "calibration_open",
            _("%(calibration)s is “%(status)s”.") % {"calibration": found, "status": found.get_status_display()},
            record=found,
            remedy=_("Continue with it."),
            remedy_url=found.get_absolute_url(),
        )


@guard(PLAN, "calibrate", title=gettext_lazy("Still used"))
def gauge_is_still_used(record: CalibrationPlan, deed: Deed) -> Iterator[Blocker]:
    """What is lost or retired cannot be calibrated."""
    if record.status in ("lost", "retired"):
        yield Blocker(
            "gauge_gone",
            _("%(gauge)s is “%(status)s”.") % {"gauge": record, "status": record.get_status_display()},
            record=record,
            remedy=_("Put it back in service first, if it was found."),
        )


@guard(RECORD, "start", title=gettext_lazy("Points to calibrate"))
def there_are_points(record: CalibrationRecord, deed: Deed) -> Iterator[Blocker]:
    """Without points and tolerances nothing can be judged."""
    if not record.plan.points.filter(is_active=True).exists():
        yield Blocker(
            "no_points",
            _("The plan of %(gauge)s names no point.") % {"gauge": record.plan},
            record=record.plan,
            remedy=_("Add the points with their tolerances to its plan."),
            remedy_url=record.plan.get_absolute_url(),
        )


@guard(RECORD, "edit", title=gettext_lazy("In progress"))
def is_in_progress(record: CalibrationRecord, deed: Deed) -> Iterator[Blocker]:
    """Readings, standards and circumstances are entered while it is in progress; what is signed stays as it is."""
    if record.status != "in_progress":
        yield Blocker(
            "not_in_progress",
            _("%(calibration)s is “%(status)s”.") % {"calibration": record, "status": record.get_status_display()},
            record=record,
            remedy=_("Start it first.") if record.status == "due" else _("Ask whoever verifies it to return it."),
        )


@guard(RECORD, "pass", "fail", title=gettext_lazy("Every point is read"))
def every_point_is_read(record: CalibrationRecord, deed: Deed) -> Iterator[Blocker]:
    """A result is a result of all points of the plan."""
    for state in points_of(record):
        if state.reading is None:
            yield Blocker(
                "not_read",
                _("The point “%(point)s” is not read.") % {"point": state.point},
                record=record,
                remedy=_("Enter what the gauge showed."),
            )


@guard(RECORD, "pass", "fail", title=gettext_lazy("Traceable to standards"))
def is_traceable(record: CalibrationRecord, deed: Deed) -> Iterator[Blocker]:
    """Own calibrations name a standard, those of a laboratory its certificate (ISO 13485 7.6; ISO 9001 7.1.5.2)."""
    if StandardUse.objects.filter(record=record).exists():
        return
    if not record.laboratory:
        yield Blocker(
            "no_standard",
            _("No standard is named against which it was calibrated."),
            record=record,
            remedy=_("Scan the standard, or name the laboratory and its certificate."),
        )
    elif not record.certificate_number or not attachments_of(record):
        yield Blocker(
            "no_certificate",
            _("The certificate of %(laboratory)s is missing.") % {"laboratory": record.laboratory},
            record=record,
            remedy=_("Enter its number and attach it."),
        )


@guard(RECORD, "standard", title=gettext_lazy("Standard in calibration"))
def standard_is_in_calibration(record: CalibrationRecord, deed: Deed) -> Iterator[Blocker]:
    """A standard counts only while its own calibration does: the chain to the national standard has no gap."""
    standard: CalibrationPlan = deed.params["standard"]
    if standard.pk == record.plan_id or not standard.is_standard:
        yield Blocker(
            "no_reference",
            _("%(gauge)s is no reference standard for this.") % {"gauge": standard},
            record=standard,
            remedy=_("Scan a reference standard."),
        )
    for blocker in gauge_blockers(standard, today_at(site_of(standard), deed.at)):
        yield Blocker(blocker.code, blocker.message, standard, _("Scan another standard."), blocker.remedy_url)


@guard(RECORD, "pass", title=gettext_lazy("Found and left in tolerance"))
def all_is_in_tolerance(record: CalibrationRecord, deed: Deed) -> Iterator[Blocker]:
    """It passes only when every point was in tolerance before anything was adjusted."""
    for reading in newest_readings(record):
        if not reading.found_in or not reading.left_in:
            yield Blocker(
                "out_of_tolerance",
                _("“%(reading)s” is out of tolerance.") % {"reading": reading},
                record=record,
                remedy=_("Finish it as it is: it fails, or adjust and read again when only “as left” is out."),
            )


@guard(RECORD, "fail", title=gettext_lazy("Found out of tolerance"))
def something_is_out_of_tolerance(record: CalibrationRecord, deed: Deed) -> Iterator[Blocker]:
    """It fails only for what was found."""
    if all(reading.found_in for reading in newest_readings(record)):
        yield Blocker(
            "in_tolerance",
            _("Every point was found in tolerance."),
            record=record,
            remedy=_("Finish it as it is: it passes."),
        )


@guard(RECORD, "close", title=gettext_lazy("Impact answered"))
def impact_is_answered(record: CalibrationRecord, deed: Deed) -> Iterator[Blocker]:
    """What was measured since the last good calibration is judged before the failure is closed (ISO 13485 7.6)."""
    if not record.impact or not record.impact_note.strip():
        yield Blocker(
            "impact",
            _("It is not said what the failure means for the values measured since the last good calibration."),
            record=record,
            remedy=_("Look at the list of values and answer."),
        )


@guard(RECORD, "answer", title=gettext_lazy("In question"))
def is_in_question(record: CalibrationRecord, deed: Deed) -> Iterator[Blocker]:
    """Values are answered for once the failure is confirmed, until it is closed."""
    if record.status != "oot_impact":
        yield Blocker(
            "not_in_question",
            _("%(calibration)s is “%(status)s”.") % {"calibration": record, "status": record.get_status_display()},
            record=record,
            remedy=_("Answers are given between the confirmation of a failure and its closing."),
        )


@guard(RECORD, "close", title=gettext_lazy("Every value answered"))
def every_value_is_answered(record: CalibrationRecord, deed: Deed) -> Iterator[Blocker]:
    """Nothing that was measured with the gauge is passed over (ISO 13485 7.6; ISO 9001 7.1.5.2)."""
    if record.status != "oot_impact":
        return
    seen = look_back(record)
    number = len(seen.unanswered)
    if number:
        yield Blocker(
            "values_open",
            ngettext(
                "Of %(count)s value that was measured with it nothing is said yet.",
                "Of %(count)s values that were measured with it nothing is said yet.",
                number,
            )
            % {"count": number},
            record=record,
            remedy=_("Answer for each of them; several may be answered at once."),
            remedy_url=reverse("qms_calibration:calibrationrecord_look_back", args=[record.pk]),
        )
    needed = {value.key for value in seen.values}
    given = {one.answer for key, one in seen.answers.items() if key in needed}
    if record.impact and record.impact not in _that_fit(given):
        yield Blocker(
            "impact_differs",
            _("“%(impact)s” does not fit the answers for the values.") % {"impact": record.get_impact_display()},
            record=record,
            remedy=_("Choose what the strongest answer says, or answer the values anew."),
        )


def _that_fit(given: set[str]) -> tuple[str, ...]:
    """What may be said of a whole whose values have these answers."""
    impact = CalibrationRecord.Impact
    if "action" in given:
        return (impact.ACTION,)
    return (impact.ACCEPTED, impact.ACTION) if "acceptable" in given else (impact.NONE, impact.ACCEPTED, impact.ACTION)
