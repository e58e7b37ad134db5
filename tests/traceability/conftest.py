"""Fixtures of the traceability tests."""

from __future__ import annotations

import pytest

from tests.traceability.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    """A small plant, rolled back at the end."""
    return make_world()
