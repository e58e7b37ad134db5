"""Whether a lot may be used: every reason against it, at the query, in the offer and at the service."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.support.people import make_site, proof
from tests.support.stock import issue_stock, usability
from tests.traceability.refusals import refused
from tests.traceability.world import World
from traceability import services
from traceability.models import Lot
from traceability.queries import (
    day_at,
    lots_for,
    on_hand,
)


def _expired(world: World) -> Lot:
    return world.lot(5, expires_on=day_at(world.site) - dt.timedelta(days=1))


def _quarantined(world: World) -> Lot:
    return world.lot(5, status="quarantine")


def _rejected(world: World) -> Lot:
    lot = world.lot(5)
    return services.reject_lot(
        lot=lot, reason="broken", actor=world.quality, signature=proof(world.quality, "rejected")
    )


def _held(world: World) -> Lot:
    lot = world.lot(5)
    services.place_hold(lot=lot, reason="suspect", actor=world.operator)
    return lot


def _with_held_component(world: World) -> Lot:
    deep, middle, lot = world.lot(1), world.lot(0), world.lot(5)
    world.link(deep, middle)
    world.link(middle, lot)
    services.place_hold(lot=deep, reason="recalled", actor=world.operator)
    return lot


def _with_held_unit_inside(world: World) -> Lot:
    unit, lot = world.unit(world.lot(0)), world.lot(5)
    world.link(unit, lot)
    services.place_hold(unit=unit, reason="scratch seen too late", actor=world.operator)
    return lot


def _inactive(world: World) -> Lot:
    lot = world.lot(5)
    services.change_material(
        material=lot.material,
        name="Old",
        kind="component",
        shelf_life_days=None,
        is_active=False,
        reason="replaced",
        actor=world.system,
    )
    return lot


def _obsolete_revision(world: World) -> Lot:
    material = world.material(revision="A")
    services.make_revision_effective(revision=material.revisions.get(), actor=world.system)
    lot = world.lot(5, material)
    following = services.add_revision(material=material, revision="B", actor=world.system)
    services.make_revision_effective(revision=following, actor=world.system)
    return lot


AGAINST_USE = {
    "expired": _expired,
    "lot_status": _quarantined,
    "lot_status ": _rejected,
    "hold": _held,
    "hold_inherited": _with_held_component,
    "hold_inherited ": _with_held_unit_inside,
    "material_inactive": _inactive,
    "revision": _obsolete_revision,
}


@pytest.mark.requirement("ORD-04")
@pytest.mark.parametrize("code", AGAINST_USE)
def test_a_lot_that_may_not_be_used_is_refused_and_not_offered(world: World, code: str) -> None:
    make: Callable[[World], Lot] = AGAINST_USE[code]
    lot = make(world)
    lot.refresh_from_db()
    assert [blocker.code for blocker in usability(lot, Decimal(1))] == [code.strip()]
    assert all(blocker.message and blocker.remedy for blocker in usability(lot, Decimal(1)))
    assert lots_for(lot.material, world.site) == []
    with refused(code.strip()):
        issue_stock(lot=lot, quantity=Decimal(1), actor=world.operator)


@pytest.mark.requirement("ORD-04")
def test_all_reasons_are_said_at_once(world: World) -> None:
    lot = _expired(world)
    services.withdraw_lot(lot=lot, reason="check", actor=world.quality)
    services.place_hold(lot=lot, quantity=Decimal(4), reason="part", actor=world.operator)
    with refused("lot_status", "expired", "quantity"):
        issue_stock(lot=lot, quantity=Decimal(2), actor=world.operator)


def test_more_than_there_is_is_refused(world: World) -> None:
    lot = world.lot(5, world.weighed())
    with refused("quantity"):
        issue_stock(lot=lot, quantity=Decimal("5.000001"), actor=world.operator)
    with refused("quantity"):
        issue_stock(lot=lot, quantity=Decimal(0), actor=world.operator)


def test_the_last_day_of_shelf_life_counts_in_the_zone_of_the_site(world: World) -> None:
    lot = world.lot(5, expires_on=dt.date(2026, 6, 30))
    late_in_vienna = dt.datetime(2026, 6, 30, 21, 59, tzinfo=dt.UTC)
    assert usability(lot, Decimal(1), late_in_vienna) == []
    assert [b.code for b in usability(lot, Decimal(1), late_in_vienna + dt.timedelta(minutes=1))] == ["expired"]


def test_a_superseded_revision_may_be_used_up_until_a_day(world: World) -> None:
    lot = _obsolete_revision(world)
    lot.refresh_from_db()
    revision = lot.revision
    assert revision is not None
    today = day_at(world.site)
    with refused("permission"):
        services.allow_use_up(revision=revision, until=today, reason="cost", actor=world.operator)
    services.allow_use_up(revision=revision, until=today, reason="agreed", actor=world.quality)
    lot.refresh_from_db()
    assert usability(lot, Decimal(1)) == []
    assert [choice.lot for choice in lots_for(lot.material, world.site)] == [lot]
    tomorrow = dt.datetime.combine(today + dt.timedelta(days=1), dt.time(12), tzinfo=dt.UTC)
    assert [b.code for b in usability(lot, Decimal(1), tomorrow)] == ["revision"]


def test_lots_are_offered_first_expiring_first(world: World) -> None:
    material, today = world.material(), day_at(world.site)
    endless, late, soon = (
        world.lot(5, material, expires_on=day)
        for day in (None, today + dt.timedelta(days=90), today + dt.timedelta(days=3))
    )
    world.lot(0, material)
    other_site = make_site()
    services.create_lot(site=other_site, material=material, status="released", actor=world.system)
    services.place_hold(lot=late, quantity=Decimal(2), reason="part", actor=world.operator)
    choices = lots_for(material, world.site)
    assert [(choice.lot, int(choice.available)) for choice in choices] == [(soon, 5), (late, 3), (endless, 5)]
    assert choices[0].places == {world.store.pk: 5}


def test_offering_lots_takes_two_queries_however_many_there_are(world: World) -> None:
    material = world.material()
    for _ in range(15):
        world.lot(2, material)
    with CaptureQueriesContext(connection) as queries:
        assert len(lots_for(material, world.site)) == 15
    assert len(queries) == 2


def test_several_lots_are_issued_at_once_in_a_constant_number_of_statements(world: World) -> None:
    def statements(count: int) -> int:
        demands = [services.Demand(world.lot(5), Decimal(1)) for _ in range(count)]
        with CaptureQueriesContext(connection) as queries:
            services.issue_many(demands=demands, source=None, actor=world.operator)
        return len(queries)

    assert statements(8) == statements(2) <= 12


def test_issues_of_one_deed_add_up(world: World) -> None:
    lot = world.lot(5)
    demands = [services.Demand(lot, Decimal(3)), services.Demand(lot, Decimal(3))]
    with refused("quantity"):
        services.issue_many(demands=demands, source=None, actor=world.operator)
    services.issue_many(
        demands=[services.Demand(lot, Decimal(3)), services.Demand(lot, Decimal(2))], source=None, actor=world.operator
    )
    assert on_hand(lot) == 0


def test_a_repeated_request_books_once(world: World) -> None:
    lot, other, once = world.lot(5), world.lot(5), uuid.uuid4()
    first = issue_stock(lot=lot, quantity=Decimal(2), client_id=once, actor=world.operator)
    again = issue_stock(lot=lot, quantity=Decimal(2), client_id=once, actor=world.operator)
    assert (first.pk, int(on_hand(lot))) == (again.pk, 3)
    with refused("client_id"):
        issue_stock(lot=other, quantity=Decimal(2), client_id=once, actor=world.operator)
