"""A whole house whose parts are killed: the supervisor's own processes on a data directory of their own.

The product's supervisor ends the house when PostgreSQL or Redis ends; here they are started again, as a service manager
or a container platform does.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
import redis
from django.db import connection
from django.test import override_settings

from config.embedded import socket_directory
from tests.faults import points
from tests.support import database
from tools import probe, processes
from tools.cluster import FAST_SHUTDOWN, NOBODY, Cluster
from tools.redis_server import start_redis
from tools.supervisor import Service, Supervisor

PARTS = ("web", "worker", "sealer", "beat", "PostgreSQL", "Redis")
STARTED_WITHIN = 120.0
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
    "DEMO": "0",
    "PORT": "0",
    "TRUELINE_JOB_LEASE": "6",
    "TRUELINE_JOB_REDISPATCH": "2",
    "TRUELINE_JOB_RETRY": "1",
    "TRUELINE_API_RATE": "1000000",
    "TRUELINE_DB_TIMEOUT": "15",
}


class House(Supervisor):
    """The parts of an installation, each of which may be killed and started again."""

    def __init__(self) -> None:
        super().__init__()
        self.fault_file = Path(os.environ[points.VARIABLE])
        self.cluster = Cluster(data=self.data / "postgres", sockets=socket_directory(self.data))
        self.extra: list[subprocess.Popen[bytes]] = []

    def begin(self, migrated: Cluster) -> None:
        """Start everything, as `run` does, on a copy of the migrated template, and return."""
        self._take_lock()
        self.listener = self._listen()
        template = copied(migrated, self.cluster)
        self.cluster.initialise()
        server = self.cluster.start(self.log("postgres"), death_signal=signal.SIGKILL)
        self.services.append(Service("PostgreSQL", server, start=None))
        self.cluster.create_database("trueline", template)
        self._start_redis()
        self._start_services(self.listener)
        self.answers()
        self._wait_for_workers()

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    def part(self, name: str) -> Service:
        """The running part."""
        return next(service for service in self.services if service.name == name)

    def kill(self, name: str) -> None:
        """kill -9 of a part with everything below it."""
        process = self.part(name).process
        processes.kill_group(process.pid)
        process.wait()

    def heal(self) -> list[str]:
        """Start again whatever has ended; says what had."""
        ended = [service for service in self.services if service.process.poll() is not None]
        for service in ended:
            processes.kill_group(service.process.pid)
            if service.name == "PostgreSQL":
                connection.close()
                service.process = self.cluster.start(self.log("postgres"), death_signal=signal.SIGKILL)
            elif service.name == "Redis":
                service.process = start_redis(socket_directory(self.data), self.data, self.log("redis"))
            else:
                assert service.start is not None
                service.process = service.start()
        return [service.name for service in ended]

    def answers(self) -> None:
        """Wait until the web process serves."""
        processes.wait_until(
            lambda: not probe.web(f"http://127.0.0.1:{self.port}/livez"), seconds=STARTED_WITHIN,
            what=f"The web process (log: {self.logs / 'web.log'})",
            alive=lambda: self.part("web").process.poll() is None,
        )  # fmt: skip

    def broker(self) -> redis.Redis:
        """The broker, to empty it."""
        return redis.Redis(unix_socket_path=str(socket_directory(self.data) / "redis.sock"))

    def also(self, *arguments: str | Path, role: str = "app") -> subprocess.Popen[bytes]:
        """One more Celery process of this house, such as a second beat."""
        with self.log("also").open("ab") as output:
            process = processes.start(
                [sys.executable, "-m", "celery", *arguments], environment=self.environment(role, TRUELINE_DB_POOL="0"),
                output=output, death_signal=signal.SIGKILL,
            )  # fmt: skip
        self.extra.append(process)
        return process

    def end_also(self) -> None:
        """Stop what `also` started."""
        while self.extra:
            processes.stop(self.extra.pop(), [(signal.SIGTERM, 5)])

    def end(self) -> None:
        """Stop everything that runs."""
        self.end_also()
        for service in reversed(self.services):
            signals = [(FAST_SHUTDOWN, 5.0)] if service.name == "PostgreSQL" else [(signal.SIGTERM, 2.0)]
            processes.stop(service.process, signals)
        self.listener.close()


def copied(running: Cluster, to: Cluster) -> str:
    """Copy a running cluster's files as a base backup does; returns the name of its migrated template.

    Migrating takes longer than all faults together; the copy is run with the durability of production.
    """
    name = database.template(running)
    with running.connect() as superuser:
        superuser.execute("SELECT pg_backup_start('faults', fast => true)")
        left_out = shutil.ignore_patterns("postmaster.*", "pg_wal", "pg_replslot")
        shutil.copytree(running.data, to.data, ignore=left_out, copy_function=_copy)
        row = superuser.execute("SELECT labelfile FROM pg_backup_stop(wait_for_archive => false)").fetchone()
        assert row is not None
        (to.data / "backup_label").write_text(row[0])
        shutil.copytree(running.data / "pg_wal", to.data / "pg_wal", copy_function=_copy)
        (to.data / "pg_replslot").mkdir(mode=0o700)
    for path in (to.data, *to.data.rglob("*")) if to.changes_user else ():
        os.chown(path, NOBODY, NOBODY)
    return name


def _copy(source: str, target: str) -> None:
    """One file; one that has gone meanwhile is settled by the log of changes."""
    with contextlib.suppress(FileNotFoundError):
        shutil.copyfile(source, target)


@contextlib.contextmanager
def reached(sockets: Path, database: str) -> Iterator[None]:
    """``connection`` leads to the house's database."""
    before = {name: connection.settings_dict[name] for name in ("HOST", "NAME")}
    connection.close()
    connection.settings_dict.update(HOST=str(sockets), NAME=database)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


@contextlib.contextmanager
def running_house(migrated: Cluster, data: Path, further: Mapping[str, str] | None = None) -> Iterator[House]:
    """A started house; ``connection`` and the settings of files lead to it."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_SEALER_URL", "REDIS_URL"):
            patch.delenv(name, raising=False)
        named = {**ENVIRONMENT, "TRUELINE_DATA": str(data), points.VARIABLE: str(data / "fault"), **(further or {})}
        for name, value in named.items():
            patch.setenv(name, value)
        data.mkdir(parents=True)
        house = House()
        kept = override_settings(
            DATA_DIR=data, TRUELINE_FILES_DIR=data / "files", TRUELINE_CACHE_DIR=data / "cache",
            TRUELINE_KEY_DIR=data / "keys",
        )  # fmt: skip
        try:
            house.begin(migrated)
            with kept, reached(socket_directory(data), "trueline"):
                yield house
        finally:
            house.end()
            shutil.rmtree(socket_directory(data), ignore_errors=True)


def until(ready: Callable[[], object], *, seconds: float, what: str | Callable[[], object]) -> None:
    """Wait for something of the house that may be killed meanwhile; `what` is asked when it does not come."""
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, f"{what() if callable(what) else what} was not seen within {seconds:.0f} s"
        time.sleep(0.1)
