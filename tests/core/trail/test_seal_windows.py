"""Nothing lands behind a seal: eight writers, an open transaction, a sealer beside another."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection

from core.organization.services import system_user
from core.trail.models import Seal, SealedRows, TrailEvent
from core.trail.queries.sealed import keys_of
from core.trail.queries.verifying import verify_trail
from core.trail.queries.watching import oldest_unsealed, stall_findings
from core.trail.services.sealing import LOCK, seal_trail
from tests.support import seals
from tools.cluster import Cluster

pytestmark = pytest.mark.requirement("SEAL-02")

INSERT = (
    "INSERT INTO core_trail_trailevent (kind, text, data, subject_label, actor_id, stamped_at, stamped_txid,"
    " stamped_session_user, stamped_client, stamped_source) VALUES ('load', %s, '{}', '', %s, now(), 0, '', '', '')"
)


def sealed_keys() -> list[int]:
    stored = SealedRows.objects.filter(table="core_trail_trailevent").values_list("entries", flat=True)
    return sorted(key for entries in stored for key in keys_of(bytes(entries)))


@pytest.fixture
def writing(plant: str, postgres: Cluster) -> Iterator[list[int]]:
    """Eight connections of the app's role that commit small transactions of different lengths until the test ends."""
    actor = system_user("load").pk
    ended = threading.Event()
    written = [0] * 8
    failed: list[BaseException] = []

    def write(number: int) -> None:
        try:
            with psycopg.connect(host=str(postgres.sockets), dbname=plant, user="trueline_app") as link:
                while not ended.is_set():
                    with link.transaction():
                        link.execute("SELECT set_config('trueline.actor', %s, true)", [str(actor)])
                        for _row in range(1 + number % 3):
                            link.execute(INSERT, [f"writer {number}", actor])
                            time.sleep(0.001 * number)
                            written[number] += 1
        except BaseException as error:
            failed.append(error)
            raise

    threads = [threading.Thread(target=write, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    try:
        yield written
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    assert failed == []


def test_eight_writers_lose_no_row_and_no_row_is_sealed_twice(writing: list[int]) -> None:
    with seals.role("trueline_sealer"):
        for _round in range(8):
            time.sleep(0.25)
            seal_trail()
    report = verify_trail()
    assert report.problems == []
    assert Seal.objects.count() >= 4
    keys = sealed_keys()
    assert len(keys) == len(set(keys)) > 100


def test_after_the_writers_everything_is_sealed(plant: str, postgres: Cluster) -> None:
    seals.write(50)
    seals.seal()
    report = verify_trail()
    assert report.unsealed == 0 and report.problems == []
    assert sealed_keys() == sorted(TrailEvent.objects.values_list("pk", flat=True))
    assert oldest_unsealed() is None


@pytest.mark.requirement("SEAL-06")
def test_an_open_transaction_holds_the_window_and_is_alarmed(plant: str, postgres: Cluster, settings: Any) -> None:
    settings.TRUELINE_SEAL_LIMIT = timedelta(seconds=0)
    actor = system_user("forgetful").pk
    seals.write(1)
    seals.seal()
    with psycopg.connect(host=str(postgres.sockets), dbname=plant, user="trueline_app") as forgotten:
        forgotten.execute("SELECT set_config('trueline.actor', %s, true)", [str(actor)])
        forgotten.execute(INSERT, ["forgotten", actor])
        later = seals.write(4)
        assert seals.seal(wait=False) is None
        assert [finding.code for finding in stall_findings()] == ["stalled"]
        forgotten.commit()
    sealed = seals.seal()
    assert sealed is not None and sealed.rows == 5
    assert set(later) < set(sealed_keys())
    assert stall_findings() == []
    seals.write(1)
    assert [finding.code for finding in stall_findings()] == ["not_sealing"]


def test_two_sealers_do_not_meet(plant: str, postgres: Cluster) -> None:
    seals.write(2)
    with postgres.connect(plant) as other, other.transaction():
        other.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        assert seals.seal() is None
    assert seals.seal() is not None


def test_a_rolled_back_transaction_leaves_nothing_to_seal(plant: str, postgres: Cluster) -> None:
    actor = system_user("undecided").pk
    seals.seal()
    with psycopg.connect(host=str(postgres.sockets), dbname=plant, user="trueline_app") as link:
        link.execute("SELECT set_config('trueline.actor', %s, true)", [str(actor)])
        link.execute(INSERT, ["never", actor])
        link.rollback()
    assert seals.seal() is None
    assert verify_trail().problems == []


def rows(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def test_more_rows_than_a_chunk_and_more_than_a_group(plant: str, postgres: Cluster) -> None:
    actor = system_user("load").pk
    with psycopg.connect(host=str(postgres.sockets), dbname=plant, user="trueline_app") as link:
        link.execute("SELECT set_config('trueline.actor', %s, true)", [str(actor)])
        link.execute(
            "INSERT INTO core_trail_trailevent (kind, text, data, subject_label, actor_id, stamped_at, stamped_txid,"
            " stamped_session_user, stamped_client, stamped_source)"
            " SELECT 'load', 'row ' || i, '{}', '', %s, now(), 0, '', '', '' FROM generate_series(1, 18000) i",
            [actor],
        )
    sealed = seals.seal()
    assert sealed is not None and sealed.rows >= 18000
    assert SealedRows.objects.filter(table="core_trail_trailevent").count() == 3
    seals.write(5)
    seals.seal()
    with seals.superuser(postgres, plant) as attacker:
        attacker.execute(
            "UPDATE core_trail_trailevent SET kind = 'none' WHERE text IN ('row 1', 'row 9000', 'row 18000')"
        )
    found = [problem.key for problem in verify_trail().problems]
    wanted = rows("SELECT id FROM core_trail_trailevent WHERE kind = 'none' ORDER BY id")
    assert found == [key for (key,) in wanted] and len(found) == 3
