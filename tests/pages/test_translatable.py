"""Every text is translatable: in a made-up language in which each translated text stands in ⟦brackets⟧, whatever is
left outside them on a page or in a PDF is either a value of the plant or a text that nobody can translate.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from zoneinfo import available_timezones

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.utils import translation
from django.utils.functional import Promise

from core.printing import render
from core.web.views import ListPage
from mes.production_record.models import ProductionRecord
from mes.production_record.tasks import print_production_record
from tests.architecture import house
from tests.support.pages import addresses, desk_pages
from tests.support.plant import Plant
from traceability.models import LabelTemplate, UnitOfMeasure

pytestmark = pytest.mark.requirement("HOUSE-06")
WORD = re.compile(r"\b[^\W\d_]{3,}\b")
NO_WORD = re.compile(r"https?://\S+|\b(?:GET|POST) /\S*|(?<!\w)/[a-z][\w/-]*/\S*|\b[0-9a-f]{4}(?: [0-9a-f]{4}){3}\b")
"""Addresses, requests as the trail keeps them, and the digits of a digest in groups of four."""
ANYWHERE = frozenset({"Trueline", "SHA", "UTC", "PDF", "CSV", "Excel", "JSON", "YAML", "Markdown", "ZPL", "English"})
"""Names of the product, of formats, and of languages (each in its own)."""
SPOKEN = ("aria-label", "title", "placeholder", "alt")
SILENT = ("script", "style", "template", "kbd", "code")


def bracketed(text: str) -> str:
    """The made-up language."""
    return f"⟦{text}⟧" if text else text


@pytest.fixture
def made_up_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every gettext of the process answers in brackets."""
    speaker: Any = translation._trans  # type: ignore[attr-defined]
    one, many = speaker.gettext, speaker.ngettext

    def plain(message: Any) -> str:
        return bracketed(one(message))

    def counted(singular: str, plural: str, number: Any) -> str:
        return bracketed(many(singular, plural, number))

    monkeypatch.setattr(speaker, "gettext", plain)
    monkeypatch.setattr(speaker, "ngettext", counted)
    monkeypatch.setattr(speaker, "pgettext", lambda context, message: plain(message))
    monkeypatch.setattr(speaker, "npgettext", lambda context, singular, plural, n: counted(singular, plural, n))


class Reader(HTMLParser):
    """The words of a page that stand outside the brackets."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.silent = 0
        self.outside: set[str] = set()

    def read(self, text: str, depth: int = 0) -> int:
        """Collect the words outside; returns how deep in brackets the text ends."""
        for part in re.split(r"([⟦⟧])", NO_WORD.sub("", text)):
            depth += {"⟦": 1, "⟧": -1}.get(part, 0)
            if depth == 0:
                self.outside |= set(WORD.findall(part))
        return depth

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        for name, value in attrs:
            if name in SPOKEN and value:
                self.read(value)

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.depth = self.read(data, self.depth)


def untranslated(html: str, known: set[str]) -> list[str]:
    """Words that are neither translated nor a value of the plant."""
    reader = Reader()
    reader.feed(html)
    return sorted(reader.outside - known)


ENTERED = (
    ("qms_documents.DocumentRevision", "form_fields"),
    ("qms_documents.FilledForm", "values"),
    ("qms_risk.RiskMatrix", "severities"),
    ("qms_risk.RiskMatrix", "probabilities"),
    ("qms_risk.RiskMatrix", "bands"),
    ("qms_training.QuizQuestion", "answers"),
    ("qms_complaints.RegulatoryReport", "fields"),
)
"""Columns of structured values whose words people entered."""


def values_of_the_plant() -> set[str]:
    """Every word in every text column, except coded ones: a code that is shown as such is no word for people."""
    words = set(ANYWHERE) | {word for zone in available_timezones() for word in WORD.findall(zone.replace("_", " "))}
    words |= {word for unit in UnitOfMeasure.objects.all() for word in WORD.findall(unit.symbol)}
    for template in LabelTemplate.objects.all():
        words |= {word for one in template.elements for word in WORD.findall(str(one.get("text", "")))}
    for label, name in ENTERED:
        for value in apps.get_model(label)._base_manager.values_list(name, flat=True):
            words |= set(WORD.findall(json.dumps(value, ensure_ascii=False, default=str)))
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, (models.CharField, models.TextField)) and not field.choices:
                for value in model._base_manager.values_list(field.name, flat=True).distinct():
                    words |= set(WORD.findall(str(value or "")))
    return words


@pytest.fixture
def look(full: Plant) -> Callable[[str], Any]:
    """A visit by somebody who may see everything."""
    client = Client(raise_request_exception=True)
    client.cookies["sessionid"] = full.session
    return client.get


class Stop(Exception):
    """The HTML of a PDF has been seen."""


@pytest.fixture
def sheets(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The HTML of every PDF; nothing is rendered."""
    seen: list[str] = []

    def keep(html: str, **_more: Any) -> bytes:
        seen.append(html)
        raise Stop

    monkeypatch.setattr(render, "render_pdf", keep)
    return seen


def test_every_text_of_every_page_and_pdf_is_translatable(
    full: Plant, made_up_language: None, look: Callable[[str], Any], sheets: list[str]
) -> None:
    known = values_of_the_plant()
    found: dict[str, list[str]] = {}
    for route in desk_pages():
        if route.name.startswith("core_web:kit"):
            continue  # the gallery shows invented records, written as such
        paths = addresses(route)
        if issubclass(route.view, ListPage):
            paths.append(f"{paths[0]}?export=pdf")
        for path in paths:
            try:
                answer = look(path)
            except Stop:
                html = sheets.pop()
            else:
                if answer.status_code != 200 or "text/html" not in answer["Content-Type"]:
                    continue
                html = answer.content.decode()
            if words := untranslated(html, known):
                found[path] = words
    with pytest.raises(Stop):
        print_production_record(
            job=type("Handle", (), {"actor": full.visitor, "id": None, "progress": None})(),
            production_record_id=ProductionRecord.objects.filter(status="released").earliest("pk").pk,
            edition=2,
        )
    if words := untranslated(sheets.pop(), known):
        found["the production record"] = words
    told = "\n".join(f"{path}: {' '.join(words)}" for path, words in found.items())
    assert not found, told


def test_every_column_of_a_list_has_a_translated_name() -> None:
    lists = [route.view for route in desk_pages() if issubclass(route.view, ListPage)]
    assert lists
    plain = [
        f"{view.table_class.__qualname__}.{name}"
        for view in lists
        for name, column in view.table_class.base_columns.items()
        if column.verbose_name != "" and not isinstance(column.verbose_name, Promise)
    ]
    assert plain == []


def test_every_record_has_a_translated_name() -> None:
    """Django makes up an English name for a model that gives none."""
    plain = [
        model._meta.label
        for model in apps.get_models()
        if house.app_of(model.__module__)
        and not hasattr(model, "instance_type")  # a table of history is named after its model
        and not isinstance(model._meta.original_attrs.get("verbose_name_plural"), Promise)
    ]
    assert plain == []


def test_the_reader_tells_translated_from_plain_text() -> None:
    page = '<p title="Plain">⟦Save <b>now</b> please⟧ Forgotten Torque</p><script>var x</script>'
    assert untranslated(page, {"Torque"}) == ["Forgotten", "Plain"]


def test_no_blocker_is_written_in_plain_text() -> None:
    """The message and the remedy of a Blocker come from gettext or from a variable, never from a literal."""
    plain = []
    for file in house.python_files("core", "traceability", "qms", "mes", "integrations"):
        if "gallery" in file.parts:
            continue
        for node in ast.walk(house.parse(file)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Blocker":
                said = [*node.args[1:2], *(k.value for k in node.keywords if k.arg in ("message", "remedy"))]
                if any(isinstance(one, (ast.Constant, ast.JoinedStr)) for one in said):
                    plain.append(f"{house.show(file)}:{node.lineno}")
    assert plain == []
