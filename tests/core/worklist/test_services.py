"""Work is given, finished and passed on; every refusal leaves everything as it was."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from core.kernel.clock import now
from core.kernel.errors import Blocked
from core.organization.services import system_user
from core.worklist.models import Assignment, Comment, Escalation, EscalationRule, Notification
from core.worklist.queries import comments_on, unread_by, work_of, work_on
from core.worklist.services import assign, cancel_for, comment, complete_for, reassign, reschedule, set_escalation_rule
from tests.core.worklist.conftest import People

pytestmark = pytest.mark.requirement("REC-13")

SEE_SITES = "core_organization.view_site"


def test_work_for_a_role_reaches_its_holders_at_the_site_and_nobody_else(people: People) -> None:
    anna = people.person("anna", "quality", people.graz, SEE_SITES)
    emil = people.person("emil", "quality", people.linz, SEE_SITES)
    ines = people.person("ines", "planning", people.graz, SEE_SITES)
    work = assign(subject=people.graz, kind="triage", title="Look at this", to_role="quality", actor=ines)
    assert list(work_of(anna)) == [work]
    assert list(work_of(emil)) == []
    assert list(work_of(ines)) == []
    assert work.site == people.graz
    assert [found.user for found in Notification.objects.all()] == [anna]


def test_mine_and_my_roles_are_kept_apart(people: People) -> None:
    anna = people.person("anna", "quality", people.graz, SEE_SITES)
    named = assign(subject=people.graz, kind="review", title="You", to_user=anna, actor=anna)
    through = assign(subject=people.graz, kind="review", title="Your role", to_role="quality", actor=anna)
    assert list(work_of(anna, whose="mine")) == [named]
    assert list(work_of(anna, whose="roles")) == [through]
    assert set(work_of(anna)) == {named, through}


def test_the_most_urgent_comes_first_and_undated_last(people: People) -> None:
    anna = people.person("anna", "quality", people.graz, SEE_SITES)
    undated = assign(subject=people.graz, kind="review", title="Some time", to_user=anna, actor=anna)
    later = assign(
        subject=people.graz, kind="review", title="Later", to_user=anna, due_at=now() + timedelta(days=2), actor=anna
    )
    soon = assign(
        subject=people.graz, kind="review", title="Soon", to_user=anna, due_at=now() + timedelta(hours=2), actor=anna
    )
    assert list(work_of(anna)) == [soon, later, undated]


def test_work_on_a_record_that_one_may_not_see_is_not_shown(people: People) -> None:
    blind = people.person("blind", "packing", people.graz)
    assign(subject=people.graz, kind="action", title="Secret title", to_user=blind, actor=blind)
    assert list(work_of(blind)) == []


def test_an_ended_person_sees_nothing(people: People) -> None:
    anna = people.person("anna", "quality", people.graz, SEE_SITES)
    assign(subject=people.graz, kind="action", title="Do", to_user=anna, actor=anna)
    anna.is_active = False
    assert list(work_of(anna)) == []


@pytest.mark.parametrize("kind", ["lunch", ""])
def test_unknown_kinds_of_work_are_refused(people: People, kind: str) -> None:
    anna = people.person("anna")
    with pytest.raises(ValueError, match="unknown kind"):
        assign(subject=people.graz, kind=kind, title="x", to_user=anna, actor=anna)
    assert not Assignment.objects.exists()


def test_work_for_nobody_is_refused(people: People) -> None:
    anna = people.person("anna")
    with pytest.raises(ValueError, match="given to a person"):
        assign(subject=people.graz, kind="action", title="x", actor=anna)
    assert not Assignment.objects.exists()


def test_completing_closes_only_the_kind_asked_for(people: People) -> None:
    anna = people.person("anna", "quality", people.graz, SEE_SITES)
    triage = assign(subject=people.graz, kind="triage", title="T", to_user=anna, actor=anna)
    review = assign(subject=people.graz, kind="review", title="R", to_user=anna, actor=anna)
    elsewhere = assign(subject=people.linz, kind="triage", title="E", to_user=anna, actor=anna)
    assert complete_for(subject=people.graz, kind="triage", actor=anna) == [triage]
    triage.refresh_from_db()
    assert (triage.status, triage.closed_by) == ("done", anna)
    assert set(Assignment.objects.filter(status="open")) == {review, elsewhere}
    assert list(work_on(people.graz)) == [review]


def test_cancelled_work_keeps_who_took_it_back(people: People) -> None:
    anna = people.person("anna")
    work = assign(subject=people.graz, kind="action", title="T", to_user=anna, actor=anna)
    cancel_for(subject=people.graz, kind="action", actor=anna, reason="Not needed")
    work.refresh_from_db()
    assert (work.status, work.closed_by) == ("cancelled", anna)
    assert work.history.latest("history_id").history_change_reason == "Not needed"


def test_the_person_asked_may_pass_work_on_with_a_reason(people: People) -> None:
    anna, emil = people.person("anna"), people.person("emil", "quality", people.graz, SEE_SITES)
    work = assign(subject=people.graz, kind="action", title="T", to_user=anna, actor=anna)
    reassign(assignment=work, to_user=emil, reason="On leave", actor=anna)
    work.refresh_from_db()
    assert work.to_user == emil
    assert [found.cause for found in unread_by(emil)] == ["reassigned"]


def test_nobody_else_passes_work_on_without_the_right(people: People) -> None:
    anna, emil = people.person("anna"), people.person("emil")
    work = assign(subject=people.graz, kind="action", title="T", to_user=anna, actor=anna)
    with pytest.raises(Blocked) as refused:
        reassign(assignment=work, to_user=emil, reason="I want it", actor=emil)
    assert refused.value.codes == ("permission",)
    work.refresh_from_db()
    assert (work.to_user, work.row_version) == (anna, 1)


def test_passing_on_needs_a_reason_and_open_work(people: People) -> None:
    anna, emil = people.person("anna"), people.person("emil")
    work = assign(subject=people.graz, kind="action", title="T", to_user=anna, actor=anna)
    with pytest.raises(Blocked) as refused:
        reassign(assignment=work, to_user=emil, reason=" ", actor=anna)
    assert refused.value.codes == ("reason_missing",)
    complete_for(subject=people.graz, kind="action", actor=anna)
    with pytest.raises(Blocked) as refused:
        reassign(assignment=work, to_user=emil, reason="Late", actor=anna)
    assert refused.value.codes == ("assignment_closed",)
    work.refresh_from_db()
    assert work.to_user == anna


def test_a_new_due_date_counts_its_versions(people: People) -> None:
    lead = people.person("lead", "lead", people.graz, "core_worklist.reassign_assignment")
    work = assign(subject=people.graz, kind="action", title="T", to_user=lead, due_at=now(), actor=lead)
    reschedule(assignment=work, due_at=now() + timedelta(days=3), reason="Gauge is away", actor=lead)
    work.refresh_from_db()
    assert work.due_version == 2


def test_the_due_date_is_moved_only_with_the_right(people: People) -> None:
    anna = people.person("anna")
    work = assign(subject=people.graz, kind="action", title="T", to_user=anna, due_at=now(), actor=anna)
    with pytest.raises(Blocked):
        reschedule(assignment=work, due_at=now() + timedelta(days=300), reason="No time", actor=anna)
    work.refresh_from_db()
    assert work.due_version == 1


def test_rules_are_set_only_with_the_right_and_for_roles_that_exist(people: People) -> None:
    head = people.person("head", "quality_head", people.graz, "core_worklist.change_escalationrule")
    anna = people.person("anna")
    with pytest.raises(Blocked) as refused:
        set_escalation_rule(kind="triage", step=1, after=0, to_role="quality_head", actor=anna)
    assert refused.value.codes == ("permission",)
    with pytest.raises(Blocked) as refused:
        set_escalation_rule(kind="triage", step=1, after=0, to_role="nobody", actor=head)
    assert refused.value.codes == ("role_unknown",)
    assert not EscalationRule.objects.exists()


def test_setting_a_rule_again_changes_it(people: People) -> None:
    head = people.person("head", "quality_head", people.graz, "core_worklist.change_escalationrule")
    first = set_escalation_rule(kind="triage", step=1, after=0, to_role="quality_head", actor=head)
    again = set_escalation_rule(kind="triage", step=1, after=60, to_role="quality_head", actor=head, reason="Too soon")
    assert again.pk == first.pk
    assert EscalationRule.objects.get().after == 60
    assert again.history.count() == 2


def test_a_comment_stays_as_it_was_said(people: People) -> None:
    anna = people.person("anna", "quality", people.graz, SEE_SITES)
    said = comment(subject=people.graz, text="  Seen at the gate ", actor=anna)
    assert [(found.text, found.actor) for found in comments_on(people.graz)] == [("Seen at the gate", anna)]
    with pytest.raises(DatabaseError), transaction.atomic():
        Comment._base_manager.filter(pk=said.pk)._raw_delete("default")
    assert Comment.objects.get().text == "Seen at the gate"


def test_a_comment_needs_words_and_sight_of_the_record(people: People) -> None:
    anna = people.person("anna", "quality", people.graz, SEE_SITES)
    blind = people.person("blind")
    with pytest.raises(Blocked) as refused:
        comment(subject=people.graz, text=" ", actor=anna)
    assert refused.value.codes == ("comment_empty",)
    with pytest.raises(Blocked) as refused:
        comment(subject=people.graz, text="Hello", actor=blind)
    assert refused.value.codes == ("permission",)
    assert not Comment.objects.exists()


def test_an_escalation_step_cannot_be_written_twice(people: People) -> None:
    head = people.person("head", "quality_head", people.graz, "core_worklist.change_escalationrule")
    rule = set_escalation_rule(kind="triage", step=1, after=0, to_role="quality_head", actor=head)
    work = assign(subject=people.graz, kind="triage", title="T", to_user=head, due_at=now(), actor=head)
    assert work.due_at is not None
    others = [
        assign(subject=people.graz, kind="escalation", title="T", to_user=head, actor=system_user("tests"))
        for _ in range(2)
    ]
    from core.kernel.deeds import acting

    with pytest.raises(IntegrityError), transaction.atomic(), acting(head):
        for raised in others:
            Escalation.objects.create(
                assignment=work, rule=rule, step=1, due_version=1, due_at=work.due_at, raised=raised
            )
