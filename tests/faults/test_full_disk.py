"""PostgreSQL on a file system that is full: said in words, nothing half done, and it goes on once there is room."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import DatabaseError, connection
from pytest_django.plugin import DjangoDbBlocker

from core.organization.services import system_user
from core.web.outages import Outage, outage_of
from tests.faults.house import copied, reached
from tests.faults.test_kills import a_lot
from tests.faults.whole import nothing_half_done
from tools import processes
from tools.cluster import FAST_SHUTDOWN, Cluster
from traceability.models import Hold, Lot
from traceability.services import place_hold

pytestmark = pytest.mark.requirement("FAULT-05")

SIZE = "400m"
LONG = "x" * 20_000
MOST = 5_000


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of its own in memory; skipped where none may be mounted."""
    place = Path("/tmp/trueline-small-disk")
    place.mkdir(exist_ok=True)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", place], check=False)
    if done.returncode:
        pytest.skip("no file system may be mounted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)
        place.rmdir()


def test_a_full_disk_of_postgresql(
    postgres: Cluster, small_disk: Path, django_db_blocker: DjangoDbBlocker, figures: list[str]
) -> None:
    cluster = Cluster(data=small_disk / "data", sockets=small_disk / "sockets")
    template = copied(postgres, cluster)
    cluster.initialise()
    log = Path("/tmp/trueline-small-disk.log")
    server = cluster.start(log, death_signal=signal.SIGKILL)
    try:
        cluster.create_database("faults", template)
        with django_db_blocker.unblock(), reached(small_disk / "sockets", "faults"):
            lot, actor = Lot.objects.get(pk=a_lot()), system_user("faults")
            ballast = small_disk / "ballast"
            ballast.write_bytes(b"\0" * max(0, shutil.disk_usage(small_disk).free - 3_000_000))
            told, outage = _until_full(lot, actor)
            ballast.unlink()
            if server.poll() is None and not cluster.answers():
                server.wait(60)
            connection.close()
            if server.poll() is not None:  # it stops itself when its log of changes finds no room
                server = cluster.start(log, death_signal=signal.SIGKILL)
            processes.wait_until(cluster.answers, seconds=60, what="PostgreSQL", alive=lambda: True)
            assert set(Hold.objects.values_list("reason", flat=True)) >= {f"{number} {LONG}" for number in range(told)}
            place_hold(lot=lot, reason="There is room again", actor=actor)
            nothing_half_done()
    finally:
        processes.stop(server, [(FAST_SHUTDOWN, 10)])
        log.unlink(missing_ok=True)
    figures.append(f"PostgreSQL's disk full after {told} acknowledged deeds: said as {outage.code}; none lost, goes on")


def _until_full(lot: Lot, actor: object) -> tuple[int, Outage]:
    """Place holds until the database fails; how many were acknowledged, and what is said of the failure."""
    for number in range(MOST):
        try:
            place_hold(lot=lot, reason=f"{number} {LONG}", actor=actor)
        except DatabaseError as error:
            outage = outage_of(error)
            assert outage is not None and outage.code in ("database_full", "database_away"), error
            return number, outage
    raise AssertionError("the disk was never full")
