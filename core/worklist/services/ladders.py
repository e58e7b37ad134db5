"""Ladders as data: a step is set, changed, switched off; never without a trace."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.organization.models import Role, Site, User
from core.organization.services import require
from core.organization.services.configuration import configuring
from core.worklist.models import EscalationRule, Kind, Whom
from core.worklist.queries.ladders import severities_of

MINUTES_A_DAY = 24 * 60
QUALITY, DEPARTMENT = "quality_head", "lead"
FIRST_LADDER = (
    (-7 * MINUTES_A_DAY, Whom.ASKED, ""),
    (-1 * MINUTES_A_DAY, Whom.ASKED, ""),
    (0, Whom.BOTH, DEPARTMENT),
    (3 * MINUTES_A_DAY, Whom.ROLE, DEPARTMENT),
    (10 * MINUTES_A_DAY, Whom.ROLE, QUALITY),
)
"""Minutes after the due date, whom, role: a week and a day before it whoever is asked, at it their manager too, then
the lead of the department, then the head of quality (CAPA-10)."""
LADDERED = (Kind.TRIAGE, Kind.REVIEW, Kind.APPROVAL, Kind.ACTION, Kind.TRAINING)
"""Kinds of work that a new plant escalates."""


@service
def set_escalation_rule(
    *,
    kind: str,
    step: int,
    after: int,
    to_role: str = "",
    whom: str = Whom.ROLE,
    to_user: User | None = None,
    record_type: ContentType | None = None,
    severity: str = "",
    site: Site | None = None,
    by_mail: bool = False,
    is_active: bool = True,
    actor: Any,
    reason: str = "",
) -> EscalationRule:
    """Set a step of the ladder for a kind of work, and record, severity, site if named; the same step is replaced.

    `after`: minutes after the due date, negative before it. `to_role` is asked where `whom` says so, and where nobody
    is that person. Raises `Blocked` for what reaches nobody.
    """
    require(actor, "core_worklist.change_escalationrule")
    _require_somebody(whom, to_role, to_user)
    _require_severity(record_type, severity)
    found = EscalationRule.objects.select_for_update(of=("self",)).filter(
        kind=kind, step=step, record_type=record_type, severity=severity, site=site
    )
    rule = found.first() or EscalationRule(kind=kind, step=step, record_type=record_type, severity=severity, site=site)
    with configuring(rule):
        rule.after, rule.whom, rule.by_mail, rule.is_active = after, whom, by_mail, is_active
        rule.to_role = "" if whom == Whom.ASKED else to_role
        rule.to_user = to_user if whom == Whom.PERSON else None
        rule.save()
    return rule


def _require_somebody(whom: str, to_role: str, to_user: User | None) -> None:
    """A step reaches somebody: a role that exists, also in place of a person who is not there."""
    if whom not in Whom.values:
        raise ValueError(f"unknown addressee {whom!r}")
    if whom != Whom.ASKED and not Role.objects.filter(code=to_role, is_active=True).exists():
        raise Blocked(
            Blocker(
                "role_unknown",
                _("There is no active role “%(code)s”.") % {"code": to_role},
                remedy=_("Choose a role that exists; it is asked too where nobody is the person whom the step names."),
            )
        )
    if whom == Whom.PERSON and (to_user is None or not to_user.is_active or to_user.is_system):
        raise Blocked(
            Blocker(
                "person_missing",
                _("The step names nobody who works here."),
                record=to_user,
                remedy=_("Choose an active person."),
            )
        )


def _require_severity(record_type: ContentType | None, severity: str) -> None:
    """A severity is one that the kind of record knows."""
    if not severity:
        return
    model = record_type.model_class() if record_type is not None else None
    if severity not in dict(severities_of(model)):
        raise Blocked(
            Blocker(
                "severity_unknown",
                _("“%(severity)s” is no severity of this kind of record.") % {"severity": severity},
                remedy=_("Name a kind of record that has severities, and one of them; or none."),
            )
        )


@service
def set_first_ladder(*, actor: Any, reason: str = "") -> list[EscalationRule]:
    """The ladder with which a plant begins, for every kind of work that is escalated; a step that is there stays."""
    taken = set(EscalationRule.objects.filter(record_type=None, severity="", site=None).values_list("kind", "step"))
    return [
        set_escalation_rule(kind=kind, step=step, after=after, whom=whom, to_role=role, actor=actor)
        for kind in LADDERED
        for step, (after, whom, role) in enumerate(FIRST_LADDER, 1)
        if (kind, step) not in taken and (not role or Role.objects.filter(code=role, is_active=True).exists())
    ]
