"""`make run`: everything Trueline needs, in the foreground, until Ctrl-C or SIGTERM.

It starts an embedded PostgreSQL (unless DATABASE_URL is set) and Redis (unless REDIS_URL is set), migrates as the
owner role, then runs the web process, a Celery worker, the sealing worker and Celery beat. Logs are under var/log.
"""

import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from celery import Celery

from config.apps import BASE_DIR
from config.database import URL_VARIABLES
from config.embedded import ROLES, broker_url, database_url, redis_url, socket_directory
from config.environment import resolved
from tools import probe, processes
from tools.cluster import FAST_SHUTDOWN, Cluster, ClusterError
from tools.redis_server import start_redis

GIVE_UP_AFTER = 5
"""A service that ends this often within a minute is not restarted again."""
PATIENCE = 300
"""Seconds that a process gets to answer for the first time. One that ends is noticed at once; a machine with much other
work may need minutes for what takes seconds on an idle one."""
ROTATE_ABOVE = 10_000_000


class Stop(BaseException):
    """A signal asked us to stop."""


class CannotRun(RuntimeError):
    """A start-up step failed; the message says what to do."""


@dataclass
class Service:
    """A child; with ``start`` it is started again when it ends by itself, without it the whole house stops."""

    name: str
    process: "subprocess.Popen[bytes]"
    start: Callable[[], "subprocess.Popen[bytes]"] | None
    ends: list[float] = field(default_factory=list)


class Supervisor:
    """Starts, watches and stops the processes of one installation."""

    def __init__(self) -> None:
        self.environ = resolved(os.environ)
        self.data = Path(self.environ.get("TRUELINE_DATA") or BASE_DIR / "var").resolve()
        self.logs = self.data / "log"
        self.embedded_database = not any(self.environ.get(variable) for variable in URL_VARIABLES.values())
        self.demo = _flag("DEMO", default=self.embedded_database)
        self.urls = {role: self._role_url(role) for role in ROLES}
        self.redis = self.environ.get("REDIS_URL") or redis_url(self.data)
        self.services: list[Service] = []
        self.closing = ExitStack()

    def _role_url(self, role: str) -> str:
        if self.embedded_database:
            return database_url(self.data, role)
        if url := self.environ.get(URL_VARIABLES[role]):
            return url
        raise CannotRun(
            f"{URL_VARIABLES[role]} is not set. With your own PostgreSQL all three are needed: "
            f"{', '.join(URL_VARIABLES.values())} (see docs/operation.md)."
        )

    def environment(self, role: str, **more: str) -> dict[str, str]:
        """The environment of a child: it gets the URL of its own role only."""
        inherited = {name: value for name, value in self.environ.items() if name not in URL_VARIABLES.values()}
        return {
            **inherited,
            "TRUELINE_DATA": str(self.data),
            "TRUELINE_DB_ROLE": role,
            URL_VARIABLES[role]: self.urls[role],
            "REDIS_URL": self.redis,
            "DEMO": "1" if self.demo else "0",
            "PYTHONUNBUFFERED": "1",
            **more,
        }

    def run(self) -> None:
        """Start everything, say where it is, and watch it until Stop."""
        with self.closing:
            self._take_lock()
            listener = self._listen()
            self._start_database()
            if not self.environ.get("REDIS_URL"):
                self._start_redis()
            self._manage("Migrating the database", "migrate", "--verbosity=0", role="owner")
            self._manage("Collecting static files", "collectstatic", "--noinput", "--verbosity=0")
            set_up = ""
            if self.demo:
                self._manage("Building the demonstration plant, the first time only", "seed_demo", shown=True)
            else:
                server = self.environ.get("TRUELINE_PUBLIC_URL") or self._address(listener)
                asked = ("setup_token", "--if-needed", "--server", server)
                set_up = self._manage("Looking whether anybody has an account", *asked).strip()
            print("Starting pages and background work …", flush=True)
            self._start_services(listener)
            self._wait_for_web(listener)
            self._wait_for_workers()
            self._announce(listener, set_up)
            self._watch()

    def _take_lock(self) -> None:
        self.logs.mkdir(parents=True, exist_ok=True)
        lock = self.closing.enter_context((self.data / "run.lock").open("a"))
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotRun(f"Trueline is already running on {self.data}.") from None

    def _listen(self) -> socket.socket:
        host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
        listener = self.closing.enter_context(socket.socket())
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            raise CannotRun(f"Port {port} of {host} cannot be used ({error.strerror}): PORT=8001 make run") from error
        listener.listen(128)
        return listener

    def log(self, name: str) -> Path:
        """The log file of a child; a large one of an earlier start is put aside."""
        file = self.logs / f"{name}.log"
        if file.exists() and file.stat().st_size > ROTATE_ABOVE:
            file.replace(file.with_suffix(".log.1"))
        return file

    def _start_database(self) -> None:
        if not self.embedded_database:
            return
        print("Starting PostgreSQL …", flush=True)
        cluster = Cluster(data=self.data / "postgres", sockets=socket_directory(self.data))
        cluster.initialise()
        server = cluster.start(self.log("postgres"), death_signal=FAST_SHUTDOWN)
        self.closing.callback(processes.stop, server, [(FAST_SHUTDOWN, 2.5), (signal.SIGQUIT, 0.5)])
        self.services.append(Service("PostgreSQL", server, start=None))
        cluster.ensure_roles()
        if "trueline" not in set(cluster.databases()):
            cluster.create_database("trueline")

    def _start_redis(self) -> None:
        server = start_redis(socket_directory(self.data), self.data, self.log("redis"))
        self.closing.callback(processes.stop, server, [(signal.SIGTERM, 1)])
        self.services.append(Service("Redis", server, start=None))

    def _manage(self, title: str, *arguments: str, role: str = "app", shown: bool = False) -> str:
        """Run a command of manage.py and return what it says; `shown` says it while it runs."""
        print(f"{title} …", flush=True)
        child = subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=BASE_DIR,
            env=self.environment(role),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=processes.die_with_parent(signal.SIGKILL),
            text=True,
        )
        try:
            output = ""
            for line in child.stdout or ():
                output += line
                if shown:
                    print(f"  {line}".rstrip(), flush=True)
            child.wait()
        except BaseException:
            processes.kill_group(child.pid)
            child.wait()
            raise
        if child.returncode:
            raise CannotRun(f"manage.py {' '.join(arguments)} failed:\n{output}")
        return output

    def _start_services(self, listener: socket.socket) -> None:
        celery = [sys.executable, "-m", "celery", "--app", "config", "--quiet"]
        worker = [*celery, "worker", "--without-gossip", "--without-mingle", "--loglevel=info"]
        jobs = os.environ.get("TRUELINE_WORKERS", "1")
        self._service(
            "web",
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
                "--timeout-graceful-shutdown",
                "1",
            ],
            keep_files=[listener.fileno()],
        )
        self._service(
            "worker",
            [*worker, "--queues=default", "--hostname=jobs@%h", f"--concurrency={jobs}", "--max-tasks-per-child=200"],
            death_signal=signal.SIGKILL,
        )
        self._service(
            "sealer",
            [*worker, "--queues=seal", "--hostname=sealer@%h", "--pool=solo"],
            role="sealer",
            death_signal=signal.SIGKILL,
        )
        self._service(
            "beat", [*celery, "beat", "--schedule", self.data / "beat-schedule", "--pidfile=", "--loglevel=info"]
        )
        self.closing.callback(self._stop_services)

    def _service(
        self,
        name: str,
        command: list[str | Path],
        *,
        role: str = "app",
        death_signal: int = signal.SIGTERM,
        keep_files: list[int] | None = None,
    ) -> None:
        log = self.log(name)

        limits = {"TRUELINE_DB_POOL": "0", "TRUELINE_DB_TIMEOUT": "0"}
        if name == "web":  # Nobody waits longer for a page; work in the background may take what it takes.
            limits = {"TRUELINE_DB_POOL": "16", "TRUELINE_DB_TIMEOUT": self.environ.get("TRUELINE_DB_TIMEOUT") or "60"}

        def start() -> "subprocess.Popen[bytes]":
            with log.open("ab") as output:
                return processes.start(
                    command,
                    environment=self.environment(role, **limits),
                    output=output,
                    death_signal=death_signal,
                    keep_files=keep_files or [],
                    directory=BASE_DIR,
                )

        self.services.append(Service(name, start(), start))

    def _stop_services(self) -> None:
        ours = [service.process for service in self.services if service.start]
        for process in ours:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        end = time.monotonic() + 2
        while time.monotonic() < end and any(process.poll() is None for process in ours):
            time.sleep(0.02)
        for process in ours:  # A job cut off here is found again by its row: its lease runs out.
            processes.stop(process, [])

    def _wait_for_web(self, listener: socket.socket) -> None:
        web = next(service for service in self.services if service.name == "web")
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            processes.wait_until(
                lambda: not probe.web(f"{address}/livez"),
                seconds=PATIENCE,
                what="The web process",
                alive=lambda: web.process.poll() is None,
            )
        except RuntimeError as error:
            raise CannotRun(f"{error} See {self.logs / 'web.log'}.") from error

    def _wait_for_workers(self) -> None:
        broker = Celery(broker=broker_url(self.redis), set_as_current=False)
        workers = [service for service in self.services if service.name in {"worker", "sealer"}]
        with broker.connection_or_acquire() as connection:
            try:
                processes.wait_until(
                    lambda: len(broker.control.ping(timeout=0.5, connection=connection)) >= len(workers),
                    seconds=PATIENCE,
                    what="A Celery worker",
                    alive=lambda: all(worker.process.poll() is None for worker in workers),
                )
            except RuntimeError as error:
                raise CannotRun(f"{error} See {self.logs}.") from error

    def _address(self, listener: socket.socket) -> str:
        """Where a browser on this machine finds the web process."""
        host, port = listener.getsockname()
        return f"http://{'localhost' if host in {'127.0.0.1', '0.0.0.0'} else host}:{port}"

    def _announce(self, listener: socket.socket, set_up: str) -> None:
        """Say where it is, once everything that a visitor needs stands; `set_up` is the way in while nobody has one."""
        for trouble in probe.web(f"http://127.0.0.1:{listener.getsockname()[1]}/readyz"):
            print(f"Not well: {trouble}", flush=True)
        lines = ["", f"Trueline is ready: {self._address(listener)}/   (stop: Ctrl-C; logs: {self.logs})"]
        if self.demo:
            lines += ["Sign in as one of the people above."]
        elif set_up:
            lines += ["", "Nobody has an account yet: open", f"  {set_up}"]
            lines += ["The address holds a secret and works once. manage.py setup_token prints it again."]
        print("\n".join(lines), flush=True)

    def _watch(self) -> None:
        while True:
            time.sleep(0.5)
            for service in self.services:
                if service.process.poll() is not None:
                    self._restart(service)

    def _restart(self, service: Service) -> None:
        if service.start is None:
            raise CannotRun(f"{service.name} ended unexpectedly: see {self.logs}.")
        now = time.monotonic()
        service.ends = [end for end in service.ends if now - end < 60] + [now]
        if len(service.ends) > GIVE_UP_AFTER:
            raise CannotRun(f"{service.name} ended {len(service.ends)} times within a minute: see {self.logs}.")
        processes.kill_group(service.process.pid)
        service.process = service.start()
        print(f"{service.name} had ended and was started again (see {self.logs}).", flush=True)


def _flag(name: str, *, default: bool) -> bool:
    value = os.environ.get(name, "").lower()
    return value in {"1", "true", "yes", "on"} if value else default


def _handle_signals() -> None:
    """A shell's background job starts with SIGINT ignored: our own handlers make every way to stop us work."""

    def stop(signum: int, frame: FrameType | None) -> None:
        for later in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(later, signal.SIG_IGN)  # Impatience does not cut the orderly stop short.
        raise Stop(signum)

    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, stop)
    if "MAKELEVEL" in os.environ:  # Killing make must not leave us behind.
        ctypes.CDLL(None).prctl(processes.PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def main() -> int:
    """Run until told to stop; the exit status is 0 then, and 1 when something could not run."""
    _handle_signals()
    try:
        Supervisor().run()
    except Stop:
        print("\nTrueline has stopped.", flush=True)
        return 0
    except (CannotRun, ClusterError) as error:
        print(f"\nTrueline cannot run: {error}", file=sys.stderr, flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
