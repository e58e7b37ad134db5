"""An import of purchase orders beside receipts that were booked here."""

from __future__ import annotations

from decimal import Decimal

import pytest

from integrations.services import import_records
from tests.integrations.test_screen import RIGHTS, able_to_sign
from tests.support.people import make_user
from tests.traceability.goods import ordered, receive
from tests.traceability.world import make_world
from traceability.models import PurchaseOrderLine

COLUMNS = "purchase_order: order, position: position, material: material, quantity: quantity, due_on: due"


@pytest.mark.django_db
@pytest.mark.requirement("IMP-06", "RCV-01")
@pytest.mark.parametrize(("more", "received"), [("", "4"), (", received: received", "6")])
def test_a_file_without_the_count_leaves_what_was_received_here(more: str, received: str) -> None:
    world = make_world()
    line = ordered(world)
    receive(world, line)
    admin = able_to_sign(make_user(site=world.site, permissions=RIGHTS))
    told = import_records(
        kind="purchase_order_lines",
        data=f"order,position,material,quantity,due,received\n{line.order},10,{line.material.number},12,2026-03-01,6\n".encode(),
        file_name="lines.csv",
        mapping=f"columns: {{{COLUMNS}{more}}}",
        actor=admin,
        site=world.site,
    )
    assert told.batch is not None
    found = PurchaseOrderLine.objects.get(pk=line.pk)
    assert (found.quantity, found.received) == (12, Decimal(received))
