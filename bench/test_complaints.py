"""Two hundred thousand complaints: the list, its filters, its search, the trend and the similar ones."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.evidence import keep
from core.kernel.deeds import acting
from core.trail.services.sets import Stage
from qms.complaints.models import Complaint
from qms.complaints.queries import overview, similar_to
from tests.qms.complaints.conftest import Desk, make_desk
from tests.support import visits
from tools.cluster import Cluster
from traceability.models import Lot

pytestmark = pytest.mark.requirement("PERF-SCALE")

ROWS, MOST_STATEMENTS = 200_000, 15
NOUNS = ("valve", "spring", "label", "carton", "sensor", "screw", "hose", "display", "battery", "needle")


def made(desk: Desk, lot: Lot) -> None:
    """Complaints of three years, every hundredth about one lot."""
    nouns = "(ARRAY[" + ", ".join(f"'{noun}'" for noun in NOUNS) + "])"
    stage = Stage(table="", errors="", params={"site": desk.world.site.pk, "who": desk.clerk.pk})
    with transaction.atomic(), acting(desk.world.system, reason="bench"):
        stage.insert_from(
            Complaint,
            {
                "site_id": "%(site)s", "number": "'OLD-' || n", "recorded_by_id": "%(who)s", "recorded_at": "now()",
                "status": "CASE WHEN n %% 50 = 0 THEN 'received' ELSE 'legacy' END",
                "title": f"'The ' || {nouns}[1 + n %% 10] || ' number ' || n",
                "nature": f"'Broken ' || {nouns}[1 + (n / 10) %% 10] || ' after ' || n || ' hours'",
                "received_on": "current_date - (n %% 1000)", "aware_on": "current_date - (n %% 1000)",
                "channel": "'phone'", "is_complaint": "'yes'", "code_id": str(desk.code.pk),
                "material_id": str(lot.material_id), "lot_id": f"CASE WHEN n %% 100 = 0 THEN {lot.pk} END",
                "due_at": "now() + (n %% 60 - 30) * interval '1 day'",
            },
            source=f"generate_series(1, {ROWS}) n",
        )  # fmt: skip


def test_two_hundred_thousand_complaints(plant: str, postgres: Cluster) -> None:
    desk = make_desk()
    lot = desk.world.lot(100)
    made(desk, lot)
    with postgres.connect(plant) as link:
        link.execute("ANALYZE")
    client = visits.visit_as(desk.engineer)
    address = reverse("qms_complaints:complaint_list")
    lines: list[str] = []

    def timed(what: str, act: Any, most: int = MOST_STATEMENTS) -> None:
        act()
        with CaptureQueriesContext(connection) as statements:
            began = time.perf_counter()
            act()
            took = time.perf_counter() - began
        lines.append(f"{what:<44}{took * 1000:8.0f} ms {len(statements):4} statements")
        assert len(statements) <= most, what

    for what, query in (
        ("list", {}),
        ("open", {"work": "open"}),
        ("overdue", {"work": "overdue"}),
        ("state, harm and code", {"status": "received", "harm": "unknown", "code": desk.code.pk}),
        ("days of receipt", {"received_on_after": desk.today.isoformat(), "counts": "yes"}),
        ("search: a number", {"q": "OLD-77777"}),
        ("search: words of the title", {"q": "spring number"}),
    ):
        timed(what, lambda query=query: client.get(address, query))
    site = desk.world.site
    timed("trend of 36 months", lambda: overview(site=site, today=desk.today, months=36))
    timed("similar: lot", lambda: similar_to(site=site, words="", lot=lot, today=desk.today))
    timed("similar: rare words", lambda: similar_to(site=site, words="needle 77777 hours", today=desk.today))
    timed("similar: common words", lambda: similar_to(site=site, words="broken spring after hours", today=desk.today))
    keep("test_complaints", f"{ROWS:,} complaints", lines, about="In one process, the second time each; no network.")
