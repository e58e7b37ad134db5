"""Several lots at once: each hold through the same service, each with its verdict; labels of what was chosen."""

from __future__ import annotations

import pytest

from tests.support.people import grant, make_user
from tests.support.visits import visit_as
from tests.traceability.world import World, make_world
from traceability.models import Hold

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("SCR-13")]
HOLD = "/traceability/lots/hold/"


def chosen(*lots: object) -> str:
    return "?" + "&".join(f"row={lot.pk}" for lot in lots)  # type: ignore[attr-defined]


def test_a_hold_is_placed_on_every_chosen_lot(world: World) -> None:
    lots = [world.lot() for _ in range(3)]
    client = visit_as(world.quality)
    page = client.get(HOLD + chosen(*lots[:2])).content.decode()
    assert lots[0].number in page and lots[2].number not in page
    told = client.post(HOLD + chosen(*lots[:2]), {"reason": "Supplier recall"}).content.decode()
    assert "Done for all 2 records." in told
    assert {hold.lot for hold in Hold.objects.all()} == set(lots[:2])
    assert {hold.reason for hold in Hold.objects.all()} == {"Supplier recall"}


def test_each_lot_gets_its_own_verdict(world: World) -> None:
    """The right to hold is asked at each lot's own site: the lot elsewhere is refused, the lot here is held."""
    elsewhere = make_world()
    here, there = world.lot(), elsewhere.lot()
    grant(world.quality, elsewhere.site, "traceability.view_lot")
    told = visit_as(world.quality).post(HOLD + chosen(here, there), {"reason": "Recall"}).content.decode()
    assert "Done for 1 of 2 records" in told
    assert "Not done" in told
    assert [hold.lot for hold in Hold.objects.all()] == [here]


def test_without_the_right_a_reason_or_a_choice_nothing_happens(world: World) -> None:
    lot = world.lot()
    reader = make_user(site=world.site, permissions=("traceability.view_lot",))
    assert visit_as(reader).post(HOLD + chosen(lot), {"reason": "Recall"}).status_code == 403
    assert visit_as(world.quality).post(HOLD + chosen(lot), {"reason": ""}).status_code == 422
    assert "Nothing was chosen" in visit_as(world.quality).get(HOLD).content.decode()
    assert not Hold.objects.exists()


def test_labels_of_the_chosen_lots_are_one_pdf(world: World) -> None:
    lots = [world.lot() for _ in range(2)]
    answer = visit_as(world.quality).get("/traceability/lots/labels/" + chosen(*lots))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert visit_as(world.quality).get("/traceability/lots/labels/").status_code == 302


def test_the_bar_is_offered_to_whoever_may(world: World) -> None:
    world.lot()
    reader = make_user(site=world.site, permissions=("traceability.view_lot",))
    offered = visit_as(world.quality).get("/traceability/lots/").content.decode()
    assert f'formaction="{HOLD}"' in offered
    assert f'formaction="{HOLD}"' not in visit_as(reader).get("/traceability/lots/").content.decode()
