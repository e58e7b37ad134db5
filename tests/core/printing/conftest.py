"""A sealed file and the key that sealed it, made once for the module."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from core.kernel.clock import now
from core.printing.documents import DataFile, Source
from core.printing.render import render_pdf
from core.printing.seal import SealKey, seal_key, seal_pdf

PAGE = "<html lang=en><head><title>Lot</title></head><body><h1>Lot L-1</h1><p>Released.</p></body></html>"


@pytest.fixture(scope="session")
def key(tmp_path_factory: pytest.TempPathFactory) -> SealKey:
    return seal_key(tmp_path_factory.mktemp("keys"), at=now(), organization="Test plant")


def nothing(address: str) -> tuple[bytes, str]:
    """A source without any file."""
    raise AssertionError(f"{address} was asked for")


@pytest.fixture(scope="session")
def plain() -> bytes:
    return render_pdf(PAGE, source=Source(nothing), created=now(), data=[DataFile("record.json", b'{"lot":"L-1"}')])


@pytest.fixture(scope="session")
def sealed(plain: bytes, key: SealKey) -> bytes:
    return seal_pdf(plain, key, reason="Sealed record", location="Vienna")


@pytest.fixture
def sealed_file(sealed: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "record.pdf"
    path.write_bytes(sealed)
    return path


@pytest.fixture(autouse=True)
def _sample_templates(settings: Settings) -> None:
    """Make `sample_record.html` known."""
    [engine] = copy.deepcopy(settings.TEMPLATES)
    engine["DIRS"] = [*engine["DIRS"], Path(__file__).parent / "templates"]
    settings.TEMPLATES = [engine]
