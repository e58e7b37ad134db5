"""Every “may not, because” of risk matrices and risk assessments."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from qms.risk.models import Acceptability, RiskAssessment, RiskMatrix
from qms.risk.queries import judged_items

MATRIX = "qms_risk.RiskMatrix"
ASSESSMENT = "qms_risk.RiskAssessment"


@guard(MATRIX, "edit", title=gettext_lazy("Draft"))
def matrix_is_a_draft(record: RiskMatrix, deed: Deed) -> Iterator[Blocker]:
    """What is approved stays as it is; assessments rely on it."""
    if record.status != "draft":
        yield Blocker(
            "not_draft",
            _("%(matrix)s is “%(status)s”.") % {"matrix": record, "status": record.get_status_display()},
            record=record,
            remedy=_("Begin its next revision."),
        )


@guard(MATRIX, "edit", "approve", title=gettext_lazy("Every combination is judged"))
def matrix_is_complete(record: RiskMatrix, deed: Deed) -> Iterator[Blocker]:
    """Labels on both sides, a band for each cell, each band with what it asks for (ISO 14971 4.2)."""
    rows, columns, bands = len(record.severities), len(record.probabilities), len(record.bands)
    if rows < 2 or columns < 2 or rows > 10 or columns > 10:
        yield Blocker(
            "size",
            _("A matrix has two to ten severities and two to ten probabilities."),
            record=record,
            remedy=_("Write one on each line."),
        )
    if bands < 2 or any(
        not band.get("label") or band.get("acceptability") not in Acceptability for band in record.bands
    ):
        yield Blocker(
            "bands",
            _("A matrix has at least two bands, each with a name and what it asks for."),
            record=record,
            remedy=_("Write one on each line, such as: Low = acceptable."),
        )
    shape = [len(row) for row in record.cells]
    if shape != [columns] * rows or any(not 1 <= cell <= bands for row in record.cells for cell in row):
        yield Blocker(
            "cells",
            _("There is not exactly one band for each combination of severity and probability."),
            record=record,
            remedy=_("Write a line for each severity, in it the number of a band for each probability."),
        )


@guard(ASSESSMENT, "edit", title=gettext_lazy("Draft"))
def assessment_is_a_draft(record: RiskAssessment, deed: Deed) -> Iterator[Blocker]:
    """Items and controls change while it is a draft; what is signed stays."""
    if record.status != "draft":
        yield Blocker(
            "not_draft",
            _("%(assessment)s is “%(status)s”.") % {"assessment": record, "status": record.get_status_display()},
            record=record,
            remedy=_("Choose “Revise”, or have it returned."),
        )


@guard(ASSESSMENT, "submit", "approve", title=gettext_lazy("Risks are named"))
def there_are_risks(record: RiskAssessment, deed: Deed) -> Iterator[Blocker]:
    """An assessment without a risk assesses nothing."""
    if not record.items.exists():
        yield Blocker("no_items", _("It names no risk."), record=record, remedy=_("Add the risks."))


@guard(ASSESSMENT, "submit", "approve", title=gettext_lazy("Risks are controlled and estimated again"))
def every_risk_is_estimated_again(record: RiskAssessment, deed: Deed) -> Iterator[Blocker]:
    """What is not acceptable has controls, each verified, and an estimate afterwards (ISO 14971 7.1 to 7.3)."""
    for one in deed.once(("judged", record.pk), lambda: judged_items(record)):
        risk = {"risk": one.item}
        if one.before is not None and not one.before.is_acceptable and not one.controls:
            yield Blocker(
                "no_control",
                _("“%(risk)s” is not acceptable and has no control.") % risk,
                record=one.item,
                remedy=_("Say what is done about it."),
            )
        if any(not control.verification.strip() for control in one.controls):
            yield Blocker(
                "not_verified",
                _("A control of “%(risk)s” is not verified.") % risk,
                record=one.item,
                remedy=_("Write what shows that it is done and works."),
            )
        if one.after is None:
            yield Blocker(
                "no_residual",
                _("“%(risk)s” is not estimated after its controls.") % risk,
                record=one.item,
                remedy=_("Estimate severity and probability afterwards."),
            )


@guard(ASSESSMENT, "submit", "approve", title=gettext_lazy("Benefit against what stays"))
def what_stays_unacceptable_is_justified(record: RiskAssessment, deed: Deed) -> Iterator[Blocker]:
    """A residual risk that is not acceptable needs its benefit-risk analysis (ISO 14971 7.4)."""
    for one in deed.once(("judged", record.pk), lambda: judged_items(record)):
        is_bad = one.after is not None and one.after.acceptability == Acceptability.UNACCEPTABLE
        if is_bad and not one.item.rationale.strip():
            yield Blocker(
                "no_rationale",
                _("“%(risk)s” stays unacceptable without a reason.") % {"risk": one.item},
                record=one.item,
                remedy=_("Control it further, or write why its benefit outweighs it."),
            )


@guard(ASSESSMENT, "submit", "approve", title=gettext_lazy("Conclusion"))
def overall_risk_is_concluded(record: RiskAssessment, deed: Deed) -> Iterator[Blocker]:
    """All residual risks together are judged in words (ISO 14971 8)."""
    if not record.conclusion.strip():
        yield Blocker(
            "no_conclusion",
            _("The overall residual risk is not judged."),
            record=record,
            remedy=_("Write the conclusion."),
        )
