"""Bytes on disk: stored once, whole or not at all, checked when read."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from core.files import blobs


def everything(settings: Settings) -> list[Path]:
    return [path for path in Path(settings.TRUELINE_FILES_DIR).rglob("*") if path.is_file()]


def test_content_has_the_address_of_its_hash(settings: Settings) -> None:
    blob = blobs.store([b"abc", b"def"])
    assert blob.sha256 == hashlib.sha256(b"abcdef").hexdigest()
    assert blob.size == 6
    assert blobs.load(blob.sha256) == b"abcdef"
    assert everything(settings) == [blobs.path_of(blob.sha256)]
    assert oct(blobs.path_of(blob.sha256).stat().st_mode & 0o777) == "0o400"


def test_the_same_content_is_kept_once_even_in_a_race(settings: Settings) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _n: blobs.store([b"x" * 100_000]), range(16)))
    assert len(found) == 1
    assert len(everything(settings)) == 1


def test_a_crash_while_writing_leaves_nothing_behind(settings: Settings) -> None:
    def breaking() -> Iterator[bytes]:
        yield b"half"
        raise OSError("the network went away")

    with pytest.raises(OSError, match="network"):
        blobs.store(breaking())
    assert everything(settings) == []


def test_a_crash_before_the_rename_leaves_nothing_under_an_address(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_source: object, _target: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="full"):
        blobs.store([b"abc"])
    assert everything(settings) == []


def test_too_much_is_refused_while_it_arrives(settings: Settings) -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b"x" * 1000

    with pytest.raises(blobs.TooLarge):
        blobs.store(endless(), limit=10_000)
    assert everything(settings) == []


def test_damaged_and_missing_bytes_are_not_handed_out_and_heal_when_they_arrive_again() -> None:
    blob = blobs.store([b"abcdef"])
    path = blobs.path_of(blob.sha256)
    path.chmod(0o600)
    path.write_bytes(b"abcdeg")
    with pytest.raises(blobs.BlobDamaged):
        blobs.load(blob.sha256)
    assert blobs.store([b"abcdef"]) == blob
    assert blobs.load(blob.sha256) == b"abcdef"
    with pytest.raises(blobs.BlobMissing):
        blobs.load("0" * 64)


@pytest.mark.parametrize("address", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_only_hashes_are_addresses(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        blobs.path_of(address)
