"""A recall over a hundred thousand lots and units: its trace beside the statement that finds them, time and memory."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from bench.evidence import keep
from bench.recalls import drilled
from core.kernel.deeds import acting
from core.trail.services.sets import Stage
from tests.traceability.recalled import make_head
from tests.traceability.world import World, make_world
from tools.cluster import Cluster
from traceability.models import GenealogyLink, Hold, Lot, RecallDecision, SerializedUnit
from traceability.models import StockMovement as Movement

pytestmark = pytest.mark.requirement("PERF-SCALE")

SUBLOTS, UNITS = 1_000, 99_000


def made(world: World) -> Lot:
    """A lot that went into a thousand others, and these into 99,000 units in stock."""
    part, product = world.material(), world.material(tracking="serial")
    raw, container = world.lot(SUBLOTS, part), world.lot(0, product)
    stage = Stage(table="", errors="", params={"site": world.site.pk, "each": world.each.pk, "raw": raw.pk})
    with transaction.atomic(), acting(world.system, reason="bench"):
        stage.insert_from(
            Lot,
            {"site_id": "%(site)s", "material_id": str(part.pk), "number": "'SUB-' || n", "status": "'released'"},
            source=f"generate_series(1, {SUBLOTS}) n",
        )
        link = {"site_id": "%(site)s", "quantity": "1", "uom_id": "%(each)s"}
        sublots = f"traceability_lot l WHERE l.material_id = {part.pk} AND l.id <> %(raw)s"
        stage.insert_from(GenealogyLink, {**link, "parent_lot_id": "%(raw)s", "child_lot_id": "l.id"}, source=sublots)
        stage.insert_from(
            SerializedUnit,
            {
                "site_id": "%(site)s", "material_id": str(product.pk), "serial": "'B-' || n", "status": "'completed'",
                "lot_id": str(container.pk),
            },
            source=f"generate_series(1, {UNITS}) n",
        )  # fmt: skip
        units = f"traceability_serializedunit u WHERE u.material_id = {product.pk}"
        stage.insert_from(
            Movement,
            {
                "kind": "'produce'", "lot_id": "u.lot_id", "unit_id": "u.id", "quantity": "1", "uom_id": "%(each)s",
                "to_location_id": str(world.store.pk),
            },
            source=units,
        )  # fmt: skip
        stage.insert_from(
            GenealogyLink,
            {**link, "parent_lot_id": "l.id", "child_unit_id": "u.id"},
            source=f"traceability_serializedunit u JOIN traceability_lot l ON l.material_id = {part.pk}"
            f" AND l.number = 'SUB-' || (1 + u.id %% {SUBLOTS}) WHERE u.material_id = {product.pk}",
        )
    return raw


def test_a_recall_of_a_hundred_thousand(plant: str, postgres: Cluster) -> None:
    world = make_world()
    head = make_head(world)
    raw = made(world)
    with postgres.connect(plant) as link:
        link.execute("ANALYZE")
    with transaction.atomic():
        done = drilled(raw, head)
        decided = RecallDecision.objects.count()
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM traceability_recallline")
        assert cursor.fetchone() == (0,)
    keep(
        "test_recall",
        "A recall over a hundred thousand lots and units",
        [*done.figures, f"{decided:,} decisions"],
        about="In one process. Memory: growth of the process's largest size; PostgreSQL holds the sets.",
    )
    assert done.lines == UNITS + SUBLOTS + 2
    assert Hold.objects.count() == 0
