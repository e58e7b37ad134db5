"""Label templates: written with a picture, approved by a second person, changed only as the next version."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from ipaddress import ip_network
from typing import Any

import pytest
from django.urls import reverse

from core.kernel.wiring import publish
from core.lifecycle.services import perform
from core.organization.events import PlantSetUp
from core.organization.services import people
from core.signing.models import Signature
from core.signing.queries import is_intact
from tests.support.kept import made_once
from tests.support.people import make_site, make_user, proof
from tests.support.printer import FakePrinter, fake_printer
from tests.support.visits import visit_as
from tests.traceability.press import (
    APPROVE,
    FRAME,
    SEE,
    WRITE,
    Press,
    a_lot,
    approved,
    drafted,
    in_force,
    make_press,
    refused_with,
)
from tests.traceability.world import make_world
from traceability import services
from traceability.models import LabelTemplate
from traceability.queries.label_texts import STANDARDS, layout_of, templates_for, tried

kept_press = made_once(make_press)


@pytest.fixture
def press(kept_press: Callable[[], Press], db: None) -> Press:
    return kept_press()


@pytest.fixture
def device(settings: Any) -> Iterator[FakePrinter]:
    with fake_printer() as found:
        settings.TRUELINE_PRINTER_NETWORKS = [ip_network("127.0.0.0/8")]
        settings.TRUELINE_PRINTER_PORTS = {found.port}
        settings.TRUELINE_PRINTER_TIMEOUT = 2.0
        yield found


@pytest.mark.requirement("LBL-01")
@pytest.mark.parametrize("key", [key for key in STANDARDS if not key.startswith("empty")])
@pytest.mark.parametrize("dpmm", [8, 12, 24])
def test_the_layouts_that_are_brought_along_fit_on_every_print_head(key: str, dpmm: int) -> None:
    begun = STANDARDS[key]
    template = LabelTemplate(
        kind=begun.kind, width_mm=begun.width, height_mm=begun.height, dpmm=dpmm, elements=begun.data()
    )
    assert tried(template).codes and layout_of(template).dpmm == dpmm


@pytest.mark.requirement("LBL-04")
def test_a_template_is_approved_by_somebody_who_did_not_write_it(press: Press) -> None:
    template = drafted(press)
    with refused_with("second_person"):
        perform(template, "make_effective", actor=press.writer, signature=proof(press.writer, "approved"))
    services.change_label_template(
        template=template, name="Mine now", width_mm=Decimal(100), height_mm=Decimal(50), dpmm=8, actor=press.approver
    )
    with refused_with("second_person"):
        perform(template, "make_effective", actor=press.approver, signature=proof(press.approver, "approved"))
    third = make_user(site=press.site, permissions=(*SEE, APPROVE))
    perform(template, "make_effective", actor=third, signature=proof(third, "approved"))
    signature = Signature.objects.get(subject_id=template.pk, meaning="approved", signer=third)
    assert is_intact(signature) and templates_for(a_lot(press)) == [template]


@pytest.mark.requirement("LBL-04")
def test_the_next_version_replaces_the_one_before_when_it_is_approved(press: Press) -> None:
    first = in_force(press)
    second = services.revise_label_template(template=first, actor=press.writer)
    assert (second.version, second.status, second.elements) == (2, "draft", first.elements)
    with refused_with("draft_exists"):
        services.revise_label_template(template=first, actor=press.writer)
    with refused_with("template_status"):
        services.add_label_element(template=first, element=FRAME, actor=press.writer)
    services.remove_label_element(template=second, position=4, actor=press.writer)
    assert templates_for(a_lot(press)) == [first], "a draft prints nothing"
    approved(press, second)
    first.refresh_from_db()
    assert (first.status, second.status, templates_for(a_lot(press, "L-2"))) == ("superseded", "effective", [second])
    perform(second, "make_obsolete", actor=press.approver, reason="No longer used")
    assert templates_for(a_lot(press, "L-3")) == []


@pytest.mark.requirement("LBL-04")
def test_a_label_that_would_not_be_read_is_not_approved(press: Press) -> None:
    empty = drafted(press, "empty-lot", code="EMPTY")
    with refused_with("layout"):
        approved(press, empty)
    code = {
        "kind": "code",
        "x": 2.0,
        "y": 2.0,
        "width": 20.0,
        "height": 20.0,
        "symbology": "datamatrix",
        "content": "gs1",
    }
    services.add_label_element(template=empty, element=code, actor=press.writer)
    with refused_with("layout"):
        services.add_label_element(template=empty, element={**code, "width": 4.0}, actor=press.writer)
    text = {"kind": "text", "x": 15.0, "y": 2.0, "width": 60.0, "height": 5.0, "size": 3.0, "field": "number"}
    services.add_label_element(template=empty, element=text, actor=press.writer)
    with refused_with("layout"):
        approved(press, empty)
    services.change_label_element(template=empty, position=2, element={**text, "x": 25.0}, actor=press.writer)
    assert approved(press, empty).status == "effective"
    other = drafted(press, code="T")
    with refused_with("element"):
        services.remove_label_element(template=other, position=99, actor=press.writer)


@pytest.mark.requirement("LBL-04")
def test_a_template_of_one_site_is_written_and_approved_there(press: Press) -> None:
    elsewhere = make_user(site=make_site(), permissions=(*SEE, WRITE, APPROVE))
    with refused_with("permission"):
        services.create_label_template(site=press.site, code="X", name="X", standard="lot-57x32", actor=elsewhere)
    own = drafted(press, "lot-57x32", site=press.site, code="Z-OWN")
    with refused_with("permission"):
        perform(own, "make_effective", actor=elsewhere, signature=proof(elsewhere, "approved"))
    approved(press, own)
    everywhere = in_force(press)
    assert templates_for(a_lot(press)) == [own, everywhere]
    assert templates_for(a_lot(Press(make_world(), press.writer, press.approver, press.printing), "L-9")) == [
        everywhere
    ]
    with refused_with("taken"):
        drafted(press)


@pytest.mark.requirement("LBL-01")
def test_the_pages_write_a_template_with_a_picture(press: Press) -> None:
    writer = visit_as(press.writer)
    values = {"code": "T1", "name": "Lots", "standard": "empty-lot", "dpmm": 8}
    assert writer.post(reverse("traceability:labeltemplate_create"), values).status_code == 302
    template = LabelTemplate.objects.get()
    pk = [template.pk]
    code = {"symbology": "datamatrix", "content": "gs1_or_number", "x": 2, "y": 2, "width": 4, "height": 4}

    def post(name: str, values: dict[str, Any], *args: int) -> int:
        version = {"version": LabelTemplate.objects.get().row_version}
        return int(writer.post(reverse(f"traceability:{name}", args=[*pk, *args]), {**values, **version}).status_code)

    assert post("labelelement_add_code", code) == 409
    assert post("labelelement_add_code", {**code, "width": 20, "height": 20}) == 302
    text: dict[str, Any] = {
        "field": "number",
        "x": 25,
        "y": 2,
        "width": 60,
        "height": 5,
        "size": 3,
        "lines": 1,
        "align": "left",
    }
    assert post("labelelement_add_text", text) == 302
    assert post("labelelement_add_box", {"x": 1, "y": 1, "width": 98, "height": 48, "thickness": 0.3}) == 302
    assert post("labelelement_change_text", {**text, "size": 4}, 2) == 302
    assert LabelTemplate.objects.get().elements[1]["size"] == 4
    assert writer.get(reverse("traceability:labelelement_change_text", args=[*pk, 1])).status_code == 404
    preview = reverse("traceability:labeltemplate_preview", args=[*pk, "text", 2])
    assert "L-2026-000123" in writer.get(preview, {**text, "size": 4}).content.decode()
    assert "does not go into the place" in writer.get(preview, {**text, "width": 3}).content.decode()
    assert post("labelelement_remove", {}, 3) == 302 and len(LabelTemplate.objects.get().elements) == 2
    shown = writer.get(template.get_absolute_url()).content.decode()
    assert "<svg" in shown and "Data Matrix" in shown
    change = {"name": "Lots, small", "width_mm": "10", "height_mm": "5", "dpmm": 8}
    assert (
        post("labeltemplate_change", change) == 409
        and post("labeltemplate_change", {**change, "width_mm": 90, "height_mm": 40}) == 302
    )


@pytest.mark.requirement("LBL-04")
def test_a_new_installation_has_drafts_that_somebody_approves(press: Press) -> None:
    people.create_role_from_template(template="quality_head", actor=press.world.system)
    publish(PlantSetUp(press.site.pk))
    drafts = LabelTemplate.objects.filter(status="draft", site=None)
    assert {one.kind for one in drafts} == {"lot", "unit", "location"} and templates_for(a_lot(press)) == []
    assert approved(press, drafts.get(kind="lot")) in templates_for(a_lot(press, "L-2"))
