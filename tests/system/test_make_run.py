"""`make run` for real: it serves, its worker and beat work, and nothing outlives it, however it ends."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from config.apps import BASE_DIR
from config.database import URL_VARIABLES
from config.embedded import redis_url, socket_directory
from tests.config.deployed import health_commands
from tools import probe, processes

START_SECONDS = 300
STOP_SECONDS = 30
"""It is done in two; beside other tests on two slow cores it has taken more than five."""


@dataclass(frozen=True)
class House:
    """A running supervisor on a data directory of its own."""

    process: "subprocess.Popen[bytes]"
    url: str
    data: Path

    def children(self) -> set[int]:
        """The processes below the supervisor, at any depth."""
        parents = {}
        for status in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = status.read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue  # It ended while we looked.
            parents[int(status.parent.name)] = int(fields[1])
        found: set[int] = {self.process.pid}
        while more := {pid for pid, parent in parents.items() if parent in found} - found:
            found |= more
        return found - {self.process.pid}

    def child(self, word: str) -> int:
        """The one child whose command line names ``word``."""
        (found,) = [pid for pid in self.children() if word.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()]
        return found

    def command(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run a command of manage.py beside it."""
        environment = {name: value for name, value in os.environ.items() if name not in URL_VARIABLES.values()}
        environment |= {"TRUELINE_DATA": str(self.data), "DJANGO_SETTINGS_MODULE": "config.settings"}
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=BASE_DIR,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )


def alive(pid: int) -> bool:
    """Whether a process exists and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running_house(data: Path, output: Path) -> Iterator[House]:
    """A started house without a demonstration plant; whatever it leaves behind is ended."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if name not in URL_VARIABLES.values()}
    for name in ("REDIS_URL", "DJANGO_SETTINGS_MODULE", "MAKELEVEL"):
        environment.pop(name, None)
    environment |= {"TRUELINE_DATA": str(data), "PORT": str(port), "DEMO": "0", "PYTHONUNBUFFERED": "1"}
    with output.open("wb") as file:
        process = processes.start(
            [sys.executable, "-m", "tools.supervisor"],
            environment=environment,
            output=file,
            directory=BASE_DIR,
            death_signal=signal.SIGTERM,
        )
    house = House(process, f"http://127.0.0.1:{port}", data)
    known: set[int] = set()
    try:
        try:
            processes.wait_until(
                lambda: b"is ready" in output.read_bytes(),
                seconds=START_SECONDS,
                what="make run",
                alive=lambda: process.poll() is None,
            )
        except RuntimeError as error:
            pytest.fail(f"{error}\n{output.read_text()}")
        known = house.children()
        yield house
    finally:
        processes.stop(process, [(signal.SIGTERM, STOP_SECONDS)])
        for pid in known:
            processes.kill_group(pid)


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """A data directory; its sockets are removed afterwards."""
    yield tmp_path / "data"
    shutil.rmtree(socket_directory(tmp_path / "data"))


def ends_within(seconds: float, pids: set[int]) -> bool:
    end = time.monotonic() + seconds
    while any(alive(pid) for pid in pids):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.requirement("ACC-06", "RUN-01", "RUN-02", "RUN-05", "RUN-06", "RUN-09", "RUN-11")
def test_it_serves_works_heals_stops_and_starts_again(data: Path, tmp_path: Path) -> None:
    with running_house(data, tmp_path / "first.txt") as house:
        assert answers(house.url)
        assert_the_way_in_is_told(house, (tmp_path / "first.txt").read_text())
        doctor = until_heartbeat(house)
        assert "FAILED" not in doctor.stdout, doctor.stdout
        assert doctor.returncode == 0
        assert health_of(house) == {}
        killed = house.child("uvicorn")
        os.kill(killed, signal.SIGKILL)
        processes.wait_until(
            lambda: not alive(killed) and answers(house.url),
            seconds=60,
            what="A new web process",
            alive=lambda: house.process.poll() is None,
        )
        children = house.children()
        assert len(children) >= 6
        house.process.send_signal(signal.SIGINT)
        assert house.process.wait(STOP_SECONDS) == 0
        assert ends_within(0.5, children)

    with running_house(data, tmp_path / "second.txt") as house:  # The data is still there and good.
        children = house.children()
        house.process.kill()
        assert ends_within(STOP_SECONDS, children)


def assert_the_way_in_is_told(house: House, printed: str) -> None:
    """Nobody has an account: the address that is printed last, and again by the command, opens the first-run page."""
    before, _ready, after = printed.partition("Trueline is ready")
    assert "Nobody has an account yet: open" in after and "first-run" not in before
    (address,) = re.findall(r"http\S+/core/organization/first-run/\?token=\S+", after)
    with urllib.request.urlopen(address.replace("localhost", "127.0.0.1"), timeout=60) as answer:
        assert "Set up this installation" in answer.read().decode()
    assert house.command("setup_token").stdout.strip().partition("/core/")[2] == address.partition("/core/")[2]


def until_heartbeat(house: House) -> "subprocess.CompletedProcess[str]":
    """The doctor's report, once beat had the time to give its first work."""
    end = time.monotonic() + 60
    while True:
        done = house.command("doctor")
        if "ok       Beat" in done.stdout or time.monotonic() > end:
            return done
        time.sleep(1)


def answers(url: str) -> bool:
    """Whether the web process serves."""
    return probe.web(f"{url}/livez") == []


def health_of(house: House) -> dict[str, str]:
    """What the health commands of the compose file and the units say of this house; empty when all is well."""
    environment = {name: value for name, value in os.environ.items() if name not in URL_VARIABLES.values()}
    environment |= {"PORT": house.url.rpartition(":")[2], "REDIS_URL": redis_url(house.data)}
    said = {}
    for command in health_commands():
        done = subprocess.run(
            [sys.executable, *command], cwd=BASE_DIR, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            said[" ".join(command)] = done.stderr
    return said


@pytest.mark.requirement("RUN-03")
def test_an_own_database_needs_all_three_roles() -> None:
    environment = {**os.environ, "DATABASE_URL": "postgresql://app@nowhere/trueline"}
    for variable in ("DATABASE_OWNER_URL", "DATABASE_SEALER_URL"):
        environment.pop(variable, None)
    done = subprocess.run(
        [sys.executable, "-m", "tools.supervisor"],
        cwd=BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "DATABASE_OWNER_URL is not set" in done.stderr
