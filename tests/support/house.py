"""A whole house on a test database: web process, broker, worker and beat, each a process of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from config.apps import BASE_DIR
from tests.support import server
from tests.support.database import environment
from tools import processes
from tools.redis_server import start_redis


@dataclass(frozen=True)
class House(server.LivePlant):
    """A served plant with a worker and beat."""

    data: Path
    worker_log: Path
    broker: str

    def environment(self) -> dict[str, str]:
        """The environment of one more process of this house."""
        return {**super().environment(), **_environment(self.data, self.broker)}


CLOSED = BASE_DIR / "tests" / "support" / "closed"
"""On the path of every process: none of them speaks to another host."""


def outbound(data: Path) -> Path:
    """The notes of `tests/support/closed`."""
    return data / "outbound.txt"


def _environment(data: Path, broker: str) -> dict[str, str]:
    return {
        "PYTHONPATH": os.pathsep.join(filter(None, [str(CLOSED), os.environ.get("PYTHONPATH", "")])),
        "TRUELINE_TEST_OUTBOUND": str(outbound(data)),
        "DJANGO_SETTINGS_MODULE": "tests.support.house_settings",
        "TRUELINE_DATA": str(data),
        "TRUELINE_TEST_BROKER": broker,
    }


@contextlib.contextmanager
def running_house(database: str, folder: Path) -> Iterator[House]:
    """Everything runs on ``database`` with its files and logs in ``folder``; everything is stopped at the end."""
    data = folder / "data"
    data.mkdir()
    sockets = Path("/tmp") / f"tl-house-{os.getpid()}"
    broker = start_redis(sockets, folder, folder / "redis.log")
    try:
        with contextlib.ExitStack() as stack:
            further = _environment(data, f"redis+socket://{sockets / 'redis.sock'}")
            log = folder / "worker.log"
            with log.open("ab") as output:
                worker = processes.start(
                    [sys.executable, "-m", "celery", "-A", "tests.support.house_app:app", "worker", "--beat",
                     "--queues", "default", "--concurrency", "1", "--loglevel", "INFO", "-s", folder / "beat",
                     "--without-gossip", "--without-mingle"],
                    environment={**environment(database), **further}, output=output, directory=BASE_DIR,
                )  # fmt: skip
            stack.callback(processes.stop, worker, [(signal.SIGTERM, 5)])
            web = stack.enter_context(server.served(database, folder / "web.log", data, further))
            yield House(web.url, database, web.log, web.pid, data, log, further["TRUELINE_TEST_BROKER"])
    finally:
        processes.stop(broker, [(signal.SIGTERM, 5)])
