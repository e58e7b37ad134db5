"""The pages: they open, say what there is in plain words, stay within their statements, and refuse in words."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.kernel.permissions import catalogue
from tests.support.people import make_site, make_user
from tests.support.visits import seen, visit_as
from tests.traceability.world import World
from traceability import services
from traceability.models import Hold, StockMovement, UnitOfMeasure

MOST_STATEMENTS = 15
ALL = tuple(code for code in catalogue() if code.startswith(("traceability.", "core_lifecycle.", "core_signing.")))


@pytest.fixture
def desk(world: World) -> Client:
    """A browser of a person who holds every right of this storey at the world's site."""
    return visit_as(make_user(site=world.site, permissions=ALL))


def test_every_page_opens_within_its_statements(world: World, desk: Client) -> None:
    top, part = world.material(kind="assembly", revision="A"), world.material()
    services.make_revision_effective(revision=top.revisions.get(), actor=world.system)
    bom = services.create_bill_of_material(material=top, actor=world.system)
    line = services.add_bom_line(
        bom=bom, component=part, quantity=Decimal(2), uom=world.each, valid_from=dt.date(2026, 1, 1), actor=world.system
    )
    lots = [world.lot(10, part) for _ in range(12)]
    product = world.lot(0, top)
    unit = world.unit(product)
    for lot in lots:
        world.link(lot, unit)
    hold = services.place_hold(lot=lots[0], quantity=Decimal(1), reason="Scratched", actor=world.operator)
    addresses = {
        **{
            reverse(f"traceability:{name}_list"): ""
            for name in (
                "material",
                "lot",
                "serializedunit",
                "storagelocation",
                "unitofmeasure",
                "hold",
            )
        },
        reverse("traceability:material_create"): "First revision",
        reverse("traceability:lot_create"): "Supplier",
        reverse("traceability:storagelocation_create"): "Kind",
        top.get_absolute_url(): "Revisions",
        top.get_absolute_url() + "?tab=bom": part.number,
        part.get_absolute_url() + "?tab=used": top.number,
        part.get_absolute_url() + "?tab=lots": lots[0].number,
        reverse("traceability:material_change", args=[top.pk]): top.name,
        reverse("traceability:materialrevision_create", args=[top.pk]): "draft",
        reverse("traceability:billofmaterial_create", args=[part.pk]): "Code",
        bom.get_absolute_url(): part.number,
        reverse("traceability:billofmaterialline_create", args=[bom.pk]): "Component",
        reverse("traceability:billofmaterialline_end", args=[line.pk]): "Valid until",
        reverse("traceability:materialrevision_make_obsolete", args=[top.revisions.get().pk]): "Reason",
        lots[0].get_absolute_url(): "Scratched",
        lots[1].get_absolute_url(): "May be used",
        lots[0].get_absolute_url() + "?tab=movements": "Receipt",
        product.get_absolute_url() + "?tab=units": unit.serial,
        reverse("traceability:lot_trace", args=[product.pk]): lots[3].number,
        reverse("traceability:lot_trace", args=[lots[3].pk]) + "?direction=forward": unit.serial,
        reverse("traceability:lot_hold", args=[lots[1].pk]): "Empty: all of the lot",
        reverse("traceability:lot_transfer", args=[lots[1].pk]): "Move stock",
        reverse("traceability:lot_scrap", args=[lots[1].pk]): "Scrap stock",
        reverse("traceability:lot_count", args=[lots[1].pk]): "Counted",
        reverse("traceability:lot_move", args=[lots[1].pk, "withdraw"]): "quarantine",
        unit.get_absolute_url(): product.number,
        reverse("traceability:serializedunit_trace", args=[unit.pk]): lots[3].number,
        reverse("traceability:serializedunit_hold", args=[unit.pk]): "Reason",
        reverse("traceability:serializedunit_scrap", args=[unit.pk]): "Reason",
        world.store.get_absolute_url(): lots[3].number,
        hold.get_absolute_url(): "Scratched",
        hold.get_absolute_url() + "?part=timeline": "Open",
        reverse("traceability:hold_release", args=[hold.pk]): "Meaning of your signature",
    }
    desk.get(reverse("traceability:lot_list"))
    costly = {}
    for address, words in addresses.items():
        with CaptureQueriesContext(connection) as queries:
            answer = desk.get(address)
        assert answer.status_code == 200, address
        assert words in answer.content.decode(), address
        if len(queries) > MOST_STATEMENTS + (address == unit.get_absolute_url()):  # what is missing in it
            costly[address] = len(queries)
    assert costly == {}


def test_empty_lists_say_what_to_do(world: World, desk: Client) -> None:
    assert "Receive material" in desk.get(reverse("traceability:lot_list")).content.decode()
    assert "Place a hold on the page of a lot" in desk.get(reverse("traceability:hold_list")).content.decode()


def test_another_site_sees_neither_lots_nor_counts_nor_pages(world: World) -> None:
    lot = world.lot(5)
    stranger = visit_as(make_user(site=make_site(), permissions=ALL))
    assert lot.number not in stranger.get(reverse("traceability:lot_list")).content.decode()
    assert stranger.get(lot.get_absolute_url()).status_code == 404
    assert stranger.get(reverse("traceability:lot_trace", args=[lot.pk])).status_code == 404
    assert stranger.post(reverse("traceability:lot_hold", args=[lot.pk]), {"reason": "mine now"}).status_code == 404
    assert lot.number not in stranger.get(lot.material.get_absolute_url() + "?tab=lots").content.decode()
    assert not Hold.objects.exists()


def test_a_hold_is_placed_and_a_held_lot_cannot_be_moved(world: World, desk: Client) -> None:
    lot = world.lot(5)
    answer = desk.post(reverse("traceability:lot_hold", args=[lot.pk]), {"quantity": "", "reason": "Rust seen"})
    hold = Hold.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == hold.get_absolute_url()
    before = StockMovement.objects.count()
    refused = desk.post(
        reverse("traceability:lot_transfer", args=[lot.pk]),
        {"quantity": "1", "from_location": world.store.pk, "to_location": world.production.pk},
    )
    assert refused.status_code == 409
    assert "Rust seen" in refused.content.decode()
    assert StockMovement.objects.count() == before


def test_material_is_received_moved_counted_and_scrapped_by_screen(world: World, desk: Client) -> None:
    material = world.weighed()
    desk.post(
        reverse("traceability:lot_create"),
        {"site": world.site.pk, "material": material.number, "quantity": "12,5", "number": "GR-1", "location": "STOCK",
         "reason": "Left over"},
    )  # fmt: skip
    lot = material.lots.get()
    assert lot.status == "quarantine"
    address = {name: reverse(f"traceability:lot_{name}", args=[lot.pk]) for name in ("transfer", "count", "scrap")}
    moved = desk.post(
        address["transfer"],
        {"quantity": "2.5", "from_location": world.store.pk, "to_location": world.production.pk},
    )
    counted = desk.post(address["count"], {"any_location": world.store.pk, "counted": "9", "reason": "Counted twice"})
    scrapped = desk.post(address["scrap"], {"quantity": "1", "location": world.store.pk, "reason": "Bent"})
    assert {moved.status_code, counted.status_code, scrapped.status_code} == {302}
    kinds = StockMovement.objects.filter(lot=lot).order_by("pk").values_list("kind", "quantity")
    assert list(kinds) == [
        ("receipt", Decimal("12.5")),
        ("move", Decimal("2.5")),
        ("scrap", Decimal(1)),
    ]


def test_an_unknown_material_number_is_said_at_the_field(world: World, desk: Client) -> None:
    answer = desk.post(reverse("traceability:lot_create"), {"site": world.site.pk, "material": "NOPE", "quantity": "1"})
    assert answer.status_code == 422
    assert "There is no material with this number." in answer.content.decode()


def test_a_component_is_added_by_screen_and_a_loop_is_refused(world: World, desk: Client) -> None:
    top, part = world.material(kind="assembly"), world.material()
    bom = services.create_bill_of_material(material=top, actor=world.system)
    address = reverse("traceability:billofmaterialline_create", args=[bom.pk])
    values = {"quantity": "2", "valid_from": "2026-01-01"}
    assert desk.post(address, {**values, "component": part.number}).status_code == 302
    refused = desk.post(address, {**values, "component": top.number})
    assert refused.status_code == 409
    assert list(bom.lines.values_list("component", flat=True)) == [part.pk]


def test_the_trace_hides_what_lies_at_a_site_that_one_may_not_see(world: World, desk: Client) -> None:
    foreign_site = make_site()
    part = world.material()
    foreign = services.create_lot(site=foreign_site, material=part, number="SECRET-7", actor=world.system)
    product = world.lot(0)
    world.link(foreign, product)
    text = desk.get(reverse("traceability:lot_trace", args=[product.pk])).content.decode()
    assert "SECRET-7" not in text
    assert "A part of this lies at a site that you may not see" in text


@pytest.mark.requirement("REC-17")
def test_a_material_that_a_colleague_saved_meanwhile_is_not_overwritten(world: World, desk: Client) -> None:
    material = world.material()
    address = reverse("traceability:material_change", args=[material.pk])
    values = {"name": "Hers", "kind": material.kind, "is_active": "on", "reason": "Better name"}
    opened = seen(material)
    assert desk.post(address, {**values, **opened}).status_code == 302
    refused = desk.post(address, {**values, "name": "His", **opened})
    assert refused.status_code == 409
    assert "while you were editing it." in refused.content.decode()
    assert 'value="His"' in refused.content.decode()
    before = material.history.count()
    assert desk.post(address, {**values, "name": "Nobody's"}).status_code == 409
    material.refresh_from_db()
    assert (material.name, material.history.count()) == ("Hers", before)


def test_a_unit_of_measure_is_created_on_its_page_or_refused_in_words(world: World, desk: Client) -> None:
    address = reverse("traceability:unitofmeasure_create")
    before = UnitOfMeasure.objects.count()
    for values, code in (
        ({"code": "EA", "name": "Each again"}, "There is a unit of measure “EA” already."),
        ({"code": "FLY", "name": "Fly", "pint_unit": "fly weights"}, "is no physical unit"),
    ):
        answer = desk.post(address, values)
        assert answer.status_code == 409 and code in answer.content.decode()
    assert UnitOfMeasure.objects.count() == before
    answer = desk.post(address, {"code": "dm", "name": "Decimetre", "pint_unit": "decimeter"})
    made = UnitOfMeasure.objects.get(code="dm")
    assert answer["Location"] == made.get_absolute_url()
    shown = desk.get(made.get_absolute_url()).content.decode()
    assert made.symbol == "dm" and "Decimetre" in shown and "Written as" in shown
    seeing = visit_as(make_user(site=world.site, permissions=("traceability.view_material",)))
    assert seeing.get(address).status_code == 403
    assert address not in seeing.get(reverse("traceability:unitofmeasure_list")).content.decode()
