"""Bytes on disk: stored once, whole or not at all, checked when read."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from pytest_django.fixtures import Settings

from core.files import blobs
from tests.core.files.conftest import Kept


def test_content_has_the_address_of_its_hash(kept: Kept) -> None:
    blob = blobs.store([b"abc", b"def"])
    assert blob.sha256 == hashlib.sha256(b"abcdef").hexdigest()
    assert blob.size == 6
    assert blobs.load(blob.sha256) == b"abcdef"
    assert kept.everything() == [blob.sha256]
    if kept.s3 is None:
        assert oct(blobs.path_of(blob.sha256).stat().st_mode & 0o777) == "0o400"


def test_the_same_content_is_kept_once_even_in_a_race(kept: Kept) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _n: blobs.store([b"x" * 100_000]), range(16)))
    assert len(found) == 1
    assert len(kept.everything()) == 1


def test_a_crash_while_writing_leaves_nothing_behind(kept: Kept) -> None:
    def breaking() -> Iterator[bytes]:
        yield b"half"
        raise OSError("the network went away")

    with pytest.raises(OSError, match="network"):
        blobs.store(breaking())
    assert kept.everything() == []


def test_a_crash_before_the_rename_leaves_nothing_under_an_address(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_source: object, _target: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="full"):
        blobs.store([b"abc"])
    assert [path for path in settings.TRUELINE_FILES_DIR.rglob("*") if path.is_file()] == []


def test_too_much_is_refused_while_it_arrives(kept: Kept) -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b"x" * 1000

    with pytest.raises(blobs.TooLarge):
        blobs.store(endless(), limit=10_000)
    assert kept.everything() == []


def test_damaged_and_missing_bytes_are_not_handed_out_and_heal_when_they_arrive_again(kept: Kept) -> None:
    blob = blobs.store([b"abcdef"])
    kept.damage(blob.sha256, b"abcdeg")
    with pytest.raises(blobs.BlobDamaged):
        blobs.load(blob.sha256)
    assert blobs.store([b"abcdef"]) == blob
    assert blobs.load(blob.sha256) == b"abcdef"
    kept.lose(blob.sha256)
    with pytest.raises(blobs.BlobMissing):
        blobs.load(blob.sha256)


@pytest.mark.parametrize("address", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_only_hashes_are_addresses(kept: Kept, address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        blobs.open_checked(address)
    with pytest.raises(ValueError, match="address"):
        blobs.path_of(address)
