"""Nothing of the other site in exports, search, scans, counts or choices; pages are read by the crawler itself."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.apps import apps
from django.db import models, transaction

from core.kernel.deeds import acting
from core.kernel.permissions import ALL_TEMPLATES
from core.kernel.wiring import ask
from core.organization.services import system_user
from core.web.questions import FindRecords, NavigationCount, ResolveScan
from core.web.scan import clean
from core.web.views import ListPage
from tests.access.conftest import HERE, THERE, Plants
from tests.access.expected import Visitor, refusal
from tests.support.pages import pages
from tests.support.visits import visit_as
from tests.support.whole import in_turn, is_whole

pytestmark = pytest.mark.requirement("ACC-03")

LISTS = [page for page in pages() if issubclass(page.view, ListPage)]
NUMBERED = ("number", "code", "serial", "title", "name")


def numbers_of(rows: list[models.Model]) -> set[str]:
    """What the rows would be searched by."""
    return {str(getattr(row, name)) for row in rows for name in NUMBERED if getattr(row, name, "")}


@pytest.mark.parametrize("template", ALL_TEMPLATES)
def test_exports_hold_only_what_the_list_shows(plants: Plants, template: str) -> None:
    client, read = visit_as(plants.people[template]), 0
    for page in LISTS:
        let_in = [one for one in ALL_TEMPLATES if refusal(page, Visitor(one), at_other_site=False) is None]
        if template not in let_in or not (is_whole() or in_turn(page.name, let_in) == template):
            continue
        address = page.address(plants.here)
        lines = client.get(address, {"export": "csv"})
        content = b"".join(lines.streaming_content) if lines.streaming else lines.content  # type: ignore[attr-defined]
        sheet = client.get(address, {"export": "xlsx"})
        book = openpyxl.load_workbook(io.BytesIO(b"".join(sheet.streaming_content)))  # type: ignore[attr-defined]
        cells = " ".join(str(cell) for row in book.worksheets[0].iter_rows(values_only=True) for cell in row)
        found = [name for name, text in (("csv", content.decode()), ("xlsx", cells)) if THERE in text]
        assert not found, f"{page.name} exports rows of the other site as {found}"
        read += HERE in cells
    assert read or not is_whole() or template == "external_auditor"


@pytest.mark.parametrize("template", ALL_TEMPLATES)
def test_search_and_scanner_find_nothing_of_the_other_site(plants: Plants, template: str) -> None:
    user = plants.people[template]
    for words in sorted(numbers_of(list(plants.there.own.values()))):
        if not words.startswith(THERE) or not (is_whole() or in_turn(words, ALL_TEMPLATES) == template):
            continue
        assert not ask(FindRecords(words, user)), words
        assert not ask(ResolveScan(clean(words), user)), words
    assert not ask(FindRecords(THERE, user))


def test_search_finds_what_is_here(plants: Plants) -> None:
    assert ask(FindRecords(HERE, plants.people["quality_head"]))


@pytest.mark.parametrize("template", ALL_TEMPLATES)
def test_counts_do_not_move_when_the_other_site_grows(plants: Plants, template: str) -> None:
    user = plants.people[template]
    before = sorted((count.url_name, count.waiting().count()) for count in ask(NavigationCount(user)))
    with transaction.atomic(), acting(system_user("access")):
        for label in ("qms_nonconformance.NonConformance", "core_worklist.Assignment", "traceability.Lot"):
            plants.there.fresh(apps.get_model(label))
    assert sorted((count.url_name, count.waiting().count()) for count in ask(NavigationCount(user))) == before
