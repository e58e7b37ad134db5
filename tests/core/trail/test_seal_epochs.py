"""A dump restored on another cluster, a physical copy of a cluster, an old dump put back: with real clusters."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from core.trail.models import Seal, SealedRows
from core.trail.queries.sealed import keys_of
from core.trail.queries.verifying import verify_trail
from core.trail.services.enforcement import protect_all
from tests.support import seals
from tools import processes
from tools.cluster import FAST_SHUTDOWN, Cluster

pytestmark = pytest.mark.requirement("SEAL-05")


@contextmanager
def running(home: Path) -> Iterator[Cluster]:
    """A cluster of this directory, made where there is none, running within."""
    cluster = Cluster(data=home / "data", sockets=home, throw_away=True)
    cluster.initialise()
    server = cluster.start(home.with_suffix(".log"), death_signal=signal.SIGKILL)
    try:
        cluster.ensure_roles()
        yield cluster
    finally:
        connection.close()
        processes.stop(server, [(FAST_SHUTDOWN, 10)])


@pytest.fixture
def home() -> Iterator[Path]:
    """A short path (sockets have a limit) that is removed afterwards."""
    place = Path(f"/tmp/trueline-epochs-{os.getpid()}")
    yield place
    for path in (place, place.with_name(f"{place.name}-copy")):
        shutil.rmtree(path, ignore_errors=True)
        path.with_suffix(".log").unlink(missing_ok=True)


@contextmanager
def at(cluster: Cluster, database: str) -> Iterator[None]:
    """Within, `connection` leads to this database."""
    connection.close()
    before = {name: connection.settings_dict[name] for name in ("HOST", "NAME")}
    connection.settings_dict.update(HOST=str(cluster.sockets), NAME=database)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


def run(cluster: Cluster, program: str, *arguments: str) -> None:
    done = subprocess.run(
        [cluster.programs / program, "--host", str(cluster.sockets), "--username=postgres", *arguments],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def dump(cluster: Cluster, database: str, file: Path) -> None:
    run(cluster, "pg_dump", "--format=custom", f"--file={file}", database)


def restore(cluster: Cluster, file: Path, database: str) -> None:
    cluster.create_database(database)
    run(cluster, "pg_restore", f"--dbname={database}", str(file))


def migrated(cluster: Cluster, database: str) -> None:
    """Our tables with their triggers and grants."""
    with at(cluster, database), seals.role("trueline_owner"):
        call_command("migrate", verbosity=0)


def recover(copy: Path) -> None:
    """Have a copied data directory started by archive recovery, as a restored base backup is."""
    owner = (copy / "data" / "PG_VERSION").stat()
    for name, text in (("recovery.signal", ""), ("postgresql.auto.conf", "restore_command = 'false'\n")):
        file = copy / "data" / name
        file.write_text(text)
        os.chown(file, owner.st_uid, owner.st_gid)


def sealed_keys() -> list[int]:
    stored = SealedRows.objects.filter(table="core_trail_trailevent").values_list("entries", flat=True)
    return [key for entries in stored for key in keys_of(bytes(entries))]


def test_a_restored_dump_and_a_physical_copy_go_on(plant: str, postgres: Cluster, home: Path, tmp_path: Path) -> None:
    with running(home) as other:
        with other.connect() as link:
            found = link.execute("SELECT pg_current_xact_id()::text::bigint").fetchone()
        assert found is not None
        sealed_there = seals.write(40)
        with seals.superuser(postgres, plant) as link:  # Ids that the other cluster is about to give as well.
            for number, key in enumerate(sealed_there):
                link.execute(
                    "UPDATE core_trail_trailevent SET stamped_txid = %s WHERE id = %s", [found[0] + 10 * number, key]
                )
        with seals.role("trueline_owner"):
            protect_all()
        first = seals.seal()
        assert first is not None
        not_sealed_there = seals.write(3)
        dump(postgres, plant, tmp_path / "dump")
        restore(other, tmp_path / "dump", "restored")
        with at(other, "restored"):
            copied = verify_trail(outside_head=first.head)
            assert copied.problems == [] and copied.unopened_epoch and copied.unsealed >= 3
            assert any("restored on another cluster" in limit for limit in copied.limits())
            early = seals.write(2)
            opening = seals.seal()
            assert opening is not None and (opening.epoch, opening.opens_epoch) == (2, True)
            assert opening.system_identifier != first.system_identifier and opening.previous == first.head
            keys = sealed_keys()
            assert {*not_sealed_there, *early} <= set(keys) and len(keys) == len(set(keys))
            for _round in range(5):
                for _transaction in range(90):
                    with connection.cursor() as cursor:
                        cursor.execute("SELECT pg_current_xact_id()")
                seals.write(2)
                assert seals.seal() is not None
            keys = sealed_keys()
            assert len(keys) == len(set(keys)), "what was sealed in an earlier epoch is not sealed again"
            report = verify_trail(outside_head=first.head)
            assert report.problems == [] and report.unsealed == 0 and not report.unopened_epoch
            with other.connect("restored") as link:
                link.execute("ALTER TABLE core_trail_trailevent DISABLE TRIGGER USER")
                link.execute("UPDATE core_trail_trailevent SET text = 'never' WHERE id = %s", [sealed_there[7]])
            assert [problem.key for problem in verify_trail().problems] == [sealed_there[7]]
            with seals.role("trueline_owner"):
                protect_all()
            last = Seal.objects.count()
    copy = home.with_name(f"{home.name}-copy")
    subprocess.run(["cp", "--archive", home, copy], check=True)
    with running(copy) as copied_cluster, at(copied_cluster, "restored"):
        assert [problem.key for problem in verify_trail(outside_head=first.head).problems] == [sealed_there[7]]
        seals.write(2)
        further = seals.seal()
        assert further is not None
        assert (further.number, further.epoch, further.opens_epoch) == (last + 1, 2, False)


@pytest.mark.requirement("SEAL-11")
def test_a_recovered_physical_copy_opens_an_epoch_and_loses_nothing(plant: str, home: Path) -> None:
    with running(home) as original:
        original.create_database("original")
        migrated(original, "original")
        with at(original, "original"):
            sealed = seals.write(3)
            first = seals.seal()
            assert first is not None and (first.epoch, first.timeline) == (1, 1)
            waiting = seals.write(2)
    copy = home.with_name(f"{home.name}-copy")
    subprocess.run(["cp", "--archive", home, copy], check=True)
    recover(copy)
    with running(copy) as recovered, at(recovered, "original"):
        before = verify_trail(outside_head=first.head)
        assert before.problems == [] and before.unsealed >= 2 and not before.unopened_epoch
        opening = seals.seal()
        assert opening is not None
        assert (opening.epoch, opening.opens_epoch, opening.timeline) == (2, True, 2)
        assert (opening.system_identifier, opening.previous) == (first.system_identifier, first.head)
        assert opening.tx_from == first.tx_to, "transaction ids went on: only what is new is read"
        later = seals.write(2)
        further = seals.seal()
        assert further is not None and (further.epoch, further.opens_epoch) == (2, False)
        keys = sealed_keys()
        assert {*sealed, *waiting, *later} <= set(keys) and len(keys) == len(set(keys))
        report = verify_trail(outside_head=first.head)
        assert report.problems == [] and report.unsealed == 0
    with running(home) as original, at(original, "original"):
        seals.write(1)
        parted = seals.seal()
        assert parted is not None and (parted.epoch, parted.timeline) == (1, 1)
        assert verify_trail(outside_head=first.head).problems == []
        codes = [found.code for found in verify_trail(outside_head=further.head).problems]
        assert codes == ["head_unknown"], "what the copy sealed is not of this chain"


@pytest.mark.requirement("SEAL-04")
def test_an_old_dump_put_back_is_found_by_an_outside_head(plant: str, postgres: Cluster, tmp_path: Path) -> None:
    seals.write(2)
    early = seals.seal()
    assert early is not None
    waiting = seals.write(2)
    dump(postgres, plant, tmp_path / "dump")
    seals.write(2)
    kept_outside = seals.seal()
    assert kept_outside is not None
    old = f"{plant}_old"
    try:
        restore(postgres, tmp_path / "dump", old)
        with at(postgres, old):
            assert verify_trail(outside_head=early.head).problems == []
            assert [found.code for found in verify_trail(outside_head=kept_outside.head).problems] == ["head_unknown"]
            further = seals.seal()
            assert further is not None and (further.epoch, further.rows) == (1, 2)
            assert set(waiting) <= set(sealed_keys())
            assert verify_trail().problems == []
    finally:
        connection.close()
        postgres.drop_database(old)
