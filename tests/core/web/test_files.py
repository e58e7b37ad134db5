"""The files of the browser: vendored ones equal their manifest, colours live in one file, icons exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import engines
from django.template.loader import get_template

from config.apps import BASE_DIR
from config.navigation import SECTIONS
from core.kernel.lifecycle import lifecycles
from core.web.markup import icon_names
from tools import vendor

STATIC = Path(BASE_DIR) / "static"
TEMPLATES = Path(BASE_DIR) / "templates"
PDF_SHEETS = {"sealed.css"}
"""Read by the PDF renderer, which knows no light-dark()."""
OURS = sorted((STATIC / "trueline").glob("*"))


def test_vendored_files_equal_their_manifest() -> None:
    assert vendor.check() == []


def test_a_changed_vendored_file_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in vendor.VENDOR.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(vendor, "VENDOR", tmp_path)
    monkeypatch.setattr(vendor, "MANIFEST", tmp_path / "manifest.json")
    (tmp_path / "htmx.min.js").write_bytes((tmp_path / "htmx.min.js").read_bytes() + b" ")
    (tmp_path / "more.js").write_text("1")
    assert vendor.check() == ["htmx.min.js: differs from the manifest", "more.js: not in the manifest"]


def test_no_file_asks_for_a_source_map_or_another_host() -> None:
    for path in [*STATIC.glob("vendor/*.css"), *STATIC.glob("vendor/*.js"), *OURS]:
        text = path.read_text(encoding="utf-8")
        assert "sourceMappingURL" not in text, path
        assert not re.search(r"url\(['\"]?(?:https?:)?//", text), path


def test_colours_stand_only_in_the_tokens() -> None:
    wrong = [
        f"{path.name}: {found}"
        for path in OURS
        if path.suffix == ".css" and path.name not in PDF_SHEETS | {"tokens.css"}
        for found in re.findall(r"#[0-9a-fA-F]{3,8}\b(?![\w-]*\s*[{,])|\b(?:rgba?|hsla?|oklch)\(", path.read_text())
    ]
    assert wrong == []


def test_every_token_that_is_used_is_declared() -> None:
    sheets = {path.name: path.read_text() for path in OURS if path.suffix == ".css"}
    declared = set(re.findall(r"(--tl-[\w-]+)\s*:", "".join(sheets.values())))
    used = set(re.findall(r"var\((--tl-[\w-]+)", "".join(sheets.values())))
    assert used - declared == set()


def test_every_icon_in_use_is_in_the_sprite() -> None:
    names = {
        name
        for path in TEMPLATES.rglob("*.html")
        for name in re.findall(r"""\{% icon ["']([\w-]+)["']""", path.read_text())
    }
    names |= {state.icon for lifecycle in lifecycles().values() for state in lifecycle.states}
    names |= {entry.icon for section in SECTIONS for entry in section.entries}
    assert names
    assert names - icon_names() == set()


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_every_template_compiles_and_has_no_inline_code(path: Path) -> None:
    assert engines["django"]
    get_template(str(path.relative_to(TEMPLATES)))
    if "print" in path.parts[len(TEMPLATES.parts) :]:
        return  # PDFs are rendered apart, without a browser
    text = re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", path.read_text(), flags=re.DOTALL)
    assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\ssrc=)|javascript:", text)
