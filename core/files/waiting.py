"""Uploads that wait for a person's decision, such as the file of a dry run: kept for a day, records of nothing.

What is decided to be a record is stored by `core.files.blobs`, which never removes anything.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable
from pathlib import Path

from core.files import blobs

KEPT_FOR = dt.timedelta(days=1)


def directory() -> Path:
    """Where uploads wait, beside the bytes of records."""
    return blobs.directory() / "waiting"


def keep(chunks: Iterable[bytes], *, limit: int) -> str:
    """Keep an upload for a day from now and return its address; raises `TooLarge` beyond `limit` bytes."""
    blob = blobs.store(chunks, limit=limit, root=directory())
    os.utime(blobs.path_of(blob.sha256, root=directory()))
    return blob.sha256


def load(sha256: str) -> bytes:
    """A waiting upload, checked; raises `BlobMissing` when its day is over, or `BlobDamaged`."""
    with blobs.open_checked(sha256, root=directory()) as file:
        return file.read()


def sweep(*, now: dt.datetime) -> int:
    """Remove what waited for longer than a day, and unfinished writes as old (of a killed process); how many files."""
    oldest = (now - KEPT_FOR).timestamp()
    removed = 0
    for file in (*directory().rglob("*"), *blobs.directory().glob(f"{blobs.UNFINISHED}*")):
        if file.is_file() and file.stat().st_mtime < oldest:
            file.unlink(missing_ok=True)
            removed += 1
    return removed
