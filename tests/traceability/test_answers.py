"""Search and scans find what one may see, and nothing else."""

from __future__ import annotations

import pytest

from core.kernel.wiring import ask
from core.web.questions import FindRecords, ResolveScan, Scan
from tests.support.people import make_site, make_user
from tests.traceability.world import World
from traceability import services
from traceability.answers import element_string

SEE = (
    "traceability.view_lot",
    "traceability.view_serializedunit",
    "traceability.view_material",
    "traceability.view_storagelocation",
)


def test_numbers_come_before_words_and_foreign_sites_never(world: World) -> None:
    material = world.material(number="WHEEL-1")
    lot = world.lot(1, material, number="WHEEL")
    here = make_user(site=world.site, permissions=SEE)
    away = make_user(site=make_site(), permissions=SEE)
    found = [(item.label, item.rank) for item in ask(FindRecords("WHEEL", here)) if "WHEEL" in item.label]
    assert found == [("WHEEL", 0), ("WHEEL-1", 1)]
    labels = {item.label for item in ask(FindRecords("WHEEL", away))}
    assert lot.number not in labels
    assert not [item for item in ask(FindRecords("WHEEL", make_user(site=world.site))) if "WHEEL" in item.label]


def test_a_scan_opens_exactly_what_is_on_the_label(world: World) -> None:
    user = make_user(site=world.site, permissions=SEE)
    lot = world.lot(1, number="AB-77")
    unit = services.create_unit(site=world.site, material=lot.material, lot=lot, serial="S9", actor=world.system)

    def scanned(text: str) -> list[str]:
        return [item.url for item in ask(ResolveScan(Scan(text), user))]

    assert scanned("AB-77") == [lot.get_absolute_url()]
    assert scanned("AB-7") == []
    assert scanned("0109521234543213" + "17261231" + "10AB-77") == [lot.get_absolute_url()]
    assert scanned("0109521234543213" + "10AB-77\x1d" + "21S9") == [unit.get_absolute_url()]


@pytest.mark.parametrize(
    ("text", "elements"),
    [
        ("10AB\x1d21X", {"10": "AB", "21": "X"}),
        ("\x1d0109521234543213", {"01": "09521234543213"}),
        ("01095212345432", {}),
        ("10", {}),
        ("10" + "A" * 21, {}),
        ("99Z", {}),
        ("", {}),
    ],
)
def test_element_strings(text: str, elements: dict[str, str]) -> None:
    assert element_string(text) == elements
