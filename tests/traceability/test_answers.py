"""Search and scans find what one may see, and nothing else."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from core.kernel.gs1 import Gs1Error, build
from core.kernel.wiring import ask
from core.web.questions import FindRecords, ResolveScan, Scan
from core.web.scan import clean, label_of
from tests.support.people import make_site, make_user
from tests.traceability.world import World
from traceability import services

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


GTIN, OTHER = "09506000134352", "09521234543213"
LATER = "2036-11-29 12:00"
"""A day of which labels can speak, after the rights of the people here began."""


def test_a_number_of_the_house_comes_before_what_looks_like_a_label(world: World) -> None:
    user = make_user(site=world.site, permissions=SEE)
    lot = world.lot(1, number=f"01{OTHER}10X")
    assert [item.url for item in ask(ResolveScan(Scan(lot.number), user))] == [lot.get_absolute_url()]


@pytest.mark.requirement("GS1-03")
def test_a_label_finds_the_lot_of_its_material(world: World) -> None:
    """Two suppliers number alike: the GTIN says whose lot it is."""
    user = make_user(site=world.site, permissions=SEE)
    ours, theirs = world.material(gtin=GTIN), world.material(gtin=OTHER)
    lots = {one.gtin: world.lot(1, one, number="AB-77") for one in (ours, theirs)}
    nameless = world.lot(1, number="AB-77")
    for gtin, lot in lots.items():
        label = build([("01", gtin), ("10", "AB-77")])
        for code in (
            label.raw(),
            f"]d2{label.raw()}",
            label.bracketed(),
            label.link(),
            f"]Q1{label.link('http://x.example')}",
        ):
            [found] = ask(ResolveScan(clean(code), user))
            assert (found.url, found.warning) == (lot.get_absolute_url(), ""), code
    [found] = ask(ResolveScan(clean(build([("01", "09506000149301"), ("10", "AB-77")]).raw()), user))
    assert found.url == nameless.get_absolute_url()


@pytest.mark.requirement("GS1-03")
def test_a_gtin_finds_its_material(world: World) -> None:
    user = make_user(site=world.site, permissions=SEE)
    material = world.material(gtin=GTIN)
    for code in (GTIN, GTIN[1:], f"]E0{GTIN[1:]}", f"01{GTIN}", f"(01){GTIN}", f"https://id.gs1.org/01/{GTIN}"):
        [found] = ask(ResolveScan(clean(code), user))
        assert (found.url, found.warning) == (material.get_absolute_url(), ""), code


@pytest.mark.requirement("GS1-03")
def test_a_container_number_finds_what_is_numbered_by_it(world: World) -> None:
    user = make_user(site=world.site, permissions=SEE)
    lot = world.lot(1)
    unit = services.create_unit(
        site=world.site, material=lot.material, lot=lot, serial="106141412345678908", actor=world.system
    )
    [found] = ask(ResolveScan(clean("]C100106141412345678908"), user))
    assert found.url == unit.get_absolute_url()


@pytest.mark.requirement("GS1-04")
@time_machine.travel(LATER)
def test_what_does_not_fit_on_a_label_is_said(world: World) -> None:
    user = make_user(site=world.site, permissions=SEE)
    material, other = world.material(number="M-A", gtin=GTIN), world.material(number="M-B")
    lot = world.lot(1, material, number="A-1", expires_on=dt.date(2037, 6, 30))
    strange = world.lot(1, other, number="B-1")
    unit = services.create_unit(site=world.site, material=material, lot=lot, serial="S9", actor=world.system)

    def said(*pairs: tuple[str, str]) -> tuple[str, str]:
        [found] = ask(ResolveScan(clean(build(pairs).raw()), user))
        return found.url, str(found.warning)

    gtin = ("01", GTIN)
    assert said(gtin, ("17", "370630"), ("10", "A-1")) == (lot.get_absolute_url(), "")
    url, text = said(gtin, ("17", "360101"), ("10", "A-1"))
    assert url == lot.get_absolute_url()
    assert "By its label it was usable until" in text and "The label says usable until" in text
    assert said(gtin, ("17", "370131"), ("10", "A-1"))[1].startswith("The label says usable until")
    url, text = said(gtin, ("10", "B-1"))
    assert url == strange.get_absolute_url()
    assert text.startswith(f"The label says GTIN {GTIN} (M-A Material M-A), but B-1 is of M-B Material M-B.")
    url, text = said(("01", OTHER), ("10", "A-1"))
    assert text.startswith(f"The label says GTIN {OTHER} (no material here), but A-1 is of M-A Material M-A.")
    url, text = said(gtin, ("10", "A-2"), ("21", "S9"))
    assert url == unit.get_absolute_url()
    assert text.startswith("The label says lot A-2, but unit S9 is of lot A-1.")
    for pairs in ((gtin, ("10", "NONE")), (gtin, ("21", "NONE")), (("01", OTHER),)):
        assert said(*pairs) == ("", "No record here that you may see fits this label.")
    [found] = ask(ResolveScan(clean("(01)09506000134353(10)A-1"), user))
    assert (found.url, found.label) == ("", "(01)09506000134353(10)A-1")
    assert str(found.warning).endswith("the check digit is 3; to the digits before it belongs 2.")


@pytest.mark.requirement("GS1-04")
def test_nobody_is_told_of_a_lot_that_they_may_not_see(world: World) -> None:
    lot = world.lot(1, world.material(gtin=GTIN), number="A-1")
    label = build([("01", GTIN), ("10", "A-1")]).raw()
    for user in (make_user(site=make_site(), permissions=SEE), make_user(site=world.site)):
        [found] = ask(ResolveScan(clean(label), user))
        assert (found.url, str(found.warning)) == ("", "No record here that you may see fits this label.")
        assert str(lot.material) not in f"{found.label} {found.detail}"


@pytest.mark.requirement("GS1-04")
@time_machine.travel(LATER)
def test_the_scan_page_says_it_before_it_opens_anything(world: World, client: Client) -> None:
    client.force_login(make_user(site=world.site, permissions=SEE))
    lot = world.lot(1, world.material(gtin=GTIN), number="A-1")
    page = reverse("core_web:scan")
    good = build([("01", GTIN), ("10", "A-1")]).raw()
    assert client.get(page, {"code": good})["Location"] == lot.get_absolute_url()
    assert client.get(page, {"code": good}, HTTP_ACCEPT="application/json").json()["url"] == lot.get_absolute_url()
    late = {"code": build([("01", GTIN), ("17", "360101"), ("10", "A-1")]).raw()}
    answer = client.get(page, late)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "By its label it was usable until" in text and lot.get_absolute_url() in text
    told = client.get(page, late, HTTP_ACCEPT="application/json")
    assert told.status_code == 404 and told.json()["matches"] == 1
    assert told.json()["warnings"][0].startswith("By its label")
    wrong = client.get(page, {"code": "]d20109506000134353"}).content.decode()
    assert "check digit" in wrong


@pytest.mark.parametrize(
    ("text", "elements"),
    [
        ("10AB\x1d21X", {"10": "AB", "21": "X"}),
        ("\x1d0109521234543213", {"01": "09521234543213"}),
        ("01095212345432", {}),
        ("10", {}),
        ("10" + "A" * 20, {}),
        ("99Z", {}),
        ("]d299Z", {"99": "Z"}),
        ("]C010AB\x1d21X", {}),
        ("]C1NOWHERE", {}),
        ("]d2", {}),
        ("https://example.com/traceability/lots/1/", {}),
        ("", {}),
    ],
)
def test_what_is_taken_for_a_label(text: str, elements: dict[str, str]) -> None:
    label = label_of(clean(text))
    assert dict(label.pairs if label else ()) == elements


@pytest.mark.parametrize("text", ["0109521234543214", "(01)123", "]d210", "https://id.gs1.org/01/123", "(17)261301"])
def test_a_label_that_breaks_a_rule_is_refused(text: str) -> None:
    with pytest.raises(Gs1Error):
        label_of(clean(text))
