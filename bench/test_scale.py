"""Lists, searches, details, histories and traces over data set D (`manage.py seed_scale`), beside plain SQL.

Each is asked in turns with the same rows read by one plain statement. Only counts of statements can fail.
"""

from __future__ import annotations

import time
from decimal import Decimal
from functools import partial

import pytest
from django.db import transaction
from django.test import Client

from bench.evidence import keep
from bench.measuring import Row, all_measured, call_of, page_of, pages
from core.kernel.deeds import acting
from core.organization.services import system_user
from integrations.services.scale import PROFILES, seed_scale
from mes.execution import services as floor
from mes.routing.models import RoutingRevision
from tests.api.conftest import MAKE, program_of
from tests.mes.execution.floor import PLANNER
from tests.support.people import make_user
from tools.cluster import Cluster
from traceability.models import Lot, Material, SerializedUnit
from traceability.queries import trace

pytestmark = pytest.mark.requirement("PERF-SCALE")
SEES = (
    *(f"traceability.view_{name}" for name in ("material", "lot", "serializedunit", "hold", "genealogylink")),
    *PLANNER, "core_trail.view_trailevent", MAKE,
)  # fmt: skip


def test_lists_details_and_traces(plant: str, postgres: Cluster) -> None:
    said: list[str] = []
    began = time.perf_counter()
    site = seed_scale("D", said.append)
    seeded = time.perf_counter() - began
    with postgres.connect(plant) as link:
        link.execute("ANALYZE")
    size = PROFILES["D"]
    person = make_user("reader", site=site, permissions=SEES)
    desk, program = Client(), program_of(person)
    with transaction.atomic(), acting(person):
        desk.force_login(person)

    page, call = partial(page_of, desk), partial(call_of, program)
    lot = Lot.objects.get(number="L-00030000")
    unit = SerializedUnit.objects.get(serial="S-00030000")
    finished = SerializedUnit.objects.get(serial="F-00001000")
    used = trace(finished, "backward")
    direct = [row for row in used if row.level == 1]
    source = Lot.objects.get(pk=max(row.lot_id for row in direct if row.unit_id is None and row.lot_id is not None))
    units, lots = "traceability_serializedunit", "traceability_lot"
    far = pages(lambda query: call(f"traceability/units/{query}")(), 300)
    first_units = (f"SELECT * FROM {units} WHERE site_id = %s ORDER BY id DESC LIMIT 51", [site.pk])
    rows = [
        Row("list 50 of 68,000 units, API", call("traceability/units/?limit=50"), first_units, 10, "30 ms CPU"),
        Row("the page after 60,000", call(f"traceability/units/?limit=50&after={far}"), first_units, 10, "1.5 × first"),
        Row("list 50 of 68,000 units, HTML", page("/traceability/units/"), first_units, 15, "60 ms CPU, 10 SQL"),
        Row(
            "list 50 of 38,000 lots with stock, API", call("traceability/lots/?limit=50"),
            (f"SELECT * FROM {lots} WHERE site_id = %s ORDER BY id DESC LIMIT 51", [site.pk]), 10, "30 ms CPU",
        ),
        Row("list 50 of 38,000 lots with stock, HTML", page("/traceability/lots/"),
            (f"SELECT * FROM {lots} WHERE site_id = %s ORDER BY id DESC LIMIT 51", [site.pk]), 15, "60 ms CPU, 10 SQL"),
        Row(
            "a lot by its exact number, API", call("traceability/lots/?number=L-00030000"),
            (f"SELECT * FROM {lots} WHERE number = %s", ["L-00030000"]), 10, "10 ms",
        ),
        Row("an unknown filter", call("traceability/lots/?colour=red", 400), ("SELECT 1", []), 10, "400"),
        Row(
            "a lot, HTML", page(f"/traceability/lots/{lot.pk}/"),
            (f"SELECT * FROM {lots} WHERE id = %s", [lot.pk]), 15, "40 ms CPU, 12 SQL",
        ),
        Row(
            "a unit, API", call(f"traceability/units/{unit.pk}/"),
            (f"SELECT * FROM {units} WHERE id = %s", [unit.pk]), 12, "40 ms CPU",
        ),
        Row(
            "a unit with its timeline, HTML", page(f"/traceability/units/{finished.pk}/"),
            ("SELECT * FROM traceability_historicalserializedunit WHERE id = %s", [finished.pk]), 15,
            "40 ms CPU, 12 SQL",
        ),
        Row(
            "backward trace of a finished unit", lambda: trace(finished, "backward"),
            ("SELECT * FROM traceability_genealogylink WHERE child_unit_id = %s", [finished.pk]), 2, "10 ms",
        ),
        Row(
            "forward trace of a lot", lambda: trace(source, "forward"),
            ("SELECT * FROM traceability_genealogylink WHERE parent_lot_id = %s", [source.pk]), 2, "10 ms",
        ),
    ]  # fmt: skip
    numbers = iter(range(100_000, 200_000))
    revision = RoutingRevision.objects.select_related("routing__material").filter(routing__site=site).first()
    assert revision is not None

    def order() -> None:
        floor.create_order(
            site=site, material=revision.routing.material, quantity=Decimal(10), routing_revision=revision,
            number=f"BENCH-{next(numbers)}", actor=person,
        )  # fmt: skip

    material = Material.objects.get(number="SC-C00001")

    def update() -> None:
        with transaction.atomic(), acting(system_user("bench"), reason="bench"):
            material.name = f"Component {next(numbers)}"
            material.save()

    rows += [
        Row("create an order", order, ("SELECT 1", []), 25, "30 ms CPU"),
        Row("an audited update", update, (f"SELECT * FROM {units} WHERE id = %s", [unit.pk]), 10, "10 SQL"),
    ]
    figures, over = all_measured(rows)
    keep(
        "test_scale",
        "Lists, searches, details and traces over data set D",
        [f"seeded in {seeded:.0f} s:", *said, "", *figures],
        about=f"{size.serials + 3 * size.finished + size.finished:,} units, {size.lots:,} lots, {size.orders:,} orders."
        " In one process, without sockets. Plain SQL: the same rows by one statement, no rights, no words.",
    )
    assert over == []
    assert len(direct) >= 8
