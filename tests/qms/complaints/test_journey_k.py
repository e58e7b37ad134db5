"""Scenario K: complaint → lot → reportable in five work days, with its clock, to the sealed record."""

from __future__ import annotations

import datetime as dt
import json

import pytest
import time_machine

from core.kernel.clock import now
from core.kernel.errors import Blocked
from core.organization.models import Role
from core.signing.queries import is_intact, signatures_of
from core.worklist.models import Assignment, Escalation
from core.worklist.services import escalate_due, set_escalation_rule
from qms.complaints import services
from qms.complaints.models import Complaint, RegulatoryReport
from qms.complaints.queries import after_work_days, exposure_of
from qms.nonconformance.models import NonConformance
from tests.qms.complaints.conftest import FIVE_DAY, Desk
from tests.support.ladders import raised_by
from tests.support.people import grant
from tests.support.stock import held_quantity
from tests.traceability import goods


def _due(record: object, kind: str) -> dt.datetime | None:
    found = Assignment.objects.filter(subject_id=record.pk, kind=kind, status="open").get()  # type: ignore[attr-defined]
    return found.due_at


@pytest.mark.requirement("CMP-01", "CMP-02", "CMP-03", "CMP-05", "CMP-08")
def test_a_complaint_about_a_lot_is_reported_in_five_days(desk: Desk) -> None:
    material = desk.world.material(gtin="09506000134352")
    lot = desk.world.lot(40, material, number="L-900")
    lead = goods.leads(desk.world)
    line = goods.shipped(desk.world, lead, lot, 10)
    found = desk.received(told={"claimed_udi": "(01)09506000134352(10)L-900", "claimed_product": "", "claimed_lot": ""})
    assert (found.material, found.lot, found.status) == (material, lot, "received")
    triage_by = _due(found, "triage")
    assert triage_by is not None
    assert triage_by.date() >= after_work_days(desk.today, 2)

    exposure = exposure_of(found)
    assert exposure is not None
    assert (exposure.on_hand, exposure.with_customers) == (30, 10)
    assert [one.shipment for one in exposure.customers] == [line.shipment]
    assert not exposure.is_contained

    desk.triage(found)
    decide_by = _due(found, "approval")
    assert decide_by is not None
    assert decide_by.date() <= after_work_days(desk.today, 5) - dt.timedelta(days=1)
    nonconformance = services.raise_from_complaint(
        complaint=found, title="Springs missing", severity="critical", actor=desk.engineer
    )
    assert held_quantity(lot) == 30
    assert nonconformance.source == found

    decision = desk.decide(found, FIVE_DAY)
    assert decision.due_on == after_work_days(desk.today, 5)
    assert [one["answer"] for one in decision.answers] == ["yes", "no", "yes", "yes"]
    assert is_intact(signatures_of(decision)[0])
    found.refresh_from_db()
    assert found.status == "decided"
    assert found.due_at is not None
    assert found.due_at.date() >= after_work_days(desk.today, 5)

    report = found.reports.get()
    assert (report.form, report.due_on, report.status) == ("fda_3500a", decision.due_on, "draft")
    services.begin_investigation(complaint=found, actor=desk.engineer)
    desk.written(found)
    desk.sent(report)
    report.refresh_from_db()
    assert (report.status, report.reference) == ("submitted", "ESG-1")
    assert not Assignment.objects.filter(subject_id=report.pk, status="open", title__startswith="Write").exists()
    made = services.export_report(report=report, actor=desk.engineer)
    assert made["fields"]["d4_lot_number"] == "L-900"
    assert made["fields"]["h1_type"] == "Serious injury"
    assert made["fields"]["d2_common_name"] == "Pump, infusion"
    assert made["fields"]["g7_type_of_report"] == "5-day (work days)"
    json.dumps(made)

    services.resolve_complaint(complaint=found, actor=desk.engineer)
    desk.reply(found)
    desk.close(found)
    assert is_intact(signatures_of(found)[0])
    services.acknowledge_report(report=report, acknowledged_on=desk.today, actor=desk.engineer)
    assert is_intact(signatures_of(found)[0])  # the acknowledgement came after the closing and changes nothing signed


@pytest.mark.requirement("CMP-02")
def test_what_is_overdue_escalates_through_the_worklist(desk: Desk) -> None:
    grant(desk.head, desk.world.site, "qms_complaints.view_complaint")
    role = Role.objects.latest("pk")
    set_escalation_rule(kind="triage", step=1, after=0, to_role=role.code, actor=desk.world.system)
    found = desk.received()
    assert (
        escalate_due(actor=desk.world.system) == []
        or not Escalation.objects.filter(assignment__subject_id=found.pk).exists()
    )
    late = now() + dt.timedelta(days=6)
    with time_machine.travel(late):
        raised = [one for one in escalate_due(actor=desk.world.system) if one.assignment.subject_id == found.pk]
    assert [raised_by(one).to_user for one in raised] == [desk.head]


@pytest.mark.requirement("CMP-02")
def test_a_decision_is_made_anew_with_a_reason_and_its_report_follows(desk: Desk) -> None:
    found = desk.decided(answers=FIVE_DAY)
    first = found.decisions.get()
    with pytest.raises(Blocked) as refused:
        desk.decide(found)
    assert refused.value.codes == ("reason_missing",)
    assert found.decisions.count() == 1
    second = desk.decide(found, reason="The nurse corrected her report.")
    assert (second.supersedes, second.is_reportable) == (first, False)
    assert RegulatoryReport.objects.get(decision=first).status == "withdrawn"
    third = desk.decide(found, "yes,no,yes,no", reason="The first report was right.")
    assert third.due_on == found.aware_on + dt.timedelta(days=30)
    assert [one.status for one in found.reports.order_by("pk")] == ["withdrawn", "draft"]


@pytest.mark.requirement("CMP-02")
@pytest.mark.parametrize(
    ("answers", "code"),
    [("", "unanswered"), ("yes,no", "unanswered"), ("maybe", "answers"), ("no,no", "answers")],
)
def test_answers_lead_to_an_end_or_nothing_is_decided(desk: Desk, answers: str, code: str) -> None:
    found = desk.triaged()
    with pytest.raises(Blocked) as refused:
        desk.decide(found, answers)
    assert refused.value.codes == (code,)
    with pytest.raises(Blocked) as refused:
        desk.decide(found, actor=desk.engineer)
    assert refused.value.codes == ("permission",)
    assert found.decisions.count() == 0
    assert Complaint.objects.get(pk=found.pk).status == "triaged"


@pytest.mark.requirement("CMP-03")
def test_a_nonconformance_is_raised_without_a_hold_where_nothing_is_known(desk: Desk) -> None:
    found = desk.triaged()
    made = services.raise_from_complaint(complaint=found, title="Unknown lot", severity="minor", actor=desk.engineer)
    assert made.items.count() == 0
    assert NonConformance.objects.filter(source_id=found.pk).count() == 1
