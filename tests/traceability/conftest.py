"""Fixtures of the traceability tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.kept import made_once
from tests.traceability.goods import leads
from tests.traceability.world import World, make_world

kept_world = made_once(make_world)


@pytest.fixture
def world(kept_world: Callable[[], World], db: None) -> World:
    """A small plant, rolled back at the end."""
    return kept_world()


@pytest.fixture
def lead(world: World) -> Any:
    """Somebody who prepares, ships and takes back, where goods can leave."""
    return leads(world)
