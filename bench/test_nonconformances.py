"""Two hundred thousand nonconformances: list, filters, search, charts, figures, the watch and a report."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.urls import reverse

from bench.evidence import keep
from bench.measuring import Row, all_measured, page_of
from core.kernel.permissions import catalogue
from integrations.services.scale_loading import Loader
from qms.nonconformance.models import AffectedItem, NonConformance
from qms.reporting import services
from qms.reporting.queries import content_of, found_by
from tests.qms.nonconformance.conftest import Case, make_case
from tests.support.people import make_user
from tests.support.visits import visit_as
from tests.traceability import goods
from tools.cluster import Cluster
from traceability.queries import day_at

pytestmark = pytest.mark.requirement("PERF-SCALE")

ROWS, LOTS, MOST = 200_000, 40, 15
TABLE = NonConformance._meta.db_table
NOUNS = ("valve", "spring", "label", "carton", "sensor", "screw", "hose", "display", "battery", "needle")
NUMBERS = "generate_series(%(first)s::int, %(last)s::int) i"
CAUSES = "'', 'people', 'machine', 'material', 'method'"
FOUND_AT = "'', 'incoming', 'in_process', 'final', 'customer'"


def filled(case: Case) -> None:
    """Nonconformances of three years, each of a lot, nine of ten closed; every tenth lot was bought."""
    world = case.world
    lots = [world.lot(1000).pk for _ in range(LOTS - 4)]
    lots += [goods.receive(world, goods.ordered(world, 10, number=f"PO-{n}", position="1")).lot.pk for n in range(4)]
    load = Loader(world.system, {"site": world.site.pk, "uom": world.material().uom_id})
    nouns = "(ARRAY[" + ", ".join(f"'{noun}'" for noun in NOUNS) + "])"
    load.chunks(
        NonConformance,
        {
            "site_id": "%(site)s", "number": "'B-' || i", "title": f"'The ' || {nouns}[1 + i %% 10] || ' number ' || i",
            "description": f"'Broken ' || {nouns}[1 + (i / 10) %% 10] || ' after ' || i || ' hours'",
            "severity": "(ARRAY['minor', 'minor', 'major', 'critical'])[1 + i %% 4]", "context": "'{}'::jsonb",
            "defect_code_id": f"CASE WHEN i %% 3 = 0 THEN {case.code.pk} END", "status": "'draft'",
            "cause_category": f"(ARRAY[{CAUSES}])[1 + i %% 5]", "detection_point": f"(ARRAY[{FOUND_AT}])[1 + i %% 5]",
            "reported_by_id": "%(_actor)s", "reported_at": "now() - (i %% 1000) * interval '1 day'",
            "due_at": "now() + (i %% 60 - 30) * interval '1 day'",
        },
        f"{NUMBERS} ORDER BY i",
        ROWS,
    )  # fmt: skip
    load.chunks(
        AffectedItem,
        {
            "nonconformance_id": "n.id", "quantity": "1", "uom_id": "%(uom)s",
            "lot_id": f"(ARRAY[{', '.join(str(key) for key in lots)}]::bigint[])[1 + i %% {LOTS}]",
        },
        f"{NUMBERS} JOIN {TABLE} n ON n.number = 'B-' || i",
        ROWS,
    )  # fmt: skip
    for moves, which in (
        ((("open", "draft", "open"),), "true"),
        (
            (
                ("send_to_review", "open", "under_review"),
                ("disposition", "under_review", "dispositioned"),
                ("close", "dispositioned", "closed"),
            ),
            "i %% 10 <> 0",
        ),
    ):
        rows = f"{TABLE} r WHERE r.number = ANY (SELECT 'B-' || i FROM {NUMBERS} WHERE {which})"
        load.advance(NonConformance, rows, moves, ROWS, label="number")


def test_two_hundred_thousand_nonconformances(plant: str, postgres: Cluster) -> None:
    case = make_case()
    filled(case)
    site = case.world.site
    with postgres.connect(plant) as link:
        link.execute("VACUUM (ANALYZE)")
    visitor = make_user(site=site, permissions=tuple(sorted(catalogue())))
    desk = visit_as(visitor)
    listed, charts = reverse("qms_nonconformance:nonconformance_list"), reverse("qms_reporting:analysis")
    year = "reported_at > now() - interval '365 days'"
    base = f"SELECT * FROM {TABLE} WHERE site_id = {site.pk}"
    by = f"SELECT {{0}}, count(*) FROM {TABLE} WHERE site_id = {site.pk} AND {year} GROUP BY 1"
    monthly = by.format("date_trunc('month', reported_at)")
    items = (
        f"SELECT l.material_id, count(DISTINCT n.id) FROM {TABLE} n JOIN qms_nonconformance_affecteditem a"
        f" ON a.nonconformance_id = n.id JOIN traceability_lot l ON l.id = a.lot_id WHERE n.site_id = {site.pk}"
        f" AND n.{year} GROUP BY 1"
    )
    kind = ContentType.objects.get_for_model(NonConformance).pk
    times = (
        "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY t.stamped_at - n.reported_at) FROM"
        f" core_lifecycle_transition t JOIN {TABLE} n ON n.id = t.subject_id WHERE t.subject_type_id = {kind}"
        " AND t.to_status IN ('dispositioned', 'closed') GROUP BY t.to_status"
    )
    rule = services.create_rule(site=site, name="All", judged="count", limit=Decimal(10**6), actor=visitor)
    schedule = services.create_schedule(
        site=site, kind="quality", every="week", day=1, hour=0, actor=visitor,
        starts_on=day_at(site) - dt.timedelta(days=14),
    )  # fmt: skip
    run = services.begin_due_run(schedule=schedule, actor=visitor)
    assert run is not None
    pages: list[tuple[str, str, str]] = [
        ("list", listed, f"{base} ORDER BY id DESC LIMIT 51"),
        ("list: open", f"{listed}?work=open", f"{base} AND status <> 'closed' ORDER BY id DESC LIMIT 51"),
        ("list: overdue", f"{listed}?work=overdue",
         f"{base} AND status NOT IN ('closed', 'cancelled') AND due_at < now() ORDER BY id DESC LIMIT 51"),
        ("list: defect, severity", f"{listed}?defect_code={case.code.pk}&severity=critical",
         f"{base} AND defect_code_id = {case.code.pk} AND severity = 'critical' ORDER BY id DESC LIMIT 51"),
        ("list: words", f"{listed}?words=spring 77777",
         f"{base} AND title ILIKE '%spring%' AND title ILIKE '%77777%' ORDER BY id DESC LIMIT 51"),
        ("list: search a number", f"{listed}?q=B-77777", f"{base} AND number ILIKE '%B-77777%' LIMIT 51"),
        ("search everywhere: a number", f"{reverse('core_web:search')}?q=B-77777",
         f"{base} AND number ILIKE 'B-77777' LIMIT 51"),
        *((f"Pareto by {trait} and rates", f"{charts}?by={trait}", by.format(column))
          for trait, column in (("defect", "defect_code_id"), ("cause", "cause_category"),
                                ("detection", "detection_point"), ("work_center", "source_id"))),
        *((f"Pareto by {trait} and rates", f"{charts}?by={trait}", items) for trait in ("material", "supplier")),
        ("key figures", reverse("qms_reporting:figures"), times),
        ("rule of a trend", rule.get_absolute_url(), monthly),
    ]  # fmt: skip
    rows = [Row(name, page_of(desk, url), (sql, []), MOST, f"≤ {MOST} SQL") for name, url, sql in pages]
    rows += [
        Row(
            "watch: a rule by number",
            lambda: found_by(rule),
            (by.format("date_trunc('month', reported_at)"), []),
            3,
            "≤ 3 SQL",
        ),
        Row("report of a week: all that it says", lambda: content_of(run), (times, []), 30, "≤ 30 SQL"),
    ]
    figures, over = all_measured(rows, rounds=5)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {TABLE}")
        assert cursor.fetchone()[0] >= ROWS
    keep(
        "test_nonconformances",
        f"{ROWS:,} nonconformances",
        figures,
        about="Medians of five rounds in turns with plain SQL for what the page mainly reads; one process, no network.",
    )
    assert over == []
