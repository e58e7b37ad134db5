"""The desk's pages of orders, operations and calls: allowed once, refused once in words."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from core.lifecycle.services import perform
from mes.execution import services
from mes.execution.models import ProductionOrder
from qms.documents.services import revise_document
from tests.mes.execution.floor import Floor, put_into_force
from tests.support.people import grant, make_site, make_user, proof
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


def test_a_released_order_says_where_its_work_goes_on(floor: Floor) -> None:
    """The next step is work at a station, not the closing; that is offered when all of the work is done."""
    client = visit_as(floor.planner)
    order = floor.order(1)

    def shown() -> str:
        return str(client.get(order.get_absolute_url()).content.decode())

    page = shown()
    assert f"Next: OP 10 Prepare at {floor.work_center}." in page and "It is “Waiting”" in page
    assert 'id="tl-primary"' not in page and "Before the next step" not in page
    operation = floor.assembling(order)
    page = shown()
    assert f"Next: OP 20 Assemble at {floor.work_center}." in page and "It is “In progress”" in page
    assert 'id="tl-primary"' not in page
    floor.finish_unit(operation)
    services.complete_operation(order_operation=operation, actor=floor.operator)
    page = shown()
    assert 'id="tl-next-step"' not in page and 'id="tl-primary"' in page


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


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.requirement("ORD-04")
def test_the_lead_reopens_a_completed_operation_on_its_page(floor: Floor) -> None:
    grant(floor.lead, floor.site, VIEW)
    order = floor.order(1)
    floor.finish_first(order)
    operation = floor.first(order)
    address = url("orderoperation_reopen", operation.pk)
    assert address in text(visit_as(floor.lead).get(operation.get_absolute_url()))
    grant(floor.operator, floor.site, VIEW)
    assert visit_as(floor.operator).post(address, {"reason": "mine"}).status_code == 403
    assert visit_as(floor.lead).post(address, {"reason": ""}).status_code == 422
    operation.refresh_from_db()
    assert operation.status == "completed"
    assert visit_as(floor.lead).post(address, {"reason": "wrong count"}).status_code == 302
    operation.refresh_from_db()
    assert operation.status == "in_progress"


@pytest.mark.requirement("ORD-04")
def test_a_refused_reopening_shows_what_the_database_keeps(floor: Floor) -> None:
    grant(floor.lead, floor.site, VIEW)
    operation = floor.assembling(quantity=1)
    floor.finish_unit(operation)
    services.complete_operation(order_operation=operation, actor=floor.operator)
    perform(floor.finished(operation), "reject", reason="dents", actor=floor.world.quality,
            signature=proof(floor.world.quality, "rejected"))  # fmt: skip
    answer = visit_as(floor.lead).post(url("orderoperation_reopen", operation.pk), {"reason": "look again"})
    assert answer.status_code == 409 and "Rejected" in text(answer)
    assert answer.context["record"].status == "completed"


@pytest.mark.requirement("ORD-04")
def test_the_process_engineer_gives_an_open_operation_the_effective_instruction(floor: Floor) -> None:
    operation = floor.last(floor.order())
    old = operation.document_revision
    engineer = make_user(site=floor.site, permissions=(VIEW, "mes_execution.change_orderoperation"))
    client, address = visit_as(engineer), url("orderoperation_adopt", operation.pk)
    assert address not in text(client.get(operation.get_absolute_url()))
    newer = revise_document(document=floor.instruction.document, change_summary="clearer", actor=floor.world.system)
    put_into_force(newer, floor.world.system)
    assert address in text(client.get(operation.get_absolute_url()))
    assert str(newer) in text(client.get(address))
    assert client.post(address, {"reason": ""}).status_code == 422
    operation.refresh_from_db()
    assert operation.document_revision == old
    assert client.post(address, {"reason": "safer"}).status_code == 302
    operation.refresh_from_db()
    assert operation.document_revision == newer
    again = client.post(address, {"reason": "safer"})
    assert again.status_code == 409 and "cannot take another instruction" in text(again)
