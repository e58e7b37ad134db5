"""Guarantee 4 for containments in raw SQL as the app role, and by two workers: nothing enters a scope unheld."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.lifecycle.services import begin
from tests.api.conftest import MAKE, program_of
from tests.support.people import make_user, proof
from tests.support.visits import visit_as
from tests.traceability.goods import ordered, partner, receive
from tests.traceability.test_containment import RIGHTS, of_material
from tests.traceability.test_hold_guarantee import INSERT, refused, session, values
from tests.traceability.test_races import at_once
from tests.traceability.world import World, make_world
from traceability import services
from traceability.models import Containment, GenealogyLink, Hold, Lot, SerializedUnit, StockMovement
from traceability.queries import Scope, on_hand
from traceability.services.enforcement_containment import WHAT_COMES

LINK = """
INSERT INTO traceability_genealogylink
  (actor_id, stamped_at, stamped_txid, stamped_session_user, stamped_client, stamped_source, source_label, site_id,
   parent_lot_id, child_lot_id, quantity, uom_id)
VALUES (%(actor)s, now(), 0, '', '', '', '', %(site)s, %(parent)s, %(child)s, 1, %(uom)s)
"""


def contain(world: World, scope: Scope) -> Containment:
    quality = make_user(site=world.site, permissions=RIGHTS)
    return services.place_containment(scope=scope, reason="Wrong alloy", actor=quality)


def committed(world: World, act: Callable[[Any], Any]) -> str:
    """The name of the constraint that refused a transaction at its commit, or nothing where it went through."""
    try:
        with transaction.atomic(), acting(world.operator), connection.cursor() as cursor:
            act(cursor)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except DatabaseError as error:
        cause = error.__cause__
        assert isinstance(cause, psycopg.Error)
        return cause.diag.constraint_name or cause.sqlstate or ""
    return ""


@pytest.mark.requirement("HLD-06")
@pytest.mark.parametrize("kind", ["receipt", "produce"])
def test_nothing_comes_into_a_scope_in_sql_without_its_hold(world: World, kind: str) -> None:
    lot, later, other = world.lot(10), world.lot(0), world.lot(0)
    fresh = world.lot(0, lot.material)
    contain(world, of_material(world, lot))
    given = values(world, fresh, kind, 1)
    assert committed(world, lambda cursor: cursor.execute(INSERT, given)) == "traceability_containment"
    assert committed(world, lambda cursor: cursor.execute(INSERT, values(world, other, kind, 1))) == ""
    assert committed(world, lambda cursor: cursor.execute(INSERT, values(world, lot, kind, 1))) == ""
    assert on_hand(fresh) == 0
    assert not Hold.objects.filter(lot__in=[later, fresh, other]).exists()


@pytest.mark.requirement("HLD-06")
def test_no_unit_is_born_into_a_scope_past_the_services(world: World) -> None:
    lot = world.lot(0, world.material(tracking="serial"))
    contain(world, of_material(world, lot))
    born = SerializedUnit(site=world.site, material=lot.material, serial="X-1", lot=lot, status="completed")
    assert committed(world, lambda _cursor: begin(born, actor=world.operator)) == "traceability_containment"
    assert not SerializedUnit.objects.filter(serial="X-1").exists()


@pytest.mark.requirement("HLD-06")
def test_no_lot_takes_a_contained_suppliers_number_past_the_services(world: World) -> None:
    first = receive(world, ordered(world, 10), supplier_lot="S-77").lot
    contain(world, Scope("supplier", world.site, supplier_lot="s-77"))
    lot = Lot(site=world.site, material=first.material, number="L-X", status="quarantine", supplier_lot="S-77")
    assert committed(world, lambda _cursor: begin(lot, actor=world.operator)) == "traceability_containment"
    known = world.lot(5)

    def rename(_cursor: Any) -> None:
        known.supplier_lot = "S-77"
        known.save()

    assert committed(world, rename) == "traceability_containment"
    assert Lot.objects.get(pk=known.pk).supplier_lot == ""


@pytest.mark.requirement("HLD-06")
def test_no_link_leads_out_of_a_containment_with_descendants(world: World) -> None:
    raw, product, free = world.lot(10), world.lot(10), world.lot(10)
    contain(world, Scope("chosen", world.site, lots=(raw,), with_descendants=True))
    given = {
        "actor": world.operator.pk,
        "site": world.site.pk,
        "parent": raw.pk,
        "child": product.pk,
        "uom": world.each.pk,
    }
    assert committed(world, lambda cursor: cursor.execute(LINK, given)) == "traceability_containment"
    assert committed(world, lambda cursor: cursor.execute(LINK, {**given, "parent": free.pk})) == ""
    assert list(GenealogyLink.objects.values_list("parent_lot", flat=True)) == [free.pk]


@pytest.mark.requirement("HLD-06")
def test_no_link_carries_contained_goods_into_another_lot_number(world: World) -> None:
    raw = world.lot(10)
    other, product = world.lot(10, raw.material), world.lot(10)
    contain(world, Scope("chosen", world.site, lots=(raw,)))
    given = {"actor": world.operator.pk, "site": world.site.pk, "parent": raw.pk, "uom": world.each.pk}
    into = {**given, "child": other.pk}
    assert committed(world, lambda cursor: cursor.execute(LINK, into)) == "traceability_containment"
    assert committed(world, lambda cursor: cursor.execute(LINK, {**given, "child": product.pk})) == ""


@pytest.mark.requirement("HLD-06")
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE traceability_containment SET material_id = NULL, kind = 'chosen', row_version = row_version + 1",
        "UPDATE traceability_containment SET until = now(), row_version = row_version + 1",
        "DELETE FROM traceability_containment",
    ],
)
def test_a_scope_can_neither_shrink_nor_vanish(world: World, change: str) -> None:
    made = contain(world, of_material(world, world.lot(10)))
    assert committed(world, lambda cursor: cursor.execute(change)) == "42501"
    made.refresh_from_db()
    assert (made.kind, made.until, made.status) == ("material", None, "open")


@pytest.mark.requirement("HLD-06")
def test_a_containment_ends_in_sql_only_with_its_transition(world: World) -> None:
    made = contain(world, of_material(world, world.lot(10)))
    ended = "UPDATE traceability_containment SET status = 'ended', row_version = row_version + 1"
    assert committed(world, lambda cursor: cursor.execute(ended)) != ""
    made.refresh_from_db()
    assert made.status == "open"


@pytest.mark.requirement("HLD-06")
def test_the_app_role_cannot_switch_it_off(world: World) -> None:
    for name, table, _event, _condition in WHAT_COMES:
        command = f"ALTER TABLE {table} DISABLE TRIGGER {name}"
        with pytest.raises(DatabaseError, match="owner"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(command)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname, tgenabled FROM pg_trigger WHERE tgname LIKE 'traceability_%%contain%%'")
        enabled = dict(cursor.fetchall())
    assert set(enabled) >= {name for name, *_rest in WHAT_COMES}
    assert set(enabled.values()) == {"A"}


# --- held stock that is carried away


@pytest.mark.requirement("HLD-07")
def test_held_stock_goes_into_quarantine_and_not_back(world: World) -> None:
    lot = world.lot(10)
    services.place_hold(lot=lot, reason="suspect", actor=world.operator)
    given = {**values(world, lot, "move", 4), "target": world.quarantine.pk}
    assert committed(world, lambda cursor: cursor.execute(INSERT, given)) == ""
    back = {**given, "source": world.quarantine.pk, "target": world.store.pk}
    assert committed(world, lambda cursor: cursor.execute(INSERT, back)) == "traceability_hold"
    elsewhere = make_world().quarantine
    assert committed(world, lambda cursor: cursor.execute(INSERT, {**given, "target": elsewhere.pk})) == (
        "traceability_hold"
    )
    assert on_hand(lot, world.quarantine) == 4


@pytest.mark.requirement("HLD-07")
def test_a_movement_that_only_claims_a_removal_is_refused(world: World) -> None:
    lot = world.lot(10)
    quality = make_user(site=world.site, permissions=RIGHTS)
    hold = services.place_hold(lot=lot, reason="suspect", actor=world.operator)
    removal = services.remove_held(
        hold=hold,
        kind="destroyed",
        quantity=Decimal(2),
        reason="burnt",
        actor=quality,
        signature=proof(quality, "dispositioned"),
    )
    movement = removal.movement
    assert movement is not None
    again = {**values(world, lot, "scrap", 2)}
    claim = INSERT.replace("(actor_id,", "(source_type_id, source_id, actor_id,").replace(
        "VALUES (", "VALUES (%(source_type)s, %(source_id)s, "
    )
    given = {**again, "source_type": movement.source_type_id, "source_id": removal.pk}
    assert committed(world, lambda cursor: cursor.execute(claim, given)) == "traceability_hold"
    taken_back = claim.replace("(source_type_id,", "(reverses_id, source_type_id,").replace(
        "VALUES (", f"VALUES ({movement.pk}, "
    )
    undo = {**given, "kind": "return", "source": None, "target": world.store.pk}
    assert committed(world, lambda cursor: cursor.execute(taken_back, undo)) == "traceability_removed"
    assert on_hand(lot) == 8
    assert StockMovement.objects.filter(kind="scrap").count() == 1
    assert refused(world, lot, "scrap", 1) == "traceability_hold"


# --- two workers at once, on a database of their own


def escapes(containment: Containment, material: Any) -> list[Any]:
    """Lots of the material with stock, and units, that no open hold covers."""
    lots = [lot for lot in Lot.objects.filter(material=material) if on_hand(lot) > 0]
    open_lots = set(Hold.objects.filter(status="open", quantity__isnull=True).values_list("lot", flat=True))
    units = SerializedUnit.objects.filter(material=material).exclude(lot__in=open_lots - {None})
    held = set(Hold.objects.filter(status="open").values_list("unit", flat=True))
    bulk = [lot for lot in lots if lot.pk not in open_lots and not lot.units.exists()]
    return [*bulk, *(unit for unit in units if unit.pk not in held)]


@pytest.mark.requirement("HLD-06")
def test_two_workers_containing_and_producing_leave_nothing_unheld(plant: str) -> None:
    world = make_world()
    quality = make_user(site=world.site, permissions=RIGHTS)
    outcomes: Counter[str] = Counter()
    for _round in range(6):
        material = world.material()
        lots = [world.lot(0, material, status="in_production") for _ in range(3)]
        seed = world.lot(1, material)

        def act(number: int, lots: list[Lot] = lots, seed: Lot = seed) -> None:
            if number == 0:
                scope = of_material(world, seed)
                services.place_containment(scope=scope, reason="Doubt", actor=quality)
            else:
                services.produce_stock(
                    lot=lots[number - 1], quantity=Decimal(1), location=world.production, actor=world.operator
                )

        outcomes.update(at_once(4, act))
        assert escapes(Containment.objects.latest("pk"), material) == []
    # Who committed just after the containment is refused in words instead of slipping through.
    assert set(outcomes) <= {"done", "contained"}
    assert outcomes["done"] >= 6


@pytest.mark.requirement("HLD-06")
def test_two_workers_containing_and_building_units_leave_nothing_unheld(plant: str) -> None:
    world = make_world()
    quality = make_user(site=world.site, permissions=RIGHTS)
    outcomes: Counter[str] = Counter()
    for _round in range(6):
        lot = world.lot(0, world.material(tracking="serial"))
        part = world.lot(100)
        world.unit(lot)

        def act(number: int, lot: Lot = lot, part: Lot = part) -> None:
            if number == 0:
                scope = Scope("chosen", world.site, lots=(part,), with_descendants=True)
                services.place_containment(scope=scope, reason="Doubt", actor=quality)
            elif number == 1:
                services.place_containment(scope=of_material(world, lot), reason="Doubt", actor=quality)
            else:
                unit = world.unit(lot)
                world.link(part, unit)

        outcomes.update(at_once(4, act))
        assert escapes(Containment.objects.latest("pk"), lot.material) == []
        children = GenealogyLink.objects.filter(parent_lot=part).values_list("child_unit", flat=True)
        for child in SerializedUnit.objects.filter(pk__in=children):
            kind = Hold.objects.filter(status="open", reason__contains="Doubt")
            assert kind.filter(unit=child).exists() or kind.filter(lot=child.lot_id).exists()
    assert set(outcomes) <= {"done", "contained"}
    assert outcomes["done"] >= 12


@pytest.mark.requirement("HLD-06")
def test_placing_waits_for_a_commit_that_has_begun_and_then_holds_what_it_brought(plant: str) -> None:
    world = make_world()
    quality = make_user(site=world.site, permissions=RIGHTS)
    seed = world.lot(1)
    fresh = world.lot(0, seed.material)
    made: list[Containment] = []

    def place() -> None:
        scope = of_material(world, seed)
        made.append(services.place_containment(scope=scope, reason="Doubt", actor=quality))
        connection.close()

    with session(plant, world.operator.pk) as bringing:
        bringing.execute(INSERT, values(world, fresh, "produce", 5))
        bringing.execute("SET CONSTRAINTS ALL IMMEDIATE")  # its commit has begun: it looked, and found nothing
        placing = threading.Thread(target=place)
        placing.start()
        placing.join(timeout=1)
        assert placing.is_alive(), "it waits"
        bringing.commit()
    placing.join(timeout=20)
    assert {hold.lot for hold in Hold.objects.all()} == {seed, fresh}


@pytest.mark.requirement("HLD-11")
@pytest.mark.parametrize("door", ["service", "screen", "api"])
def test_who_books_at_the_moment_of_a_containment_reads_why_and_has_booked_nothing(
    plant: str, door: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world()
    material = world.lot(5).material
    person = make_user(site=world.site, permissions=("traceability.create_lot", "traceability.view_lot", MAKE))
    made = contain(world, Scope("material", world.site, material=material))
    # As if the containment had been placed after the deed had looked for one, and before it commits.
    monkeypatch.setattr("traceability.services.receiving.catch", lambda **_goods: [])
    supplier = partner(world, is_supplier=True)
    if door == "service":
        delivery = services.Delivery(Decimal(3), "S-1")
        with pytest.raises(Blocked) as refusal:
            services.receive_unordered(
                site=world.site, supplier=supplier, material=material, delivery=delivery, actor=person
            )
        assert (refusal.value.codes, refusal.value.blockers[0].record) == (("contained",), made)
    else:
        sent = {
            "site": world.site.pk,
            "material": material.number,
            "supplier": supplier.code,
            "quantity": "3",
            "supplier_lot": "S-1",
        }
        answer: Any = (
            visit_as(person).post(reverse("traceability:receipt_create"), sent)
            if door == "screen"
            else program_of(person).post("traceability/receipts/", sent)
        )
        assert answer.status_code == 409, answer.content.decode()
        assert "was placed at this very moment" in answer.content.decode()
    assert not Lot.objects.filter(supplier_lot="S-1").exists()
