"""What the dialogs of a station ask, and that nothing in them is chosen for anybody."""

from __future__ import annotations

import datetime as dt

import pytest

from mes.execution.models import Andon, DefectReport, OrderOperation
from tests.mes.execution.floor import Floor, make_floor
from tests.mes.execution.station import Station, make_station
from tests.mes.execution.test_floor import refused, words
from tests.support.people import make_user
from traceability.queries import day_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def station(floor: Floor) -> Station:
    return make_station(floor.work_center, floor.operator)


@pytest.mark.requirement("ORD-17")
def test_the_dialog_asks_why_only_where_a_gate_asks(floor: Floor, station: Station) -> None:
    def asked(operation: OrderOperation) -> set[str]:
        page = station.client.get(station.address(operation, "dialog/complete/"))
        return set(page.context["form"].fields)

    operation = floor.assembling(quantity=2)
    assert asked(operation) == {"explanation"}
    floor.finish_unit(operation, components=floor.kit()[:1])
    assert asked(operation) == {"explanation", "material_explanation"}
    refused(station.ask(operation, "complete", explanation="One blank was missing"), "are in the reported pieces")
    refused(station.ask(operation, "complete", material_explanation="Fitted later"), "1 of 2 are reported")
    floor.finish_unit(operation, components=floor.kit()[:1])
    assert asked(operation) == {"material_explanation"}
    answer = station.ask(operation, "complete", explanation="Not asked for", material_explanation="Fitted later")
    assert answer.status_code == 302
    operation.refresh_from_db()
    assert (operation.explanation, operation.material_explanation) == ("", "Fitted later")


@pytest.mark.requirement("ORD-07")
def test_a_defect_takes_two_taps_and_three_inputs_and_nothing_is_chosen_for_anybody(
    floor: Floor, station: Station
) -> None:
    operation = floor.start(floor.first(floor.order()))
    assert station.address(operation, "dialog/defect/") in words(station.client.get(station.address(operation)))
    page = station.client.get(station.address(operation, "dialog/defect/"))
    needed = [name for name, field in page.context["form"].fields.items() if field.required]
    assert needed == ["title", "severity"]
    assert '<option value="" selected>– choose –</option>' in words(page)
    assert station.ask(operation, "defect", title="Scratched").status_code == 422
    assert not DefectReport.objects.exists()


@pytest.mark.requirement("SIG-03")
def test_the_meaning_of_a_signature_is_chosen_by_whoever_signs() -> None:
    floor = make_floor(requirements=[{"meaning": "performed"}, {"meaning": "witnessed", "witness": True}])
    station = make_station(floor.work_center, floor.operator)
    page = station.client.get(station.address(floor.assembling(), "dialog/sign/"))
    assert '<option value="" selected>– choose –</option>' in words(page)
    floor = make_floor(requirements=[{"meaning": "witnessed", "witness": True}])
    station = make_station(floor.work_center, floor.operator)
    page = station.client.get(station.address(floor.assembling(), "dialog/sign/"))
    assert "– choose –" not in words(page) and '<option value="witnessed">' in words(page)


def test_an_operation_is_completed_and_not_while_something_is_missing(floor: Floor, station: Station) -> None:
    operation = floor.start(floor.first(floor.order()))
    refused(station.ask(operation, "complete", explanation=""), "0 of 2 are reported")
    station.ask(operation, "output", good="2", scrap="0")
    answer = station.ask(operation, "complete", explanation="")
    assert (answer.status_code, answer["Location"]) == (302, station.address())
    operation.refresh_from_db()
    assert operation.status == "completed"


def test_the_lead_is_called_with_one_tap_and_not_without_the_right(floor: Floor, station: Station) -> None:
    operation = floor.first(floor.order())
    assert station.do(operation, "call").status_code == 302
    assert Andon.objects.get().raised_by == floor.operator
    station.sign_on(make_user(site=floor.site, permissions=("mes_execution.view_productionorder",)))
    refused(station.do(operation, "call"), "has no right")
    assert Andon.objects.count() == 1


@pytest.mark.requirement("SHL-05")
def test_a_station_proposes_the_unit_whose_use_ends_first_and_none_that_may_not_be_used(
    floor: Floor, station: Station
) -> None:
    part, today = floor.parts[0], day_at(floor.world.site)
    late, soon, past = (
        floor.world.unit(floor.world.lot(0, part, expires_on=today + dt.timedelta(days=count)))
        for count in (300, 20, -1)
    )
    page = words(station.client.get(station.address(floor.assembling(), "dialog/consume/")))
    assert page.index(soon.serial) < page.index(late.serial) and past.serial not in page
    assert page.count("usable until") >= 2
