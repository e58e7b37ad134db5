"""The databases of a test run: one throw-away cluster per checkout, one migrated template, one clone per need.

The cluster stays between runs and its server serves every run of this checkout at the same time; the last run
to end stops it. The template is named by a hash of everything that shapes the schema, so it is migrated only when one
of those files has changed, by the owner role, as in production.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from config.apps import BASE_DIR, STOREYS
from config.embedded import database_url, socket_directory
from tools import processes
from tools.cluster import FAST_SHUTDOWN, Cluster, ClusterError

HOME = BASE_DIR / "var" / f"test{os.environ.get('PYTEST_XDIST_WORKER', '')}"
"""Only a name: it keys the directory under /tmp that holds the cluster. Each process of a spread run has its own, for
what may be sealed depends on the transactions of the whole cluster."""
SCHEMA_FILES = ("**/migrations/*.py", "**/models.py", "**/models/*.py", "**/lifecycle.py", "**/apps.py", "**/*.sql",
                "**/services/enforcement*.py", "**/services/statuses.py")  # fmt: skip
SCHEMA_PACKAGES = ("core/kernel", "core/organization")
KEPT_TEMPLATES = 2
ON_DISK = "TRUELINE_TEST_ON_DISK"
"""Set where the cluster must lie on a disk: for figures that are worth something, and for very large plants."""
ROOM = 4 * 1024**3


def directory() -> Path:
    """Where the cluster of this checkout lies."""
    return socket_directory(HOME)


def data_directory() -> Path:
    """Where its files lie: in memory where there is room, for a run copies the template some hundred times."""
    memory = Path("/dev/shm")
    if os.environ.get(ON_DISK) or not (memory.is_dir() and os.access(memory, os.W_OK)):
        return directory() / "data"
    kept = memory / directory().name
    return kept if kept.exists() or shutil.disk_usage(memory).free > ROOM else directory() / "data"


def cluster() -> Cluster:
    """The cluster, started or not."""
    return Cluster(data=data_directory(), sockets=directory(), throw_away=True)


def url(role: str, name: str) -> str:
    """The URL of a test database for a role."""
    return database_url(HOME, role, name)


@contextlib.contextmanager
def running_cluster() -> Iterator[Cluster]:
    """The running cluster; started by the first run that needs it, stopped by the last that leaves."""
    lock_path = directory().with_suffix(".lock")
    with lock_path.open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                postgres = _ready_cluster()
                fcntl.flock(lock, fcntl.LOCK_SH)
            except BlockingIOError:  # Another run has it, or is just starting or stopping it.
                fcntl.flock(lock, fcntl.LOCK_SH)
                postgres = cluster()
            if postgres.answers():
                break
            fcntl.flock(lock, fcntl.LOCK_UN)
        try:
            yield postgres
        finally:
            _stop_when_last(postgres, lock)


def _ready_cluster() -> Cluster:
    postgres = cluster()
    if (postgres.data / "PG_VERSION").exists() and postgres.answers():
        return postgres
    try:
        _start(postgres)
    except ClusterError:  # A broken or outdated throw-away cluster is worth nothing: make it again, once.
        for place in {directory(), postgres.data}:
            shutil.rmtree(place, ignore_errors=True)
        _start(postgres)
    return postgres


def _start(postgres: Cluster) -> None:
    postgres.initialise()
    postgres.start(directory().with_suffix(".log"), death_signal=None)
    postgres.ensure_roles()


def _stop_when_last(postgres: Cluster, lock: IO[str]) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return  # Another run is using it.
    postmaster = int((postgres.data / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, FAST_SHUTDOWN)
    processes.wait_until(lambda: not postgres.answers(), seconds=20, what="The server's end", alive=lambda: True)


def schema_fingerprint() -> str:
    """A hash over every file that shapes the database."""
    files = {file for storey in STOREYS for pattern in SCHEMA_FILES for file in (BASE_DIR / storey).glob(pattern)}
    files |= {file for package in SCHEMA_PACKAGES for file in (BASE_DIR / package).glob("**/*.py")}
    files |= {BASE_DIR / "pyproject.toml", BASE_DIR / "config/apps.py", BASE_DIR / "config/settings.py"}
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(str(file.relative_to(BASE_DIR)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def template(postgres: Cluster) -> str:
    """The name of the migrated template of the present schema, made when there is none."""
    name = f"template_{schema_fingerprint()}"
    with directory().with_suffix(".template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        existing = [database for database in postgres.databases() if database.startswith("template_")]
        if name in existing:
            return name
        for stale in existing[: -KEPT_TEMPLATES or None]:
            postgres.drop_database(stale)
        unfinished = f"unfinished_{os.getpid()}"
        postgres.create_database(unfinished)
        try:
            migrate(unfinished)
        except BaseException:
            postgres.drop_database(unfinished)
            raise
        postgres.rename_database(unfinished, name)
    return name


def environment(name: str) -> dict[str, str]:
    """The environment of a process of ours that works on the test database ``name``."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "TRUELINE_TEST_DATABASE": name,
        "DATABASE_URL": url("app", name),
        "DATABASE_OWNER_URL": url("owner", name),
        "DATABASE_SEALER_URL": url("sealer", name),
    }


def migrate(name: str) -> None:
    """Migrate a database as the owner role, with the command an operator uses."""
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=0"],
        cwd=BASE_DIR,
        env=environment(name),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ClusterError(f"manage.py migrate failed:\n{done.stdout}{done.stderr}")


@contextlib.contextmanager
def clone(postgres: Cluster, name: str) -> Iterator[str]:
    """A fresh copy of the template, dropped at the end."""
    postgres.drop_database(name)
    postgres.create_database(name, template(postgres))
    try:
        yield name
    finally:
        postgres.drop_database(name)
