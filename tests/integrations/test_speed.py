"""A large import is set-based: the work per row stays the same. (How many seconds: bench/test_import.py.)"""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.lifecycle.models import Transition
from core.organization.models import User
from integrations.services import import_records
from tests.support.people import make_site, make_user
from tools.cluster import Cluster
from traceability.models import Material, MaterialRevision

pytestmark = pytest.mark.requirement("PERF-IMPORT")
MAPPINGS = Path(__file__).parents[1] / "data" / "adventureworks" / "mappings"
MAPPING = (MAPPINGS / "materials.yaml").read_text(encoding="utf-8")


def make_admin() -> User:
    """Somebody who may import, where the units of the file exist."""
    admin = make_user(site=make_site(), permissions=("integrations.apply_importbatch",))
    units = (MAPPINGS.parent / "UnitMeasure.csv").read_bytes()
    import_records(kind="units", data=units, file_name="u", mapping=(MAPPINGS / "units.yaml").read_text(), actor=admin)
    return admin


def bring_in(rows: int, run: str, admin: User) -> int:
    """Import so many new materials; returns how many statements that took."""
    data = "".join(f"{run}-{n}\tPart {n}\tP{run}-{n:06d}\t{n % 2}\n" for n in range(rows)).encode()
    with CaptureQueriesContext(connection) as spent:
        report = import_records(kind="materials", data=data, file_name="m.csv", mapping=MAPPING, actor=admin)
    assert report.totals == {"created": rows, "changed": 0, "unchanged": 0, "skipped": 0}
    return len(spent)


@pytest.mark.django_db
def test_ten_thousand_materials_take_as_many_statements_as_a_thousand() -> None:
    admin = make_admin()
    bring_in(10, "warm", admin)
    assert bring_in(1_000, "few", admin) == bring_in(10_000, "many", admin) <= 60
    born = Transition.objects.filter(subject_type__model="materialrevision", from_status=None).count()
    assert Material.objects.count() == MaterialRevision.objects.count() == Material.history.count() == born == 11_010
    last = Material.objects.get(number="Pmany-009999")
    assert (last.name, last.kind, last.uom.code, last.external_id) == ("Part 9999", "assembly", "EA", "many-9999")


def read_by_transaction_id() -> int:
    """How many entries of the indexes on transaction ids were read so far."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE indexrelname LIKE 'ix_txid%'")
        return int(cursor.fetchone()[0])


def test_a_second_large_import_is_judged_row_by_row_as_the_first(plant: str, postgres: Cluster) -> None:
    """The rules look for a row by its key. By its transaction, all rows of the import would be read for each of them,
    and so the planner wants it once statistics know one large transaction."""
    rows, admin = 1_000, make_admin()
    bring_in(rows, "first", admin)
    with postgres.connect(plant) as link:
        link.execute("ANALYZE")
    connection.close()
    before = read_by_transaction_id()
    bring_in(rows, "second", admin)
    assert read_by_transaction_id() - before < 10 * rows
