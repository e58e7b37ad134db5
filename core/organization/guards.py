"""What may not be done with people, roles and places, and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocked, Blocker
from core.kernel.permissions import catalogue
from core.kernel.wiring import guard, guards_for
from core.organization.models import Grant, Role, User


def refuse_if_blocked(record: Any, action: str, *, actor: Any, **params: Any) -> None:
    """Run the guards of an action of this app (which has no lifecycles) and raise `Blocked` with every reason."""
    deed = Deed(actor=actor, params=params)
    blockers = [b for one in guards_for(record, action) for b in one.run(record, deed).blockers]
    if blockers:
        raise Blocked(blockers)


def _gmp(role: Role) -> set[str]:
    known = catalogue()
    return {
        p.permission
        for p in role.permissions.all()
        if p.permission in known and known[p.permission].gmp and not p.permission.split(".")[1].startswith("view_")
    }


@guard(User, "grant", title=gettext_lazy("Administration apart from GMP work"))
def administration_is_apart(user: User, deed: Deed) -> Iterator[Blocker]:
    """Nobody holds administration and GMP rights at once (EU GMP Annex 11, 12; segregation of duties)."""
    role: Role = deed.params["role"]
    held = [g.role for g in Grant.objects.filter(user=user, ends__isnull=True).select_related("role")]
    administers = [r for r in held if r.template == "admin"]
    works = [r for r in held if _gmp(r)]
    if (role.template == "admin" and works) or (_gmp(role) and administers):
        other = (works or administers)[0]
        yield Blocker(
            "administration_apart",
            _("%(who)s holds the role %(other)s; administration and GMP work stay with different people.")
            % {"who": user, "other": other},
            record=user,
            remedy=_("End that role first, or give this one to another person."),
        )


@guard(User, "grant", title=gettext_lazy("Active person"))
def person_is_active(user: User, deed: Deed) -> Iterator[Blocker]:
    """Only active people, never system users, are given roles."""
    if not user.is_active or user.is_system:
        yield Blocker(
            "person_inactive",
            _("%(who)s is not an active person.") % {"who": user},
            record=user,
            remedy=_("Activate the person first."),
        )


@guard(User, "grant", "deactivate", title=gettext_lazy("Another person"))
def not_for_oneself(user: User, deed: Deed) -> Iterator[Blocker]:
    """Nobody gives roles to themselves or deactivates themselves."""
    if user.pk == deed.actor.pk:
        yield Blocker(
            "oneself",
            _("You cannot do this for yourself."),
            record=user,
            remedy=_("Ask another administrator."),
        )
