"""Shifts, training before signing, waivers of staffing, and overrides at work."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.kernel.records import subject_ref
from core.organization.models import Site, WorkCenter
from core.organization.queries import place_of
from core.organization.services import require
from core.signing.services import Proof, sign
from qms.documents.models import Document
from qms.training.lifecycle import PLAN_SHIFTS, SET_POLICY, WAIVE_STAFFING
from qms.training.models import ShiftAssignment, SigningPolicy, StaffingWaiver, TrainingOverride
from qms.training.queries.staff import Staffing


@service
def plan_shift(
    *,
    user: Any,
    work_center: WorkCenter,
    shift: str,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    actor: Any,
    reason: str = "",
) -> ShiftAssignment:
    """Plan a person for a shift at a work center. Raises `Blocked` when it would end before it begins."""
    require(actor, PLAN_SHIFTS, work_center)
    if ends_at <= starts_at:
        raise Blocked(Blocker("period", _("The shift would end before it begins."), record=work_center))
    planned = ShiftAssignment(user=user, work_center=work_center, shift=shift, starts_at=starts_at, ends_at=ends_at)
    planned.save()
    return planned


@service
def cancel_shift(*, shift_assignment: ShiftAssignment, actor: Any, reason: str) -> None:
    """Take a person out of a planned shift, with a reason."""
    require(actor, PLAN_SHIFTS, shift_assignment)
    if not reason.strip():
        raise Blocked(Blocker("reason", _("A reason is needed."), record=shift_assignment, remedy=_("Write why.")))
    shift_assignment.delete()


@service
def set_signing_policy(*, site: Site, document: Document, is_on: bool, actor: Any, reason: str = "") -> SigningPolicy:
    """Decide whether people of a site sign only once they were trained on a document (21 CFR 11.10(i), (j)).

    Whoever switches it on was trained themselves: nobody locks everybody out, themselves included. Raises `Blocked`.
    """
    require(actor, SET_POLICY, site)
    policy = SigningPolicy.objects.select_for_update().filter(site=site).first() or SigningPolicy(site=site)
    if policy.pk is not None and not reason.strip():
        raise Blocked(Blocker("reason", _("A reason is needed."), record=policy, remedy=_("Write why.")))
    policy.document, policy.is_on = document, is_on
    if is_on and not document.revisions.filter(status="effective").exists():
        raise Blocked(
            Blocker(
                "not_effective",
                _("%(document)s has no effective revision to be trained on.") % {"document": document},
                record=document,
                remedy=_("Make a revision effective, and train people on it, before you switch this on."),
            )
        )
    policy.save()
    return policy


@service
def waive_staffing(
    *, revision: Any, found: Staffing, actor: Any, reason: str, signature: Proof | None = None
) -> StaffingWaiver:
    """Let a revision become effective although nobody could do this planned work: exactly this, signed, with a reason.

    Raises `Blocked`.
    """
    require(actor, WAIVE_STAFFING, revision)
    if not reason.strip():
        raise Blocked(Blocker("reason", _("A reason is needed."), record=revision, remedy=_("Write why.")))
    if not found.uncovered:
        raise Blocked(
            Blocker(
                "nothing_to_waive",
                _("Somebody can do all of the planned work; there is nothing to waive."),
                record=revision,
            )
        )
    place = place_of(revision)
    waiver = StaffingWaiver.objects.create(
        site=place if isinstance(place, Site) else None,
        uncovered=[{"key": one.key, "label": one.label, "at": one.starts_at.isoformat()} for one in found.uncovered],
        reason=reason.strip(),
        **subject_ref(revision),
    )
    sign(record=waiver, meaning="approved", signature=signature, actor=actor, reason=reason)
    return waiver


@service
def override_training(
    *,
    user: Any,
    work: models.Model,
    deviation: models.Model,
    actor: Any,
    reason: str,
    signature: Proof | None,
    second: Proof | None,
) -> TrainingOverride:
    """Let an untrained person do one piece of work under a deviation, signed by the supervisor and a second person.

    The caller has asked for the supervisor's right and raised the deviation. Neither of the two is the person.
    """
    proofs = [signature, second]
    signers = {proof.user.pk for proof in proofs if proof is not None}
    if user.pk in signers or len(signers) < len(proofs):
        raise Blocked(
            Blocker(
                "two_others",
                _("Two other people sign that %(who)s may do this untrained.") % {"who": user},
                record=work,
                remedy=_("The supervisor signs, and a second person who knows the work."),
            )
        )
    override = TrainingOverride.objects.create(
        user=user, reason=reason.strip(), **subject_ref(work), **subject_ref(deviation, "source")
    )
    sign(record=override, meaning="approved", signature=signature, actor=actor, reason=reason)
    if second is not None:
        sign(record=override, meaning="witnessed", signature=second, actor=second.user, reason=reason)
    return override
