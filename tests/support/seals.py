"""The sealer's role and the superuser, for tests of the seals."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection, transaction

from core.kernel.deeds import acting
from core.organization.models import User
from core.organization.services import system_user
from core.trail.models import Seal
from core.trail.services import note
from core.trail.services.sealing import seal_trail
from tools.cluster import Cluster


@contextmanager
def role(name: str) -> Iterator[None]:
    """Within, the test's database is reached as another role."""
    connection.close()
    before = connection.settings_dict["USER"]
    connection.settings_dict["USER"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["USER"] = before


def seal(*, wait: bool = True) -> Seal | None:
    """Seal as the sealer does, once the transactions that are open now (another run, autovacuum) have ended."""
    with role("trueline_sealer"):
        if wait:
            _wait_for_others()
        return seal_trail()


def _wait_for_others() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        (beyond,) = cursor.fetchone()
        for _attempt in range(1200):
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            if cursor.fetchone()[0] >= beyond:
                return
            time.sleep(0.05)
    raise TimeoutError("a transaction was left open")


def write(count: int = 3, text: str = "seen") -> list[int]:
    """Facts of one transaction: events of the trail. Returns their keys."""
    actor = system_user("writer")
    with transaction.atomic(), acting(actor):
        return [note(kind="test", actor=actor, text=f"{text} {number}").pk for number in range(count)]


def change_user(username: str, *names: str) -> int:
    """A person and a change of the name per further name, each with its history row; returns the person's key."""
    user = User(username=username, full_name=username)
    user.set_unusable_password()
    for name in (username, *names):
        with transaction.atomic(), acting(system_user("writer")):
            user.full_name = name
            user.save()
    return user.pk


@contextmanager
def superuser(postgres: Cluster, database: str) -> Iterator[psycopg.Connection[Any]]:
    """A superuser who has switched the triggers of the trail off."""
    with postgres.connect(database) as link:
        for table in (
            "core_trail_trailevent",
            "core_organization_historicaluser",
            "core_trail_seal",
            "core_trail_sealedtable",
            "core_trail_sealedrows",
        ):
            link.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield link
