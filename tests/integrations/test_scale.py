"""The large plant: committed under every rule of the trail, the same for the same seed, refused where people work."""

from __future__ import annotations

from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from core.trail.queries.verifying import verify_trail
from integrations.services.scale import PROFILES, seed_scale
from integrations.services.scale_rows import ABREAST, FAMILY, STAGES
from mes.execution.models import OrderOperation, ProductionOrder
from qms.documents.models import DocumentRevision
from qms.nonconformance.models import NonConformance
from tests.support.people import make_user
from traceability.models import GenealogyLink, Lot, Material, SerializedUnit, Shipment, ShipmentLine, StockMovement
from traceability.queries import on_hand, state_of, trace
from traceability.queries.genealogy import reached

pytestmark = pytest.mark.requirement("PERF-SCALE")


def drawn() -> list[tuple[str, ...]]:
    """What is drawn from the seed: quantities received, and which lots went into what."""
    receipts = StockMovement.objects.filter(unit__isnull=True, kind="receipt").values_list("lot__number", "quantity")
    links = GenealogyLink.objects.filter(parent_lot__isnull=False, child_unit__isnull=False).values_list(
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
    lot = Lot.objects.get(number="L-00000002")
    assert 900 <= on_hand(lot) < 10_000
    stocked = SerializedUnit.objects.select_related("lot").get(serial="S-00000001")
    assert stocked.lot is not None and state_of(stocked.lot, stocked).unit_stock == 1
    assert said[-1].endswith("rows of history and facts in all")
    assert ProductionOrder.objects.exclude(status="draft").exclude(lot=None).count() == size.on_floor
    states = Counter(OrderOperation.objects.values_list("status", flat=True))
    assert states == {"waiting": 10, "in_progress": 2, "completed": 68} and sum(states.values()) == 4 * size.on_floor
    assert NonConformance.objects.filter(status="closed").count() == 18
    assert DocumentRevision.objects.filter(status="effective", effective_from__isnull=False).count() == size.documents
    assert Shipment.objects.get().status == "shipped" and ShipmentLine.objects.count() == size.shipped
    first = drawn()
    with connection.cursor() as cursor:  # What a second plant with the same seed draws is drawn by the same function.
        cursor.execute("SELECT 1000 + (hashint8extended(2, 7) & 1073741823) % 9000")
        assert ("L-00000002", f"{cursor.fetchone()[0]}.000000") in first
    with pytest.raises(CommandError, match="stands already"):
        call_command("seed_scale", profile="S")


def test_its_genealogy_is_deep_and_one_lot_went_nearly_everywhere(plant: str) -> None:
    size = PROFILES["S"]
    seed_scale("S", list[str]().append, seed=7)
    last = Lot.objects.get(number=f"P-{FAMILY:08d}")
    levels = {row.level for row in trace(last, "backward")}
    assert levels == set(range(1, STAGES + 1))
    assert GenealogyLink.objects.filter(child_lot=last).count() == ABREAST
    assert GenealogyLink.objects.count() == (
        size.families * FAMILY * ABREAST + (size.serials + 3 * size.finished) * size.made_of + 8 * size.finished
    )
    lots, units = reached(Lot.objects.get(number="L-00000001"), "forward")
    assert len(units) > (size.serials + 4 * size.finished) / 2
    report = verify_trail()
    assert report.problems == []


def test_a_database_in_use_is_refused_in_words(db: None) -> None:
    make_user("somebody")
    with pytest.raises(CommandError, match="people of its own: 1"):
        call_command("seed_scale", profile="S")
    assert not Material.objects.exists()
