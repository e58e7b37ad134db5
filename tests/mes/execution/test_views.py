"""The desk's pages of orders, operations and calls: allowed once, refused once in words."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from mes.execution import services
from mes.execution.models import ProductionOrder
from tests.mes.execution.floor import Floor
from tests.support.people import grant, make_site, make_user
from tests.support.visits import visit_as

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("ORD-03")]
VIEW = "mes_execution.view_productionorder"


def url(name: str, *args: object) -> str:
    return reverse(f"mes_execution:{name}", args=args)


def entered(floor: Floor, **values: Any) -> dict[str, Any]:
    return {"site": floor.site.pk, "material": floor.product.pk, "quantity": "3", "priority": "5", **values}


def test_an_order_is_created_released_and_closed_over_the_pages(floor: Floor) -> None:
    client = visit_as(floor.planner)
    answer = client.post(url("productionorder_create"), entered(floor))
    order = ProductionOrder.objects.get()
    assert answer["Location"] == order.get_absolute_url()
    assert client.post(url("productionorder_move", order.pk, "release")).status_code == 302
    order.refresh_from_db()
    assert order.status == "released"
    page = client.get(order.get_absolute_url()).content.decode()
    assert "Prepare" in page and "Assemble" in page and order.number in page
    for sheet in ("traveler", "barcodes"):
        pdf = client.get(url(f"productionorder_{sheet}", order.pk))
        assert (pdf.status_code, pdf.content[:5]) == (200, b"%PDF-")
    assert order.number in client.get(url("productionorder_list")).content.decode()
    refused = client.post(url("productionorder_move", order.pk, "close"), {"reason": "done"})
    assert refused.status_code == 409 and "Prepare" in refused.content.decode()
    order.refresh_from_db()
    assert order.status == "released"


@pytest.mark.parametrize("quantity", ["abc", "0", "-1", "1,5,5", "1e400", "NaN", "1\x00", "9" * 40, ""])
def test_a_wrong_quantity_is_refused_in_words(floor: Floor, quantity: str) -> None:
    answer = visit_as(floor.planner).post(url("productionorder_create"), entered(floor, quantity=quantity))
    assert answer.status_code in (409, 422)
    assert not ProductionOrder.objects.exists()


@pytest.mark.parametrize("wrong", [{"site": "999999"}, {"material": "x"}, {"priority": "0"}, {"due_on": "tomorrow"}])
def test_a_wrong_choice_is_refused_in_words(floor: Floor, wrong: dict[str, str]) -> None:
    assert visit_as(floor.planner).post(url("productionorder_create"), entered(floor, **wrong)).status_code == 422
    assert not ProductionOrder.objects.exists()


@pytest.mark.requirement("ACC-03")
def test_without_the_right_nothing_is_created_or_released(floor: Floor) -> None:
    order = floor.order(release=False)
    client = visit_as(make_user(site=floor.site, permissions=(VIEW,)))
    assert client.post(url("productionorder_create"), entered(floor)).status_code == 403
    assert client.post(url("productionorder_move", order.pk, "release")).status_code in (403, 409)
    order.refresh_from_db()
    assert (ProductionOrder.objects.count(), order.status) == (1, "draft")
    stranger = visit_as(make_user(site=make_site(), permissions=(VIEW,)))
    assert stranger.get(order.get_absolute_url()).status_code == 404


@pytest.mark.requirement("ORD-04")
def test_why_somebody_cannot_start_is_answered_for_any_person(floor: Floor) -> None:
    order = floor.order()
    client = visit_as(floor.planner)
    address = floor.last(order).get_absolute_url()
    page = client.get(address, {"person": floor.operator.pk}).content.decode()
    assert "cannot go on" in page and "Earlier operations done" in page
    page = client.get(floor.first(order).get_absolute_url(), {"person": floor.operator.pk}).content.decode()
    assert "nothing is in the way" in page
    for wrong in ("999999", "x", "²"):
        assert client.get(address, {"person": wrong}).status_code == 200


@pytest.mark.requirement("TRM-05")
def test_a_call_is_answered_and_closed_over_the_pages(floor: Floor) -> None:
    andon = services.call_lead(order_operation=floor.first(floor.order()), actor=floor.operator).record
    refused = visit_as(floor.planner).post(url("andon_move", andon.pk, "acknowledge"))
    assert refused.status_code in (403, 404, 409)
    lead = visit_as(floor.lead)
    grant(floor.lead, floor.site, "mes_execution.view_andon")
    assert "Call the lead" in lead.get(url("andon_list")).content.decode()
    for move, status in (("acknowledge", "acknowledged"), ("close", "closed")):
        answer = lead.post(url("andon_move", andon.pk, move), {"reason": "Bit changed"})
        assert answer.status_code == 302, answer.content.decode()[-1500:]
        andon.refresh_from_db()
        assert andon.status == status
