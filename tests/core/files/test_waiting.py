"""Uploads that wait for a decision: whole, bounded, apart from records, gone after a day."""

from __future__ import annotations

import os

import pytest

from core.files import blobs, waiting
from core.kernel.clock import now

DAY = waiting.KEPT_FOR.total_seconds()


def aged(sha256: str, seconds: float) -> None:
    path = blobs.path_of(sha256, root=waiting.directory())
    then = now().timestamp() - seconds
    os.utime(path, (then, then))


def test_an_upload_waits_apart_from_the_bytes_of_records() -> None:
    sha256 = waiting.keep([b"abc", b"def"], limit=6)
    assert waiting.load(sha256) == b"abcdef"
    with pytest.raises(blobs.BlobMissing):
        blobs.load(sha256)


def test_too_much_is_refused_and_leaves_nothing() -> None:
    with pytest.raises(blobs.TooLarge):
        waiting.keep([b"abc", b"def"], limit=5)
    assert [path for path in blobs.directory().rglob("*") if path.is_file()] == []


def test_after_a_day_it_is_removed_and_nothing_else() -> None:
    record = blobs.store([b"a record"])
    path = blobs.path_of(record.sha256)
    os.utime(path, (0, 0))
    old, young = waiting.keep([b"old"], limit=9), waiting.keep([b"young"], limit=9)
    aged(old, DAY + 1)
    aged(young, DAY - 60)
    assert waiting.sweep(now=now()) == 1
    with pytest.raises(blobs.BlobMissing):
        waiting.load(old)
    assert waiting.load(young) == b"young"
    assert blobs.load(record.sha256) == b"a record"


def test_kept_again_its_day_begins_anew() -> None:
    again = waiting.keep([b"again"], limit=9)
    aged(again, DAY + 1)
    assert waiting.keep([b"again"], limit=9) == again
    assert waiting.sweep(now=now()) == 0
    assert waiting.load(again) == b"again"


def test_a_sweep_before_the_first_upload_finds_nothing() -> None:
    assert waiting.sweep(now=now()) == 0


def test_what_a_killed_process_left_half_written_is_swept_after_a_day() -> None:
    kept = blobs.store([b"a record"])
    old, young = blobs.directory() / "incoming-old", blobs.directory() / "incoming-young"
    for file in (old, young):
        file.touch()
    for file in (old, blobs.path_of(kept.sha256)):
        os.utime(file, (0, 0))
    assert waiting.sweep(now=now()) == 1
    assert not old.exists() and young.exists()
    assert blobs.load(kept.sha256) == b"a record"
