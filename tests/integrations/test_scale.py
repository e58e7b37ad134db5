"""The large plant: committed under every rule of the trail, the same for the same seed, refused where people work."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from integrations.services.scale import PROFILES, seed_scale
from mes.execution.models import ProductionOrder
from tests.support.people import make_user
from traceability.models import GenealogyLink, Lot, Material, SerializedUnit, StockMovement
from traceability.queries import on_hand, state_of, trace

pytestmark = pytest.mark.requirement("PERF-SCALE")


def drawn() -> list[tuple[str, ...]]:
    """What is drawn from the seed: quantities received, and which lots went into what."""
    receipts = StockMovement.objects.filter(unit__isnull=True).values_list("lot__number", "quantity")
    links = GenealogyLink.objects.filter(parent_lot__isnull=False).values_list(
        "child_unit__serial", "parent_lot__number"
    )
    return [tuple(map(str, row)) for row in [*sorted(receipts), *sorted(links)]]


def test_a_small_one_is_whole_and_the_database_says_so(plant: str) -> None:
    size, said = PROFILES["S"], list[str]()
    site = seed_scale("S", said.append, seed=7)
    assert Material.objects.count() == size.serial_components + size.lot_components + size.assemblies
    assert ProductionOrder.objects.filter(site=site).count() == size.orders
    assert SerializedUnit.objects.filter(status="consumed").count() == 3 * size.finished
    assert SerializedUnit.history.count() == size.serials + size.finished + 2 * 3 * size.finished
    unit = SerializedUnit.objects.get(serial="F-00000001")
    used = [row for row in trace(unit, "backward") if row.level == 1 and row.relation == "used"]
    assert len(used) == 8
    lot = Lot.objects.get(number="L-00000001")
    assert 1000 <= on_hand(lot) < 10_000
    stocked = SerializedUnit.objects.select_related("lot").get(serial="S-00000001")
    assert stocked.lot is not None and state_of(stocked.lot, stocked).unit_stock == 1
    assert said[-1].endswith("rows of history and facts in all")
    first = drawn()
    with connection.cursor() as cursor:  # What a second plant with the same seed draws is drawn by the same function.
        cursor.execute("SELECT 1000 + (hashint8extended(1, 7) & 1073741823) % 9000")
        assert ("L-00000001", f"{cursor.fetchone()[0]}.000000") in first
    with pytest.raises(CommandError, match="stands already"):
        call_command("seed_scale", profile="S")


def test_a_database_in_use_is_refused_in_words(db: None) -> None:
    make_user("somebody")
    with pytest.raises(CommandError, match="people of its own: 1"):
        call_command("seed_scale", profile="S")
    assert not Material.objects.exists()
