"""The vocabulary of defects comes in from a file, as a tree."""

from __future__ import annotations

from typing import Any

import pytest

from integrations.services import import_records
from qms.nonconformance.models import DefectCode
from tests.qms.nonconformance.conftest import Case

MAPPING = "columns: {code: code, name: name, parent: parent, severity: severity, concession_stop_at: stop}"


def _import(case: Case, *lines: str) -> Any:
    data = "\n".join(["code,name,parent,severity,stop", *lines]).encode()
    return import_records(
        kind="defect_codes", data=data, file_name="codes.csv", mapping=MAPPING, actor=case.world.system,
        reason="Vocabulary of the old system",
    )  # fmt: skip


@pytest.mark.requirement("NC-14")
def test_a_tree_comes_in_whatever_the_order_and_changes_later(case: Case) -> None:
    report = _import(
        case, "BORE-L,Bore too large,BORE,major,4", "BORE,Bore,GEO,,", "GEO,Geometry,,minor,", "DIM-01,Renamed,GEO,,"
    )
    assert not report.issues
    large = DefectCode.objects.get(code="BORE-L")
    assert large.parent is not None and large.parent.parent is not None
    assert (large.parent.code, large.parent.parent.code) == ("BORE", "GEO")
    assert (large.severity, large.concession_stop_at, large.concession_months) == ("major", 4, 12)
    case.code.refresh_from_db()
    assert (case.code.name, case.code.severity, case.code.parent) == (
        "Renamed", "major", DefectCode.objects.get(code="GEO"),
    )  # fmt: skip
    assert large.history.count() == 1
    _import(case, "BORE-L,Bore too wide,,,")
    large.refresh_from_db()
    assert (large.name, large.parent.code if large.parent else "", large.concession_stop_at) == (
        "Bore too wide", "BORE", 4,
    )  # fmt: skip


@pytest.mark.requirement("NC-14")
def test_what_is_wrong_is_told_and_nothing_is_written(case: Case) -> None:
    before = list(DefectCode.objects.values_list("pk", "row_version"))
    report = _import(case, "A,One,B,,", "B,Two,A,,", "C,Three,NOPE,,", "D,Four,,,1", "D,Five,,,", "E,Six,,terrible,")
    assert {issue.field for issue in report.issues} == {"parent", "concession_stop_at", "code", "severity"}
    assert list(DefectCode.objects.values_list("pk", "row_version")) == before
