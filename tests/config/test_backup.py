"""A backup is whole or is not there; a restore goes into an empty place, is checked first and verified afterwards."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django.fixtures import Settings

from config.backup import DUMP, MANIFEST
from core.files.models import Attachment
from core.files.queries import open_blob
from core.files.services import attach
from core.trail.models import Seal
from tests.support import seals
from tests.support.people import make_site, make_user
from tools.cluster import Cluster

pytestmark = pytest.mark.requirement("FAULT-03")
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
                    "0000000d49444154789c6360000002000001e221bc330000000049454e44ae426082")  # fmt: skip


def command(name: str, directory: Path) -> str:
    out = io.StringIO()
    with seals.role("trueline_owner"):
        call_command(name, str(directory), stdout=out)
    return out.getvalue()


@contextmanager
def data_directory(settings: Settings, place: Path) -> Iterator[Path]:
    """Within, the installation's files and keys lie here."""
    before = settings.DATA_DIR, settings.TRUELINE_FILES_DIR, settings.TRUELINE_KEY_DIR
    settings.DATA_DIR, settings.TRUELINE_FILES_DIR, settings.TRUELINE_KEY_DIR = place, place / "files", place / "keys"
    yield place
    settings.DATA_DIR, settings.TRUELINE_FILES_DIR, settings.TRUELINE_KEY_DIR = before


@contextmanager
def database(name: str) -> Iterator[None]:
    """Within, `connection` leads to this database."""
    connection.close()
    before, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


@pytest.fixture
def installation(plant: str, settings: Settings, tmp_path: Path) -> Iterator[Attachment]:
    """A plant with a sealed trail, an attachment and a sealing key."""
    with data_directory(settings, tmp_path / "data") as data:
        (data / "keys").mkdir(parents=True)
        (data / "keys" / "seal.p12").write_bytes(b"a key")
        site = make_site("GRZ")
        person = make_user("maria", site=site, permissions=("core_organization.change_site",))
        attachment = attach(io.BytesIO(PNG), name="weld.png", to=site, actor=person)
        seals.write(5)
        seals.seal()
        yield attachment


@pytest.fixture
def empty(plant: str, postgres: Cluster) -> Iterator[str]:
    """The name of an empty database beside the plant."""
    name = f"{plant}_restored"
    postgres.create_database(name)
    yield name
    postgres.drop_database(name)


def test_a_backup_restored_is_what_was_and_verifies(
    installation: Attachment, empty: str, settings: Settings, tmp_path: Path
) -> None:
    head = Seal.objects.order_by("-number")[0].head
    assert "is whole" in command("backup", tmp_path / "kept")
    assert (tmp_path / "kept").stat().st_mode & 0o077 == 0
    assert json.loads((tmp_path / "kept" / MANIFEST).read_text())["head"] == head
    with database(empty), data_directory(settings, tmp_path / "other") as data:
        said = command("restore", tmp_path / "kept")
        assert "is whole" in said and "opens an epoch" in said
        assert (data / "keys" / "seal.p12").read_bytes() == b"a key"
        found = Attachment.objects.get()
        assert found.sha256 == installation.sha256
        with open_blob(found) as file:
            assert file.read() == PNG
        seals.write(1)
        with pytest.raises(CommandError, match="tables: restore into an empty one"):
            command("restore", tmp_path / "kept")


def test_a_backup_is_not_written_over_another_one_nor_without_its_files(
    installation: Attachment, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "kept").mkdir()
    with pytest.raises(CommandError, match="exists"):
        command("backup", tmp_path / "kept")
    stored = next((settings.TRUELINE_FILES_DIR).rglob(installation.sha256))
    stored.chmod(0o600)
    stored.write_bytes(b"something else")
    with pytest.raises(CommandError, match="is damaged"):
        command("backup", tmp_path / "second")
    stored.unlink()
    with pytest.raises(CommandError, match="stored files are missing"):
        command("backup", tmp_path / "second")
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(("kept", "second"))) == ["kept"]


def test_a_backup_that_is_not_as_it_was_written_restores_nothing(
    installation: Attachment, empty: str, settings: Settings, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    command("backup", kept)
    manifest = (kept / MANIFEST).read_text()
    with database(empty), data_directory(settings, tmp_path / "other") as data:

        def refused(words: str) -> None:
            with pytest.raises(CommandError, match=words):
                command("restore", kept)
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")
                assert cursor.fetchone() == (0,)
            assert not data.exists() or not any(path.is_file() for path in data.rglob("*"))

        (kept / MANIFEST).write_text(manifest.replace('"files/', '"../files/'))
        refused("leads out of the backup")
        newer = json.loads(manifest)
        newer["migrations"].append("core_trail.0099_later")
        (kept / MANIFEST).write_text(json.dumps(newer))
        refused("A newer Trueline")
        (kept / MANIFEST).write_text("{")
        refused("no whole backup")
        (kept / MANIFEST).write_text(manifest)
        dump = (kept / DUMP).read_bytes()
        (kept / DUMP).write_bytes(dump[:-1] + bytes([dump[-1] ^ 1]))
        refused("not as the manifest says")
        (kept / DUMP).unlink()
        refused("is missing in the backup")
        (kept / DUMP).write_bytes(dump)
        (data / "files" / "ab" / "cd").mkdir(parents=True)
        stranger = data / "files" / "ab" / "cd" / ("abcd" + "0" * 60)
        stranger.write_bytes(b"of another plant")
        with pytest.raises(CommandError, match="holds files that are not in the backup"):
            command("restore", kept)
        stranger.unlink()
        assert "is whole" in command("restore", kept)


def test_what_a_superuser_changed_before_the_backup_is_named_after_the_restore(
    installation: Attachment, empty: str, postgres: Cluster, plant: str, settings: Settings, tmp_path: Path
) -> None:
    with seals.superuser(postgres, plant) as link:
        link.execute("UPDATE core_trail_trailevent SET text = 'never' WHERE text = 'seen 3'")
    command("backup", tmp_path / "kept")
    with (
        database(empty),
        data_directory(settings, tmp_path / "other"),
        pytest.raises(CommandError, match="not as they were sealed"),
    ):
        command("restore", tmp_path / "kept")
