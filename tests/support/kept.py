"""What the tests of a file start from, made once; each test has a copy of its own, and what it does is rolled back."""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

T = TypeVar("T")
ELSEWHERE = frozenset({"plant", "full", "served", "live_plant", "browser_page", "shop", "told", "transactional_db"})
"""Fixtures that lead ``connection`` to another database, which ends whatever is open on this one."""


def made_once(make: Callable[[], T]) -> Any:
    """A fixture for a whole file: a function that gives each test what `make` made, as it was when it was made.

    The rows stay in a transaction around all tests of the file, of which each is a part that is rolled back; so every
    test of the file sees them. In a file with tests on another database it is made anew each time.
    """

    @pytest.fixture(scope="module")
    def kept(
        request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
    ) -> Iterator[Callable[[], T]]:
        names = {
            name
            for item in request.session.items
            if item.path == request.path
            for name in getattr(item, "fixturenames", ())
        }
        if names & ELSEWHERE:
            yield make
            return
        with django_db_blocker.unblock(), transaction.atomic():
            yield functools.partial(copy.deepcopy, make())
            transaction.set_rollback(True)

    return kept
