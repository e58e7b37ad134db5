"""Bills of material: days, depth, quantities, loops; and the units that quantities are said in."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections import defaultdict
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from config.apps import BASE_DIR
from core.kernel.bulk import bulk_create
from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from tests.traceability.world import World
from traceability import services
from traceability.models import BillOfMaterial, BillOfMaterialLine, Material
from traceability.queries import bom_lines, convert, explode, is_physical, where_used

DAY = dt.date(2026, 6, 1)
ADVENTUREWORKS = BASE_DIR / "tests/data/adventureworks"


def made_of(world: World, top: Material, *parts: tuple[Material, int]) -> None:
    bom = services.create_bill_of_material(material=top, actor=world.system)
    for part, quantity in parts:
        services.add_bom_line(
            bom=bom, component=part, quantity=Decimal(quantity), uom=part.uom, valid_from=DAY, actor=world.system
        )


def test_a_line_is_valid_from_its_first_to_its_last_day_inclusive(world: World) -> None:
    top, old, new = world.material(), world.material(), world.material()
    bom = services.create_bill_of_material(material=top, actor=world.system)
    for part, first, last in ((old, DAY, dt.date(2026, 6, 30)), (new, dt.date(2026, 7, 1), None)):
        services.add_bom_line(
            bom=bom,
            component=part,
            quantity=Decimal(1),
            uom=world.each,
            valid_from=first,
            valid_to=last,
            actor=world.system,
        )
    found = {
        day: [line.component for line in bom_lines(top, day)]
        for day in (dt.date(2026, 5, 31), DAY, dt.date(2026, 6, 30), dt.date(2026, 7, 1))
    }
    assert list(found.values()) == [[], [old], [old], [new]]
    assert [line.component for line in explode(top, dt.date(2026, 6, 30))] == [old]
    assert [line.bom.material for line in where_used(new, dt.date(2026, 7, 2))] == [top]


def test_random_structures_explode_like_a_plain_walk(world: World) -> None:
    rng = random.Random(7)
    materials = [world.material(number=f"N{number:03}") for number in range(30)]
    children: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for place, top in enumerate(materials[:20]):
        below = rng.sample(range(place + 1, 30), k=min(3, 29 - place))
        children[place] = [(part, rng.randint(1, 4)) for part in sorted(below)]
        made_of(world, top, *((materials[part], quantity) for part, quantity in children[place]))

    def walk(place: int, level: int, pieces: int) -> list[tuple[int, str, int]]:
        rows = []
        for part, quantity in children.get(place, ()):
            rows.append((level, materials[part].number, pieces * quantity))
            rows += walk(part, level + 1, pieces * quantity)
        return rows

    with CaptureQueriesContext(connection) as queries:
        lines = explode(materials[12], DAY)
    assert len(queries) == 3
    assert [(line.level, line.component.number, int(line.total)) for line in lines] == walk(12, 1, 1)


@pytest.mark.parametrize("depth", [0, 1, 3])
def test_an_assembly_never_contains_itself(world: World, depth: int) -> None:
    chain = [world.material() for _ in range(depth + 1)]
    for above, below in zip(chain, chain[1:], strict=False):
        made_of(world, above, (below, 1))
    bottom = services.create_bill_of_material(material=chain[-1], actor=world.system)
    before = BillOfMaterialLine.objects.count()
    with pytest.raises(Blocked) as refusal:
        services.add_bom_line(
            bom=bottom, component=chain[0], quantity=Decimal(1), uom=world.each, valid_from=DAY, actor=world.system
        )
    assert refusal.value.codes == ("loop",)
    assert BillOfMaterialLine.objects.count() == before


def test_wrong_lines_are_refused(world: World) -> None:
    top, part = world.material(), world.material()
    bom = services.create_bill_of_material(material=top, actor=world.system)
    kilogram = services.create_uom(code="KG", name="Kilogram", pint_unit="kilogram", actor=world.system)

    def add(**changes: object) -> BillOfMaterialLine:
        given = {"quantity": Decimal(1), "uom": world.each, "valid_from": DAY, "valid_to": None, **changes}
        return services.add_bom_line(bom=bom, component=part, actor=world.system, **given)  # type: ignore[arg-type]

    first = add()
    wrong: dict[str, dict[str, object]] = {
        "quantity": {"quantity": Decimal(0)},
        "dates": {"valid_to": DAY - dt.timedelta(days=1)},
        "uom": {"uom": kilogram, "valid_from": DAY + dt.timedelta(days=1)},
        "taken": {},
    }
    for code, changes in wrong.items():
        with pytest.raises(Blocked) as refusal:
            add(**changes)
        assert refusal.value.codes == (code,)
    with pytest.raises(Blocked) as refusal:
        services.end_bom_line(line=first, valid_to=DAY - dt.timedelta(days=1), actor=world.system)
    assert refusal.value.codes == ("dates",)
    assert [(line.pk, line.valid_to) for line in bom.lines.all()] == [(first.pk, None)]


def test_quantities_are_converted_along_the_structure(world: World) -> None:
    kilogram, gram = (
        services.create_uom(code=code, name=name, pint_unit=name, actor=world.system)
        for code, name in (("KG", "kilogram"), ("G", "gram"))
    )
    paste, powder, board = world.material(uom=kilogram), world.material(uom=gram), world.material()
    paste_bom = services.create_bill_of_material(material=paste, actor=world.system)
    services.add_bom_line(
        bom=paste_bom, component=powder, quantity=Decimal(300), uom=gram, valid_from=DAY, actor=world.system
    )
    board_bom = services.create_bill_of_material(material=board, actor=world.system)
    services.add_bom_line(
        bom=board_bom, component=paste, quantity=Decimal(50), uom=gram, valid_from=DAY, actor=world.system
    )
    assert [(line.component, line.total) for line in explode(board, DAY)] == [
        (paste, Decimal(50)),
        (powder, Decimal(15)),
    ]


def test_units_convert_exactly_or_not_at_all(world: World) -> None:
    inch, metre, litre, celsius = (
        services.create_uom(code=unit[:3].upper(), name=unit, pint_unit=unit, actor=world.system)
        for unit in ("inch", "meter", "liter", "degC")
    )
    assert convert(Decimal(1), inch, metre) == Decimal("0.0254")
    assert convert(Decimal("0.0000005"), inch, inch) == Decimal("0.0000005")
    for other in (litre, world.each, celsius):
        with pytest.raises(Blocked) as refusal:
            convert(Decimal(1), metre, other)
        assert refusal.value.codes == ("uom",)
    assert is_physical("kilogram/meter**3") and not is_physical("box") and not is_physical("")
    with pytest.raises(Blocked):
        services.create_uom(code="NO", name="No", pint_unit="no such unit", actor=world.system)


@pytest.mark.requirement("ORD-09")
def test_a_real_bicycle_explodes_as_others_computed_it(world: World) -> None:
    """AdventureWorks' product 749 against expected_public.json, which pandas made from the same file."""
    expected = json.loads((ADVENTUREWORKS / "expected_public.json").read_text())["explode_749"]
    rows = [line.split("\t") for line in (ADVENTUREWORKS / "BillOfMaterials.csv").read_text().splitlines()]
    given = [(row[1], row[2], Decimal(row[7])) for row in rows if row[1] and not row[4]]
    numbers = sorted({number for above, below, _ in given for number in (above, below)})
    with transaction.atomic(), acting(world.system):
        made = bulk_create([Material(number=f"AW-{n}", name=n, uom=world.each, kind="assembly") for n in numbers])
        materials = dict(zip(numbers, made, strict=True))
        tops = sorted({above for above, _, _ in given})
        boms = dict(zip(tops, bulk_create([BillOfMaterial(material=materials[top]) for top in tops]), strict=True))
        bulk_create(
            [
                BillOfMaterialLine(
                    bom=boms[above], component=materials[below], quantity=quantity, uom=world.each, valid_from=DAY
                )
                for above, below, quantity in given
            ]
        )
    lines = explode(materials["749"], DAY)
    assert len({line.component.pk for line in lines}) == expected["distinct_components"]
    assert max(line.level for line in lines) == expected["depth"]
    assert float(sum(line.total for line in lines)) == expected["total_component_qty"]
