"""PostgreSQL is killed while a change is released: all of its items are effective afterwards, or none is."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from config.apps import BASE_DIR
from core.trail.queries.verifying import verify_trail
from qms.changes.models import ChangeOrder, ChangeRelease
from tests.faults.test_kills import home, started
from tests.qms.changes.story import Story, make_story
from tests.support import seals
from tests.support.database import environment
from tools import processes
from tools.cluster import Cluster

__all__ = ["home"]
SEED = int(os.environ["TRUELINE_FAULT_SEED"])
ROUNDS = 4


def releasing(story: Story, change: ChangeOrder, sockets: Path, folder: Path, pause: float) -> subprocess.Popen[bytes]:
    """The release of the change, in a process of its own."""
    with (folder / f"{change.pk}.said").open("wb") as output, (folder / f"{change.pk}.errors").open("wb") as errors:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.faults.releaser", str(sockets), "faults", str(change.pk),
             str(story.second.pk), str(pause)],
            cwd=BASE_DIR, env=environment("faults"), stdout=output, stderr=errors,
        )  # fmt: skip


def wait_for_words(said: Path, process: subprocess.Popen[bytes]) -> None:
    """Until the release says that it is inside."""
    processes.wait_until(
        lambda: said.stat().st_size > 0, seconds=60, what="The release",
        alive=lambda: process.poll() is None or said.stat().st_size > 0,
    )  # fmt: skip


def outcome(change: ChangeOrder) -> str:
    """ "all" or "none": whether the items and the change itself say the same."""
    change = ChangeOrder.objects.get(pk=change.pk)
    new = {item.to_revision.status for item in change.items.all()}
    old = {item.from_revision.status for item in change.items.all()}
    facts = ChangeRelease.objects.filter(change=change).count()
    found = (change.status, new, old, facts)
    assert found in (("monitoring", {"effective"}, {"superseded"}, 1), ("ready", {"approved"}, {"effective"}, 0)), found
    return "all" if facts else "none"


@pytest.mark.requirement("CHG-08", "FAULT-01")
def test_kill_of_postgresql_during_a_release(plant: str, home: Path, tmp_path: Path, figures: list[str]) -> None:
    chance = random.Random(SEED + 8)
    cluster = Cluster(data=home / "data", sockets=home)
    cluster.initialise()
    before = {name: connection.settings_dict[name] for name in ("HOST", "NAME")}
    connection.close()
    connection.settings_dict.update(HOST=str(home), NAME="faults")
    outcomes = []
    try:
        with started(cluster, home):
            cluster.ensure_roles()
            cluster.create_database("faults")
            with seals.role("trueline_owner"):
                call_command("migrate", verbosity=0)
            stories = [make_story() for _ in range(ROUNDS)]
            changes = [story.ready(story.next_instruction(), story.next_routing()) for story in stories]
        for number, (story, change) in enumerate(zip(stories, changes, strict=True)):
            with started(cluster, home) as server:
                process = releasing(story, change, home, tmp_path, 30 if number == 0 else 0)
                said = tmp_path / f"{change.pk}.said"
                wait_for_words(said, process)
                time.sleep(0 if number == 0 else chance.uniform(0, 0.3))
                processes.kill_group(server.pid)
                server.wait()
                connection.close()
                if number == 0:
                    process.kill()
                process.wait(60)
            told = said.read_text().split()
            with started(cluster, home):
                outcomes.append(outcome(change))
                if "done" in told:
                    assert outcomes[-1] == "all", "an acknowledged release is lost"
                assert verify_trail().problems == []
        assert outcomes[0] == "none", "it was killed before its commit"
        with started(cluster, home):
            stories[0].releases(ChangeOrder.objects.get(pk=changes[0].pk))
            assert outcome(changes[0]) == "all", "the change can be released afterwards"
        figures.append(
            f"PostgreSQL killed {ROUNDS} times during a release: {', '.join(outcomes)} of the items effective"
        )
    finally:
        connection.close()
        connection.settings_dict.update(before)
