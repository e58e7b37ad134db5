"""A small plant and the programs that talk to it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from core.organization.models import User
from core.organization.queries import permissions_of
from core.organization.services import api
from tests.support.kept import made_once
from tests.support.people import grant
from tests.traceability.world import World, make_world

_keys = itertools.count(1)
MAKE = "core_organization.create_apitoken"


class Program:
    """A program that holds a token, or none."""

    def __init__(self, secret: str = "") -> None:
        self.client = Client()
        self.client.raise_request_exception = True
        self.headers = {"Authorization": f"Bearer {secret}"} if secret else {}

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/api/v1/{path}", headers={**self.headers, **headers})

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send JSON (or raw bytes) with a new idempotency key unless one is given."""
        raw = body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        key = {"Idempotency-Key": f"key-{next(_keys)}"} if method == "POST" else {}
        given = {k: v for k, v in {**self.headers, **key, **named}.items() if v}
        return self.client.generic(method, f"/api/v1/{path}", raw, content_type="application/json", headers=given)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send("POST", path, body, **headers)

    def upload(self, path: str, values: dict[str, Any], **headers: str) -> Any:
        """Send a form with files, as `curl -F` does."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        given = {**self.headers, "Idempotency-Key": f"key-{next(_keys)}", **named}
        return self.client.post(f"/api/v1/{path}", values, headers=given)

    def put(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send("PUT", path, body, **headers)


def program_of(user: User, permissions: Iterable[str] = (), days: int = 1) -> Program:
    """A program with a token of this person, with all their permissions unless said otherwise."""
    return Program(
        api.create_token(name="test", permissions=permissions or permissions_of(user), days=days, actor=user)[1]
    )


@pytest.fixture(autouse=True)
def _fresh_counters() -> None:
    cache.clear()


def _open_world() -> World:
    world = make_world()
    seen = ("material", "lot", "serializedunit", "storagelocation", "hold", "genealogylink")
    for user in (world.quality, world.operator):
        grant(user, world.site, MAKE, *(f"traceability.view_{name}" for name in seen))
    return world


kept_world = made_once(_open_world)


@pytest.fixture
def world(kept_world: Callable[[], World], db: None) -> World:
    """A site whose people may make tokens and see what the API shows."""
    return kept_world()


@pytest.fixture
def quality(world: World) -> Program:
    """A program of the quality engineer."""
    return program_of(world.quality)
