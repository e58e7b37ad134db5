"""What may not be done with people, roles and places, and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.clock import now
from core.kernel.deeds import Deed
from core.kernel.errors import Blocked, Blocker
from core.kernel.permissions import catalogue
from core.kernel.wiring import guard, guards_for
from core.organization.models import Grant, Role, User
from core.organization.queries import sites_of, sites_of_person

ADMINISTERS = frozenset({"core_organization.change_user", "core_organization.grant_role"})
"""Rights by which a person could give themselves any other."""
CHANGE_PEOPLE, GIVE_ROLES = "core_organization.change_user", "core_organization.grant_role"


def refuse_if_blocked(record: Any, action: str, *, actor: Any, **params: Any) -> None:
    """Run the guards of an action of this app (which has no lifecycles) and raise `Blocked` with every reason."""
    deed = Deed(actor=actor, params=params)
    blockers = [b for one in guards_for(record, action) for b in one.run(record, deed).blockers]
    if blockers:
        raise Blocked(blockers)


def _gmp(permissions: set[str]) -> set[str]:
    """Those that let a person act on production or quality records, beyond seeing them."""
    known = catalogue()
    return {p for p in permissions if p in known and known[p].gmp and not p.split(".")[1].startswith("view_")}


def _of(role: Role) -> set[str]:
    return {row.permission for row in role.permissions.all()}


def _clash(one: set[str], other: set[str]) -> bool:
    """Whether the two sets together would put administration and GMP work into one hand."""
    return bool((one & ADMINISTERS and _gmp(other)) or (_gmp(one) and other & ADMINISTERS))


def _running(**where: Any) -> Any:
    """Grants that have not ended, those that begin later included."""
    return (
        Grant.objects.filter(Q(ends__isnull=True) | Q(ends__gt=now()), **where)
        .select_related("user", "role")
        .prefetch_related("role__permissions")
    )


@guard(User, "grant", title=gettext_lazy("Administration apart from GMP work"))
def administration_is_apart(user: User, deed: Deed) -> Iterator[Blocker]:
    """Nobody holds administration and GMP rights at once (EU GMP Annex 11, 12; segregation of duties)."""
    wanted = _of(deed.params["role"])
    for held in _running(user=user):
        if _clash(wanted, _of(held.role)):
            yield Blocker(
                "administration_apart",
                _("%(who)s holds the role %(other)s; administration and GMP work stay with different people.")
                % {"who": user, "other": held.role},
                record=user,
                remedy=_("End that role first, or give this one to another person."),
            )
            return


@guard(Role, "change", title=gettext_lazy("Administration apart from GMP work"))
def no_role_joins_them(role: Role, deed: Deed) -> Iterator[Blocker]:
    """A role carries administration or GMP rights, and no holder of it gets the other by its change."""
    wanted: set[str] = deed.params["permissions"]
    if _clash(wanted, wanted):
        yield Blocker(
            "administration_apart",
            _("A role with administration rights carries no GMP rights: %(rights)s.")
            % {"rights": ", ".join(sorted(str(catalogue()[code].label) for code in _gmp(wanted)))},
            record=role,
            remedy=_("Make two roles of it, for different people."),
        )
        return
    holders = Grant.objects.filter(role=role).values("user")
    for held in _running(user__in=holders).exclude(role=role):
        if _clash(wanted, _of(held.role)):
            yield Blocker(
                "administration_apart",
                _("%(who)s holds this role and %(other)s; administration and GMP work stay with different people.")
                % {"who": held.user, "other": held.role},
                record=role,
                remedy=_("End one of the two roles first."),
            )
            return


@guard(Role, "change", title=gettext_lazy("Every site of the role"))
def role_stays_in_reach(role: Role, deed: Deed) -> Iterator[Blocker]:
    """A role is changed only by who may give roles at every site where it is held."""
    mine = set(sites_of(deed.actor, GIVE_ROLES).values_list("pk", flat=True))
    for grant in _running(role=role).select_related("site", "area__site", "work_center__area__site"):
        site = grant.site or (grant.area and grant.area.site) or grant.work_center.area.site
        if site.pk not in mine:
            yield Blocker(
                "held_elsewhere",
                _("The role is held at %(site)s too, where you do not give roles.") % {"site": site},
                record=role,
                remedy=_("Ask an administrator of that site, or make a role of your own site."),
            )
            return


@guard(
    User, "change", "set_password", "deactivate", "reactivate", "end_sessions", "remove_factors",
    "forget_provider_account",
    title=gettext_lazy("Every site of the person"),
)  # fmt: skip
def person_stays_in_reach(user: User, deed: Deed) -> Iterator[Blocker]:
    """An account is administered only by who may at every site of the person: its password opens all of them."""
    beyond = sites_of_person(user).exclude(pk__in=sites_of(deed.actor, CHANGE_PEOPLE).values("pk")).first()
    if beyond is not None:
        yield Blocker(
            "person_elsewhere",
            _("%(who)s works at %(site)s too, where you do not administer people.") % {"who": user, "site": beyond},
            record=user,
            remedy=_("Ask an administrator of that site, or one who has both."),
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
