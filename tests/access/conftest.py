"""One pair of sites for all tests here, made once and rolled back at the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from core.kernel.permissions import ALL_TEMPLATES
from core.organization.models import Grant, Site, User
from core.organization.services import system_user
from core.organization.services.people import deactivate_user, end_grant
from tests.access.world import World, build, visitor
from tests.support.visits import session_of

HERE, THERE = "qhere", "qthere"


@dataclass(frozen=True)
class Plants:
    """The site where everybody works, the other one, and one person per role template."""

    here: World
    there: World
    people: dict[str, User]
    sessions: dict[str, str]
    """The key of a session of each visitor who has one, by the visitor's name."""


@pytest.fixture(scope="package")
def built(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Plants]:
    """Two sites with a sample of everything."""
    with django_db_blocker.unblock(), transaction.atomic():
        here, there = build((HERE, THERE))
        people = {template: visitor(template, here.sample(Site)) for template in ALL_TEMPLATES}
        gone, idle = (visitor("quality_head", here.sample(Site)) for _ in range(2))
        sessions = {name: session_of(user) for name, user in people.items()}
        sessions |= {"deactivated": session_of(gone), "nothing any more": session_of(idle)}
        administrator = system_user("access")
        deactivate_user(user=gone, actor=administrator, reason="Left.")
        for grant in Grant.objects.filter(user=idle):
            end_grant(grant=grant, actor=administrator, reason="Moved.")
        yield Plants(here, there, people, sessions)
        transaction.set_rollback(True)


@pytest.fixture
def plants(built: Plants, django_db_blocker: DjangoDbBlocker) -> Iterator[Plants]:
    """`built`, as it was made."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield built
        transaction.set_rollback(True)
