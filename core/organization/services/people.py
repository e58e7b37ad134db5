"""People, their secrets, roles and grants."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.kernel.permissions import ALL_TEMPLATES, catalogue
from core.kernel.wiring import publish
from core.organization.events import SignOnRefused, UserDeactivated
from core.organization.guards import refuse_if_blocked
from core.organization.models import Area, Grant, Role, RolePermission, Site, TerminalSession, User, WorkCenter
from core.organization.services import require
from core.organization.services.api import revoke_all
from core.organization.services.configuration import configuring, values_of
from core.organization.services.factors import accept_code
from core.organization.services.sessions import end_browser_sessions
from core.organization.services.sign_in import accept_attempt, count_attempt, place_of_request

ROLE_NAMES = {
    "operator": "Operator",
    "lead": "Production lead",
    "planner": "Planner",
    "process_engineer": "Process engineer",
    "quality_engineer": "Quality engineer",
    "quality_head": "Head of quality",
    "auditor": "Auditor",
    "external_auditor": "External auditor (sealed records only)",
    "admin": "Administrator",
}
PIN_LENGTHS = range(4, 13)
FIRST_PASSWORD_LIFE = dt.timedelta(days=3)
"""A first password that nobody has used by then opens nothing any more."""


def _require_in_reach(user: User, action: str, actor: Any) -> None:
    """Refuse unless the actor administers people where this person works, and no other rule is against it."""
    require(actor, "core_organization.change_user", user)
    refuse_if_blocked(user, action, actor=actor)


def _judge_password(password: str, user: User) -> None:
    """Raise ValidationError, at the field of the password, for one that is too short, common or like the person."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ValidationError({"password": error.error_list}) from None


def _judge_manager(user: User, manager: User | None) -> None:
    """Raise ValidationError, at the field, for a manager who is not there, or who is managed by the person."""
    if manager is None:
        return
    if not manager.is_active or manager.is_system:
        raise ValidationError({"manager": _("%(who)s is not an active person.") % {"who": manager}})
    above: User | None = manager
    for _number in range(20):
        if above is None:
            return
        if above.pk == user.pk and user.pk is not None:
            raise ValidationError({"manager": _("%(who)s is managed by this person.") % {"who": manager}})
        above = above.manager
    raise ValidationError({"manager": _("There are more than 20 people above %(who)s.") % {"who": manager}})


@service
def create_user(
    *,
    username: str,
    full_name: str,
    actor: Any,
    email: str = "",
    badge: str = "",
    password: str = "",
    home_site: Site | None = None,
    must_change_password: bool = True,
    provider_only: bool = False,
    manager: User | None = None,
    reason: str = "",
) -> User:
    """Add a person. A first password given by an administrator must be changed by the person (21 CFR 11.300)."""
    require(actor, "core_organization.change_user", home_site)
    if User.objects.filter(username__iexact=username.strip()).exists():
        raise ValidationError({"username": _("This user name is or was somebody's and is never given again.")})
    user = User(
        username=username.strip(),
        full_name=full_name.strip(),
        email=email.strip(),
        badge=badge.strip(),
        home_site=home_site,
        must_change_password=bool(password) and must_change_password,
        provider_only=provider_only,
        manager=manager,
    )
    _judge_manager(user, manager)
    if user.must_change_password:
        user.password_expires_at = now() + FIRST_PASSWORD_LIFE
    if password:
        _judge_password(password, user)
        user.set_password(password)
    else:
        user.set_unusable_password()
    user.full_clean(exclude=["row_version", "password"])
    user.save()
    return user


@service
def change_user(
    *,
    user: User,
    full_name: str,
    email: str,
    badge: str,
    home_site: Site | None,
    actor: Any,
    reason: str,
    provider_only: bool = False,
    manager: User | None = None,
) -> User:
    """Correct a person's name, e-mail, badge, home site, manager, or whether only the provider lets them in."""
    _require_in_reach(user, "change", actor)
    if home_site is not None and home_site.pk != user.home_site_id:
        require(actor, "core_organization.change_user", home_site)
    locked = User.objects.select_for_update().get(pk=user.pk)
    locked.full_name, locked.email, locked.badge, locked.home_site = full_name.strip(), email, badge.strip(), home_site
    locked.provider_only = provider_only
    if locked.manager_id != (None if manager is None else manager.pk):
        _judge_manager(locked, manager)
        locked.manager = manager
    locked.full_clean(exclude=["row_version", "password"])
    locked.save()
    return locked


@service
def set_first_password(*, user: User, password: str, actor: Any, reason: str) -> User:
    """An administrator sets a password that the person must change at the next sign-in."""
    _require_in_reach(user, "set_password", actor)
    _judge_password(password, user)
    locked = User.objects.select_for_update().get(pk=user.pk)
    locked.set_password(password)
    locked.must_change_password = True
    locked.password_expires_at = now() + FIRST_PASSWORD_LIFE
    locked.save()
    end_browser_sessions(locked, why="new first password")
    return locked


def identify_oneself(*, password: str, request: HttpRequest, code: str | None = None) -> None:
    """Whether the person at this browser knows their present password: before it, the PIN or a factor is replaced.

    With a `code`, it has to be that of their app, or a recovery code. Counted like a sign-in, outside any deed. Raises
    `Blocked`.
    """
    user = request.user
    attempt = count_attempt(name=user.get_username(), place=place_of_request(request, user.get_username()))
    fits = user.has_usable_password() and check_password(password, user.password)  # type: ignore[union-attr]
    if fits and (code is None or accept_code(user, code) is not None):  # type: ignore[arg-type]
        accept_attempt(attempt)
        return
    if fits:
        with transaction.atomic():
            publish(SignOnRefused(user.pk, "desk", "wrong code of the second factor"))
        raise Blocked(
            Blocker(
                "wrong_code",
                _("The code is not the right one, or was used before."),
                remedy=_("Enter the code that the app shows now, or a recovery code."),
            )
        )
    with transaction.atomic():
        publish(SignOnRefused(user.pk, "desk", "wrong present password"))
    raise Blocked(
        Blocker(
            "wrong_password",
            _("The present password is not the right one."),
            remedy=_("Type the password with which you sign in. After 5 wrong ones it is locked here for 15 minutes."),
        )
    )


@service
def change_own_password(*, password: str, actor: Any) -> User:
    """The person chooses a new password."""
    _judge_password(password, actor)
    locked = User.objects.select_for_update().get(pk=actor.pk)
    locked.set_password(password)
    locked.must_change_password = False
    locked.password_expires_at = None
    locked.save()
    return locked


@service
def set_pin(*, pin: str, actor: Any) -> User:
    """The person chooses their PIN for terminals; nobody else ever knows it."""
    if not pin.isascii() or not pin.isdigit() or len(pin) not in PIN_LENGTHS:
        raise ValidationError({"pin": _("A PIN has 4 to 12 digits.")})
    if len(set(pin)) == 1 or pin in "01234567890123456789" or pin in "98765432109876543210":
        raise ValidationError({"pin": _("Choose a PIN that is not a row of equal or successive digits.")})
    locked = User.objects.select_for_update().get(pk=actor.pk)
    locked.pin_hash = make_password(pin)
    locked.save()
    return locked


@service
def choose_hand(*, hand: str, actor: Any) -> User:
    """The person chooses on which side terminals show what the hand must reach: right or left."""
    locked = User.objects.select_for_update().get(pk=actor.pk)
    locked.hand = hand
    locked.full_clean(exclude=["row_version", "password"])
    locked.save()
    return locked


@service
def deactivate_user(*, user: User, actor: Any, reason: str) -> User:
    """End a person's access at once: every session, API token and running grant; the records keep their name."""
    _require_in_reach(user, "deactivate", actor)
    locked = User.objects.select_for_update().get(pk=user.pk)
    locked.is_active = False
    locked.save()
    TerminalSession.objects.filter(user=locked, ended_at__isnull=True).update(ended_at=now(), end_reason="deactivated")
    revoke_all(locked)
    end_browser_sessions(locked, why="deactivated")
    publish(UserDeactivated(user_id=locked.pk))
    return locked


@service
def reactivate_user(*, user: User, actor: Any, reason: str) -> User:
    """Give a person back the access that their grants say."""
    _require_in_reach(user, "reactivate", actor)
    locked = User.objects.select_for_update().get(pk=user.pk)
    locked.is_active = True
    locked.save()
    return locked


@service
def bind_provider_account(*, user: User, account: str, actor: Any) -> User:
    """Keep which account of the identity provider is this person's; nobody else's signs them in from now on.

    Names and addresses are given to somebody else one day, accounts are not (OpenID Connect Core, 5.7). Raises
    `Blocked` for a person with another account.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    if locked.provider_account not in ("", account):
        raise Blocked(
            Blocker(
                "another_account",
                _("%(person)s signs in by another account of the identity provider.") % {"person": locked},
                record=locked,
                remedy=_("If this account is theirs too, ask an administrator to forget the other one."),
            )
        )
    if locked.provider_account != account:
        locked.provider_account = account
        locked.save()
    return locked


@service
def forget_provider_account(*, user: User, actor: Any, reason: str) -> User:
    """Let the next sign-in by the identity provider say which account is this person's."""
    _require_in_reach(user, "forget_provider_account", actor)
    locked = User.objects.select_for_update().get(pk=user.pk)
    locked.provider_account = ""
    locked.save()
    return locked


@service
def create_role_from_template(*, template: str, actor: Any, code: str = "", name: str = "", reason: str = "") -> Role:
    """A role with the permissions that the product's template names; found again when it is there already."""
    require(actor, "core_organization.grant_role")
    if template not in ALL_TEMPLATES:
        raise ValidationError({"template": _("There is no role template “%(name)s”.") % {"name": template}})
    code = code or template
    found = Role.objects.filter(code=code).first()
    if found is not None:
        return found
    role = Role(code=code, name=name or ROLE_NAMES[template], template=template)
    role.full_clean(exclude=["row_version"])
    with configuring(role, _says):
        role.save()
        for permission in sorted(p.code for p in catalogue().values() if template in p.templates):
            RolePermission(role=role, permission=permission).save()
    return role


def _says(role: Role) -> dict[str, Any]:
    """What a role is: its columns and its permissions."""
    return {**values_of(role), "permissions": sorted(role.permissions.values_list("permission", flat=True))}


@service
def change_role(
    *, role: Role, permissions: Iterable[str], actor: Any, reason: str, requires_second_factor: bool = False
) -> Role:
    """Give a role exactly these permissions, and say whether its holders need a second factor."""
    require(actor, "core_organization.grant_role")
    wanted = set(permissions)
    unknown = wanted - set(catalogue())
    if unknown:
        raise ValidationError({"permissions": _("Unknown: %(names)s") % {"names": ", ".join(sorted(unknown))}})
    locked = Role.objects.select_for_update().get(pk=role.pk)
    refuse_if_blocked(locked, "change", actor=actor, permissions=wanted)
    held = {found.permission: found for found in locked.permissions.all()}
    with configuring(locked, _says):
        if set(held) != wanted or locked.requires_second_factor != requires_second_factor:
            locked.requires_second_factor = requires_second_factor
            locked.save()  # its permissions are what the role is: whoever read others before is stale
        for name in sorted(set(held) - wanted):
            held[name].delete()
        for name in sorted(wanted - set(held)):
            RolePermission(role=locked, permission=name).save()
    return locked


@service
def grant_role(
    *,
    user: User,
    role: Role,
    place: Site | Area | WorkCenter,
    actor: Any,
    starts: dt.datetime | None = None,
    ends: dt.datetime | None = None,
    reason: str = "",
) -> Grant:
    """Give a person a role at a place, from and until."""
    require(actor, "core_organization.grant_role", place)
    locked = User.objects.select_for_update().get(pk=user.pk)  # two grants at once see each other, and the person as is
    refuse_if_blocked(locked, "grant", actor=actor, role=role)
    starts = starts or now()
    if ends is not None and ends <= starts:
        raise ValidationError({"ends": _("The end lies before the beginning.")})
    grant = Grant(user=user, role=role, starts=starts, ends=ends)
    if isinstance(place, Site):
        grant.site = place
    elif isinstance(place, Area):
        grant.area = place
    else:
        grant.work_center = place
    grant.save()
    return grant


@service
def end_grant(*, grant: Grant, actor: Any, reason: str) -> Grant:
    """Take a role away from now on."""
    require(actor, "core_organization.grant_role", grant.place)
    locked = Grant.objects.select_for_update().get(pk=grant.pk)
    locked.ends = now()
    locked.save()
    return locked
