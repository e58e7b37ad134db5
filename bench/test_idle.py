"""The memory of a house in which nothing happens: what each part holds after it was started and asked once."""

from __future__ import annotations

import time
import urllib.request
from pathlib import Path

from bench.evidence import keep
from tests.faults.house import running_house
from tools.cluster import Cluster

TARGET_MIB = 400
SETTLED_AFTER = 20.0
PARTS = ("web", "worker", "sealer", "beat")


def test_idle_memory(postgres: Cluster, tmp_path: Path) -> None:
    """PSS: memory that processes share, such as a worker and its child, is counted once."""
    with running_house(postgres, tmp_path / "house") as house:
        for _visit in range(20):
            urllib.request.urlopen(f"http://127.0.0.1:{house.port}/accounts/login/", timeout=60).read()
        time.sleep(SETTLED_AFTER)
        held = {name: sum(pss_mib(pid) for pid in family(house.part(name).process.pid)) for name in PARTS}
    both = held["web"] + held["worker"]
    keep(
        "test_idle",
        "Memory of an idle house",
        [
            *(f"{name:<8}{mib:7.0f} MiB" for name, mib in held.items()),
            f"web and worker together {both:.0f} MiB (target: at most {TARGET_MIB})",
        ],
        about="Proportional set size of each process with its children, after 20 pages and 20 quiet seconds.",
        postgres=str(postgres.major_version()),
    )
    assert min(held.values()) > 0


def family(pid: int) -> list[int]:
    """A process and everything below it."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(below for child in children for below in family(int(child)))]


def pss_mib(pid: int) -> float:
    """The proportional set size of a process in MiB (proc(5), smaps_rollup)."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
