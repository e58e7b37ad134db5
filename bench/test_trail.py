"""The trail as one timeline over 280,000 rows. Run: pytest -s bench/test_trail.py"""

from __future__ import annotations

import statistics
import time
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bench.evidence import keep
from core.kernel.bulk import bulk_create
from core.kernel.deeds import acting
from core.organization.models import Equipment
from core.organization.services import system_user
from core.trail.queries.browsing import Chosen, Search, TrailPage, chosen_by, merged, page_of_trail
from core.trail.queries.sources import VIEW_TRAIL, Reach
from core.trail.queries.telling import tell
from tests.support import people

RECORDS, EVENTS, AT_ONCE, ROUNDS = 140_000, 140_000, 20_000, 7
SEES = (VIEW_TRAIL, "core_organization.view_equipment", "core_organization.view_user", "core_organization.view_site")
ZONE = ZoneInfo("Europe/Vienna")


def fill() -> None:
    """Half history of records at two sites, half events; the reasons differ."""
    centers = [people.work_center_of(people.make_site()) for _number in range(2)]
    for start in range(0, RECORDS, AT_ONCE):
        with transaction.atomic(), acting(system_user("bench"), reason=f"delivery {start // AT_ONCE}"):
            bulk_create(
                [
                    Equipment(work_center=centers[number % 2], code=f"EQ-{number:06d}", name="Press")
                    for number in range(start, start + AT_ONCE)
                ]
            )
        with transaction.atomic(), acting(system_user("bench")), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO core_trail_trailevent (kind, text, data, subject_label, actor_id, stamped_at,"
                " stamped_txid, stamped_session_user, stamped_client, stamped_source)"
                " SELECT 'signed_on', 'station ' || i, '{}', '', %s, now(), 0, '', '', ''"
                " FROM generate_series(1, %s) i",
                [system_user("bench").pk, AT_ONCE],
            )
    with connection.cursor() as cursor:
        cursor.execute(
            "ANALYZE core_organization_equipment, core_organization_historicalequipment, core_trail_trailevent"
        )


def test_pages_of_the_timeline(plant: str) -> None:
    fill()
    everywhere = people.make_user("everywhere")
    here = people.make_user("here")
    sites = sorted({center.area.site for center in (e.work_center for e in Equipment.objects.all()[:2])}, key=str)
    for site in sites:
        people.grant(everywhere, site, *SEES)
    people.grant(here, sites[0], *SEES)
    deep = Search()
    place = ""
    for _page in range(3):
        place = page_of_trail(Reach(everywhere), deep, size=20_000, after=place).next
    asked = {
        "first page": (Search(), ""),
        "page 1,200": (Search(), place),
        "oldest first": (Search(oldest_first=True), ""),
        "by a record number": (Search(number="EQ-070000"), ""),
        "by who": (Search(who="bench"), ""),
        "by a kind": (Search(kind="core_organization.equipment"), ""),
        "by a reason": (Search(why="delivery 3"), ""),
        "by a reason that nobody gave": (Search(why="nobody said this"), ""),
    }
    figures = []
    for person in (everywhere, here):
        figures.append(
            f"seen by somebody with rights at {'both sites' if person is everywhere else 'one of two sites'}"
        )
        for name, (search, after) in asked.items():
            spent, found, statements = [], TrailPage(), 0
            for _round in range(ROUNDS):
                begin = time.perf_counter()
                with CaptureQueriesContext(connection) as seen:
                    reach = Reach(person)
                    found = page_of_trail(reach, search, after=after)
                    tell(reach, found.keys, ZONE)
                spent.append(time.perf_counter() - begin)
                statements = len(seen)
            middle = statistics.median(spent) * 1000
            figures.append(f"{name:<32}{middle:8.0f} ms {statements:4d} statements {len(found.keys):4d} entries")
    statement = merged(Reach(everywhere), Search(), Chosen(), 51)
    assert statement is not None
    sql, values = statement.query.sql_with_params()
    assert "OFFSET" not in sql and "COUNT(" not in sql.upper()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF, BUFFERS OFF) {sql}", values)
        plan = [line for (line,) in cursor.fetchall()]
    big = [line.strip() for line in plan if "historicalequipment" in line or "trailevent" in line]
    figures += ["", "plan of the first page, the two large tables:", *big, *[line for line in plan if "Time:" in line]]
    assert not [line for line in big if "Seq Scan" in line]
    assert chosen_by(Search(number="EQ-070000")).records
    keep(
        "trail", "The trail as one timeline", figures,
        about="280,000 rows of history and events; a page has 50 entries, in words. No offset, no count, no scan.",
    )  # fmt: skip
