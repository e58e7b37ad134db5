"""People at two sites, made the way the product makes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.db import transaction

from core.kernel.clock import now
from core.kernel.deeds import acting
from core.organization.models import Area, Grant, Role, RolePermission, Site, User
from core.organization.services import system_user


@dataclass
class People:
    """Makes sites, roles and people on demand."""

    graz: Site
    linz: Site
    by_name: dict[str, User] = field(default_factory=dict)

    def graz_area(self) -> Area:
        """An area of Graz: work about it belongs to the site unless another is named."""
        found = Area.objects.filter(site=self.graz).first()
        if found is None:
            with transaction.atomic(), acting(system_user("tests")):
                found = Area(site=self.graz, code="A1", name="Assembly")
                found.save()
        return found

    def role(self, code: str, *permissions: str) -> Role:
        with transaction.atomic(), acting(system_user("tests")):
            role = Role.objects.filter(code=code).first()
            if role is None:
                role = Role(code=code, name=code)
                role.save()
            for permission in permissions:
                if not role.permissions.filter(permission=permission).exists():
                    RolePermission(role=role, permission=permission).save()
        return role

    def person(self, name: str, role: str = "", site: Site | None = None, *permissions: str) -> User:
        with transaction.atomic(), acting(system_user("tests")):
            user = User.objects.filter(username=name).first()
            if user is None:
                user = User(username=name, full_name=name.title())
                user.set_password("a long secret")
                user.save()
            if role:
                held = self.role(role, *permissions)
                Grant(user=user, role=held, site=site or self.graz, starts=now() - timedelta(days=1)).save()
        self.by_name[name] = user
        return user


def make_people() -> People:
    """Two sites without anybody."""
    with transaction.atomic(), acting(system_user("tests")):
        graz, linz = Site(code="GRZ", name="Graz"), Site(code="LNZ", name="Linz")
        graz.save()
        linz.save()
    return People(graz, linz)


@pytest.fixture
def people(db: None) -> People:
    """Two sites without anybody, rolled back at the end."""
    return make_people()
