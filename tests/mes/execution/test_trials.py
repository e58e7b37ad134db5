"""Trying a draft on the floor, and what the trial then keeps in the draft."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from core.kernel.errors import Blocked
from core.organization.services import system_user
from mes.execution.services import try_routing
from mes.routing import services as routings
from mes.routing.models import Operation
from mes.routing.queries import parts_seen
from tests.support.people import make_site
from tests.support.routings import Shop, make_shop
from tests.support.visits import visit_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return make_shop(make_site())


@pytest.fixture
def tried(shop: Shop) -> Operation:
    """The second operation of a draft that was put on the floor as a sandbox order."""
    draft = shop.draft("Cut", "Deburr")
    try_routing(revision=draft, quantity=Decimal(1), actor=system_user("test"))
    return draft.operations.get(sequence=20)


def test_what_was_tried_is_not_removed_and_the_refusal_names_the_order(shop: Shop, tried: Operation) -> None:
    order = tried.order_operations.get().order
    history = Operation.history.count()
    with pytest.raises(Blocked) as refused:
        routings.remove_operation(operation=tried, actor=shop.author)
    assert refused.value.codes == ("in_use",)
    assert order.number in refused.value.blockers[0].message
    assert refused.value.blockers[0].remedy
    assert Operation.objects.filter(pk=tried.pk).exists()
    assert Operation.history.count() == history


def test_the_builder_says_it_in_words(shop: Shop, tried: Operation) -> None:
    address = reverse("mes_routing:operation_remove", args=[tried.routing_revision_id, tried.pk])
    for headers in ({}, {"HX-Request": "true"}):
        seen = {"version": tried.row_version, "parts": parts_seen(tried)}
        answer = visit_as(shop.author).post(address, seen, headers=headers)
        assert answer.status_code == 409
        assert tried.order_operations.get().order.number in answer.content.decode()
    assert Operation.objects.filter(pk=tried.pk).exists()


def test_an_operation_that_nobody_tried_goes(shop: Shop) -> None:
    draft = shop.draft("Cut", "Deburr")
    routings.remove_operation(operation=draft.operations.get(sequence=20), actor=shop.author)
    assert [operation.name for operation in draft.operations.all()] == ["Cut"]
