"""How long lots may be used: fixed, by their label, by their components, once opened, until a retest; and FEFO."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.kernel.errors import Blocked
from core.signing.models import Signature
from core.signing.queries import is_intact
from integrations.services import import_records
from tests.support.people import make_user, proof
from tests.support.stock import issue_stock, usability
from tests.support.visits import seen, visit_as
from tests.traceability.goods import delivered, kept, partner
from tests.traceability.refusals import refused
from tests.traceability.test_views import ALL
from tests.traceability.world import World
from traceability import services
from traceability.models import Lot, LotRetest, Material, SerializedUnit
from traceability.queries import day_at, lots_for, units_for


def today(world: World) -> dt.date:
    return day_at(world.site)


def days(world: World, count: int) -> dt.date:
    return today(world) + dt.timedelta(days=count)


def codes(lot: Lot, at: dt.datetime | None = None) -> list[str]:
    return [blocker.code for blocker in usability(lot, Decimal(1), at)]


def text_of(answer: Any) -> str:
    """What the page says."""
    return str(answer.content.decode())


def later(count: int) -> dt.datetime:
    return dt.datetime.now(dt.UTC) + dt.timedelta(days=count)


# --- From what it follows ---------------------------------------------------------------------------------------------


@pytest.mark.requirement("SHL-01")
def test_what_keeps_as_its_label_says_needs_the_day_on_receipt(world: World) -> None:
    material = world.material(shelf_life_rule="label")
    with refused("expiry_missing"):
        world.lot(5, material, status="quarantine")
    supplier = partner(world)
    with refused("expiry_missing"):
        services.receive_unordered(
            site=world.site,
            supplier=supplier,
            material=material,
            delivery=delivered(expires_on=None),
            actor=world.system,
        )
    lot = world.lot(5, material, expires_on=days(world, 3))
    assert lot.expires_on == days(world, 3)


@pytest.mark.requirement("SHL-01")
def test_a_label_rule_with_days_does_not_invent_a_day(world: World) -> None:
    with refused("expiry_missing"):
        world.lot(5, world.material(shelf_life_rule="label", shelf_life_days=30))


@pytest.mark.requirement("SHL-02")
def test_what_keeps_no_longer_than_its_components_ends_with_the_first_of_them(world: World) -> None:
    mixed = world.lot(0, world.material(shelf_life_rule="components", shelf_life_days=100), status="in_production")
    assert mixed.expires_on == days(world, 100)
    for life in (60, 20, 40):
        world.link(world.lot(5, expires_on=days(world, life)), mixed)
    world.link(world.lot(5), mixed)
    mixed.refresh_from_db()
    assert mixed.expires_on == days(world, 20)
    assert [one.expires_on for one in mixed.history.order_by("history_id")] == [
        days(world, 100), days(world, 60), days(world, 20)
    ]  # fmt: skip


@pytest.mark.requirement("SHL-02")
def test_units_shorten_the_life_of_their_lot_and_count_by_theirs(world: World) -> None:
    part = world.lot(0, world.material(tracking="serial"), expires_on=days(world, 9))
    sealed = world.lot(5, expires_on=days(world, 30))
    product = world.lot(0, world.material(tracking="serial", shelf_life_rule="components"), status="in_production")
    unit = services.create_unit(
        site=world.site, material=product.material, lot=product, status="in_process", actor=world.system
    )
    inner = world.unit(part)
    services.link_many(
        links=[services.LinkInput(parent, unit, Decimal(1), world.each) for parent in (inner, sealed)],
        source=None,
        actor=world.system,
    )
    product.refresh_from_db()
    assert product.expires_on == days(world, 9)


@pytest.mark.requirement("SHL-02")
def test_a_fixed_life_is_not_shortened(world: World) -> None:
    made = world.lot(0, world.material(shelf_life_days=100), status="in_production")
    world.link(world.lot(5, expires_on=days(world, 20)), made)
    made.refresh_from_db()
    assert made.expires_on == days(world, 100)


# --- Opened -----------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("SHL-03")
def test_the_first_use_opens_a_lot_and_its_days_run(world: World) -> None:
    lot = world.lot(5, world.material(open_life_days=7), expires_on=days(world, 90))
    assert (lot.opened_at, lot.usable_until) == (None, days(world, 90))
    issue_stock(lot=lot, quantity=Decimal(1), actor=world.operator)
    lot.refresh_from_db()
    opened = lot.opened_at
    assert opened is not None
    assert (lot.open_until, lot.usable_until) == (days(world, 7), days(world, 7))
    issue_stock(lot=lot, quantity=Decimal(1), actor=world.operator)
    lot.refresh_from_db()
    assert lot.opened_at == opened
    assert codes(lot, later(7)) == []
    assert codes(lot, later(8)) == ["opened_too_long"]


@pytest.mark.requirement("SHL-03")
def test_a_lot_is_opened_by_hand_once_and_only_where_it_matters(world: World) -> None:
    lot = world.lot(5, world.material(open_life_days=7))
    services.open_lot(lot=lot, actor=world.operator)
    with refused("opened"):
        services.open_lot(lot=lot, actor=world.operator)
    plain = world.lot(5)
    with refused("open_life"):
        services.open_lot(lot=plain, actor=world.operator)
    closed = world.lot(5, world.material(open_life_days=7))
    with refused("permission"):
        services.open_lot(lot=closed, actor=world.quality)


@pytest.mark.requirement("SHL-03")
def test_an_expired_lot_is_called_expired_not_opened(world: World) -> None:
    lot = world.lot(5, world.material(open_life_days=7), expires_on=days(world, 3))
    services.open_lot(lot=lot, actor=world.operator)
    lot.refresh_from_db()
    assert lot.usable_until == days(world, 3)
    assert codes(lot, later(8)) == ["expired"]


# --- Retest -----------------------------------------------------------------------------------------------------------


def retest(world: World, lot: Lot, on: dt.date, actor: Any = None, **values: Any) -> LotRetest:
    actor = actor or world.quality
    made = {"result": "Peel 12 N, within limits", "signature": proof(actor, "approved"), **values}
    return services.retest_lot(lot=lot, retest_on=on, actor=actor, **made)


@pytest.mark.requirement("SHL-04")
def test_past_its_retest_a_lot_waits_until_quality_tested_it(world: World) -> None:
    lot = world.lot(5, world.material(retest_days=30))
    assert lot.retest_on == days(world, 30)
    assert codes(lot, later(30)) == []
    assert codes(lot, later(31)) == ["retest"]
    done = retest(world, lot, days(world, 25))
    lot.refresh_from_db()
    assert (lot.retest_on, done.before, done.actor) == (days(world, 25), days(world, 30), world.quality)
    signature = Signature.objects.get(subject_id=done.pk, meaning="approved")
    assert is_intact(signature)
    assert signature.signer == world.quality


@pytest.mark.requirement("SHL-04")
def test_a_retest_is_refused_in_words(world: World) -> None:
    material = world.material(retest_days=30)
    lot = world.lot(5, material, expires_on=days(world, 10))
    for on in (today(world), days(world, 11)):
        with refused("retest_on"):
            retest(world, lot, on)
    endless, plain = world.lot(5, material), world.lot(5)
    with refused("retest_on"):
        retest(world, endless, days(world, 31))
    with refused("result"):
        retest(world, lot, days(world, 5), result="  ")
    with refused("no_retest"):
        retest(world, plain, days(world, 5))
    with refused("permission"):
        retest(world, lot, days(world, 5), actor=world.operator)
    with refused("signature_required"):
        retest(world, lot, days(world, 5), signature=None)
    rejected = world.lot(5, material, status="quarantine")
    services.reject_lot(lot=rejected, actor=world.quality, signature=proof(world.quality, "rejected"), reason="failed")
    with refused("lot_status"):
        retest(world, rejected, days(world, 5))
    assert not LotRetest.objects.exists()
    lot.refresh_from_db()
    assert lot.retest_on == days(world, 30)


# --- FEFO -------------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("SHL-05")
def test_first_to_end_is_proposed_first_and_what_ended_never(world: World) -> None:
    material = world.material(open_life_days=5, retest_days=400)
    long, short, endless = (
        world.lot(5, material, expires_on=until) for until in (days(world, 300), days(world, 40), None)
    )
    opened = world.lot(5, material, expires_on=days(world, 200))
    issue_stock(lot=opened, quantity=Decimal(1), actor=world.operator)
    world.lot(5, material, expires_on=days(world, -1))

    def proposed(at: dt.datetime | None = None) -> list[Lot]:
        return [choice.lot for choice in lots_for(material, world.site, at)]

    assert proposed() == [opened, short, long, endless]
    assert proposed(later(6)) == [short, long, endless], "opened too long"
    assert proposed(later(250)) == [long, endless]
    assert proposed(later(350)) == [endless]
    assert proposed(later(401)) == [], "to be retested"


@pytest.mark.requirement("SHL-05")
def test_of_units_too_the_first_to_end_is_proposed_first_and_what_ended_never(world: World) -> None:
    material = world.material(tracking="serial")
    lots = [world.lot(0, material, expires_on=until) for until in (None, days(world, 300), days(world, 40))]
    endless, long, short = (world.unit(lot) for lot in lots)
    second = world.unit(lots[2])
    assert units_for(material, world.site) == [short, second, long, endless]
    assert units_for(material, world.site, most=1) == [short]
    assert units_for(material, world.site, later(41)) == [long, endless]


@pytest.mark.requirement("SHL-05")
@pytest.mark.parametrize(
    ("code", "spoil"),
    [
        ("expired", lambda world, unit: change(world, unit.lot, expires_on=days(world, -1))),
        ("retest", lambda world, unit: change(world, unit.lot, retest_on=days(world, -1))),
        ("hold", lambda world, unit: services.place_hold(unit=unit, reason="Bent", actor=world.operator)),
        ("hold", lambda world, unit: services.place_hold(lot=unit.lot, reason="Bent", actor=world.operator)),
        ("hold_inherited", lambda world, unit: held_part(world, unit)),
        ("unit_stock", lambda world, unit: issue_stock(
            lot=unit.lot, unit=unit, quantity=Decimal(1), actor=world.operator)),
        ("lot_status", lambda world, unit: services.withdraw_lot(lot=unit.lot, actor=world.quality, reason="Doubt")),
    ],
)  # fmt: skip
def test_what_the_guard_refuses_of_a_unit_is_never_proposed(
    world: World, code: str, spoil: Callable[[World, Any], Any]
) -> None:
    lot = world.lot(0, world.material(tracking="serial"))
    unit, other = world.unit(lot), world.unit(world.lot(0, lot.material))
    spoil(world, unit)
    assert units_for(lot.material, world.site) == [other]
    unit = SerializedUnit.objects.select_related("lot__material__uom", "lot__site", "lot__revision").get(pk=unit.pk)
    assert unit.lot is not None
    with pytest.raises(Blocked) as refusal:
        issue_stock(lot=unit.lot, unit=unit, quantity=Decimal(1), actor=world.operator)
    assert code in refusal.value.codes


def change(world: World, lot: Any, **values: Any) -> None:
    """Its days are others now."""
    for name, value in values.items():
        setattr(lot, name, value)
    kept(world, lot)


def held_part(world: World, unit: Any) -> None:
    """What went into the unit is on hold."""
    part = world.lot(0)
    world.link(part, unit)
    services.place_hold(lot=part, reason="Bent", actor=world.operator)


# --- Doors ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(world: World) -> Client:
    """A browser of somebody who holds every right of this storey."""
    return visit_as(make_user("hana", site=world.site, permissions=ALL))


@pytest.mark.requirement("SHL-01", "SHL-03", "SHL-04")
def test_the_material_says_how_its_lots_keep_and_an_older_program_changes_none_of_it(
    world: World, desk: Client
) -> None:
    sent = {"number": "GLUE-1", "name": "Glue", "kind": "component", "tracking": "lot", "uom": world.each.pk}
    sent |= {"shelf_life_rule": "label", "retest_days": "180", "open_life_days": "14"}
    desk.post(reverse("traceability:material_create"), sent)
    material = Material.objects.get(number="GLUE-1")
    assert (material.shelf_life_rule, material.retest_days, material.open_life_days) == ("label", 180, 14)
    page = text_of(desk.get(material.get_absolute_url()))
    assert "As its label says on receipt" in page and "180 days" in page and "14 days" in page
    change = reverse("traceability:material_change", args=[material.pk])
    older = {"name": "Glue", "kind": "component", "is_active": "on", "reason": "name"}
    desk.post(change, {**older, "name": "Strong glue", **seen(material)})
    material.refresh_from_db()
    assert (material.name, material.retest_days, material.open_life_days) == ("Strong glue", 180, 14)
    desk.post(change, {**older, "retest_days": "", "open_life_days": "7", **seen(material)})
    material.refresh_from_db()
    assert (material.retest_days, material.open_life_days) == (None, 7)


@pytest.mark.requirement("SHL-03", "SHL-04")
def test_the_page_of_a_lot_offers_what_its_material_asks_for(world: World, desk: Client) -> None:
    plain = world.lot(5)
    lot = world.lot(5, world.material(open_life_days=7, retest_days=30))
    offered = [reverse(f"traceability:{name}", args=[lot.pk]) for name in ("lot_open", "lot_retest")]
    page = text_of(desk.get(lot.get_absolute_url()))
    assert all(address in page for address in offered)
    assert reverse("traceability:lot_open", args=[plain.pk]) not in text_of(desk.get(plain.get_absolute_url()))
    desk.post(offered[0], {"reason": ""})
    lot.refresh_from_db()
    assert lot.opened_at is not None
    page = text_of(desk.get(lot.get_absolute_url()))
    assert offered[0] not in page and "Opened" in page
    assert "next retest" in text_of(desk.get(offered[1])).lower()


@pytest.mark.requirement("IMP-07")
def test_materials_are_imported_with_how_long_they_keep(world: World) -> None:
    mapping = (
        'format: {delimiter: ";"}\norigin: erp\ncolumns:\n  number: number\n  name: number\n'
        f"  uom: {{value: {world.each.code}}}\n  tracking: {{value: lot}}\n  revision: {{value: A}}\n"
        "  kind: {value: component}\n  external_id: number\n"
        "  shelf_life_rule: rule\n  retest_days: retest\n  open_life_days: opened\n"
    )

    def run(*rows: str) -> Any:
        data = "\n".join(("number;rule;retest;opened", *rows)).encode()
        return import_records(kind="materials", data=data, file_name="m.csv", mapping=mapping, actor=world.system)

    def told() -> set[tuple[Any, ...]]:
        rows = Material.objects.filter(number__in=("A", "B"))
        return set(rows.values_list("number", "shelf_life_rule", "retest_days", "open_life_days"))

    assert run("A;components;30;7", "B;;;").totals["created"] == 2
    assert told() == {("A", "components", 30, 7), ("B", "fixed", None, None)}
    assert run("A;;;", "B;label;;14").totals["unchanged"] == 1
    assert told() == {("A", "components", 30, 7), ("B", "label", None, 14)}
    assert {error.field for error in run("C;never;0;1").issues} >= {"shelf_life_rule"}
    assert {error.field for error in run("C;fixed;0;1").issues} == {"retest_days"}
