"""The list page: rights, filters, search, sorting, keyset paging, statements."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.kernel.bulk import bulk_create
from core.kernel.clock import now
from core.kernel.deeds import acting
from core.organization.models import Site, Terminal, User, WorkCenter
from core.organization.services import system_user
from core.web.keyset import paginate
from core.web.markup import unbroken
from tests.core.web.pages import WorkCenterList
from tests.support.people import make_site, work_center_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.web.pages")]


def fill(site: Site, count: int, *, prefix: str = "W") -> None:
    """Work centers W0000… of which every third has an external id, and names repeat."""
    area = work_center_of(site).area
    with transaction.atomic(), acting(system_user("test")):
        bulk_create(
            [
                WorkCenter(
                    area=area,
                    code=f"{prefix}{n:04}",
                    name=f"Center {n % 7}",
                    external_id="" if n % 3 else f"X{n:03}",
                    is_active=n % 2 == 0,
                )
                for n in range(count)
            ]
        )


def codes(html: str) -> list[str]:
    return re.findall(r'<a href="/places/\d+/">([^<]+)</a>', html)


def link(html: str, rel: str) -> str:
    found = re.search(rf'rel="{rel}" href="([^"]+)"', html)
    return found.group(1).replace("&amp;", "&") if found else ""


def get(client: Client, address: str) -> str:
    response = client.get(f"/places/{address}")
    assert response.status_code == 200
    return response.content.decode()


def walk(client: Client, address: str) -> list[str]:
    """All codes of a list, page by page forwards; then backwards must give the same."""
    forwards, html = [], get(client, address)
    forwards += codes(html)
    while following := link(html, "next"):
        html = get(client, following)
        forwards += codes(html)
    backwards = codes(html)
    while earlier := link(html, "prev"):
        html = get(client, earlier)
        backwards = codes(html) + backwards
    assert backwards == forwards
    return forwards


def test_a_list_shows_only_the_places_of_the_visitor(client: Client, visitor: User, site: Site) -> None:
    fill(make_site("LIN"), 3, prefix="OTHER")
    page = get(client, "")
    assert codes(page) == ["WC1"]
    assert "OTHER" not in page
    assert "1 record" in page


@pytest.mark.parametrize("address", ["", "?sort=-code", "?sort=name", "?sort=-name", "?sort=external_id", "?sort=area"])
def test_paging_shows_every_row_once_in_every_order(client: Client, visitor: User, site: Site, address: str) -> None:
    fill(site, 43)
    found = walk(client, address)
    assert len(found) == len(set(found)) == 44
    if address == "?sort=-code":
        assert found == sorted(found, reverse=True)


def test_empty_values_stand_last_and_are_paged_too(site: Site) -> None:
    moment = now()
    with transaction.atomic(), acting(system_user("test")):
        bulk_create(
            [
                Terminal(
                    work_center=work_center_of(site),
                    code=f"t{n:02}",
                    name="Terminal",
                    enrolled_at=moment - dt.timedelta(minutes=n // 2) if n % 3 else None,
                )
                for n in range(23)
            ]
        )
    for order, direction in (("enrolled_at", 1), ("-enrolled_at", -1)):
        seen: list[Terminal] = []
        pages = [paginate(Terminal.objects.all(), [order], 5)]
        while pages[-1].next:
            pages.append(paginate(Terminal.objects.all(), [order], 5, after=pages[-1].next))
        seen = [row for page in pages for row in page.rows]
        assert len({row.pk for row in seen}) == len(seen) == 23
        times = [row.enrolled_at for row in seen if row.enrolled_at]
        assert times == sorted(times)[::direction]
        assert [row.enrolled_at for row in seen[15:]] == [None] * 8
        back = pages[-1]
        for page in pages[-2::-1]:
            back = paginate(Terminal.objects.all(), [order], 5, before=back.previous)
            assert [row.pk for row in back.rows] == [row.pk for row in page.rows]
        assert back.previous == ""


def test_rows_that_arrive_meanwhile_shift_nothing(client: Client, visitor: User, site: Site) -> None:
    fill(site, 30)
    first = get(client, "")
    fill(site, 5, prefix="A")  # sorts before everything on the first page
    second = codes(get(client, link(first, "next")))
    assert not set(codes(first)) & set(second)


def test_statements_do_not_grow_with_the_rows(client: Client, visitor: User, site: Site) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            get(client, "")
        return len(captured)

    fill(site, 2)
    few = statements()
    fill(site, 60, prefix="Z")
    assert statements() <= few + 1  # the count, once there is a second page
    assert few <= 12  # of these the shell itself asks five: session, person, rights, sites, counts in the navigation


def test_search_finds_every_word(client: Client, visitor: User, site: Site) -> None:
    fill(site, 8)
    assert codes(get(client, "?q=w0003")) == ["W0003"]
    assert codes(get(client, "?q=center 5 w")) == ["W0005"]
    page = get(client, "?q=zzz")
    assert codes(page) == []
    assert "Nothing matches" in page


def test_filters_apply_and_are_kept_in_the_address(client: Client, visitor: User, site: Site) -> None:
    fill(site, 24)
    page = get(client, "?is_active=true&sort=-code")
    assert codes(page)[0] == "WC1"
    assert all(code == "WC1" or int(code[1:]) % 2 == 0 for code in codes(page))
    assert "is_active=true" in link(page, "next")
    assert "sort=-code" in link(page, "next")


@pytest.mark.requirement("SCR-01")
def test_a_page_of_a_list_shows_all_its_rows(
    client: Client, visitor: User, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(site, 70)
    monkeypatch.setattr(WorkCenterList, "page_size", 50)
    page = get(client, "?sort=code")
    assert len(codes(page)) == 50
    assert len(codes(get(client, link(page, "next")))) == 21


def test_an_unknown_filter_is_said_and_ignored(client: Client, visitor: User, site: Site) -> None:
    page = get(client, "?colour=red&sort=shout&columns=code,name")
    assert "Not a filter of this list, so ignored: colour." in page
    assert "The list cannot be sorted by shout." in page
    assert codes(page) == ["WC1"]
    assert "external id" not in page.split("<thead>")[1].split("</thead>")[0].lower()


def test_a_wrong_filter_value_shows_no_rows_and_says_why(client: Client, visitor: User, site: Site) -> None:
    page = get(client, "?number=abc")
    assert codes(page) == []
    assert "Enter a number." in page


@pytest.mark.parametrize("cursor", ["nonsense", "!!!", "bnVsbA", "WyJjb2RlLHBrIiwgIngiXQ", "W10", "e30"])
def test_a_foreign_cursor_leads_to_the_first_page(client: Client, visitor: User, site: Site, cursor: str) -> None:
    page = get(client, f"?after={cursor}")
    assert codes(page) == ["WC1"]
    assert "no longer exists" in page


def test_create_is_offered_to_whoever_may(client: Client, editor: User, site: Site) -> None:
    assert "/places/new/" in get(client, "")


def test_create_is_not_offered_to_others(client: Client, visitor: User, site: Site) -> None:
    assert "/places/new/" not in get(client, "")


@pytest.mark.requirement("SCR-01")
def test_a_number_stays_on_one_line_and_an_empty_cell_has_one_sign(client: Client, visitor: User, site: Site) -> None:
    fill(site, 2)
    fill(site, 1, prefix="TT-1")
    with transaction.atomic(), acting(system_user("test")):
        center = WorkCenter.objects.get(code="W0001")
        center.name = "TT-100 Touring"
        center.save()
    page = get(client, "?q=TT-1")
    assert '<span class="tl-nowrap">TT-100</span> Touring</td>' in page
    assert re.search(r'<a href="/places/[0-9]+/"><span class="tl-nowrap">TT-10000</span></a>', page)
    assert ">–</td>" in page and "—" not in page
    exported = client.get("/places/?q=TT-100&export=csv")
    lines = exported.getvalue().decode()
    assert "TT-100 Touring" in lines and "tl-nowrap" not in lines and "–" not in lines


def test_only_numbers_are_kept_together() -> None:
    assert unbroken("TT-100 Touring & Co-op, " + "9-" * 20) == (
        '<span class="tl-nowrap">TT-100</span> Touring &amp; Co-op, ' + "9-" * 20
    )
    assert unbroken("") == ""
