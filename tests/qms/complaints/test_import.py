"""A complaint log that was kept elsewhere, and reports as openFDA publishes them, come in through the import."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from integrations.services import import_records
from qms.complaints import services
from qms.complaints.models import Complaint
from tests.qms.complaints.conftest import Desk
from tests.support.cases import cases_directory

COLUMNS = (
    "number", "state", "title", "nature", "received_on", "channel", "harm", "product", "udi", "lot", "serial", "code",
    "cause", "replied_on", "reply_text", "investigation",
)  # fmt: skip
MAPPING = "columns: {" + ", ".join(f"{name}: {name}" for name in COLUMNS) + "}"


def _log(*rows: dict[str, str]) -> bytes:
    made = io.StringIO()
    writer = csv.DictWriter(made, COLUMNS)
    writer.writeheader()
    base = {"state": "closed", "title": "Old", "nature": "It leaked.", "received_on": "2025-03-04"}
    writer.writerows({**base, **row} for row in rows)
    return made.getvalue().encode()


def _import(desk: Desk, data: bytes, mapping: str = MAPPING) -> Any:
    return import_records(
        kind="complaints", data=data, file_name="log.csv", mapping=mapping, actor=desk.world.system,
        site=desk.world.site, reason="log of the old system",
    )  # fmt: skip


@pytest.mark.requirement("CMP-07")
def test_a_log_comes_in_open_lines_go_their_way(desk: Desk) -> None:
    lot = desk.world.lot(5, number="B-1")
    data = _log(
        {"number": "C-1", "lot": "B-1", "code": "STUCK", "cause": "ASSY", "replied_on": "2025-03-09",
         "reply_text": "Replaced.", "investigation": "Spring."},
        {"number": "C-2", "state": "open", "harm": "serious", "channel": "email", "product": lot.material.number},
        {"number": "C-3", "lot": "unknown"},
    )  # fmt: skip
    report = _import(desk, data)
    assert not report.issues
    first, second, third = Complaint.objects.order_by("number")
    assert (first.status, first.lot, first.material, first.code, first.reply) == (
        "legacy", lot, lot.material, desk.code, "sent",
    )  # fmt: skip
    assert (second.status, second.harm, second.material) == ("received", "serious", lot.material)
    assert (third.lot, third.claimed_lot) == (None, "unknown")
    assert desk.triage(second).status == "triaged"
    again = _import(desk, data)
    assert [issue.field for issue in again.issues] == ["number"]  # C-2 has gone on here
    desk.reopen(first)
    first.refresh_from_db()
    assert (first.status, first.cycle) == ("received", 2)


@pytest.mark.requirement("CMP-07")
def test_what_is_wrong_in_a_log_is_told_line_by_line_and_nothing_is_written(desk: Desk) -> None:
    report = _import(
        desk,
        _log(
            {"number": "C-1", "received_on": "2999-01-01"},
            {"number": "C-2", "code": "NOPE"},
            {"number": "C-2"},
            {"number": "C-4", "harm": "terrible"},
            {"number": "C-5", "cause": "STUCK"},
        ),
    )
    assert {issue.field for issue in report.issues} == {"received_on", "code", "number", "harm", "cause"}
    assert Complaint.objects.count() == 0


@pytest.mark.requirement("CMP-07")
def test_a_report_of_openfda_becomes_a_complaint(desk: Desk) -> None:
    folder = cases_directory()
    if folder is None:
        pytest.skip("the cases of others are not here")
    wide = json.loads((folder / "openfda" / "openfda_maude_data_wide_sample.json").read_text(encoding="utf-8"))
    device = wide["device"][0]
    made = io.StringIO()
    writer = csv.DictWriter(made, COLUMNS)
    writer.writeheader()
    received = wide["date_received"]
    writer.writerow(
        {
            "number": wide["report_number"],
            "state": "closed",
            "title": f"{device.get('generic_name', '')} {wide['report_number']}"[:200],
            "nature": wide["mdr_text"][0]["text"],
            "received_on": f"{received[:4]}-{received[4:6]}-{received[6:]}",
            "product": device.get("brand_name", ""),
            "lot": device.get("lot_number", ""),
        }
    )
    with (folder / "openfda" / "openfda_maude_tests_data_foidev.txt").open(encoding="utf-8") as file:
        devices = list(csv.DictReader(file, delimiter="|"))
    with (folder / "openfda" / "openfda_maude_tests_data_foitext.txt").open(encoding="utf-8") as file:
        texts = {row["mdr_report_key"]: row["text"] for row in csv.DictReader(file, delimiter="|")}
    for row in devices:
        month, day, year = row["date_received"].split("/")
        writer.writerow(
            {
                "number": row["mdr_report_key"],
                "state": "open",
                "title": row["generic_name"] or row["brand_name"],
                "nature": texts.get(row["mdr_report_key"]) or "Not told.",
                "received_on": f"{year}-{month}-{day}",
                "product": row["brand_name"],
                "lot": row["lot_number"],
            }
        )
    report = _import(desk, made.getvalue().encode())
    assert not report.issues
    assert Complaint.objects.count() == 1 + len(devices)
    kept = Complaint.objects.get(number=wide["report_number"])
    assert (kept.status, kept.nature) == ("legacy", wide["mdr_text"][0]["text"])
    first = Complaint.objects.get(number=devices[0]["mdr_report_key"])
    assert first.claimed_lot == devices[0]["lot_number"]
    desk.triage(first)
    services.begin_investigation(complaint=first, actor=desk.engineer)
