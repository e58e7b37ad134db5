"""Every move from every state by everybody: exactly the declared ones are made, and a refusal changes nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import transaction

from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.lifecycle.models import GateDecision, Transition
from core.lifecycle.services import begin, perform
from core.organization.models import User
from core.signing.models import Signature
from core.signing.queries import is_intact, signatures_of
from qms.complaints import services
from qms.complaints.lifecycle import COMPLAINT, REGULATORY_REPORT
from qms.complaints.models import Complaint, RegulatoryReport
from tests.qms.complaints.conftest import FIVE_DAY, THIRTY_DAY, Desk
from tests.support.people import proof

STATES = [state.code for state in COMPLAINT.states]
MOVES = [move.name for move in COMPLAINT.moves]


def _in_state(desk: Desk, state: str) -> Complaint:
    """A complaint in a state, ready for whatever comes next."""
    if state == "received":
        return desk.received()
    if state == "triaged":
        return desk.triaged()
    if state == "decided":
        return desk.decided()
    if state == "investigation":
        return desk.investigated()
    if state == "not_investigated":
        return services.waive_investigation(
            complaint=desk.decided(),
            justification="A colour was not liked.",
            actor=desk.engineer,
            signature=proof(desk.engineer, "approved"),
        )
    if state == "resolved":
        return desk.reply(desk.resolved())
    if state == "closed":
        return desk.closed()
    return _legacy(desk)


def _legacy(desk: Desk) -> Complaint:
    with transaction.atomic(), acting(desk.world.system):
        found = Complaint(
            site=desk.world.site, number="OLD-1", status="legacy", title="Old", nature="Old", received_on=desk.today,
            aware_on=desk.today, channel="other", recorded_by=desk.world.system,
            recorded_at=dt.datetime.now(dt.UTC), is_complaint="yes",
        )  # fmt: skip
        return begin(found, actor=desk.world.system)


def _everything() -> tuple[Any, ...]:
    """What must stay as it was."""
    return (
        sorted(Complaint.objects.values_list("pk", "status", "row_version")),
        sorted(RegulatoryReport.objects.values_list("pk", "status", "row_version")),
        Transition.objects.count(),
        Signature.objects.count(),
    )


def _refused(record: Any, move: str, actor: User, **values: Any) -> tuple[str, ...]:
    """The codes with which a move is refused, after checking that nothing changed but the stored denial."""
    before, denied = _everything(), GateDecision.objects.filter(allowed=False).count()
    with pytest.raises(Blocked) as refused:
        perform(record, move, actor=actor, **values)
    assert _everything() == before
    assert GateDecision.objects.filter(allowed=False).count() == denied + 1
    return refused.value.codes


@pytest.mark.requirement("CMP-10")
@pytest.mark.parametrize("state", STATES)
def test_no_move_starts_in_another_state(desk: Desk, state: str) -> None:
    found = _in_state(desk, state)
    for move in COMPLAINT.moves:
        if state in move.origins:
            continue
        signature = proof(desk.head, move.signature) if move.signature else None
        assert "state" in _refused(found, move.name, desk.head, reason="Because.", signature=signature)


@pytest.mark.requirement("CMP-10")
@pytest.mark.parametrize("move", MOVES)
def test_no_move_is_made_without_its_right(desk: Desk, move: str) -> None:
    spec = COMPLAINT.move(move)
    for state in spec.origins:
        found = _in_state(desk, state)
        rights = {"decide": desk.engineer, "reopen": desk.engineer}
        actor = rights.get(move, desk.clerk)
        signature = proof(actor, spec.signature) if spec.signature else None
        assert "permission" in _refused(found, move, actor, reason="Because.", signature=signature)


@pytest.mark.requirement("CMP-10")
def test_every_declared_way_is_gone_to_its_end(desk: Desk) -> None:
    found = desk.received()
    assert desk.triage(found).status == "triaged"
    desk.decide(found)
    found.refresh_from_db()
    assert found.status == "decided"
    assert services.begin_investigation(complaint=found, actor=desk.engineer).status == "investigation"
    desk.written(found)
    assert services.resolve_complaint(complaint=found, actor=desk.engineer).status == "resolved"
    assert services.send_back(complaint=found, reason="Which lot of springs?", actor=desk.second).status == (
        "investigation"
    )
    services.resolve_complaint(complaint=found, actor=desk.engineer)
    desk.reply(found)
    assert desk.close(found).status == "closed"
    (signature,) = signatures_of(found)
    assert (signature.meaning, is_intact(signature)) == ("closed", True)
    assert desk.reopen(found).status == "received"
    found.refresh_from_db()
    assert (found.cycle, found.is_complaint) == (2, "")
    assert [state.meaning for state in signatures_of(found.assessments.get())] == ["reviewed"]
    assert is_intact(signatures_of(found.decisions.get())[0])


@pytest.mark.requirement("CMP-10")
def test_no_complaint_is_closed_as_none(desk: Desk) -> None:
    found = desk.triaged(is_complaint="no", assessment="A question about delivery.")
    assert "no_complaint" in _refused(found, "investigate", desk.engineer)
    services.dismiss_complaint(
        complaint=found, actor=desk.second, reason="It asks for a catalogue.", signature=proof(desk.second, "closed")
    )
    assert found.status == "closed"


# --- one guard after the other


@pytest.mark.requirement("CMP-10")
def test_triage_needs_its_signature_product_and_owner(desk: Desk) -> None:
    found = desk.received()
    assert _refused(found, "triage", desk.engineer) == ("assessment", "product", "owner")
    before = _everything()
    with pytest.raises(Blocked) as refused:
        desk.triage(found, not_identified="")
    assert refused.value.codes == ("product",)
    with pytest.raises(Blocked) as refused:
        desk.triage(found, owner=desk.clerk)
    assert refused.value.codes == ("owner_right",)
    with pytest.raises(Blocked) as refused:
        desk.triage(found, signature=None)
    assert refused.value.codes == ("signature_required",)
    with pytest.raises(Blocked) as refused:
        desk.triage(found, assessment=" ")
    assert refused.value.codes == ("assessment",)
    assert _everything() == before
    assert found.assessments.count() == 0


@pytest.mark.requirement("CMP-10")
def test_a_triage_is_corrected_with_a_reason_and_the_first_one_stays(desk: Desk) -> None:
    found = desk.triaged()
    with pytest.raises(Blocked) as refused:
        desk.triage(found, is_complaint="no")
    assert refused.value.codes == ("reason_missing",)
    desk.triage(found, is_complaint="no", reason="It was about another maker's pump.")
    assert found.assessments.count() == 2
    found.refresh_from_db()
    assert (found.is_complaint, found.status) == ("no", "triaged")
    assert "is_complaint" in _refused(
        desk.triaged(), "dismiss", desk.second, reason="No.", signature=proof(desk.second, "closed")
    )


@pytest.mark.requirement("CMP-02")
def test_nothing_is_decided_waived_or_closed_undecided(desk: Desk) -> None:
    found = desk.triaged()
    assert _refused(found, "decide", desk.head) == ("undecided",)
    services.begin_investigation(complaint=found, actor=desk.engineer)
    services.resolve_complaint(complaint=desk.written(found), actor=desk.engineer)
    desk.reply(found)
    assert _refused(found, "close", desk.second, signature=proof(desk.second, "closed")) == ("undecided",)
    desk.decide(found)
    assert desk.close(found).status == "closed"


@pytest.mark.requirement("CMP-02")
def test_without_a_tree_in_force_nobody_can_close(desk: Desk) -> None:
    found = desk.triaged()
    perform(
        desk.version, "make_obsolete", actor=desk.head, reason="Not sold there.", signature=proof(desk.head, "approved")
    )
    assert "no_tree" in _refused(found, "decide", desk.head)


@pytest.mark.requirement("CMP-04")
def test_what_is_reportable_is_investigated_unless_the_same_was(desk: Desk) -> None:
    found = desk.decided(answers=THIRTY_DAY)
    values: dict[str, Any] = {"complaint": found, "actor": desk.engineer}
    with pytest.raises(Blocked) as refused:
        services.waive_investigation(**values, justification="Known.", signature=proof(desk.engineer, "approved"))
    assert refused.value.codes == ("reportable",)
    other = desk.decided()
    with pytest.raises(Blocked) as refused:
        services.waive_investigation(
            **values, justification="Same.", similar_to=other, signature=proof(desk.engineer, "approved")
        )
    assert refused.value.codes == ("similar_open",)
    with pytest.raises(Blocked) as refused:
        services.waive_investigation(
            **values, justification=" ", similar_to=other, signature=proof(desk.engineer, "approved")
        )
    assert refused.value.codes == ("justification",)
    assert found.waivers.count() == 0
    assert _refused(found, "waive", desk.engineer) == ("waiver", "reportable")
    investigated = desk.investigated()
    services.waive_investigation(
        **values,
        justification="Same lot of springs.",
        similar_to=investigated,
        signature=proof(desk.engineer, "approved"),
    )
    found.refresh_from_db()
    assert (found.status, found.similar_to, found.similar_reason) == (
        "not_investigated",
        investigated,
        "Same lot of springs.",
    )


@pytest.mark.requirement("CMP-10")
def test_resolving_needs_what_was_found_why_and_what_was_corrected(desk: Desk) -> None:
    found = services.begin_investigation(complaint=desk.decided(), actor=desk.engineer)
    assert _refused(found, "resolve", desk.engineer) == ("investigation", "cause", "correction")


@pytest.mark.requirement("CMP-10")
def test_closing_needs_reports_reply_code_capa_and_another_person(desk: Desk) -> None:
    found = desk.decided(answers=FIVE_DAY, code=None)
    services.begin_investigation(complaint=found, actor=desk.engineer)
    services.write_findings(complaint=found, investigation="x", cause=desk.cause, correction="y", actor=desk.engineer)
    services.resolve_complaint(complaint=found, actor=desk.engineer)
    signature = proof(desk.engineer, "closed")
    assert _refused(found, "close", desk.engineer, signature=signature) == (
        "second_person", "report_open", "reply", "code", "capa",
    )  # fmt: skip
    report = found.reports.get()
    services.withdraw_report(report=report, reason="Not ours.", actor=desk.engineer)
    assert _refused(found, "close", desk.second, signature=proof(desk.second, "closed")) == (
        "not_reported", "reply", "code", "capa",
    )  # fmt: skip


@pytest.mark.requirement("CMP-10")
def test_reopening_needs_new_information_and_begins_a_new_clock(desk: Desk) -> None:
    found = desk.closed()
    assert _refused(found, "reopen", desk.head) == ("information",)
    before = _everything()
    with pytest.raises(Blocked) as refused:
        services.reopen_complaint(
            complaint=found, information="New", aware_on=desk.today + dt.timedelta(days=1), actor=desk.head,
            signature=proof(desk.head, "approved"),
        )  # fmt: skip
    assert refused.value.codes == ("aware_on",)
    assert _everything() == before
    desk.reopen(found)
    desk.triage(found)
    desk.decide(found, FIVE_DAY)
    assert {one.cycle for one in found.decisions.all()} == {1, 2}


@pytest.mark.requirement("CMP-10")
def test_a_closed_complaint_is_not_changed(desk: Desk) -> None:
    found = desk.closed()
    before = _everything()
    for deed in (
        lambda: services.change_intake(complaint=found, told={"title": "Other"}, reason="Typo", actor=desk.clerk),
        lambda: desk.written(found),
        lambda: desk.reply(found),
        lambda: desk.triage(found, reason="Anew"),
        lambda: desk.decide(found, reason="Anew"),
    ):
        with pytest.raises(Blocked) as refused:
            deed()
        assert {"not_editable", "judge_state"} & set(refused.value.codes)
    assert _everything() == before


# --- reports


def _report_in(desk: Desk, state: str) -> RegulatoryReport:
    report = desk.decided(answers=FIVE_DAY).reports.get()
    if state == "withdrawn":
        return services.withdraw_report(report=report, reason="No.", actor=desk.engineer)
    if state == "draft":
        return desk.fill(report)
    if state == "reviewed":
        desk.fill(report)
        return services.review_report(report=report, actor=desk.second, signature=proof(desk.second, "reviewed"))
    desk.sent(report)
    if state == "acknowledged":
        services.acknowledge_report(report=report, acknowledged_on=desk.today, actor=desk.engineer)
    report.refresh_from_db()
    return report


@pytest.mark.requirement("CMP-05")
@pytest.mark.parametrize("state", [state.code for state in REGULATORY_REPORT.states])
def test_reports_go_no_other_way(desk: Desk, state: str) -> None:
    report = _report_in(desk, state)
    assert report.status == state
    for move in REGULATORY_REPORT.moves:
        if state not in move.origins:
            signature = proof(desk.second, move.signature) if move.signature else None
            assert "state" in _refused(report, move.name, desk.second, reason="Because.", signature=signature)
        else:
            signature = proof(desk.clerk, move.signature) if move.signature else None
            assert "permission" in _refused(report, move.name, desk.clerk, reason="Because.", signature=signature)


@pytest.mark.requirement("CMP-05")
def test_each_guard_of_a_report_refuses(desk: Desk) -> None:
    report = desk.decided(answers=FIVE_DAY, harm="none").reports.get()
    services.write_report(report=report, fields={"d2_common_name": ""}, actor=desk.engineer)
    assert _refused(report, "review", desk.second, signature=proof(desk.second, "reviewed")) == ("field",)
    desk.fill(report)
    assert _refused(report, "review", desk.engineer, signature=proof(desk.engineer, "reviewed")) == ("second_person",)
    services.review_report(report=report, actor=desk.second, signature=proof(desk.second, "reviewed"))
    assert _refused(report, "submit", desk.engineer) == ("reference", "submitted_on")
    tomorrow = desk.today + dt.timedelta(days=1)
    before = _everything()
    with pytest.raises(Blocked) as refused:
        services.submit_report(report=report, reference="R", submitted_on=tomorrow, actor=desk.engineer)
    assert refused.value.codes == ("submitted_on",)
    with pytest.raises(Blocked) as refused:
        services.write_report(report=report, fields={"a2_age": "40"}, actor=desk.engineer)
    assert refused.value.codes == ("not_a_draft",)
    with pytest.raises(Blocked) as refused:
        services.supplement_report(report=report, due_on=tomorrow, actor=desk.engineer)
    assert refused.value.codes == ("not_sent",)
    assert _everything() == before
    services.submit_report(report=report, reference="R", submitted_on=desk.today, actor=desk.engineer)
    assert _refused(report, "acknowledge", desk.engineer) == ("acknowledged_on",)
    with pytest.raises(Blocked) as refused:
        services.acknowledge_report(
            report=report, acknowledged_on=desk.today - dt.timedelta(days=1), actor=desk.engineer
        )
    assert refused.value.codes == ("acknowledged_on",)
    supplement = services.supplement_report(report=report, due_on=tomorrow, actor=desk.engineer)
    assert (supplement.supplement_to, supplement.status) == (report, "draft")


@pytest.mark.requirement("CMP-05")
def test_a_report_is_changed_until_it_is_reviewed_and_sent_back_with_a_reason(desk: Desk) -> None:
    report = _report_in(desk, "reviewed")
    assert is_intact(signatures_of(report)[0])
    assert _refused(report, "return", desk.second) == ("reason",)
    services.return_report(report=report, reason="Wrong age.", actor=desk.second)
    services.write_report(report=report, fields={"a2_age": "41"}, actor=desk.engineer)
    assert not is_intact(signatures_of(report)[0])
