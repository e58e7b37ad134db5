"""A component is replaced in a finished unit: the order's consumption, the as-built and the genealogy tell the same."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from core.kernel.errors import Blocked
from core.organization.models import User
from mes.execution import services as execution
from mes.execution.models import Consumption, Output
from mes.execution.queries import order_facts
from tests.api.conftest import MAKE, program_of
from tests.mes.execution.floor import OPERATOR, Floor
from tests.support.people import make_user
from tests.support.visits import visit_as
from traceability import services
from traceability.models import GenealogyLink, SerializedUnit
from traceability.queries import components_of

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("GEN-09")]


def finished(floor: Floor) -> SerializedUnit:
    floor.finish_unit(floor.assembling(), "U-1")
    return SerializedUnit.objects.get(serial="U-1")


def fitter_of(floor: Floor, *more: str) -> User:
    rights = (*OPERATOR, "traceability.replace_component", "traceability.view_serializedunit", *more)
    return make_user(site=floor.site, permissions=rights)


def in_the_order(unit: SerializedUnit) -> set[tuple[Any, Any, Decimal]]:
    used = Consumption.objects.filter(into_unit=unit, reverses__isnull=True, reversed_by__isnull=True)
    return {(one.lot_id, one.unit_id, one.quantity) for one in used}


def in_the_unit(unit: SerializedUnit) -> set[tuple[Any, Any, Decimal]]:
    return {
        (link.parent_unit.lot_id if link.parent_unit else link.parent_lot_id, link.parent_unit_id, link.quantity)
        for link in components_of(unit)
    }


def test_another_unit_takes_the_place_of_the_one_the_order_used(floor: Floor) -> None:
    unit = finished(floor)
    link = GenealogyLink.objects.get(child_unit=unit, parent_unit__isnull=False)
    new = floor.piece(floor.parts[0]).unit
    services.replace_component(genealogy_link=link, reason="Worn", outcome="keep", new_unit=new, actor=fitter_of(floor))
    assert in_the_order(unit) == in_the_unit(unit)
    first = Consumption.objects.get(link=link)
    assert (first.reversed_by.reason, first.reversed_by.movement) == ("Worn", first.movement)
    made = Consumption.objects.get(unit=new)
    assert made.movement is not None and made.movement.kind == "issue" and made.order_operation == first.order_operation
    told = [one for facts in order_facts(first.order_operation.order) for one in facts.consumptions]
    assert {one.unit_id for one in told} >= {first.unit_id, new.pk if new else None}


def test_a_part_of_a_quantity_is_taken_out_of_a_lot_on_hold_and_the_rest_stays_told(floor: Floor) -> None:
    unit = finished(floor)
    used = Consumption.objects.get(into_unit=unit, unit__isnull=True)
    link = used.link
    assert link is not None
    services.replace_component(genealogy_link=link, reason="Missing", outcome="scrap", actor=fitter_of(floor))
    assert in_the_order(unit) == in_the_unit(unit)
    assert (
        not Consumption.objects.filter(into_unit=unit, unit__isnull=True, reversed_by__isnull=True)
        .exclude(reverses__isnull=False)
        .exists()
    )


def test_a_unit_with_a_replaced_component_is_not_taken_back(floor: Floor) -> None:
    unit = finished(floor)
    link = GenealogyLink.objects.get(child_unit=unit, parent_unit__isnull=False)
    new = floor.piece(floor.parts[0]).unit
    services.replace_component(genealogy_link=link, reason="Worn", outcome="keep", new_unit=new, actor=fitter_of(floor))
    for fact, code in (
        (Output.objects.get(unit=unit), "component_replaced"),
        (Consumption.objects.get(unit=new), "part_of_unit"),
    ):
        with pytest.raises(Blocked) as refusal:
            execution.undo_booking(fact=fact, reason="Wrong", actor=floor.lead)
        assert code in refusal.value.codes


@pytest.mark.parametrize("door", ["screen", "api"])
def test_the_page_and_the_api_replace_and_the_order_tells_it(floor: Floor, door: str) -> None:
    unit = finished(floor)
    link = GenealogyLink.objects.get(child_unit=unit, parent_unit__isnull=False)
    person = fitter_of(floor, MAKE)
    sent = {"component": link.pk, "outcome": "keep", "reason": "Worn"}
    if door == "screen":
        visit_as(person).post(reverse("traceability:serializedunit_replace", args=[unit.pk]), sent)
    else:
        program_of(person).post(f"traceability/units/{unit.pk}/replace/", sent)
    assert Consumption.objects.get(link=link).reversed_by.reason == "Worn"
