"""What is special about an S3-compatible store: signed requests, stumbling, being away, what a backup says."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import pytest
from django.core.management import CommandError

from core.files import blobs, waiting
from core.files.models import Attachment
from core.files.s3 import EMPTY, Bucket, Signer, StoreAway
from core.web.outages import outage_of
from tests.config.test_backup import command, installation
from tests.core.files.s3_server import Store

__all__ = ["installation"]

pytestmark = pytest.mark.requirement("FILE-02")


def test_a_request_is_signed_as_the_published_example() -> None:
    """The example of “Authenticating Requests: Using the Authorization Header” (GET Object)."""
    signer = Signer("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1")
    at = dt.datetime(2013, 5, 24, tzinfo=dt.UTC)
    headers = signer.headers("GET", "examplebucket.s3.amazonaws.com", "/test.txt", EMPTY, at, range="bytes=0-9")
    expected = "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    assert headers["Authorization"].endswith(f"Signature={expected}")


def test_an_object_has_the_name_of_its_hash_and_is_sent_once(s3: Store) -> None:
    blob = blobs.store([b"abc", b"def"])
    assert list(s3.objects) == [f"/bucket/plant/{hashlib.sha256(b'abcdef').hexdigest()}"]
    assert blobs.store([b"abcdef"]) == blob
    assert s3.puts == 1
    assert blobs.exists(blob.sha256) and not blobs.exists("0" * 64)


def test_a_store_that_stumbles_is_asked_again(s3: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.files.s3.PAUSE", 0.0)
    s3.stumbles = 2
    blob = blobs.store([b"abc"])
    s3.stumbles = 2
    assert blobs.load(blob.sha256) == b"abc"


def test_a_store_that_is_away_or_refuses_is_said_in_words(s3: Store) -> None:
    s3.is_refusing = True
    with pytest.raises(StoreAway, match="AccessDenied") as told:
        blobs.store([b"abc"])
    outage = outage_of(told.value)
    assert outage is not None and outage.code == "part_away"
    s3.is_refusing = False
    assert blobs.store([b"abc"]).size == 3


def test_nobody_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.files.s3.PAUSE", 0.0)
    with pytest.raises(StoreAway, match="refused"):
        Bucket("http://127.0.0.1:9/bucket", Signer("a", "b", "c")).has("0" * 64)


def test_what_waits_for_a_decision_stays_in_the_directory(s3: Store) -> None:
    address = waiting.keep([b"a,b\n"], limit=100)
    assert s3.objects == {} and waiting.load(address) == b"a,b\n"


@pytest.mark.requirement("FAULT-03")
def test_a_backup_looks_for_them_and_says_where_they_stay(s3: Store, installation: Attachment, tmp_path: Path) -> None:
    said = command("backup", tmp_path / "kept")
    assert f"Stored files stay in {s3.url}" in said
    assert not (tmp_path / "kept" / "files").exists()
    s3.objects.clear()
    with pytest.raises(CommandError, match="missing"):
        command("backup", tmp_path / "again")
