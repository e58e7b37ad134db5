"""A backup is one directory: the dump of the database, every stored file, the keys, and a manifest of all of it.

It is written beside its place and takes its name when it is whole. The dump comes first: stored files are never changed
and never outlived by the rows that name them, so what is copied after the dump holds everything that the dump names.
A restore goes into an empty database, is refused before anything is written when a byte of the backup is not as the
manifest says, and verifies the trail against the head that the manifest keeps.
Files in an S3-compatible store stay there: both look for every one that a row names, and copy none.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from core.files import blobs
from core.files.models import Attachment
from core.kernel.clock import now
from core.printing.models import PrintedRecord
from core.trail.models import Seal
from core.trail.queries.verifying import verify_trail
from tools.cluster import binaries

FORMAT = 1
MANIFEST, DUMP = "manifest.json", "database.dump"
SECRET_KEY = "secret-key"
BLOCK = 1024 * 1024
_STORED = re.compile(r"[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{64}")
Say = Callable[[str], None]


class BackupRefused(Exception):
    """The backup or the restore cannot be made; the message says why and what to do."""


@dataclass(frozen=True)
class Entry:
    """One file of a backup: its path within, its size in bytes, the SHA-256 of its content."""

    path: str
    size: int
    sha256: str


def make_backup(target: Path, say: Say) -> Path:
    """Write a whole backup to `target`, which must not exist yet. The product may go on working meanwhile.

    Raises `BackupRefused`; what was written is then taken away again.
    """
    if target.exists():
        raise BackupRefused(f"{target} exists: name a new directory for each backup.")
    unfinished = target.with_name(f"{target.name}.unfinished")
    try:
        unfinished.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        raise BackupRefused(f"{unfinished} exists: another backup is being written, or one was cut off. "
                            "Remove it if no backup is running.") from None  # fmt: skip
    try:
        _write(unfinished, say)
        unfinished.rename(target)
        _flush(target.parent)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return target


def _write(place: Path, say: Say) -> None:
    newest = Seal.objects.order_by("-number").first()
    _run_program("pg_dump", "--format=custom", "--no-owner", f"--file={place / DUMP}")
    os.chmod(place / DUMP, 0o600)
    entries = [_entry(place, DUMP)]
    say(f"The database: {entries[0].size:,} bytes.")
    for source, path in _to_copy():
        entries.append(_copied(source, place, path))
        if _is_stored(path) and entries[-1].sha256 != source.name:
            raise BackupRefused(f"{source} is damaged: its content is not what was stored under this name. "
                                "Find the file in an earlier backup first.")  # fmt: skip
    say(f"Files and keys: {len(entries) - 1:,}.")
    known = {entry.path for entry in entries}
    if elsewhere := blobs.bucket():
        missing = [address for address in _named_files() if not elsewhere.has(address)]
        say(f"Stored files stay in {elsewhere.url}: keep its versions, or a copy of it, as long as this backup.")
    else:
        missing = [address for address in _named_files() if f"files/{_path_of(address)}" not in known]
    if missing:
        raise BackupRefused(f"{len(missing)} stored files are missing, {missing[0]} among them. "
                            "Find them in an earlier backup first.")  # fmt: skip
    manifest = {
        "format": FORMAT,
        "made_at": now().isoformat(),
        "head": "" if newest is None else newest.head,
        "migrations": sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()),
        "files": [vars(entry) for entry in entries],
    }
    (place / MANIFEST).write_text(json.dumps(manifest, indent=1))
    for folder, _folders, files in os.walk(place):
        for name in files:
            _flush(Path(folder) / name)
        _flush(Path(folder))


def restore_backup(source: Path, say: Say) -> list[str]:
    """Restore a backup into the empty database and data directory of this installation, and verify the trail.

    Returns what verification found against it: nothing, when all is as it was. Raises `BackupRefused` before anything
    is written; a restore that was cut off is begun again by the same command.
    """
    manifest = _checked_manifest(source)
    entries = [Entry(**found) for found in manifest["files"]]
    unknown = set(manifest["migrations"]) - {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if unknown:
        raise BackupRefused(f"A newer Trueline made the backup (it has {min(unknown)}): install that one first.")
    _refuse_other_data({entry.path for entry in entries})
    say(f"The backup of {manifest['made_at']} is whole: {len(entries):,} files.")
    for entry in entries:
        if entry.path != DUMP:
            _copied(source / entry.path, settings.DATA_DIR, entry.path)
    _run_program("pg_restore", "--no-owner", "--exit-on-error", "--single-transaction",
                 f"--dbname={connection.get_connection_params()['dbname']}", str(source / DUMP))  # fmt: skip
    call_command("migrate", verbosity=0)
    say("The database, the files and the keys are back.")
    report = verify_trail(outside_head=manifest["head"])
    say(report.summary())
    missing = [f"The stored file {address} is missing." for address in _named_files() if not blobs.exists(address)]
    return [*(problem.text for problem in report.problems), *missing]


def _checked_manifest(source: Path) -> dict[str, Any]:
    """The manifest, once every file that it names is found to be as it says."""
    try:
        manifest: dict[str, Any] = json.loads((source / MANIFEST).read_text())
    except (OSError, ValueError) as error:
        raise BackupRefused(f"{source} is no whole backup: {MANIFEST} cannot be read ({error}).") from error
    if manifest.get("format") != FORMAT:
        raise BackupRefused(f"The backup has format {manifest.get('format')}, this Trueline reads {FORMAT}.")
    for found in manifest["files"]:
        path = source / found["path"]
        if not path.resolve().is_relative_to(source.resolve()):
            raise BackupRefused(f"{found['path']} leads out of the backup.")
        if not path.is_file():
            raise BackupRefused(f"{found['path']} is missing in the backup: use another one.")
        if vars(_entry(source, found["path"])) != found:
            raise BackupRefused(f"{found['path']} is not as the manifest says: use another backup.")
    return manifest


def _refuse_other_data(paths: set[str]) -> None:
    """Raise unless the database is empty and no file of another installation lies in the data directory."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'")
        (tables,) = cursor.fetchone()
    if tables:
        raise BackupRefused(f"The database has {tables} tables: restore into an empty one, never over records.")
    if others := [name for _source, name in _to_copy() if name not in paths and name != SECRET_KEY]:
        raise BackupRefused(f"{settings.DATA_DIR} holds files that are not in the backup, {others[0]} among them: "
                            "restore into an empty data directory.")  # fmt: skip


def _to_copy() -> Iterator[tuple[Path, str]]:
    """Every stored file and key with its path in a backup; not what waits for a decision or is half written."""
    for root, name in ((Path(settings.TRUELINE_FILES_DIR), "files"), (Path(settings.TRUELINE_KEY_DIR), "keys")):
        for path in sorted(root.rglob("*")):
            relative = path.relative_to(root).as_posix()
            if path.is_file() and (name == "keys" or _STORED.fullmatch(relative)):
                yield path, f"{name}/{relative}"
    if (key := Path(settings.DATA_DIR) / SECRET_KEY).exists():
        yield key, SECRET_KEY


def _is_stored(path: str) -> bool:
    return path.startswith("files/")


def _path_of(address: str) -> str:
    return f"{address[:2]}/{address[2:4]}/{address}"


def _named_files() -> Iterator[str]:
    """The addresses of all files that rows of the database name."""
    for model in (Attachment, PrintedRecord):
        yield from model._base_manager.order_by("sha256").values_list("sha256", flat=True).distinct().iterator()


def _copied(source: Path, place: Path, path: str) -> Entry:
    target = place / path
    if not target.exists():
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        partly = target.with_name(f"incoming-{target.name}")
        shutil.copy2(source, partly)
        _flush(partly)
        partly.replace(target)
    return _entry(place, path)


def _entry(place: Path, path: str) -> Entry:
    digest, size = hashlib.sha256(), 0
    with (place / path).open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
            size += len(block)
    return Entry(path, size, digest.hexdigest())


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _run_program(name: str, *arguments: str) -> None:
    """Run a program of PostgreSQL on our database; how to reach it is told where `ps` does not show it."""
    variables = {option.keyword.decode(): option.envvar.decode() for option in psycopg.pq.Conninfo.get_defaults()
                 if option.envvar}  # fmt: skip
    params = connection.get_connection_params()
    reached = {
        variables[key]: str(value) for key, value in params.items() if key in variables and value not in ("", None)
    }
    found = shutil.which(name) if os.environ.get("DATABASE_URL") else None
    program = found or str(binaries() / name)
    done = subprocess.run(
        [program, *arguments], env={**os.environ, **reached}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackupRefused(f"{name} failed: {done.stderr.strip() or done.stdout.strip()}")
