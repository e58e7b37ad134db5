"""What a document of the house points at is there."""

import re
from pathlib import Path

import pytest

from config.apps import BASE_DIR

DOCUMENTS = sorted([*BASE_DIR.glob("*.md"), *(BASE_DIR / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)")


def missing(document: Path) -> list[str]:
    """The relative links of a document that lead nowhere."""
    targets = [link for link in LINK.findall(document.read_text()) if not re.match(r"\w+:", link)]
    return [target for target in targets if not (document.parent / target).exists()]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(BASE_DIR)))
def test_every_link_of_a_document_leads_to_a_file(document: Path) -> None:
    """A reader of the clone follows each link without a network."""
    assert missing(document) == []


def test_a_dead_link_is_found(tmp_path: Path) -> None:
    """The search itself can find something."""
    page = tmp_path / "page.md"
    page.write_text("See [this](gone.md#part), [that](page.md) and [there](https://example.com/x).")
    assert missing(page) == ["gone.md"]
