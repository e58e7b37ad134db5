"""kill -9 in the middle of deeds: what was acknowledged is there, nothing is half there, and the seals go on.

Every run takes another seed and prints it; `--seed` repeats one.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import time_machine
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, transaction

from config.apps import BASE_DIR
from core.kernel.deeds import acting
from core.lifecycle.models import Transition
from core.organization.services import system_user
from core.trail.models import Seal
from core.trail.queries.verifying import verify_trail
from core.trail.queries.watching import stall_findings
from tests.support import samples, seals
from tests.support.database import environment
from tools import processes
from tools.cluster import FAST_SHUTDOWN, Cluster
from traceability.models import Hold, Lot

pytestmark = pytest.mark.requirement("FAULT-01")

SEED = int(os.environ["TRUELINE_FAULT_SEED"])
ROUNDS, WRITERS = 4, 3
STARTED_AFTER = 60.0


@pytest.fixture
def home() -> Iterator[Path]:
    """A short path (sockets have a limit) that is removed afterwards."""
    place = Path(f"/tmp/trueline-faults-{os.getpid()}")
    yield place
    shutil.rmtree(place, ignore_errors=True)
    place.with_suffix(".log").unlink(missing_ok=True)


@contextmanager
def started(cluster: Cluster, home: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The server with the durability of production, not of throw-away tests."""
    server = cluster.start(home.with_suffix(".log"), death_signal=signal.SIGKILL)
    try:
        yield server
    finally:
        connection.close()
        processes.stop(server, [(FAST_SHUTDOWN, 10)])


@contextmanager
def writing(sockets: Path, database: str, lot: int, folder: Path, name: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Some writers that each have been told of at least one deed."""
    running = []
    try:
        for number in range(WRITERS):
            file = folder / f"{name}{number}.acknowledged"
            with file.open("wb") as output, (folder / f"{name}{number}.errors").open("wb") as errors:
                running.append(
                    subprocess.Popen(
                        [sys.executable, "-m", "tests.faults.writer", str(sockets), database, str(lot),
                         f"{name}{number}"],
                        cwd=BASE_DIR, env=environment(database), stdout=output, stderr=errors,
                    )
                )  # fmt: skip
        processes.wait_until(
            lambda: all((folder / f"{name}{number}.acknowledged").stat().st_size for number in range(WRITERS)),
            seconds=STARTED_AFTER, what="The writers", alive=lambda: all(one.poll() is None for one in running),
        )  # fmt: skip
        yield running
    finally:
        for one in running:
            one.kill()
            one.wait()


def acknowledged(folder: Path) -> set[str]:
    """What some writer was told is done; a line that was cut off by the kill was not told."""
    found: set[str] = set()
    for file in folder.glob("*.acknowledged"):
        found |= {line for line in file.read_text().split("\n")[:-1] if line}
    return found


def nothing_lost_or_half_done(folder: Path) -> int:
    """Every acknowledged deed is there, and every deed that is there is whole; returns how many there are."""
    told = acknowledged(folder)
    kind = ContentType.objects.get_for_model(Hold)
    holds = dict(Hold.objects.values_list("reason", "pk"))
    histories = set(Hold.history.filter(history_type="+").values_list("id", flat=True))
    births = set(Transition.objects.filter(subject_type=kind, move="begin").values_list("subject_id", flat=True))
    assert told - set(holds) == set(), "an acknowledged deed is lost"
    assert set(holds.values()) == histories == births, "a deed is half there"
    report = verify_trail()
    assert report.problems == []
    return len(told)


def a_lot() -> int:
    with transaction.atomic(), acting(system_user("faults")):
        return int(samples.saved(Lot).pk)


def test_kill_of_the_writing_processes(plant: str, tmp_path: Path, figures: list[str]) -> None:
    chance, lot = random.Random(SEED), a_lot()
    sockets = Path(str(connection.settings_dict["HOST"]))
    for number in range(ROUNDS):
        with writing(sockets, plant, lot, tmp_path, f"web{number}") as running:
            for one in running:
                time.sleep(chance.uniform(0, 0.3))
                one.send_signal(signal.SIGKILL)
        told = nothing_lost_or_half_done(tmp_path)
        sealed = seals.seal()
        assert sealed is not None
    figures.append(f"{ROUNDS} times {WRITERS} writers killed: {told} acknowledged deeds, none lost")
    assert verify_trail().unsealed == 0


def test_kill_of_postgresql(plant: str, home: Path, tmp_path: Path, figures: list[str]) -> None:
    chance = random.Random(SEED + 1)
    cluster = Cluster(data=home / "data", sockets=home)
    cluster.initialise()
    before = {name: connection.settings_dict[name] for name in ("HOST", "NAME")}
    connection.close()
    connection.settings_dict.update(HOST=str(home), NAME="faults")
    heads: list[str] = []
    try:
        with started(cluster, home):
            cluster.ensure_roles()
            cluster.create_database("faults")
            with seals.role("trueline_owner"):
                call_command("migrate", verbosity=0)
            lot = a_lot()
        for number in range(ROUNDS):
            with started(cluster, home) as server, writing(home, "faults", lot, tmp_path, f"pg{number}") as running:
                time.sleep(chance.uniform(0, 0.5))
                if number % 2:
                    seals.seal(wait=False)
                processes.kill_group(server.pid)
                server.wait()
                for one in running:
                    assert one.wait(30) != 0, "a writer without a database says so"
            errors = (tmp_path / f"pg{number}0.errors").read_text()
            assert "OperationalError" in errors
            connection.close()
            with started(cluster, home):
                told = nothing_lost_or_half_done(tmp_path)
                sealed = seals.seal()
                assert sealed is not None
                heads.append(sealed.head)
                assert verify_trail(outside_head=heads[0]).problems == []
                assert Seal.objects.order_by("number").values_list("timeline", flat=True).distinct().count() == 1
        figures.append(
            f"PostgreSQL killed {ROUNDS} times under {WRITERS} writers: {told} acknowledged deeds, none lost"
        )
    finally:
        connection.close()
        connection.settings_dict.update(before)


@pytest.mark.requirement("FAULT-02")
def test_a_clock_that_steps_breaks_no_chain(plant: str, figures: list[str]) -> None:
    """Order comes from transactions, not from a clock; a step raises no false alarm when it goes back."""
    moments = []
    for step in (dt.timedelta(0), -dt.timedelta(days=400), dt.timedelta(days=400), dt.timedelta(0)):
        seals.write(2)
        with time_machine.travel(dt.datetime.now(dt.UTC) + step, tick=True):
            sealed = seals.seal()
            assert sealed is not None
            moments.append((sealed.number, sealed.sealed_at))
            seals.write(1)
            if step < dt.timedelta(0):
                assert stall_findings() == []
    assert [number for number, _at in moments] == [1, 2, 3, 4]
    assert moments[1][1] < moments[0][1] < moments[2][1]
    assert verify_trail().problems == []
    figures.append(f"clock steps of {[str(at.date()) for _number, at in moments]}: one chain, nothing broken")
