"""Whoever releases a lot that came from a supplier sees on that page from whom it came, and what lies with it."""

from __future__ import annotations

import io
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from core.files.queries import attachments_of
from tests.api.conftest import MAKE, program_of
from tests.support.people import make_user
from tests.support.visits import visit_as
from tests.traceability.goods import ordered, receive
from tests.traceability.test_receiving import PDF
from tests.traceability.test_views import ALL, MOST_STATEMENTS
from tests.traceability.world import World
from traceability import services
from traceability.models import Lot
from traceability.queries import arrivals_of

pytestmark = pytest.mark.requirement("RCV-07")


def release_page(lot: Lot) -> str:
    return reverse("traceability:lot_move", args=[lot.pk, "release"])


def test_deliveries_of_a_lot_are_added_up_and_what_was_taken_back_is_none(world: World) -> None:
    line = ordered(world, 5)
    first = receive(world, line)
    wrong = receive(world, line, quantity=Decimal(1))
    services.take_back_receipt(receipt=wrong, reason="Counted twice", actor=world.quality)
    receive(world, line, quantity=Decimal(1))
    receive(world, line, quantity=Decimal(2), over_reason="Free sample")
    told = arrivals_of(first.lot)
    assert [(one.quantity, one.over_reason) for one in told] == [(2, "Free sample"), (5, "")]
    assert {one.order for one in told} == {f"{line.order.number} · 10"}
    assert {one.supplier for one in told} == {str(line.order.supplier)}
    assert arrivals_of(world.lot(3)) == []


def test_pieces_with_serial_numbers_are_one_delivery(world: World) -> None:
    receipt = receive(world, ordered(world, 30, world.material(tracking="serial")), quantity=Decimal(20))
    with CaptureQueriesContext(connection) as queries:
        told = arrivals_of(receipt.lot)
    assert [one.quantity for one in told] == [20] and len(queries) == 1


def test_the_page_of_the_release_says_from_whom_it_came_and_leads_to_the_certificate(world: World) -> None:
    line = ordered(world)
    lot = receive(world, line, certificate=io.BytesIO(PDF)).lot
    desk = visit_as(make_user(site=world.site, permissions=(*ALL, "core_organization.view_partner")))
    desk.get(release_page(lot))
    with CaptureQueriesContext(connection) as queries:
        page = desk.get(release_page(lot)).content.decode()
    assert len(queries) <= MOST_STATEMENTS
    shown = " ".join(unescape(strip_tags(page)).split())
    for word in (line.order.supplier.name, "S-77", f"4 EA · {line.order} · 10", "Certificate of the supplier"):
        assert word in shown, word
    assert attachments_of(lot)[0].get_absolute_url() in page
    assert line.order.supplier.get_absolute_url() in page


def test_a_missing_certificate_is_said_and_what_was_made_here_has_none(world: World) -> None:
    desk = visit_as(make_user(site=world.site, permissions=ALL))
    assert "none is attached" in desk.get(release_page(receive(world, ordered(world)).lot)).content.decode()
    made = desk.get(release_page(world.lot(3, status="quarantine"))).content.decode()
    assert "none is attached" not in made and "Supplier" not in made
    unknown = world.lot(3, status="quarantine", supplier_lot="S-9")
    assert "no delivery is recorded" in desk.get(release_page(unknown)).content.decode()


@pytest.mark.requirement("TRC-07")
def test_everything_on_a_lot_begins_with_its_receipts_and_its_certificate(world: World) -> None:
    line = ordered(world)
    lot = receive(world, line, certificate=io.BytesIO(PDF)).lot
    desk = visit_as(make_user(site=world.site, permissions=ALL))
    page = desk.get(reverse("traceability:lot_everything", args=[lot.pk])).content.decode()
    shown = " ".join(unescape(strip_tags(page)).split())
    assert f"From {line.order.supplier}, their lot S-77" in shown and f"4 EA · {line}" in shown
    assert "Receipt 4 EA" in shown and "Nobody has signed it yet." in shown
    assert attachments_of(lot)[0].get_absolute_url() in page
    reader = make_user(site=world.site, permissions=("traceability.view_lot", MAKE))
    rows = program_of(reader).get(f"traceability/lots/{lot.pk}/everything/").json()["results"]
    arrivals = [row for row in rows if row["part"] == "arrivals"]
    assert [row["what"] for row in arrivals] == [
        f"From {line.order.supplier}, their lot S-77", "Certificate of the supplier's lot S-77",
    ]  # fmt: skip
    assert {row["note"] for row in rows if row["part"] == "movements"} == {f"– → {world.quarantine} · {line}"}
