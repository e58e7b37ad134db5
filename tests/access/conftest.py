"""One pair of sites for all tests here, made once and rolled back at the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from core.kernel.permissions import ALL_TEMPLATES
from core.organization.models import Site, User
from tests.access.world import World, build, visitor

HERE, THERE = "qhere", "qthere"


@dataclass(frozen=True)
class Plants:
    """The site where everybody works, the other one, and one person per role template."""

    here: World
    there: World
    people: dict[str, User]


@pytest.fixture(scope="package")
def built(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Plants]:
    """Two sites with a sample of everything."""
    with django_db_blocker.unblock(), transaction.atomic():
        here, there = build((HERE, THERE))
        people = {template: visitor(template, here.sample(Site)) for template in ALL_TEMPLATES}
        yield Plants(here, there, people)
        transaction.set_rollback(True)


@pytest.fixture
def plants(built: Plants, django_db_blocker: DjangoDbBlocker) -> Iterator[Plants]:
    """`built`, as it was made."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield built
        transaction.set_rollback(True)
