"""A clean clone: how long `make run` takes until it serves the demo plant, and what the idle product weighs.

Seconds and MiB are told; asserted is only that it serves and that every part runs.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
import urllib.request
from collections import defaultdict
from pathlib import Path

import pytest

from bench.evidence import ROOT, keep
from config.database import URL_VARIABLES
from tests.system.test_make_run import House, free_port
from tools import processes

pytestmark = pytest.mark.requirement("RUN-01")
AT_MOST = 1800
IDLE = 30
PARTS = {
    "web": rb"uvicorn|gunicorn",
    "worker": rb"celery.*queues=default",
    "sealing worker": rb"celery.*queues=seal",
    "beat": rb"celery.*beat --schedule",
    "postgres": rb"postgres",
    "redis": rb"redis|valkey",
}


def weight(house: House) -> dict[str, float]:
    """Proportional set size in MiB of each part of the product; memory that processes share is counted once."""
    found: dict[str, float] = defaultdict(float)
    for pid in [house.process.pid, *house.children()]:
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ")
            told = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue  # It ended while we looked.
        part = next((name for name, pattern in PARTS.items() if re.search(pattern, words)), "supervisor")
        found[part] += int(re.search(r"^Pss:\s+(\d+) kB", told, re.MULTILINE)[1]) / 1024  # type: ignore[index]
    return dict(found)


def test_a_clean_clone_serves(tmp_path: Path) -> None:
    clone, home, output = tmp_path / "clone", tmp_path / "home", tmp_path / "run.txt"
    home.mkdir()
    subprocess.run(["git", "clone", "-q", "--no-hardlinks", str(ROOT), str(clone)], check=True)
    left_out = {
        *URL_VARIABLES.values(),
        "REDIS_URL",
        "DJANGO_SETTINGS_MODULE",
        "TRUELINE_VENV",
        "TRUELINE_DATA",
        "DEMO",
    }
    environment = {name: value for name, value in os.environ.items() if name not in left_out | {"VIRTUAL_ENV"}}
    cache = os.environ.get("UV_CACHE_DIR") or str(Path.home() / ".cache" / "uv")
    had_cache = Path(cache).is_dir()
    port = free_port()
    environment |= {"HOME": str(home), "PORT": str(port), "UV_CACHE_DIR": cache, "PYTHONUNBUFFERED": "1"}
    began = time.monotonic()
    with output.open("wb") as file:
        process = processes.start(
            ["make", "run"], environment=environment, output=file, directory=clone, death_signal=signal.SIGTERM
        )
    try:
        processes.wait_until(
            lambda: b"is ready" in output.read_bytes(),
            seconds=AT_MOST,
            what="make run",
            alive=lambda: process.poll() is None,
        )
        served = time.monotonic() - began
        house = House(process, f"http://127.0.0.1:{port}", clone / "var")
        for _visit in range(20):
            with urllib.request.urlopen(f"{house.url}/accounts/login/", timeout=30) as answer:
                assert answer.status == 200
        time.sleep(IDLE)
        parts = weight(house)
    finally:
        processes.stop(process, [(signal.SIGTERM, 10)])
    keep(
        "test_run",
        "A clean clone, `make run`: time to the first page, and memory",
        [
            f"from `make run` to a served demo plant: {served:.0f} s"
            f" ({'packages in the cache' if had_cache else 'packages downloaded'}, nothing else prepared)",
            *(f"{part}: {size:.0f} MiB" for part, size in sorted(parts.items())),
            f"web and worker together: {parts['web'] + parts['worker']:.0f} MiB (target: at most 400)",
            f"everything: {sum(parts.values()):.0f} MiB",
        ],
        about=f"Proportional set sizes after 20 pages and {IDLE} idle seconds.",
        postgres="embedded",
    )
    assert set(parts) >= set(PARTS)
