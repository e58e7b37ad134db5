"""The page of a trace: as table, tree, picture and file; its address is judged in words."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from core.kernel.permissions import catalogue
from core.trail.models import TrailEvent
from tests.support.people import make_site, make_user
from tests.support.visits import visit_as
from tests.traceability.world import World
from traceability import services
from traceability.models import Lot
from traceability.queries import trace
from traceability.services import LinkInput
from traceability.views import trace_files, trace_graph
from traceability.views.trace import ROWS_A_PAGE
from traceability.views.trace_graph import Addresses, Picture, picture

MOST_STATEMENTS = 15
ALL = tuple(code for code in catalogue() if code.startswith(("traceability.", "core_lifecycle.", "core_signing.")))


@pytest.fixture
def desk(world: World) -> Client:
    """A browser of a person who holds every right of this storey at the world's site."""
    return visit_as(make_user(site=world.site, permissions=ALL))


@pytest.fixture
def chain(world: World) -> list[Lot]:
    """Four lots, each of which went into the next."""
    lots = [world.lot(0, number=f"CHAIN-{number}") for number in range(4)]
    for above, below in itertools.pairwise(lots):
        world.link(above, below, 2)
    return lots


def address(lot: Any) -> str:
    return reverse(f"traceability:{type(lot)._meta.model_name}_trace", args=[lot.pk])


def many(world: World, into: Any, count: int, *, each: int = 1) -> list[Lot]:
    """So many lots that went into one, `each` of them of one material."""
    lots: list[Lot] = []
    for number in range(count):
        material = world.material() if number % each == 0 else lots[-1].material
        lots.append(world.lot(0, material, number=f"MANY-{number}"))
    links = [LinkInput(lot, into, Decimal(1), world.each) for lot in lots]
    services.link_many(links=links, source=None, actor=world.system)
    return lots


@pytest.mark.requirement("TRC-04")
def test_a_trace_is_shown_as_table_tree_and_picture_within_its_statements(
    world: World, desk: Client, chain: list[Lot]
) -> None:
    services.place_hold(lot=chain[0], reason="Suspect", actor=world.operator)
    unit = world.unit(chain[-1], stocked=False)
    desk.get(address(chain[1]))
    for record, direction, show in itertools.product(
        (chain[1], unit), ("backward", "forward", "both"), ("table", "tree", "graph")
    ):
        with CaptureQueriesContext(connection) as queries:
            page = desk.get(address(record), {"direction": direction, "show": show})
        assert page.status_code == 200
        assert len(queries) <= MOST_STATEMENTS, (direction, show, len(queries))
        text = page.content.decode()
        reached = {row.number for row in trace(record, direction)}  # type: ignore[arg-type]
        assert all(number in text for number in reached)
        assert ("CHAIN-0" in text and "On hold" in text) == ("CHAIN-0" in reached)
        assert 'style="' not in text.partition('id="tl-content"')[2]


@pytest.mark.requirement("TRC-02")
def test_the_address_filters_the_trace(desk: Client, chain: list[Lot]) -> None:
    def asked(**values: Any) -> str:
        page = desk.get(address(chain[3]), values)
        assert page.status_code == 200
        text = page.content.decode()
        return "".join(str(number) for number in range(3) if f">CHAIN-{number}</a>" in text)

    assert asked() == "012"
    assert asked(depth=2) == "12"
    assert asked(level=3) == "0"
    assert asked(material=chain[1].material.number) == "1"
    assert asked(status="released") == "012"
    assert asked(status="quarantine") == ""
    assert asked(site=chain[0].site_id) == "012"
    assert asked(since="2000-01-01") == "012"
    assert asked(until="2000-01-01") == ""
    assert asked(direction="forward") == ""


@pytest.mark.requirement("TRC-04")
@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("direction=sideways", "Direction"),
        ("show=song", "Shown as"),
        ("export=exe", "Download"),
        ("depth=0", "Down to level"),
        ("depth=many", "Down to level"),
        ("material=NOPE", "There is no material with this number."),
        ("site=999999", "Site"),
        ("status=lost", "State"),
        ("since=yesterday", "Recorded from"),
        ("page=-1", "Page"),
        ("colour=red", "Not a filter of a trace: colour."),
    ],
)
def test_what_the_address_cannot_mean_is_said_in_words(desk: Client, chain: list[Lot], query: str, words: str) -> None:
    page = desk.get(f"{address(chain[3])}?{query}")
    assert page.status_code == 400
    assert words in page.content.decode()
    assert "CHAIN-0" not in page.content.decode()


@pytest.mark.requirement("TRC-04")
def test_a_long_table_comes_in_pages_with_all_its_rows(world: World, desk: Client) -> None:
    top = world.lot(0)
    many(world, top, ROWS_A_PAGE + 30, each=1000)
    shown = []
    for number, count in ((1, ROWS_A_PAGE), (2, 30)):
        text = desk.get(address(top), {"page": str(number)}).content.decode()
        found = re.findall(r">(MANY-\d+)</a>", text)
        assert len(found) == count and f"Page {number} of 2" in text
        shown += found
    assert len(set(shown)) == ROWS_A_PAGE + 30


@pytest.mark.requirement("TRC-03")
def test_of_another_site_neither_names_nor_numbers_are_told(world: World) -> None:
    elsewhere = make_site()
    top, bottom = world.lot(0, number="TOP"), world.lot(0, number="BOTTOM")
    secret = [services.create_lot(site=elsewhere, material=world.material(number=f"SM-{n}"), number=f"SECRET-{n}",
                                  actor=world.system) for n in range(3)]  # fmt: skip
    for lot in secret:
        world.link(lot, top)
        services.place_hold(lot=lot, reason="hidden", actor=world.system)
    world.link(bottom, secret[0])
    reader = visit_as(make_user(site=world.site, permissions=ALL))
    texts = [reader.get(address(top), {"show": show}).content.decode() for show in ("table", "tree", "graph")] + [
        reader.get(address(top), {"export": kind}).getvalue().decode() for kind in ("csv", "json")
    ]
    for text in texts:
        assert "BOTTOM" in text
        assert "SECRET" not in text and "SM-" not in text and elsewhere.code not in text
    for text in texts[:3]:
        assert "1 lot or unit" in text and "1 level" in text and "on hold" not in text
        assert "A part of this lies at a site that you may not see" in text
    assert json.loads(texts[4])["trace"]["is_partial"] is True
    assert reader.get(address(top), {"site": elsewhere.pk}).status_code == 400


@pytest.mark.requirement("TRC-04")
def test_the_tree_nests_what_went_into_what(desk: Client, chain: list[Lot], world: World) -> None:
    other = world.lot(0, number="OTHER")
    world.link(other, chain[3])
    text = desk.get(address(chain[3]), {"show": "tree"}).content.decode()
    nested = text[text.index('<ul class="tl-tree">') :]
    words = re.findall(r">(CHAIN-\d|OTHER)</a>|<(details|/details)", nested)
    flat = [name or tag for name, tag in words]
    inner = ["CHAIN-2", "details", "CHAIN-1", "details", "CHAIN-0", "/details", "/details"]
    assert [part for part in flat if part != "OTHER"][: len(inner)] == inner
    assert flat[flat.index("OTHER") + 1 :][:1] != ["details"]
    kept = desk.get(address(chain[3]), {"show": "tree", "level": "3"}).content.decode()
    assert ">CHAIN-0</a>" in kept and "something before it is not shown" in kept and ">CHAIN-1</a>" not in kept


def drawn(lot: Any, direction: Any = "backward") -> Picture:
    """The picture of a lot's trace with plain addresses."""
    addresses = Addresses(record=lambda row: f"/{row.number}", rows=lambda **asked: str(sorted(asked.items())))
    return picture(str(lot), "material", trace(lot, direction), addresses)


def assert_readable(found: Picture) -> None:
    """No two boxes touch each other, all lie within the picture, and that has bounds."""
    spots = sorted((box.x, box.y) for box in found.boxes)
    assert len(set(spots)) == len(spots)
    columns: dict[int, list[int]] = {}
    for x, y in spots:
        columns.setdefault(x, []).append(y)
    for ys in columns.values():
        assert all(b - a >= trace_graph.BOX_HEIGHT + trace_graph.GAP_Y for a, b in itertools.pairwise(ys))
    assert all(b - a >= trace_graph.BOX_WIDTH + trace_graph.GAP_X for a, b in itertools.pairwise(sorted(columns)))
    assert all(0 <= box.x <= found.width - trace_graph.BOX_WIDTH for box in found.boxes)
    assert all(0 <= box.y <= found.height - trace_graph.BOX_HEIGHT for box in found.boxes)
    assert found.height <= trace_graph.MOST_IN_COLUMN * (trace_graph.BOX_HEIGHT + trace_graph.GAP_Y) + 40
    assert found.width <= (2 * trace_graph.MOST_COLUMNS + 3) * (trace_graph.BOX_WIDTH + trace_graph.GAP_X)


@pytest.mark.requirement("TRC-05")
def test_five_hundred_lots_are_a_readable_picture(world: World, desk: Client) -> None:
    top = world.lot(0)
    middle = many(world, top, 10)
    for lot in middle[:9]:
        many(world, lot, 55, each=11)
    found = drawn(top)
    assert sum(box.count for box in found.boxes) - 1 == 10 + 9 * 55
    assert_readable(found)
    assert len(found.boxes) <= 1 + 10 + trace_graph.MOST_IN_COLUMN
    page = desk.get(address(top), {"show": "graph"})
    assert page.content.decode().count("<rect") <= 2 * len(found.boxes)
    assert len(page.content) < 120_000
    groups = re.findall(r'<a href="(\?[^"]+)" aria-label="11 lots', page.content.decode())
    query = parse_qs(urlsplit(groups[0].replace("&amp;", "&")).query)
    assert query["show"] == ["table"] and query["level"] == ["2"]
    opened = desk.get(address(top) + groups[0].replace("&amp;", "&")).content.decode()
    assert "11 lots and units" in opened


@pytest.mark.requirement("TRC-05")
def test_wide_and_deep_traces_keep_their_bounds(world: World) -> None:
    wide = world.lot(0)
    lots = many(world, wide, 60)
    services.place_hold(lot=lots[59], reason="Suspect", actor=world.operator)
    found = drawn(wide)
    assert_readable(found)
    assert len(found.boxes) == 1 + trace_graph.MOST_IN_COLUMN
    assert any(box.lines[0] == "MANY-59" and box.is_held for box in found.boxes)
    assert sum(box.count for box in found.boxes) == 61
    deep = [world.lot(0) for _ in range(30)]
    for above, below in itertools.pairwise(deep):
        world.link(above, below)
    found = drawn(deep[15], "both")
    assert_readable(found)
    assert len(found.boxes) == 30
    found = drawn(deep[29])
    assert_readable(found)
    assert max(box.count for box in found.boxes) == 29 - trace_graph.MOST_COLUMNS


@pytest.mark.requirement("TRC-01")
def test_lots_of_one_material_stay_boxes_of_their_own_until_they_are_counted(world: World) -> None:
    unit = world.unit(world.lot(0), stocked=False)
    lots = many(world, unit, trace_graph.GROUP_FROM - 1, each=100)
    boxes = {box.lines[0] for box in drawn(unit).boxes}
    assert {lot.number for lot in lots} <= boxes
    world.link(world.lot(0, lots[0].material, number="ONE-MORE"), unit)
    group = next(box for box in drawn(unit).boxes if box.is_group)
    assert group.count == trace_graph.GROUP_FROM and lots[0].material.number in group.words


@pytest.mark.requirement("TRC-06")
def test_files_hold_every_row_and_are_noted(world: World, desk: Client, chain: list[Lot]) -> None:
    many(world, chain[3], 3)
    kept: dict[str, Any] = {"direction": "both", "depth": "2"}
    rows = desk.get(address(chain[2]), {**kept, "export": "csv"})
    lines = list(csv.reader(io.StringIO(rows.getvalue().decode("utf-8-sig"))))
    assert lines[0][:4] == ["Direction", "Level", "Relation", "Lot"]
    assert [line[3] for line in lines[1:]] == ["CHAIN-1", "CHAIN-0", "CHAIN-3"]
    sheet = load_workbook(io.BytesIO(desk.get(address(chain[2]), {**kept, "export": "xlsx"}).getvalue())).active
    assert sheet is not None
    assert [row[3] for row in sheet.iter_rows(min_row=2, values_only=True)] == ["CHAIN-1", "CHAIN-0", "CHAIN-3"]
    body = json.loads(desk.get(address(chain[2]), {**kept, "export": "json"}).getvalue())
    assert body["trace"]["record"] == "CHAIN-2" and body["trace"]["filters"] == {"depth": "2"}
    assert [(row["number"], row["direction"], row["quantity"]) for row in body["results"]] == [
        ("CHAIN-1", "backward", "2.000000"),
        ("CHAIN-0", "backward", "2.000000"),
        ("CHAIN-3", "forward", "2.000000"),
    ]
    noted = TrailEvent.objects.filter(kind="list_exported").order_by("pk")
    assert [(event.text, event.data["format"], event.data["rows"]) for event in noted] == [
        (address(chain[2]), kind, 3) for kind in ("csv", "xlsx", "json")
    ]
    empty = json.loads(desk.get(address(chain[0]), {"export": "json"}).getvalue())
    assert empty["results"] == []


@pytest.mark.requirement("TRC-06")
def test_more_rows_than_a_sheet_holds_are_refused_in_words(
    desk: Client, chain: list[Lot], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trace_files, "XLSX_LIMIT", 2)
    refused = desk.get(address(chain[3]), {"export": "xlsx"})
    assert refused.status_code == 400
    assert "A sheet holds 2 rows, the list has 3" in refused.content.decode()
    assert not TrailEvent.objects.filter(kind="list_exported").exists()


@pytest.mark.requirement("TRC-06")
def test_the_api_tells_a_trace_page_by_page(world: World, desk: Client, chain: list[Lot]) -> None:
    path = f"/api/v1/traceability/lots/{chain[3].pk}/trace/"
    many(world, chain[0], 5)
    told: list[str] = []
    after: str | None = "0"
    while after is not None:
        answer = desk.get(path, {"limit": "3", "after": after}).json()
        told += [row["number"] for row in answer["results"]]
        assert answer["total"] == 8 and answer["is_partial"] is False
        after = answer["next"]
    assert told == [row.number for row in trace(chain[3], "backward")]
    both = desk.get(path, {"direction": "both", "material": chain[1].material.number}).json()
    assert [row["number"] for row in both["results"]] == ["CHAIN-1"]
    for wrong in ({"depth": "0"}, {"material": "NOPE"}, {"after": "x"}, {"limit": "0"}, {"show": "tree"}):
        refused = desk.get(path, wrong)
        assert refused.status_code == 400, wrong
        assert refused["Content-Type"].startswith("application/problem+json")
