"""The tests of this app run once with bytes in the directory and once with bytes in an S3-compatible store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from core.files import blobs
from tests.core.files.s3_server import KEY, SECRET, Store, serving


@dataclass
class Kept:
    """What is stored, wherever that is, and ways to harm it."""

    root: Path
    s3: Store | None = None

    def everything(self) -> list[str]:
        """The addresses of all that is stored, and whatever else lies there."""
        files = [path.name for path in self.root.rglob("*") if path.is_file()]
        return files + [path.rpartition("/")[2] for path in (self.s3.objects if self.s3 else ())]

    def damage(self, sha256: str, content: bytes) -> None:
        if self.s3 is not None:
            self.s3.objects[f"/bucket/plant/{sha256}"] = content
            return
        path = blobs.path_of(sha256)
        path.chmod(0o600)
        path.write_bytes(content)

    def lose(self, sha256: str) -> None:
        if self.s3 is not None:
            del self.s3.objects[f"/bucket/plant/{sha256}"]
        else:
            blobs.path_of(sha256).unlink()


@pytest.fixture(scope="session")
def s3_server() -> Iterator[Store]:
    with serving() as store:
        yield store


@pytest.fixture
def s3(s3_server: Store, settings: Settings) -> Store:
    """The store, empty, and named in the settings."""
    s3_server.forget()
    settings.TRUELINE_S3_URL = s3_server.url
    settings.TRUELINE_S3_ACCESS_KEY, settings.TRUELINE_S3_SECRET_KEY = KEY, SECRET
    return s3_server


@pytest.fixture(params=["directory", "s3"])
def kept(request: pytest.FixtureRequest, settings: Settings) -> Kept:
    """Both stores, one after the other."""
    elsewhere = request.getfixturevalue("s3") if request.param == "s3" else None
    return Kept(Path(settings.TRUELINE_FILES_DIR), elsewhere)
