"""People, places and proofs for tests; everything is made through services or inside a deed."""

from __future__ import annotations

import itertools

from django.db import transaction

from core.kernel.clock import now
from core.kernel.deeds import acting
from core.organization.models import Area, Grant, Role, RolePermission, Site, User, WorkCenter
from core.organization.services import system_user
from core.signing.models import SigningAttempt
from core.signing.services import Proof

_numbers = itertools.count(1)


def make_site(code: str = "", *, time_zone: str = "Europe/Vienna") -> Site:
    """A site with one area and one work center."""
    code = code or f"S{next(_numbers)}"
    with transaction.atomic(), acting(system_user("test")):
        site = Site(code=code, name=f"Site {code}", time_zone=time_zone)
        site.save()
        area = Area(site=site, code="A1", name="Assembly")
        area.save()
        WorkCenter(area=area, code="WC1", name="Final assembly").save()
    return site


def work_center_of(site: Site) -> WorkCenter:
    """The work center that `make_site` made."""
    return WorkCenter.objects.filter(area__site=site).order_by("id")[0]


def make_user(username: str = "", *, site: Site | None = None, permissions: tuple[str, ...] = ()) -> User:
    """An active person who holds exactly these permissions at the site."""
    username = username or f"person{next(_numbers)}"
    with transaction.atomic(), acting(system_user("test")):
        user = User(username=username, full_name=username.title(), badge=f"B-{username}")
        user.set_unusable_password()
        user.save()
        if permissions and site is not None:
            grant(user, site, *permissions)
    return user


def grant(user: User, site: Site, *permissions: str) -> Grant:
    """Give the person a role of their own with these permissions at the site."""
    with transaction.atomic(), acting(system_user("test")):
        role = Role(code=f"role{next(_numbers)}", name="Test role")
        role.save()
        for permission in permissions:
            RolePermission(role=role, permission=permission).save()
        given = Grant(user=user, role=role, site=site, starts=now())
        given.save()
    return given


def proof(user: User, meaning: str) -> Proof:
    """A proof as `identify` would give it, without the cost of the password hash."""
    attempt = SigningAttempt.objects.create(user=user, accepted=True)
    return Proof(user=user, meaning=meaning, method="identification and password", attempt_id=attempt.pk)
