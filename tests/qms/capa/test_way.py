"""The way of a CAPA: every step where it is allowed, and each guard that refuses it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from core.kernel.errors import Blocked
from core.lifecycle.services import perform
from core.signing.queries import is_intact, signatures_of
from core.worklist.models import Assignment
from qms.capa import services
from qms.capa.models import Capa, CapaDecision, CapaPlan, CapaSource, RootCause
from qms.capa.queries import actions_of, capas_from, causes_of, roots, signed_parts
from qms.nonconformance.services import raise_nonconformance
from tests.qms.capa.story import Story, in_days
from tests.support.people import make_user, proof


def refused(deed: Callable[..., Any], *args: Any, **values: Any) -> set[str]:
    """The codes of the refusal."""
    with pytest.raises(Blocked) as blocked:
        deed(*args, **values)
    return set(blocked.value.codes)


@pytest.mark.requirement("CAPA-01")
def test_a_capa_comes_from_something_and_says_what_it_is_and_is_not(story: Story) -> None:
    capa = story.draft(problem="", not_problem=" ", source_note="")
    assert capa.number.startswith("CAPA")
    author: dict[str, Any] = {"actor": story.reporter, "signature": proof(story.reporter, "authored")}
    assert refused(perform, capa, "submit", **author) == {"no_problem", "no_not_problem", "no_source"}
    assert refused(story.draft, title=" ") == {"no_title"}
    services.change_capa(
        capa=capa, title="Scratches", kind="preventive", problem="On line 1.", not_problem="Not on 2.",
        actor=story.reporter,
    )  # fmt: skip
    found = raise_nonconformance(
        site=story.world.site, title="Scratch", severity="major", draft=True, items=[], actor=story.system
    )
    source = services.add_source(capa=capa, source=found, actor=story.reporter)
    assert (source.kind, source.source) == ("nonconformance", found)
    assert list(capas_from(found, story.reporter)) == [capa]
    assert refused(services.add_source, capa=capa, source=found, actor=story.reporter) == {"named"}
    assert refused(services.add_source, capa=capa, source=story.product, actor=story.reporter) == {"source_kind"}
    assert refused(services.add_source, capa=capa, actor=story.reporter) == {"no_source"}
    other = services.add_source(capa=capa, kind="review", note="Seen in the review.", actor=story.reporter)
    services.remove_source(source=other, actor=story.reporter)
    perform(capa, "submit", **author)
    assert capa.status == "triage"
    assert Assignment.objects.filter(title__contains=capa.number, kind="triage", status="open").count() == 1
    late = {"title": "x", "kind": "corrective", "problem": "x", "not_problem": "x"}
    assert refused(services.change_capa, capa=capa, actor=story.reporter, **late) == {"stands_still"}
    perform(capa, "send_back", actor=story.quality, reason="Which frames?")
    perform(capa, "submit", **story.sign(story.reporter, "authored"))
    services.add_member(capa=capa, user=story.worker, actor=story.quality)
    story.opens(capa)
    assert refused(services.add_source, capa=capa, note="Late.", actor=story.reporter) == {"stands_still"}
    kept = CapaSource.objects.get(capa=capa)
    assert refused(services.remove_source, source=kept, actor=story.reporter) == {"stands_still"}
    assert all(is_intact(one) for one in signatures_of(capa))


@pytest.mark.requirement("CAPA-02")
def test_whether_a_capa_is_opened_is_decided_with_a_rationale_and_signed(story: Story) -> None:
    capa = story.draft()
    perform(capa, "submit", actor=story.reporter, signature=proof(story.reporter, "authored"))
    assert refused(story.opens, capa, rationale=" ") == {"rationale"}
    assert refused(story.opens, capa) == {"no_team"}
    assert refused(story.opens, capa, due_at=in_days(-1)) == {"past"}
    services.add_member(capa=capa, user=story.worker, actor=story.quality)
    assert refused(services.add_member, capa=capa, user=story.worker, actor=story.quality) == {"member"}
    stranger = make_user(site=story.world.site)
    assert refused(services.add_member, capa=capa, user=stranger, actor=story.quality) == {"member_right"}
    assert refused(story.opens, capa, owner=None, priority="", due_at=None) == {"owner", "priority", "due"}
    assert refused(story.opens, capa, owner=story.reporter) == {"owner_right"}
    assert refused(story.opens, capa, decision="correction", regulatory=True) == {"regulatory"}
    assert refused(perform, capa, "open", actor=story.quality) >= {"no_decision"}
    assert refused(perform, capa, "decline", actor=story.quality) == {"no_decision"}
    assert not CapaDecision.objects.filter(capa=capa).exists()
    capa = story.opens(capa)
    assert (capa.status, capa.owner, capa.first_due_at) == ("investigation", story.owner, capa.due_at)
    assert refused(story.opens, capa) >= {"stands_still"}
    assert Assignment.objects.filter(
        title__contains=capa.number, to_user=story.owner, kind="action", status="open"
    ).exists()
    declined = story.opens(story.in_triage(), decision="trend", rationale="Once in five years.")
    assert declined.status == "no_capa"
    decision = CapaDecision.objects.get(capa=declined)
    assert [one.meaning for one in signatures_of(decision)] == ["rejected"]


@pytest.mark.requirement("CAPA-03")
def test_causes_are_judged_by_evidence_in_the_shape_of_their_method(story: Story) -> None:
    capa = story.investigated()
    assert refused(story.cause, capa, "Wet") == {"no_method"}
    story.chooses(capa)
    why = story.cause(capa, "The clamp slips")
    assert [one.statement for one in roots(causes_of(capa))] == ["The clamp slips"]
    below = story.cause(capa, "Its jaws are worn", "suspected", parent=why)
    assert [one.statement for one in roots(causes_of(capa))] == ["The clamp slips"]
    for verdict in ("confirmed", "ruled_out"):
        assert refused(services.judge_cause, cause=below, verdict=verdict, evidence=" ", actor=story.owner) == {
            "no_evidence"
        }
    services.judge_cause(cause=below, verdict="confirmed", evidence="Worn by 2 mm.", actor=story.owner)
    assert [one.statement for one in roots(causes_of(capa))] == ["Its jaws are worn"]
    assert refused(services.change_cause, cause=why, statement="The clamp slips", parent=below, actor=story.owner) == {
        "loop"
    }
    services.change_cause(cause=below, statement="Worn jaws", parent=None, actor=story.owner)
    assert refused(services.remove_cause, cause=below, actor=story.owner) == {"judged"}
    wrong = story.cause(capa, "Typo", "suspected")
    services.remove_cause(cause=wrong, actor=story.owner)
    assert refused(services.write_method, capa=capa, method="ishikawa", actor=story.owner) == {"method_stands"}
    other = story.chooses(story.investigated(), "ishikawa")
    assert refused(story.cause, other, "Wet") == {"no_branch"}
    assert story.cause(other, "Wet", branch="environment").branch == "environment"
    assert refused(story.cause, capa, "Elsewhere", parent=causes_of(other)[0]) == {"other_cause"}
    assert refused(services.add_cause, capa=capa, statement=" ", actor=story.owner) == {"no_statement"}


@pytest.mark.requirement("CAPA-03", "CAPA-04", "CAPA-07")
def test_a_plan_is_handed_over_when_every_cause_is_confirmed_and_acted_on(story: Story) -> None:
    capa = story.investigated()
    author = story.sign(story.owner, "authored")
    assert refused(services.hand_over_plan, capa=capa, **author) == {
        "no_method", "no_cause", "no_adverse_plan", "no_check", "not_looked_across",
    }  # fmt: skip
    story.make(180, 20)
    story.reads_across(capa)
    story.chooses(capa)
    first = story.cause(capa, "Worn jaws")
    suspected = story.cause(capa, "Wet frames", "suspected")
    story.check(capa)
    assert refused(services.hand_over_plan, capa=capa, **author) == {"suspected", "uncovered"}
    services.judge_cause(cause=suspected, verdict="ruled_out", evidence="Dry.", actor=story.owner)
    story.action(capa, [first], title="Sort out", purpose="correction")
    assert refused(services.hand_over_plan, capa=capa, **author) == {"uncovered"}
    story.action(capa, [first])
    assert not CapaPlan.objects.filter(capa=capa).exists()
    capa = services.hand_over_plan(capa=capa, **author)
    assert capa.status == "plan_review"
    assert refused(story.cause, capa, "Late") == {"stands_still"}
    assert refused(story.action, capa, [first]) == {"stands_still"}
    assert refused(story.check, capa) == {"stands_still"}


@pytest.mark.requirement("CAPA-04")
def test_training_alone_is_justified(story: Story) -> None:
    capa = story.planned()
    found = story.causes(capa)
    revision = story.next_revision(story.procedure())
    services.change_action(
        action=actions_of(capa)[1], title="Teach it", owner=story.worker, causes=[found["Nobody checks the jaws"]],
        kind="training", bound=revision, actor=story.owner,
    )  # fmt: skip
    assert refused(story.handed_over, capa) == {"only_training"}
    story.chooses(capa, retraining_reason="The check exists; it was never taught.")
    assert story.handed_over(capa).status == "plan_review"


@pytest.mark.requirement("CAPA-05")
def test_bound_actions_complete_only_when_their_object_does(story: Story) -> None:
    capa = story.planned()
    found = story.causes(capa)
    effective = story.procedure()
    revision, routing = story.next_revision(effective), story.next_routing()
    root = [found["Its jaws are worn"]]
    assert refused(story.action, capa, root, kind="document", bound=effective) == {"reached_already"}
    assert refused(story.action, capa, root, kind="document", bound=None) == {"no_object"}
    assert refused(story.action, capa, root, kind="document", bound=routing) == {"no_object"}
    bound = {
        "document": story.action(capa, root, title="Write it", kind="document", bound=revision),
        "routing": story.action(capa, root, title="Route it", kind="routing", bound=routing),
    }
    story.approved(story.handed_over(capa))
    for kind, thing in (("document", revision), ("routing", routing)):
        action = bound[kind]
        perform(action, "start", actor=story.worker)
        finish: dict[str, Any] = {"reason": "Done.", **story.sign(story.worker, "performed")}
        assert refused(perform, action, "finish", **finish) == {"not_reached"}
        assert (action.__class__.objects.get(pk=action.pk).status, thing.status) == ("in_progress", "draft")
        story.into_force(thing)
        perform(action, "finish", **finish)
        assert action.status == "done"


@pytest.mark.requirement("CAPA-06")
def test_the_plan_is_approved_by_another_person_as_it_was_handed_over(story: Story) -> None:
    capa = story.handed_over()
    own = story.sign(story.owner, "approved")
    assert refused(services.approve_plan, capa=capa, **own) == {"permission"}
    services.name_owner(capa=capa, owner=story.second, actor=story.quality)
    assert refused(services.approve_plan, capa=capa, **story.sign(story.second, "approved")) == {"second_person"}
    assert refused(perform, capa, "approve_plan", actor=story.quality) == {"not_approved"}
    perform(capa, "reject_plan", actor=story.quality, reason="Which coating?")
    assert capa.status == "investigation"
    assert refused(services.approve_plan, capa=capa, **story.sign(story.quality, "approved")) == {"state"}
    services.hand_over_plan(capa=capa, **story.sign(story.second, "authored"))
    assert refused(services.approve_plan, capa=capa, **story.sign(story.second, "approved")) == {"second_person"}
    assert story.approved(capa).status == "implementation"
    assert CapaPlan.objects.filter(capa=capa).count() == 2
    assert all(is_intact(one) for part in signed_parts(capa) for one in signatures_of(part))


@pytest.mark.requirement("CAPA-05", "CAPA-06")
def test_actions_are_done_by_their_owner_and_accepted_by_another(story: Story) -> None:
    capa = story.handed_over()
    action = actions_of(capa)[0]
    assert refused(perform, action, "start", actor=story.worker) == {"stands_still"}
    story.approved(capa)
    assert Assignment.objects.filter(to_user=story.worker, status="open", kind="action").count() == 2
    assert refused(perform, action, "start", actor=story.engineer) == {"not_its_owner"}
    assert refused(perform, capa, "finish", actor=story.owner) == {"action_open"}
    perform(action, "start", actor=story.worker)
    perform(action, "finish", reason="Done.", **story.sign(story.worker, "performed"))
    assert "permission" in refused(perform, action, "accept", **story.sign(story.worker, "verified"))
    perform(action, "give_back", actor=story.engineer, reason="No photo.")
    perform(action, "finish", reason="Photo.", **story.sign(story.worker, "performed"))
    perform(action, "accept", **story.sign(story.engineer, "verified"))
    other = actions_of(capa)[1]
    perform(other, "cancel", reason="Too dear.", **story.sign(story.quality, "cancelled"))
    assert refused(perform, capa, "finish", actor=story.owner) == {"uncovered"}
    perform(capa, "revise_plan", actor=story.owner, reason="Another action.")
    story.action(capa, [story.causes(capa)["Nobody checks the jaws"]], title="A sensor checks the jaws")
    story.approved(story.handed_over(capa))
    story.does(actions_of(capa)[2])
    assert perform(capa, "finish", actor=story.owner).status == "verification"


@pytest.mark.requirement("CAPA-07")
def test_who_verifies_has_done_none_of_it_and_looks_for_adverse_effects(story: Story) -> None:
    capa = story.implemented()
    assert refused(perform, capa, "verify", actor=story.engineer) == {"not_verified"}
    assert refused(story.verifies, capa, adverse_note=" ") == {"finding"}
    assert refused(story.verifies, capa, **story.sign(story.worker, "verified")) >= {"permission"}
    capa = story.verifies(capa, adverse_effect="found", adverse_note="Paint comes off.")
    assert capa.status == "implementation"
    perform(capa, "finish", actor=story.owner)
    assert refused(perform, capa, "verify", actor=story.engineer) == {"adverse_effect"}
    capa = story.verifies(capa)
    assert capa.status == "effectiveness"
    check = capa.checks.get()
    assert check.watched_until is not None and check.watched_from is not None
    assert (check.watched_until - check.watched_from).days == check.window_days


@pytest.mark.requirement("CAPA-07")
def test_who_implemented_a_part_does_not_verify(story: Story) -> None:
    capa = story.planned()
    story.action(capa, [story.causes(capa)["Its jaws are worn"]], title="Mine", owner=story.engineer)
    story.approved(story.handed_over(capa))
    for action in actions_of(capa):
        perform(action, "start", actor=action.owner)
        perform(action, "finish", reason="Done.", **story.sign(action.owner, "performed"))
        perform(action, "accept", **story.sign(story.second, "verified"))
    perform(capa, "finish", actor=story.owner)
    assert refused(story.verifies, capa) == {"implemented_it"}
    assert story.verifies(capa, **story.sign(story.second, "verified")).status == "effectiveness"


@pytest.mark.requirement("CAPA-10")
def test_it_takes_longer_only_by_an_approved_extension(story: Story) -> None:
    capa = story.investigated()
    ask: dict[str, Any] = {"capa": capa, "actor": story.owner}
    assert refused(services.request_extension, due_at=in_days(5), reason="Late.", **ask) == {"not_later"}
    assert refused(services.request_extension, due_at=in_days(90), reason=" ", **ask) == {"reason"}
    first = capa.due_at
    extension = services.request_extension(due_at=in_days(90), reason="The coating is late.", **ask)
    assert refused(services.request_extension, due_at=in_days(95), reason="More.", **ask) == {"asked_already"}
    assert "permission" in refused(perform, extension, "approve", **story.sign(story.owner, "approved"))
    perform(extension, "approve", **story.sign(story.quality, "approved"))
    capa.refresh_from_db()
    assert (capa.due_at, capa.first_due_at) == (extension.due_at, first)
    no = services.request_extension(due_at=in_days(120), reason="Again.", **ask)
    perform(no, "reject", reason="Enough.", **story.sign(story.quality, "rejected"))
    again = services.request_extension(due_at=in_days(110), reason="Once more.", **ask)
    assert not Assignment.objects.filter(title__contains=capa.number, kind="escalation").exists()
    perform(again, "approve", **story.sign(story.quality, "approved"))
    assert Assignment.objects.filter(title__contains=capa.number, kind="escalation", status="open").count() == 1
    assert refused(
        services.request_extension, capa=story.draft(), due_at=in_days(9), reason="x", actor=story.owner
    ) == {"stands_still"}


@pytest.mark.requirement("CAPA-02")
def test_a_cancelled_capa_asks_nobody_any_more(story: Story) -> None:
    capa = story.approved()
    perform(capa, "cancel", reason="The line is sold.", **story.sign(story.quality, "cancelled"))
    assert Capa.objects.get(pk=capa.pk).status == "cancelled"
    assert not Assignment.objects.filter(to_user__in=(story.worker, story.owner), status="open").exists()
    assert RootCause.objects.filter(capa=capa).exists()
