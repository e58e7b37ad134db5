"""Stored bytes, addressed by their SHA-256: written once, never changed, checked whenever they are read.

They lie in the directory of this installation, or in an S3-compatible store (`core.files.s3`) where one is named.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from core.files.s3 import Bucket, Signer

BLOCK = 1024 * 1024
UNFINISHED = "incoming-"
"""How the name of a file begins that is being written; one that is old was left by a killed process."""
_ADDRESS = re.compile(r"[0-9a-f]{64}")


class BlobMissing(Exception):
    """No bytes are stored under the address."""


class BlobDamaged(Exception):
    """The bytes on disk are not those that were stored: their hash differs from their address."""


class TooLarge(Exception):
    """The content exceeds the size allowed for it."""


@dataclass(frozen=True)
class Blob:
    """The address and size of stored bytes."""

    sha256: str
    size: int


def directory() -> Path:
    """Where this installation keeps its bytes."""
    return Path(settings.TRUELINE_FILES_DIR)


def bucket() -> Bucket | None:
    """The store that keeps the bytes of records instead of the directory, where one is named."""
    if not settings.TRUELINE_S3_URL:
        return None
    signer = Signer(settings.TRUELINE_S3_ACCESS_KEY, settings.TRUELINE_S3_SECRET_KEY, settings.TRUELINE_S3_REGION)
    return Bucket(settings.TRUELINE_S3_URL, signer)


def _checked(sha256: str) -> str:
    """The address; `ValueError` for anything that is not a SHA-256 in hexadecimal digits."""
    if not _ADDRESS.fullmatch(sha256):
        raise ValueError(f"not an address: {sha256!r}")
    return sha256


def path_of(sha256: str, *, root: Path | None = None) -> Path:
    """The file of an address; `ValueError` for anything that is not a SHA-256 in hexadecimal digits.

    It lies below `root`, or below the directory of records where none is named.
    """
    return (root or directory()) / _checked(sha256)[:2] / sha256[2:4] / sha256


def store(chunks: Iterable[bytes], *, limit: int | None = None, root: Path | None = None) -> Blob:
    """Write content durably and return its address; the same content is kept once.

    The bytes go to a temporary file, are flushed to disk and then renamed, so a crash leaves either the whole
    content or none; a store elsewhere gets the whole file, and is read back. Raises `TooLarge` beyond `limit` bytes.
    """
    elsewhere = bucket() if root is None else None
    root = root or directory()
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=UNFINISHED, dir=root)
    try:
        digest, size = hashlib.sha256(), 0
        with os.fdopen(handle, "wb") as file:
            for chunk in chunks:
                size += len(chunk)
                if limit is not None and size > limit:
                    raise TooLarge
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        blob = Blob(digest.hexdigest(), size)
        target = path_of(blob.sha256, root=root)
        if elsewhere is not None:
            _put(elsewhere, Path(temporary), blob)
        elif not _is_whole(target, blob):
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            Path(temporary).chmod(0o400)
            os.replace(temporary, target)
            _flush_directory(target.parent)
        return blob
    finally:
        Path(temporary).unlink(missing_ok=True)


def exists(sha256: str) -> bool:
    """Whether something is stored under the address; its bytes are not read."""
    elsewhere = bucket()
    return path_of(sha256).exists() if elsewhere is None else elsewhere.has(_checked(sha256))


def load(sha256: str) -> bytes:
    """The stored bytes, checked; raises `BlobMissing` or `BlobDamaged`."""
    with open_checked(sha256) as file:
        return file.read()


def open_checked(sha256: str, *, root: Path | None = None) -> BinaryIO:
    """Open stored bytes for reading after their hash was checked; raises `BlobMissing` or `BlobDamaged`."""
    elsewhere = bucket() if root is None else None
    if elsewhere is not None:
        return _fetched(elsewhere, _checked(sha256))
    try:
        file = path_of(sha256, root=root).open("rb")
    except FileNotFoundError as error:
        raise BlobMissing(sha256) from error
    if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
        file.close()
        raise BlobDamaged(sha256)
    file.seek(0)
    return file


def _put(elsewhere: Bucket, file: Path, blob: Blob) -> None:
    """Store a file elsewhere unless it is whole there, and believe it when it was read back."""
    try:
        _fetched(elsewhere, blob.sha256).close()
    except (BlobMissing, BlobDamaged):
        with file.open("rb") as content:
            elsewhere.put(content, blob.sha256, blob.size)
        _fetched(elsewhere, blob.sha256).close()


def _fetched(elsewhere: Bucket, sha256: str) -> BinaryIO:
    found = elsewhere.fetch(sha256)
    if found is None:
        raise BlobMissing(sha256)
    copy, digest = found
    if digest != sha256:
        copy.close()
        raise BlobDamaged(sha256)
    return copy


def _is_whole(target: Path, blob: Blob) -> bool:
    # A file damaged on disk is healed by the same content arriving again.
    if not target.exists() or target.stat().st_size != blob.size:
        return False
    with target.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == blob.sha256


def _flush_directory(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
