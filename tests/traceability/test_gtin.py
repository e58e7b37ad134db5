"""The GTIN of a material: by its check digit, of one material only, at every door."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.kernel.gs1 import is_gtin
from integrations.models import ImportBatch
from integrations.services import import_records
from tests.api.conftest import MAKE, program_of
from tests.support.people import grant, make_user
from tests.traceability.refusals import refused
from tests.traceability.world import World
from traceability import services
from traceability.models import Material

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("GS1-02")]
GTIN, OTHER = "09506000134352", "09521234543213"
CHANGE = ("traceability.view_material", "traceability.change_material")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (GTIN, GTIN),
        (" 9506000134352 ", GTIN),
        ("614141007349", "00614141007349"),
        ("96385074", "00000096385074"),
        (f"]d201{GTIN}10AB", GTIN),
        (f"(01){GTIN}", GTIN),
        (f"01{GTIN}", GTIN),
        ("", ""),
    ],
)
def test_it_is_kept_with_fourteen_digits(world: World, typed: str, kept: str) -> None:
    assert world.material(gtin=typed).gtin == kept


@pytest.mark.parametrize("wrong", ["9506000134353", "95060001343520", "123456789", "ABC", "10AB\x1d21S", "(01)123"])
def test_a_wrong_one_is_refused_and_nothing_changes(world: World, wrong: str) -> None:
    material = world.material(gtin=GTIN)
    with refused("gtin"):
        world.material(gtin=wrong)
    with refused("gtin"):
        change(material, world.system, gtin=wrong)
    material.refresh_from_db()
    assert (material.gtin, Material.objects.count()) == (GTIN, 1)


def change(material: Material, actor: Any, **values: Any) -> Material:
    kept = {"name": material.name, "kind": material.kind, "shelf_life_days": None, "is_active": True, "reason": "label"}
    return services.change_material(material=material, actor=actor, **{**kept, **values})


def test_two_materials_never_share_one(world: World) -> None:
    first, second = world.material(gtin=GTIN), world.material()
    with refused("gtin_taken"):
        world.material(gtin=GTIN[1:])
    with refused("gtin_taken"):
        change(second, world.system, gtin=GTIN)
    assert change(first, world.system, gtin=GTIN).gtin == GTIN
    assert change(first, world.system).gtin == GTIN
    assert change(first, world.system, gtin="").gtin == ""
    assert change(second, world.system, gtin=GTIN).gtin == GTIN
    assert [one.gtin for one in first.history.order_by("history_id")] == [GTIN, GTIN, GTIN, ""]


def test_it_is_entered_and_shown_at_the_screen(world: World, client: Client) -> None:
    client.force_login(make_user(site=world.site, permissions=CHANGE))
    address = reverse("traceability:material_create")
    body = {"number": "P-1", "name": "Part", "kind": "component", "tracking": "lot", "uom": world.each.pk}
    wrong = client.post(address, {**body, "gtin": "9506000134353"})
    assert wrong.status_code == 409
    assert "the check digit is 3; to the digits before it belongs 2." in wrong.content.decode()
    assert not Material.objects.filter(number="P-1").exists()
    page = client.post(address, {**body, "gtin": f"01{GTIN}"}, follow=True).content.decode()
    assert GTIN in page
    [found] = client.get(reverse("traceability:material_list"), {"q": GTIN}).context["table"].data
    assert found.number == "P-1"


def test_a_program_reads_and_writes_it(world: World) -> None:
    user = make_user(site=world.site)
    grant(user, world.site, MAKE, *CHANGE)
    program = program_of(user)
    body = {"number": "P-2", "name": "Part", "kind": "component", "tracking": "lot", "uom": world.each.pk}
    refusal = program.post("traceability/materials/", {**body, "gtin": "123"})
    assert refusal.status_code == 409 and "8, 12, 13 or 14 digits" in refusal.content.decode()
    made = program.post("traceability/materials/", {**body, "gtin": GTIN[1:]})
    assert made.status_code == 201 and made.json()["gtin"] == GTIN
    one = f"traceability/materials/{made.json()['id']}/"
    read = program.get(one).json()
    assert read["gtin"] == GTIN
    change = {"name": "Part", "kind": "component", "is_active": True, "reason": "renamed"}
    kept = program.put(one, {**change, "name": "Bolt"}, If_Match=f'"{read["version"]}"').json()
    assert (kept["name"], kept["gtin"]) == ("Bolt", GTIN), "a program that knows nothing of it"
    gone = program.put(one, {**change, "gtin": ""}, If_Match=f'"{kept["version"]}"').json()
    assert gone["gtin"] == ""


MAPPING = """
format: {delimiter: ";"}
origin: erp
columns:
  number: number
  name: number
  kind: {value: component}
  uom: {value: %s}
  tracking: {value: lot}
  revision: {value: A}
  external_id: number
  gtin: gtin
"""


def run(world: World, rows: dict[str, str], mapping: str = MAPPING) -> Any:
    data = "number;gtin\n" + "".join(f"{number};{gtin}\n" for number, gtin in rows.items())
    return import_records(
        kind="materials", data=data.encode(), file_name="m.csv", mapping=mapping % world.each.code, actor=world.system
    )


def test_an_import_brings_it(world: World) -> None:
    assert run(world, {"A": GTIN[1:], "B": ""}).totals["created"] == 2
    assert dict(Material.objects.values_list("number", "gtin")) == {"A": GTIN, "B": ""}
    assert run(world, {"A": GTIN, "B": ""}).totals["unchanged"] == 2
    assert run(world, {"A": "", "B": OTHER}).totals == {"created": 0, "changed": 1, "unchanged": 1, "skipped": 0}
    assert dict(Material.objects.values_list("number", "gtin")) == {"A": GTIN, "B": OTHER}
    without = MAPPING.replace("  gtin: gtin\n", "")
    assert run(world, {"A": "", "B": ""}, without).totals["unchanged"] == 2


WRONG = ["9506000134353", "95060001343520", "123456789", "ABCDEFGH", "1234567890123", "00000000000001"]
RIGHT = [GTIN[1:], "614141007349", "96385074", "10614141007346", OTHER]


def test_an_import_judges_each_line_as_the_screen_does(world: World) -> None:
    lines = {f"N{number}": gtin for number, gtin in enumerate([*WRONG, *RIGHT])}
    report = run(world, lines)
    told = {error.line for error in report.issues if error.field == "gtin"}
    assert told == {number + 2 for number, gtin in enumerate(lines.values()) if not is_gtin(gtin)}
    assert len(told) == len(WRONG)
    assert not Material.objects.exists() and not ImportBatch.objects.exists()


def test_an_import_gives_no_gtin_twice(world: World) -> None:
    world.material(number="HERE", gtin=GTIN)
    report = run(world, {"A": GTIN[1:], "B": OTHER, "C": OTHER[1:]})
    assert {(error.line, error.field) for error in report.issues} == {(2, "gtin"), (3, "gtin"), (4, "gtin")}
    assert Material.objects.count() == 1
