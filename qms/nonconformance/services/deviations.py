"""Planned deviations: drafted, approved by another person, used within their quota, closed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from core.kernel.deeds import Deed, service
from core.kernel.errors import Blocked, Blocker
from core.kernel.records import subject_ref
from core.kernel.wiring import ask, effect
from core.lifecycle.services import attempt, begin
from core.organization.models import Site
from core.organization.services import next_number, require
from core.worklist.models import Kind as Work
from core.worklist.services import assign, cancel_for, complete_for
from qms.documents.models import Document
from qms.nonconformance.models import DeviationUse, PlannedDeviation
from qms.nonconformance.questions import LimitedValues
from traceability.models import Lot, Material, SerializedUnit
from traceability.queries import require_whole

MODEL = "qms_nonconformance.PlannedDeviation"
DRAFT = "qms_nonconformance.draft_planneddeviation"
APPROVE_WITHIN = dt.timedelta(days=2)


@dataclass(frozen=True)
class ValueAllowed:
    """Which value of which instruction may leave its limits, and how far: at least one bound."""

    document: Document
    parameter: str
    lower: Decimal | None = None
    upper: Decimal | None = None


def _refuse_allowed(allowed: ValueAllowed | None, site: Site) -> None:
    if allowed is None:
        return
    if allowed.document.site_id not in (None, site.pk):
        raise Blocked(
            Blocker(
                "document_site",
                _("%(document)s does not count at %(site)s.") % {"document": allowed.document, "site": site},
                record=allowed.document,
                remedy=_("Choose an instruction of the site, or one that counts everywhere."),
            )
        )
    known = {one.code: one for one in ask(LimitedValues(allowed.document))}
    if allowed.parameter not in known:
        named = ", ".join(f"{one.code} {one.label}" for one in known.values())
        raise Blocked(
            Blocker(
                "parameter",
                _("%(document)s records no number with limits that is called “%(code)s”.")
                % {"document": allowed.document, "code": allowed.parameter},
                record=allowed.document,
                remedy=_("Choose one of: %(choices)s.") % {"choices": named}
                if named
                else _("Choose an instruction that records values within limits."),
            )
        )
    if allowed.lower is None and allowed.upper is None:
        raise Blocked(
            Blocker("allowed", _("No allowed range is given."), remedy=_("Enter from which or until which value."))
        )
    if allowed.lower is not None and allowed.upper is not None and allowed.upper < allowed.lower:
        raise Blocked(
            Blocker("allowed", _("The allowed range ends before it begins."), remedy=_("Correct one of the two."))
        )


def _columns(allowed: ValueAllowed | None) -> dict[str, Any]:
    if allowed is None:
        return {"document": None, "parameter": "", "lower_allowed": None, "upper_allowed": None}
    return {
        "document": allowed.document,
        "parameter": allowed.parameter,
        "lower_allowed": allowed.lower,
        "upper_allowed": allowed.upper,
    }


def _refuse_values(quota: Decimal, valid_from: dt.date, valid_until: dt.date, material: Material) -> None:
    if quota <= 0:
        raise Blocked(Blocker("quantity", _("The quota must be more than zero."), remedy=_("Enter how much at most.")))
    require_whole(quota, material.uom)
    if valid_until < valid_from:
        raise Blocked(Blocker("days", _("The last day is before the first."), remedy=_("Correct one of the two days.")))


@service
def draft_deviation(
    *,
    site: Site,
    title: str,
    requirement: str,
    instead: str,
    justification: str,
    material: Material,
    quota: Decimal,
    valid_from: dt.date,
    valid_until: dt.date,
    allowed: ValueAllowed | None = None,
    actor: Any,
) -> PlannedDeviation:
    """Draft what shall be done otherwise for a while. Nothing may be done so before it is approved.

    `allowed` names a value of an instruction that may leave its limits; the operator then chooses the deviation where
    the value is recorded. Raises `Blocked` where the instruction records no such value within limits.
    """
    require(actor, DRAFT, site)
    _refuse_values(quota, valid_from, valid_until, material)
    _refuse_allowed(allowed, site)
    deviation = PlannedDeviation(
        site=site,
        number=next_number(site, "PD"),
        title=title.strip()[:200],
        requirement=requirement.strip(),
        instead=instead.strip(),
        justification=justification.strip(),
        material=material,
        quota=quota,
        uom=material.uom,
        valid_from=valid_from,
        valid_until=valid_until,
        author=actor,
        **_columns(allowed),
    )
    return begin(deviation, actor=actor)


def lock_deviation(deviation: PlannedDeviation) -> PlannedDeviation:
    """The planned deviation, read anew and locked until the deed ends: what is left of it is left then too."""
    rows = PlannedDeviation.objects.select_for_update(of=("self",))
    return rows.select_related("site", "material__uom", "uom").get(pk=deviation.pk)


@service
def change_deviation(
    *,
    deviation: PlannedDeviation,
    title: str,
    requirement: str,
    instead: str,
    justification: str,
    quota: Decimal,
    valid_from: dt.date,
    valid_until: dt.date,
    allowed: ValueAllowed | None = None,
    actor: Any,
    reason: str = "",
) -> PlannedDeviation:
    """Change a draft; whoever changes it is its author and does not approve it."""
    found = lock_deviation(deviation)
    require(actor, DRAFT, found)
    attempt(found, "edit", actor=actor)
    _refuse_values(quota, valid_from, valid_until, found.material)
    _refuse_allowed(allowed, found.site)
    for name, value in _columns(allowed).items():
        setattr(found, name, value)
    found.title, found.requirement, found.instead = title.strip()[:200], requirement.strip(), instead.strip()
    found.justification, found.quota = justification.strip(), quota
    found.valid_from, found.valid_until, found.author = valid_from, valid_until, actor
    found.save()
    return found


@service
def use_deviation(
    *,
    deviation: PlannedDeviation,
    lot: Lot,
    quantity: Decimal,
    actor: Any,
    unit: SerializedUnit | None = None,
    source: models.Model | None = None,
) -> DeviationUse:
    """Take a quantity of a lot, or one unit of it, from the quota, with a fact that says so.

    The row is locked first: two stations at once never take more than is left. Raises `Blocked`.
    """
    found = lock_deviation(deviation)
    require(actor, "qms_nonconformance.use_planneddeviation", found)
    attempt(found, "use", actor=actor, lot=lot, quantity=quantity)
    require_whole(quantity, found.uom, found)
    use = DeviationUse.objects.create(
        deviation=found,
        lot=lot,
        unit=unit,
        quantity=quantity,
        **(subject_ref(source, "source") if source is not None else {}),
    )
    found.used += quantity
    found.save()
    return use


@effect(MODEL, "submit")
def ask_for_approval(record: PlannedDeviation, deed: Deed) -> None:
    """Whoever may approve it is asked, but for its author."""
    assign(
        subject=record,
        kind=Work.APPROVAL,
        title=_("Approve the planned deviation %(deviation)s") % {"deviation": record},
        to_permission="qms_nonconformance.approve_planneddeviation",
        not_to=record.author,
        due_at=deed.at + APPROVE_WITHIN,
        actor=deed.actor,
    )


@effect(MODEL, "approve")
def approval_is_done(record: PlannedDeviation, deed: Deed) -> None:
    """Nobody is asked any more."""
    complete_for(subject=record, kind=Work.APPROVAL, actor=deed.actor)


@effect(MODEL, "return", "cancel")
def approval_is_not_asked_any_more(record: PlannedDeviation, deed: Deed) -> None:
    """The question is taken back."""
    cancel_for(subject=record, kind=Work.APPROVAL, actor=deed.actor, reason=deed.reason)
