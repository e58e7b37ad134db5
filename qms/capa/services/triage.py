"""Whether a CAPA is opened, who works on it, and when one is taken up again."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.deeds import Deed, service
from core.kernel.wiring import effect
from core.lifecycle.services import perform
from core.organization.queries import may
from core.organization.services import require
from core.signing.services import Proof, sign
from core.worklist.models import Kind as Work
from core.worklist.services import complete_for
from qms.capa.lifecycle import DATED_STATES, MANAGE, REOPEN, TRIAGE, VIEW
from qms.capa.models import Capa, CapaDecision, CapaMember, CapaReopening
from qms.capa.models.records import Priority
from qms.capa.queries import may_own
from qms.capa.services.common import (
    CAPA,
    DECLINE_MEANING,
    REOPENING_MEANING,
    TRIAGE_MEANING,
    ask_the_owner,
    locked,
    refuse,
    writable,
)

Decision, Level = CapaDecision.Decision, CapaDecision.Level


def _future(due_at: dt.datetime | None, record: Capa) -> None:
    if due_at is not None and due_at <= now():
        raise refuse("past", _("That date is over."), _("Choose a date in the future."), record)


@service
def triage_capa(
    *,
    capa: Capa,
    severity: str,
    occurrence: str,
    escaped: bool,
    recurs: bool,
    regulatory: bool,
    decision: str,
    rationale: str,
    actor: Any,
    signature: Proof | None,
    priority: str = "",
    owner: Any = None,
    due_at: dt.datetime | None = None,
    reason: str = "",
) -> Capa:
    """Decide, signed, whether a CAPA is opened, by which answers and why; with owner, priority and date if it is.

    “No CAPA” is signed as a rejection. What a regulation demands cannot be declined. Raises `Blocked`.
    """
    found = writable(capa, "triage", actor=actor, right=TRIAGE)
    if not rationale.strip():
        raise refuse("rationale", _("The rationale is missing."), _("Write why."), found)
    opens = Decision(decision) == Decision.CAPA
    if regulatory and not opens:
        raise refuse(
            "regulatory",
            _("What a regulation or an authority demands is not declined."),
            _("Open the CAPA, or correct the answer."),
            found,
        )
    _future(due_at, found)
    if opens:
        found.priority, found.owner = Priority(priority) if priority else "", owner
        found.due_at = found.first_due_at = due_at
        found.save()
    judged = CapaDecision.objects.create(
        capa=found,
        cycle=found.cycle,
        severity=Level(severity),
        occurrence=Level(occurrence),
        escaped=escaped,
        recurs=recurs,
        regulatory=regulatory,
        decision=decision,
        rationale=rationale.strip(),
        priority=found.priority if opens else "",
        owner=owner if opens else None,
        due_at=due_at if opens else None,
        sources=[str(one) for one in found.sources.order_by("pk")],
    )
    meaning = TRIAGE_MEANING if opens else DECLINE_MEANING
    sign(record=judged, meaning=meaning, signature=signature, actor=actor, reason=reason)
    return perform(found, "open" if opens else "decline", actor=actor, reason=reason or rationale.strip())


@effect(CAPA, "open", "decline")
def the_triage_is_done(record: Capa, deed: Deed) -> None:
    """Nobody is asked for it any more; the owner begins."""
    complete_for(subject=record, kind=Work.TRIAGE, actor=deed.actor)
    if record.status == "investigation":
        ask_the_owner(record, _("Find the causes of %(capa)s"), deed.actor)


@service
def add_member(*, capa: Capa, user: Any, part: str = "", actor: Any, reason: str = "") -> CapaMember:
    """Name somebody who works on it. Raises `Blocked` for somebody who cannot see it."""
    right = TRIAGE if capa.status in ("draft", "triage") and may(actor, TRIAGE, capa) else MANAGE
    found = writable(capa, "staff", actor=actor, right=right)
    if not may(user, VIEW, found):
        raise refuse(
            "member_right",
            _("%(user)s has no right to see CAPAs at %(site)s.") % {"user": user, "site": found.site},
            _("Choose somebody who has, or have the role given first."),
            found,
        )
    if found.members.filter(user=user).exists():
        raise refuse("member", _("%(user)s is in the team already.") % {"user": user}, _("Nothing to do."), found)
    member = CapaMember(capa=found, user=user, part=part.strip()[:80])
    member.save()
    return member


@service
def remove_member(*, member: CapaMember, actor: Any, reason: str = "") -> Capa:
    """Let somebody leave the team."""
    found = writable(member.capa, "staff", actor=actor)
    CapaMember.objects.select_for_update().get(pk=member.pk).delete()
    return found


@service
def name_owner(*, capa: Capa, owner: Any, actor: Any, reason: str = "") -> Capa:
    """Give an opened CAPA to another owner."""
    found = writable(capa, "staff", actor=actor, right=TRIAGE)
    if found.status not in DATED_STATES:
        raise refuse("not_opened", _("It is not opened yet."), _("The triage names its owner."), found)
    if not may_own(owner, found):
        raise refuse(
            "owner_right",
            _("%(owner)s has no right to plan CAPAs at %(site)s.") % {"owner": owner, "site": found.site},
            _("Choose somebody who has, or have the role given first."),
            found,
        )
    found.owner = owner
    found.save()
    if complete_for(subject=found, kind=Work.ACTION, actor=actor):
        ask_the_owner(found, _("Carry on with %(capa)s"), actor)
    return found


@service
def reopen_capa(
    *, capa: Capa, information: str, owner: Any, due_at: dt.datetime, actor: Any, signature: Proof | None,
    reason: str = "",
) -> Capa:  # fmt: skip
    """Take a closed or declined CAPA up again, signed: a new cycle begins. What was signed before stays."""
    found = locked(capa)
    require(actor, REOPEN, found)
    if not information.strip():
        raise refuse("information", _("It is not written what is new."), _("Write it."), found)
    _future(due_at, found)
    if not may_own(owner, found):
        raise refuse(
            "owner_right",
            _("%(owner)s has no right to plan CAPAs at %(site)s.") % {"owner": owner, "site": found.site},
            _("Choose somebody who has, or have the role given first."),
            found,
        )
    opened = CapaReopening.objects.create(
        capa=found, cycle=found.cycle + 1, information=information.strip(), due_at=due_at
    )
    sign(record=opened, meaning=REOPENING_MEANING, signature=signature, actor=actor, reason=reason)
    return perform(found, "reopen", actor=actor, reason=reason or information.strip(), owner=owner)


@effect(CAPA, "reopen", "begin_again", before_save=True)
def begin_the_next_cycle(record: Capa, deed: Deed) -> None:
    """Causes, actions and the check are found anew; those of earlier cycles stay as they are."""
    record.cycle += 1
    record.method = record.retraining_reason = record.adverse_plan = ""
    if record.status == "investigation" and deed.params.get("owner") is not None:
        record.owner = deed.params["owner"]
    opened = record.reopenings.filter(cycle=record.cycle).last()
    if opened is not None:
        record.due_at = opened.due_at


@effect(CAPA, "reopen", "begin_again")
def ask_for_causes_again(record: Capa, deed: Deed) -> None:
    """The owner looks for causes again."""
    ask_the_owner(record, _("Find the causes of %(capa)s anew"), deed.actor)
