"""Gauges and calibrations: what may be done, what may not, and that a refusal changes nothing."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from core.jobs.models import BackgroundJob
from core.kernel.clock import now
from core.kernel.errors import Blocked
from core.lifecycle.models import GateDecision
from core.lifecycle.services import perform
from core.signing.queries import is_intact, signatures_of
from core.worklist.models import Assignment
from qms.calibration import services
from qms.calibration.models import CalibrationPoint, CalibrationReading, CalibrationRecord, last_day
from qms.calibration.queries import gauge_blockers, look_back, standing, today_at
from qms.calibration.services import Reading
from qms.calibration.tasks import raise_due
from tests.qms.calibration.lab import QUALITY, Lab, fresh
from tests.support.people import grant, make_user, proof

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("CAL-01")]


def standing_of(lab: Lab, plan: Any) -> str:
    return standing(fresh(plan), today_at(lab.site)).code


def work(record: Any) -> set[str]:
    return set(Assignment.objects.filter(subject_id=record.pk, status="open").values_list("title", flat=True))


def refused(record: CalibrationRecord, move: str, **values: Any) -> tuple[str, ...]:
    """The codes with which a move is refused, after checking that nothing changed but the stored denial."""
    before = CalibrationRecord.objects.filter(pk=record.pk).values().get()
    denied = GateDecision.objects.filter(allowed=False).count()
    with pytest.raises(Blocked) as found:
        perform(record, move, **values)
    assert CalibrationRecord.objects.filter(pk=record.pk).values().get() == before
    assert GateDecision.objects.filter(allowed=False).count() == denied + 1
    return found.value.codes


def test_a_calibration_comes_into_force_when_a_second_person_verifies_it(lab: Lab) -> None:
    plan = lab.gauge()
    assert standing_of(lab, plan) == "never"
    record = lab.finished(plan, "10.5")
    assert (record.status, record.found_in_tolerance, record.left_in_tolerance) == ("passed", True, True)
    assert standing_of(lab, plan) == "never", "not before it is verified"
    assert work(record) == {f"Verify {record}"}
    assert "second_person" in refused(record, "verify", actor=make_performer_quality(lab, record), signature=None)
    perform(record, "verify", actor=lab.quality, signature=proof(lab.quality, "verified"))
    now_good = fresh(plan)
    assert now_good.in_force == record and now_good.due_on == last_day(today_at(lab.site), 12)
    assert standing_of(lab, plan) == "good" and not gauge_blockers(now_good, today_at(lab.site))
    assert work(record) == set()
    assert [one.meaning for one in signatures_of(record)] == ["performed", "verified"]
    assert all(is_intact(one) for one in signatures_of(record))


def make_performer_quality(lab: Lab, record: CalibrationRecord) -> Any:
    """The performer, who got the right to verify meanwhile."""
    grant(lab.performer, lab.site, *QUALITY)
    return lab.performer


def test_a_gauge_found_out_of_tolerance_fails_and_is_out_of_use_at_once(lab: Lab) -> None:
    plan = lab.good()
    record = lab.finished(plan, "10.6", "10.0")
    assert (record.status, record.found_in_tolerance, record.left_in_tolerance) == ("failed", False, True)
    assert standing_of(lab, plan) == "failed"
    assert [blocker.code for blocker in gauge_blockers(fresh(plan), today_at(lab.site))] == ["gauge_failed"]


@pytest.mark.requirement("CAL-02")
def test_a_failure_is_answered_before_it_is_closed(lab: Lab) -> None:
    plan = lab.good()
    record = lab.confirmed(plan, "12", "10")
    assert record.status == "oot_impact"
    assert work(record) == {f"Judge what the failure of {plan} means"}
    assert refused(record, "close", actor=lab.quality, signature=proof(lab.quality, "closed")) == ("impact",)
    services.close_calibration(
        record=record,
        impact="none",
        impact_note="Nothing was measured with it.",
        actor=lab.quality,
        signature=proof(lab.quality, "closed"),
    )
    record.refresh_from_db()
    assert (record.status, record.impact, record.affected_values) == ("closed", "none", 0)
    assert record.affected_sha256 == look_back(record).sha256
    assert fresh(plan).in_force == record and standing_of(lab, plan) == "good", "it was adjusted"
    assert all(is_intact(one) for one in signatures_of(record) if one.meaning == "closed")


def test_a_gauge_that_could_not_be_adjusted_stays_out_of_use_until_it_passes(lab: Lab) -> None:
    plan = lab.good()
    record = lab.confirmed(plan, "12")
    services.close_calibration(
        record=record, impact="none", impact_note="Not used.", actor=lab.quality, signature=proof(lab.quality, "closed")
    )
    assert standing_of(lab, plan) == "failed"
    lab.verified(plan)
    assert standing_of(lab, plan) == "good"


def test_every_point_is_read_and_the_calibration_is_traceable(lab: Lab) -> None:
    plan = lab.gauge()
    record = lab.started(plan)
    with pytest.raises(Blocked) as found:
        services.finish_calibration(record=record, actor=lab.performer, signature=proof(lab.performer, "performed"))
    assert found.value.codes == ("not_read", "no_standard")
    services.record_readings(record=record, readings=[Reading(plan.points.get(), Decimal(10))], actor=lab.performer)
    services.describe_calibration(record=record, laboratory="Lab Ltd", actor=lab.performer)
    with pytest.raises(Blocked) as found:
        services.finish_calibration(record=record, actor=lab.performer, signature=proof(lab.performer, "performed"))
    assert found.value.codes == ("no_certificate",)
    record.refresh_from_db()
    assert record.status == "in_progress" and record.performed_by is None


def test_the_result_is_computed_and_nobody_chooses_another(lab: Lab) -> None:
    good, bad = lab.started(lab.gauge()), lab.started(lab.gauge())
    lab.read(good, "10")
    lab.read(bad, "12")
    signature = proof(lab.performer, "performed")
    assert refused(good, "fail", actor=lab.performer, signature=signature) == ("in_tolerance",)
    assert refused(bad, "pass", actor=lab.performer, signature=signature) == ("out_of_tolerance",)


def test_a_replaced_reading_stays_and_says_why(lab: Lab) -> None:
    record = lab.started(lab.gauge())
    point = record.plan.points.get()
    services.record_readings(record=record, readings=[Reading(point, Decimal(11))], actor=lab.performer)
    with pytest.raises(Blocked) as found:
        services.record_readings(record=record, readings=[Reading(point, Decimal(10))], actor=lab.performer)
    assert found.value.codes == ("reason",)
    services.record_readings(
        record=record, readings=[Reading(point, Decimal(10))], reason="Misread", actor=lab.performer
    )
    services.record_readings(record=record, readings=[Reading(point, Decimal(10))], actor=lab.performer)
    old, new = CalibrationReading.objects.order_by("pk")
    assert (new.supersedes, new.reason, old.as_found) == (old, "Misread", Decimal(11))
    other = lab.gauge().points.get()
    with pytest.raises(Blocked) as found:
        services.record_readings(record=record, readings=[Reading(other, Decimal(10))], actor=lab.performer)
    assert found.value.codes == ("point",)


def test_a_standard_counts_while_it_is_in_calibration_itself(lab: Lab) -> None:
    standard = lab.good("STD-1", is_standard=True)
    record = lab.started(lab.gauge())
    use = services.use_standard(record=record, standard=standard, actor=lab.performer)
    assert (use.calibration, use.valid_until) == (standard.in_force, standard.due_on)
    assert services.use_standard(record=record, standard=standard, actor=lab.performer) == use
    overdue = lab.good("STD-2", is_standard=True, on=today_at(lab.site) - dt.timedelta(days=800))
    for wrong, code in ((overdue, "gauge_overdue"), (lab.good("TW-X"), "no_reference")):
        with pytest.raises(Blocked) as found:
            services.use_standard(record=record, standard=wrong, actor=lab.performer)
        assert found.value.codes == (code,)


def test_what_is_signed_is_not_entered_any_more(lab: Lab) -> None:
    record = lab.finished(lab.gauge())
    for deed in (
        lambda: services.describe_calibration(record=record, actor=lab.performer),
        lambda: services.record_readings(record=record, readings=[], actor=lab.performer),
    ):
        with pytest.raises(Blocked) as found:
            deed()
        assert found.value.codes == ("not_in_progress",)
    perform(record, "return", actor=lab.quality, reason="The humidity is missing")
    services.describe_calibration(record=record, humidity=Decimal(40), actor=lab.performer)


def test_one_calibration_at_a_time_and_none_without_points(lab: Lab) -> None:
    plan = lab.gauge()
    record = services.request_calibration(plan=plan, actor=lab.performer)
    with pytest.raises(Blocked) as found:
        services.request_calibration(plan=plan, actor=lab.performer)
    assert found.value.codes == ("calibration_open",)
    services.remove_point(point=plan.points.get(), actor=lab.quality, reason="Not used there")
    assert refused(record, "start", actor=lab.performer) == ("no_points",)
    with pytest.raises(Blocked) as kept:
        perform(plan, "retire", actor=lab.quality, reason="Old", signature=proof(lab.quality, "approved"))
    assert kept.value.codes == ("calibration_open",)
    perform(record, "cancel", actor=lab.quality, reason="Retired instead")
    assert work(record) == set()
    perform(plan, "retire", actor=lab.quality, reason="Old", signature=proof(lab.quality, "approved"))
    assert standing_of(lab, plan) == "retired"


@pytest.mark.requirement("CAL-04")
def test_out_of_service_lost_and_back(lab: Lab) -> None:
    plan = lab.good()
    operator = make_user(site=lab.site, permissions=("qms_calibration.take_out_calibrationplan",))
    perform(plan, "take_out", actor=operator, reason="Dropped", signature=proof(operator, "performed"))
    assert standing_of(lab, plan) == "out_of_service"
    assert work(plan) == {f"{plan} is “Out of service”: decide what becomes of it"}
    with pytest.raises(Blocked) as found:
        perform(plan, "put_back", actor=operator, reason="Fine", signature=proof(operator, "approved"))
    assert "permission" in found.value.codes
    perform(plan, "lose", actor=lab.performer, reason="Gone", signature=proof(lab.performer, "performed"))
    with pytest.raises(Blocked) as found:
        services.request_calibration(plan=plan, actor=lab.performer)
    assert found.value.codes == ("gauge_gone",)
    perform(plan, "put_back", actor=lab.quality, reason="Found", signature=proof(lab.quality, "approved"))
    assert standing_of(lab, plan) == "good" and work(plan) == set()


@pytest.mark.requirement("CAL-05")
def test_what_falls_due_is_asked_for_once(lab: Lab) -> None:
    soon = lab.good(on=today_at(lab.site) - dt.timedelta(days=350))
    later, never = lab.good(), lab.gauge(responsible=lab.performer)
    raise_due()
    raise_due()
    asked = CalibrationRecord.objects.filter(status="due")
    assert {record.plan for record in asked} == {soon, never}
    assert later not in {record.plan for record in asked}
    mine = Assignment.objects.get(subject_id=asked.get(plan=never).pk, status="open")
    assert (mine.to_user, mine.kind) == (lab.performer, "action")
    theirs = Assignment.objects.get(subject_id=asked.get(plan=soon).pk, status="open")
    assert theirs.to_permission == "qms_calibration.perform_calibrationrecord"
    assert theirs.due_at is not None and theirs.due_at > now()


@pytest.mark.requirement("CAL-06")
def test_a_certificate_is_asked_for_when_it_is_closed(lab: Lab) -> None:
    record = lab.verified(lab.gauge())
    assert BackgroundJob.objects.get(subject_id=record.pk).handler == "qms_calibration.certificate"
    with pytest.raises(Blocked) as found:
        services.request_certificate(record=lab.started(lab.gauge()), actor=lab.performer)
    assert found.value.codes == ("not_closed",)


def test_a_plan_is_changed_with_its_right_and_refuses_nonsense(lab: Lab) -> None:
    plan = lab.gauge()
    with pytest.raises(Blocked):
        services.create_plan(equipment=plan.equipment, interval_months=12, actor=lab.quality)
    with pytest.raises(Blocked) as found:
        services.change_plan(
            plan=plan, interval_months=0, procedure=None, responsible=None, is_standard=False,
            actor=lab.quality, reason="x",
        )  # fmt: skip
    assert found.value.codes == ("interval",)
    with pytest.raises(Blocked) as found:
        services.change_point(
            point=plan.points.get(), label="", nominal=Decimal(1), tolerance_minus=Decimal(-1),
            tolerance_plus=Decimal(1), uom=lab.uom, actor=lab.quality, reason="x",
        )  # fmt: skip
    assert found.value.codes == ("tolerance",)
    with pytest.raises(Blocked) as found:
        services.add_standard(plan=plan, standard=plan, actor=lab.quality)
    assert found.value.codes == ("no_reference",)
    standard = lab.gauge(is_standard=True)
    planned = services.add_standard(plan=plan, standard=standard, actor=lab.quality)
    services.remove_standard(planned=planned, actor=lab.quality, reason="Another one")
    assert not plan.standards.exists()
    assert CalibrationPoint.objects.get(plan=plan).tolerance_minus == Decimal("0.5")


def test_the_last_day_of_an_interval_is_the_same_day_or_the_months_last() -> None:
    assert last_day(dt.date(2026, 1, 31), 1) == dt.date(2026, 2, 28)
    assert last_day(dt.date(2026, 12, 15), 12) == dt.date(2027, 12, 15)
    assert last_day(dt.date(2026, 11, 30), 1) == dt.date(2026, 12, 30)
    assert last_day(dt.date(2026, 11, 30), 13) == dt.date(2027, 12, 30)
