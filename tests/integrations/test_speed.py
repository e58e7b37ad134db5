"""Ten thousand materials, validated, trailed and born through the lifecycle, in at most five seconds."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from integrations.services import import_records
from tests.support.people import make_site, make_user
from traceability.models import Material, MaterialRevision

MAPPINGS = Path(__file__).parents[1] / "data" / "adventureworks" / "mappings"


@pytest.mark.django_db
@pytest.mark.requirement("PERF-IMPORT")
def test_ten_thousand_materials(record_property: Callable[[str, object], None]) -> None:
    site = make_site()
    admin = make_user(site=site, permissions=("integrations.apply_importbatch",))
    units = (MAPPINGS.parent / "UnitMeasure.csv").read_bytes()
    import_records(kind="units", data=units, file_name="u", mapping=(MAPPINGS / "units.yaml").read_text(), actor=admin)
    mapping = (MAPPINGS / "materials.yaml").read_text()
    taken = []
    for run in range(3):  # a machine that is busy for a moment is no slow import
        data = "".join(f"{run}-{n}\tPart {n}\tP{run}-{n:06d}\t{n % 2}\n" for n in range(10_000)).encode()
        started = time.perf_counter()
        report = import_records(kind="materials", data=data, file_name="m.csv", mapping=mapping, actor=admin)
        taken.append(time.perf_counter() - started)
        count = 10_000 * (run + 1)
        assert report.totals["created"] == 10_000
        assert Material.objects.count() == MaterialRevision.objects.count() == Material.history.count() == count
        if taken[-1] <= 5:
            break
    record_property("seconds", min(taken))
    assert min(taken) <= 5, taken
