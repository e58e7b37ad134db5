"""Whom the tests of sign-in by a provider are about. Tests that need others make their own."""

from __future__ import annotations

import pytest

from core.organization.models import Site, User
from tests.support.people import make_site, make_user


@pytest.fixture
def site(db: None) -> Site:
    return make_site()


@pytest.fixture
def person(site: Site) -> User:
    """Petra, who has no password here."""
    return make_user("petra", site=site, permissions=("core_organization.view_site",))
