"""The way of a change: every move where it is allowed, and each guard that refuses it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from core.kernel.errors import Blocked
from core.lifecycle.services import begin, make_move, perform
from core.worklist.models import Assignment
from mes.execution import services as floor_services
from qms.changes import services
from qms.changes.models import ChangeApproval, ChangeOrder, ChangeSuggestion, ChangeTask, ImpactAssessment
from qms.changes.queries import approvals_of, assessments_of, open_suggestions
from tests.qms.changes.story import Story, in_days
from tests.support.people import make_user, proof


def refused(deed: Callable[..., Any], *args: Any, **values: Any) -> set[str]:
    """The codes of the refusal."""
    with pytest.raises(Blocked) as blocked:
        deed(*args, **values)
    return set(blocked.value.codes)


@pytest.mark.requirement("CHG-01")
def test_a_change_is_submitted_only_when_it_says_what_why_and_from_when(story: Story) -> None:
    empty = story.raised(description="", justification="", owner=make_user(site=story.floor.site))
    assert refused(perform, empty, "submit", actor=story.requester) == {
        "no_description", "no_justification", "no_items", "owner_right",
    }  # fmt: skip
    change = story.drafted(story.floor.instruction, effectivity="lot")
    assert refused(perform, change, "submit", actor=story.requester) == {"effectivity_number", "effectivity_material"}
    story.writes(change, effectivity="order", effectivity_mark="PO-999999")
    assert refused(perform, change, "submit", actor=story.requester) == {"effectivity_order"}
    change.refresh_from_db()
    assert change.status == "draft"
    story.writes(change, effectivity="date")
    perform(change, "submit", actor=story.requester)
    assert Assignment.objects.filter(subject_id=change.pk, to_user=story.owner, kind="triage", status="open").exists()
    perform(change, "send_back", actor=story.owner, reason="Which torque?")
    assert change.status == "draft"
    perform(change, "void", actor=story.requester, reason="Not needed.")
    assert change.status == "cancelled"


@pytest.mark.requirement("CHG-02")
def test_suggestions_are_computed_and_each_is_answered(story: Story) -> None:
    order = story.floor.order(1)
    naming = story.procedure(f"See {story.floor.instruction.document.number}.")
    change = story.in_assessment(story.floor.instruction)
    found = {(one.kind, one.subject_id) for one in change.suggestions.all()}
    assert {("routing", story.floor.revision.pk), ("order", order.pk), ("document", naming.pk)} <= found
    story.assesses_all(change)
    assert refused(services.request_approval, change=change, actor=story.owner) == {"suggestion_open"}
    routing = change.suggestions.get(kind="routing")
    assert refused(services.answer_suggestion, suggestion=routing, is_affected=False, actor=story.owner) == {"reason"}
    services.answer_suggestion(suggestion=routing, is_affected=True, actor=story.owner)
    assert change.items.filter(from_id=story.floor.revision.pk, action="revise").exists()
    assert refused(services.answer_suggestion, suggestion=routing, is_affected=True, actor=story.owner) == {"answered"}
    services.look_up(change=change, actor=story.owner)
    kinds = set(open_suggestions(change).values_list("kind", flat=True))
    assert {"material", "order", "document"} <= kinds, "what hangs on the routing is looked up too"
    material = open_suggestions(change).get(kind="material")
    services.answer_suggestion(suggestion=material, is_affected=True, actor=story.owner)
    assert change.tasks.filter(title__contains=story.floor.product.number).exists()
    story.answers_all(change)
    story.floor.order(1)
    assert "suggestions_stale" in refused(services.request_approval, change=change, actor=story.owner)
    assert ChangeSuggestion.objects.filter(change=change, answer="declined", reason="").count() == 0


@pytest.mark.requirement("CHG-02")
def test_a_revision_is_named_by_one_change_in_the_right_role(story: Story) -> None:
    change, other = story.raised(), story.raised()
    story.names(change, story.floor.instruction)
    assert refused(story.names, other, story.floor.instruction) == {"named_elsewhere"}
    assert refused(story.names, change, story.floor.instruction) == {"named"}
    assert refused(story.names, change, story.floor.instruction, "new") == {"not_new"}
    draft = story.procedure(effective=False)
    assert refused(story.names, other, draft, "obsolete") == {"not_effective"}
    item = change.items.get()
    assert refused(services.name_revision, item=item, actor=story.owner) == {"no_revision"}
    text = story.next_instruction(approved=False)
    assert services.name_revision(item=item, actor=story.owner).to_id == text.pk
    services.remove_item(item=item, actor=story.owner)
    assert not change.items.exists()


@pytest.mark.requirement("CHG-03", "CHG-04")
def test_every_function_assesses_with_a_rationale_what_is_proposed_now(story: Story) -> None:
    change = story.in_assessment(story.next_instruction())
    assert set(assessments_of(change).values_list("function", flat=True)) == {"production", "engineering", "quality"}
    story.answers_all(change)
    assert refused(services.request_approval, change=change, actor=story.owner) == {"not_assessed"}
    first = assessments_of(change)[0]
    sign: dict[str, Any] = {"actor": story.engineer, "signature": proof(story.engineer, "reviewed")}
    assert refused(services.assess, assessment=first, answer="not_affected", rationale=" ", **sign) == {"no_answer"}
    services.name_assessor(assessment=first, owner=story.quality, actor=story.owner)
    asked = Assignment.objects.filter(subject_id=first.pk, to_user=story.quality, status="open")
    assert asked.count() == 1
    assert refused(services.assess, assessment=first, answer="affected", rationale="New tool.", **sign) == {
        "another_is_asked"
    }
    services.name_assessor(assessment=first, owner=None, actor=story.owner)
    story.assesses_all(change)
    story.writes(change, description="Torque from 12 to 10.")
    assert refused(services.request_approval, change=change, actor=story.owner) == {"assessed_another"}
    for assessment in assessments_of(change):
        services.ask_again(assessment=assessment, actor=story.owner, reason="Another torque.")
    story.assesses_all(change)
    story.writes(change, description="Torque from 12 to 10.", severity_after=None)
    assert refused(services.request_approval, change=change, actor=story.owner) == {"risk_missing"}
    story.writes(change, description="Torque from 12 to 10.", probability_after=5)
    assert refused(services.request_approval, change=change, actor=story.owner) == {"risk_higher"}
    story.writes(change, description="Torque from 12 to 10.", probability_after=5, risk_note="It is watched.")
    services.request_approval(change=change, actor=story.owner)
    assert change.status == "plan_approval"
    late = ImpactAssessment.objects.filter(change=change)[0]
    assert refused(services.ask_again, assessment=late, actor=story.owner, reason="Once more.") == {"not_in_assessment"}


@pytest.mark.requirement("CHG-03")
def test_a_type_of_change_names_who_approves(story: Story) -> None:
    nobody = services.create_change_type(
        code="NONE", name="Nobody", category="process", assess=["it"], approve=[], actor=story.quality
    )
    change = story.submitted(story.next_instruction(), change_type=nobody)
    assert refused(services.start_assessment, change=change, actor=story.owner) == {"no_functions"}
    services.set_change_type(
        change_type=nobody, name="Somebody", category="process", assess=[], approve=["quality"], is_active=True,
        reason="So.", actor=story.quality,
    )  # fmt: skip
    services.start_assessment(change=change, actor=story.owner)
    assert [one.function for one in assessments_of(change)] == ["quality"]
    assert refused(story.writes, change, urgency="emergency") == {"type_stands"}


@pytest.mark.requirement("CHG-03")
def test_the_plan_is_signed_by_other_people_and_stands_still(story: Story) -> None:
    change = story.in_approval(story.next_instruction(), owner=story.engineer)
    first, second = approvals_of(change)

    def approve(approval: ChangeApproval, actor: Any) -> ChangeApproval:
        return services.approve_plan(approval=approval, actor=actor, signature=proof(actor, "approved"))

    assert refused(approve, first, story.engineer) == {"own_change"}
    assert refused(story.writes, change) == {"stands_still"}
    assert refused(services.add_task, change=change, title="Late", owner=story.owner, actor=story.owner) == {
        "stands_still"
    }
    assert refused(services.look_up, change=change, actor=story.owner) == {"stands_still"}
    approve(first, story.quality)
    assert refused(approve, second, story.quality) == {"approved_already"}
    assert refused(perform, change, "approve", actor=story.system) == {"not_approved"}
    make_move(change, "reject_plan", actor=story.quality, reason="Which tool?")
    assert change.status == "assessment"
    assert not approvals_of(change).exclude(status="dropped").exists()
    assert refused(approve, second, story.second) == {"state"}
    services.request_approval(change=change, actor=story.owner)
    first, second = approvals_of(change)
    task = ChangeTask(change=change, title="Slipped in", owner=story.owner)
    begin(task, actor=story.system)
    assert refused(approve, first, story.quality) == {"plan_changed"}
    make_move(change, "reject_plan", actor=story.quality, reason="Who slipped that in?")
    services.request_approval(change=change, actor=story.owner)
    first, second = approvals_of(change)
    approve(first, story.quality)
    approve(second, story.second)
    change.refresh_from_db()
    assert (change.status, first.round) == ("implementation", 3)


@pytest.mark.requirement("CHG-05")
def test_tasks_are_done_in_their_order_by_one_and_accepted_by_another(story: Story) -> None:
    change = story.in_assessment(story.next_instruction())
    add: dict[str, Any] = {"change": change, "actor": story.owner}
    train = services.add_task(title="Train", owner=story.requester, **add)
    validate = services.add_task(title="Validate", owner=story.owner, after=train, **add)
    assert refused(services.add_dependency, task=train, needed=validate, actor=story.owner) == {"loop"}
    foreign = services.add_task(change=story.raised(), title="Elsewhere", owner=story.owner, actor=story.owner)
    assert refused(services.add_dependency, task=train, needed=foreign, actor=story.owner) == {"other_change"}
    assert refused(services.add_task, title=" ", owner=story.owner, **add) == {"no_title"}
    stranger = make_user(site=story.floor.site)
    assert refused(services.add_task, title="Train", owner=stranger, **add) == {"owner_right"}
    assert refused(perform, train, "start", actor=story.requester) == {"plan_not_approved"}
    services.change_task(task=train, title="Train all", owner=story.requester, actor=story.owner)
    third = services.add_task(title="Tell the customer", owner=story.owner, after=train, **add)
    services.remove_dependency(dependency=third.needs.get(), actor=story.owner)
    perform(third, "cancel", actor=story.engineer, reason="Not needed.")
    change = story.approves_all(story.handed_over(change))
    waiting = Assignment.objects.filter(status="open", kind="action")
    assert waiting.filter(subject_id=train.pk, to_user=story.requester).exists()
    assert not waiting.filter(title__contains="Validate").exists()
    assert refused(perform, train, "start", actor=story.owner) == {"not_its_owner"}
    assert refused(perform, validate, "start", actor=story.owner) == {"comes_before"}
    assert "task_open" in refused(perform, change, "make_ready", actor=story.owner)
    for task, owner in ((train, story.requester), (validate, story.owner)):
        task.refresh_from_db()
        perform(task, "start", actor=owner)
        perform(task, "finish", actor=owner, reason="Sheet 12.", signature=proof(owner, "performed"))
        assert "second_person" in refused(perform, task, "accept", actor=owner, signature=proof(owner, "verified"))
        perform(task, "give_back", actor=story.engineer, reason="Sheet 12 is empty.")
        perform(task, "finish", actor=owner, reason="Sheet 13.", signature=proof(owner, "performed"))
        perform(task, "accept", actor=story.engineer, signature=proof(story.engineer, "verified"))
        assert refused(services.change_task, task=task, title="Else", owner=owner, actor=story.owner) == {"begun"}
    assert waiting.filter(title__contains="Validate").count() == 0
    perform(change, "make_ready", actor=story.owner)
    perform(change, "take_up_again", actor=story.owner, reason="One more look.")
    assert change.status == "implementation"


@pytest.mark.requirement("CHG-08")
def test_a_change_is_ready_when_its_revisions_are_approved(story: Story) -> None:
    change = story.in_implementation(story.floor.instruction)
    assert refused(perform, change, "make_ready", actor=story.owner) == {"revision_not_approved"}
    text = story.next_instruction(approved=False)
    services.name_revision(item=change.items.get(), actor=story.owner)
    assert refused(perform, change, "make_ready", actor=story.owner) == {"revision_not_approved"}
    story.approved_revision(text)
    perform(change, "make_ready", actor=story.owner)
    assert refused(
        services.plan_release, change=change, release_at=in_days(1), actor=story.owner,
        signature=proof(story.owner, "released"),
    ) == {"permission"}  # fmt: skip
    make_move(change, "cancel", actor=story.second, reason="No more.", signature=proof(story.second, "cancelled"))
    assert change.status == "cancelled"
    perform(text, "make_effective", actor=story.quality)
    assert text.status == "effective", "a cancelled change binds nothing"


@pytest.mark.requirement("CHG-08")
def test_what_was_replaced_meanwhile_is_not_replaced_again(story: Story) -> None:
    change = story.in_implementation(story.floor.instruction)
    text = story.next_instruction()
    perform(text, "make_effective", actor=story.quality)
    assert "revision_not_effective" in refused(perform, change, "make_ready", actor=story.owner)


@pytest.mark.requirement("CHG-01")
def test_the_class_decides_the_way(story: Story) -> None:
    routine = story.submitted(story.next_instruction())
    signed = proof(story.second, "approved_emergency")
    sign: dict[str, Any] = {"actor": story.second, "reason": "Now.", "signature": signed}
    assert refused(perform, routine, "release_emergency", **sign) == {"no_emergency"}
    urgent = story.submitted(story.next_routing(), urgency="emergency")
    assert refused(services.start_assessment, change=urgent, actor=story.owner) == {"is_emergency"}


@pytest.mark.requirement("CHG-08")
def test_released_orders_are_not_touched_and_new_ones_follow(story: Story) -> None:
    before = story.floor.order(1)
    change = story.released(story.next_routing())
    before.refresh_from_db()
    assert before.routing_revision == story.floor.revision
    draft = ChangeOrder.objects.get(pk=change.pk)
    assert draft.status == "monitoring"
    fresh = floor_services.create_order(
        site=story.floor.site, material=story.floor.product, quantity=before.quantity, actor=story.floor.planner
    )
    assert fresh.routing_revision != story.floor.revision
