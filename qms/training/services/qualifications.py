"""Granting, renewing, suspending and ending qualifications."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.kernel.wiring import makes
from core.lifecycle.services import begin, perform, perform_many
from core.organization.services import require
from qms.training.models import Curriculum, Qualification
from qms.training.queries.learning import open_requirements, unpractised
from qms.training.queries.qualifications import open_qualification
from qms.training.services.learning import months_later


@service
def grant_qualification(
    *,
    user: Any,
    curriculum: Curriculum,
    basis: str,
    actor: Any,
    reason: str = "",
    valid_from: dt.datetime | None = None,
    valid_until: dt.datetime | None = None,
    level: str = Qualification.Level.WORKS,
) -> Qualification:
    """Let a person do what a curriculum teaches, from now unless said otherwise, on a stated basis.

    What the curriculum takes is learned before. Without an end, the curriculum's own period counts. Nobody grants it to
    themselves, and a person who holds it already has it renewed instead. Raises `Blocked`.
    """
    require(actor, "qms_training.add_qualification", user)
    _refuse_oneself(user, curriculum, actor)
    if not basis.strip():
        raise Blocked(
            Blocker(
                "no_basis",
                _("A qualification needs a basis."),
                record=curriculum,
                remedy=_("Write what shows it: training, test, observed work, certificate."),
            )
        )
    if not curriculum.is_active:
        raise Blocked(Blocker("curriculum_inactive", _("%(c)s is no longer used.") % {"c": curriculum}, curriculum))
    held = open_qualification(user, curriculum)
    if held is not None:
        raise Blocked(
            Blocker(
                "qualified_already",
                _("%(who)s holds this qualification already.") % {"who": user},
                record=held,
                remedy=_("Renew it, or revoke it first."),
                remedy_url=held.get_absolute_url(),
            )
        )
    _refuse_unlearned(user, curriculum)
    begins = valid_from or now()
    qualification = Qualification(
        user=user,
        curriculum=curriculum,
        valid_from=begins,
        valid_until=_end(curriculum, begins, valid_until),
        granted_by=actor,
        basis=basis.strip(),
        level=level,
    )
    return begin(qualification, actor=actor, reason=reason)


@service
def renew_qualification(
    *,
    qualification: Qualification,
    basis: str,
    actor: Any,
    reason: str,
    valid_until: dt.datetime | None = None,
    level: str = "",
) -> Qualification:
    """Extend a qualification from now on, on a new basis and with a reason; the earlier terms stay in its history."""
    require(actor, "qms_training.add_qualification", qualification)
    locked = (
        Qualification.objects.select_for_update(of=("self",))
        .select_related("user", "curriculum")
        .get(pk=qualification.pk)
    )
    _refuse_oneself(locked.user, locked.curriculum, actor)
    _require_reason(reason, locked)
    if locked.status != "active":
        raise Blocked(
            Blocker(
                "state",
                _("The qualification is “%(status)s”.") % {"status": locked.get_status_display()},
                record=locked,
                remedy=_("Reinstate it first, or grant a new one."),
            )
        )
    locked.level = level or locked.level
    locked.valid_until = _end(locked.curriculum, now(), valid_until)
    locked.granted_by = actor
    locked.basis = basis.strip() or locked.basis
    locked.save()
    return locked


@makes("qms_training.Qualification", "suspend")
@service
def suspend(*, qualification: Qualification, actor: Any, reason: str) -> Qualification:
    """Stop a person from doing the work until the qualification is reinstated."""
    return perform(qualification, "suspend", actor=actor, reason=reason)


@makes("qms_training.Qualification", "reinstate")
@service
def reinstate(*, qualification: Qualification, actor: Any, reason: str) -> Qualification:
    """Let a person whose qualification was suspended work again; another person does it."""
    return perform(qualification, "reinstate", actor=actor, reason=reason)


@makes("qms_training.Qualification", "revoke")
@service
def revoke(*, qualification: Qualification, actor: Any, reason: str) -> Qualification:
    """End a qualification for good."""
    return perform(qualification, "revoke", actor=actor, reason=reason)


def _refuse_oneself(user: Any, curriculum: Curriculum, actor: Any) -> None:
    if user.pk == actor.pk:
        raise Blocked(
            Blocker(
                "second_person",
                _("Nobody qualifies themselves."),
                record=curriculum,
                remedy=_("Ask another lead or a quality engineer."),
            )
        )


def _refuse_unlearned(user: Any, curriculum: Curriculum) -> None:
    unlearned = open_requirements(user, curriculum)
    if unlearned:
        raise Blocked(
            [
                Blocker(
                    "not_learned",
                    _("%(who)s has not learned “%(what)s” yet.") % {"who": user, "what": requirement.title},
                    record=curriculum,
                    remedy=_("It is learned first, or waived by the manager and quality."),
                    remedy_url=curriculum.get_absolute_url(),
                )
                for requirement in unlearned
            ]
        )


@service
def suspend_unpractised(*, actor: Any, reason: str = "") -> int:
    """Suspend the qualifications that were not practised for as long as their curricula allow."""
    found = unpractised(now())
    why = reason or _("Not practised for as long as the curriculum allows.")
    perform_many(found, "suspend", actor=actor, reason=why)
    return len(found)


def _require_reason(reason: str, record: Any) -> None:
    if not reason.strip():
        raise Blocked(Blocker("reason", _("A reason is needed."), record=record, remedy=_("Write why.")))


def _end(curriculum: Curriculum, begins: dt.datetime, until: dt.datetime | None) -> dt.datetime | None:
    if until is None and curriculum.valid_months:
        return months_later(begins, curriculum.valid_months)
    if until is not None and until <= begins:
        raise Blocked(
            Blocker("ends_before_it_begins", _("The qualification would end before it begins."), record=curriculum)
        )
    return until
