"""What learners, trainers and managers do with an assignment, and the record that follows."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from core.files.services import attach
from core.kernel.deeds import Deed, service
from core.kernel.errors import Blocked, Blocker
from core.kernel.wiring import effect, makes
from core.lifecycle.services import attempt, perform
from core.organization.services import require
from core.signing.models import Signature
from core.signing.queries import digest_of, signatures_of
from core.signing.services import Proof, sign
from core.worklist.models import Kind
from core.worklist.services import assign, cancel_for, complete_for
from qms.training.lifecycle import ATTEST, SUPPORT_WAIVER
from qms.training.models import SectionShown, TrainingAssignment, TrainingRecord
from qms.training.queries.content import sections_of, shown_numbers

ASSIGNMENT = "qms_training.TrainingAssignment"


def locked(assignment: TrainingAssignment) -> TrainingAssignment:
    """The assignment under its lock, with what its services look at."""
    return (
        TrainingAssignment.objects.select_for_update(of=("self",))
        .select_related("document_revision__document", "requirement__curriculum", "curriculum", "user")
        .get(pk=assignment.pk)
    )


@makes(ASSIGNMENT, "take_up")
@service
def take_up(*, assignment: TrainingAssignment, actor: Any, reason: str = "") -> TrainingAssignment:
    """Begin what was assigned: the learner alone does."""
    return perform(assignment, "take_up", actor=actor, reason=reason)


@service
def show_section(*, assignment: TrainingAssignment, number: int, actor: Any, reason: str = "") -> int:
    """Keep that a section was shown to the learner, who went on from it; returns how many are still to be shown.

    Taking up an assignment is the first such deed. Raises `Blocked` for anybody but the learner.
    """
    held = locked(assignment)
    if held.status == "assigned":
        take_up(assignment=held, actor=actor)
    else:
        attempt(held, "read", actor=actor)
    if held.document_revision is None:
        return 0
    count, digest = len(sections_of(held.document_revision)), digest_of(held.document_revision)
    shown = shown_numbers(held, digest)
    if 1 <= number <= count and number not in shown:
        SectionShown.objects.create(assignment=held, number=number, digest=digest)
        shown.add(number)
    return count - len(shown)


def _pin(held: TrainingAssignment, evidence: str | None = None) -> None:
    """Bring into the record what its signature covers: the digest of the content, and what was done."""
    said = held.evidence if evidence is None else evidence.strip()
    digest = digest_of(held.document_revision) if held.document_revision is not None else ""
    if (held.revision_digest, held.evidence) != (digest, said):
        held.revision_digest, held.evidence = digest, said
        held.save()


@makes(ASSIGNMENT, "complete")
@service
def complete_reading(
    *, assignment: TrainingAssignment, actor: Any, reason: str = "", signature: Proof | None = None
) -> TrainingAssignment:
    """Sign “read and understood”, pinned to the digest of the content. Raises `Blocked` until all of it was shown."""
    held = locked(assignment)
    _pin(held)
    perform(held, "complete", actor=actor, reason=reason, signature=signature)
    assignment.refresh_from_db()
    return assignment


@makes(ASSIGNMENT, "present")
@service
def present_for_attestation(
    *,
    assignment: TrainingAssignment,
    actor: Any,
    reason: str = "",
    signature: Proof | None = None,
    evidence: str = "",
    file: Any = None,
) -> TrainingAssignment:
    """Sign that the practice was done, or a proof is attached; the trainer or a verifier signs the same record next."""
    held = locked(assignment)
    if file is not None and held.user_id == actor.pk:
        attach(file, to=held, caption=_("Proof"), actor=actor)
    _pin(held, evidence or None)
    perform(held, "present", actor=actor, reason=reason, signature=signature)
    assignment.refresh_from_db()
    return assignment


@effect(ASSIGNMENT, "present")
def _ask_for_the_second_person(record: TrainingAssignment, deed: Deed) -> None:
    title = _("Verify the proof of %(who)s: %(what)s") if record.kind == "external" else _("Attest %(what)s of %(who)s")
    assign(
        subject=record,
        kind=Kind.REVIEW,
        title=title % {"who": record.user, "what": record.what},
        to_permission=ATTEST,
        not_to=record.user,
        site=record.user.home_site,
        due_at=record.due_at,
        actor=deed.actor,
    )


@effect(ASSIGNMENT, "send_back")
def _back_to_the_learner(record: TrainingAssignment, deed: Deed) -> None:
    cancel_for(subject=record, kind=Kind.REVIEW, actor=deed.actor, reason=deed.reason)


@effect(ASSIGNMENT, "fail")
def _ask_a_trainer_for_help(record: TrainingAssignment, deed: Deed) -> None:
    assign(
        subject=record,
        kind=Kind.ACTION,
        title=_("%(who)s failed the quiz on %(what)s: help, then let them try again")
        % {"who": record.user, "what": record.what},
        to_permission=ATTEST,
        not_to=record.user,
        site=record.user.home_site,
        due_at=record.due_at,
        actor=deed.actor,
    )


@effect(ASSIGNMENT, "remediate")
def _help_was_given(record: TrainingAssignment, deed: Deed) -> None:
    complete_for(subject=record, kind=Kind.ACTION, actor=deed.actor)


@effect(ASSIGNMENT, "complete", "attest", "verify")
def _keep_what_was_learned(record: TrainingAssignment, deed: Deed) -> None:
    """The fact that the gates ask for, with the signatures that stand for it."""
    given = {signature.meaning: signature for signature in signatures_of(record)}
    best = record.attempts.filter(passed=True).order_by("-id").first()
    months = record.requirement.valid_months if record.requirement is not None else None
    TrainingRecord.objects.create(
        user=record.user,
        how=TrainingRecord.How(record.kind),
        document_revision=record.document_revision,
        requirement=record.requirement,
        assignment=record,
        revision_digest=record.revision_digest,
        completed_at=deed.at,
        valid_until=months_later(deed.at, months) if months else None,
        score=best.score if best is not None else None,
        signature=given.get("performed") or given.get("trained"),
        attestation=given.get("attested") or given.get("verified"),
        note=record.evidence,
    )
    for kind in (Kind.TRAINING, Kind.REVIEW, Kind.ACTION):
        complete_for(subject=record, kind=kind, actor=deed.actor)


@effect(ASSIGNMENT, "waive")
def _nothing_waits_any_more(record: TrainingAssignment, deed: Deed) -> None:
    for kind in (Kind.TRAINING, Kind.REVIEW, Kind.ACTION):
        cancel_for(subject=record, kind=kind, actor=deed.actor, reason=deed.reason)


@service
def support_waiver(
    *, assignment: TrainingAssignment, actor: Any, reason: str, signature: Proof | None = None
) -> Signature:
    """The manager's signature on a waiver, which quality gives afterwards. Raises `Blocked`."""
    held = locked(assignment)
    require(actor, SUPPORT_WAIVER, held)
    attempt(held, "support_waiver", actor=actor, reason=reason)
    if not reason.strip():
        raise Blocked(Blocker("reason", _("A reason is needed."), record=held, remedy=_("Write why.")))
    return sign(record=held, meaning="reviewed", signature=signature, actor=actor, reason=reason)


def months_later(moment: dt.datetime, months: int) -> dt.datetime:
    """The same day of a later month, or that month's last day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))
