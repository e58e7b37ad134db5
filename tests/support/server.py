"""A real web process of ours on a test database."""

import contextlib
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from config.apps import BASE_DIR
from tests.support.database import environment
from tools import processes


@dataclass(frozen=True)
class LivePlant:
    """A served clone of the template: its address, the name of its database, the log of the server and its process."""

    url: str
    database: str
    log: Path
    pid: int

    def environment(self) -> dict[str, str]:
        """The environment of one more process on the same plant (a management command, a second station)."""
        return environment(self.database)


@contextlib.contextmanager
def served(
    database: str, log: Path, data: Path, further: Mapping[str, str] = MappingProxyType({})
) -> Iterator[LivePlant]:
    """Serve ``database`` with uvicorn, as production does, on a free port of the loopback address.

    ``further`` is environment on top of what every process of a test has.
    """
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with log.open("ab") as output:
            server = processes.start(
                [
                    sys.executable,
                    "-m",
                    "uvicorn",
                    "config.asgi:application",
                    "--fd",
                    str(listener.fileno()),
                    "--lifespan",
                    "off",
                    "--log-level",
                    "warning",
                ],
                environment={**environment(database), "TRUELINE_DATA": str(data), **further},
                output=output,
                keep_files=[listener.fileno()],
                directory=BASE_DIR,
            )
    try:
        processes.wait_until(
            lambda: _answers(f"{address}/livez"),
            seconds=60,
            what=f"The web process (log: {log})",
            alive=lambda: server.poll() is None,
        )
        yield LivePlant(address, database, log, server.pid)
    finally:
        processes.stop(server, [(15, 3)])


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError:
        raise
    except OSError:
        return False
