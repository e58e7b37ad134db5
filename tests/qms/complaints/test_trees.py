"""Decision trees as data: what is no tree is told in words; versions come into force by two people."""

from __future__ import annotations

import pytest

from core.kernel.errors import Blocked
from core.lifecycle.services import perform
from qms.complaints import services
from qms.complaints.models import DecisionTree, DecisionTreeVersion
from qms.complaints.queries import AnswersError, TreeError, read_tree, walk
from qms.complaints.services.examples import create_examples
from tests.qms.complaints.conftest import EU, FDA, FIVE_DAY, Desk
from tests.support.people import proof

SMALL = """\
start: a
questions:
  a: {ask: Is it so, clause: 1, yes: r, no: n}
results:
  r: {title: Report, reportable: true, days: 5, count: work, clause: 2, form: other}
  n: {title: No report, reportable: false}
"""


@pytest.mark.requirement("CMP-02")
def test_bare_yes_and_no_are_answers_not_truth_values() -> None:
    tree = read_tree(SMALL)
    assert (tree.questions["a"].yes, tree.questions["a"].no) == ("r", "n")
    assert walk(tree, "yes").result == tree.results["r"]
    assert walk(tree, "").question == tree.questions["a"]
    assert walk(read_tree(FDA[3]), FIVE_DAY).result is not None
    for wrong in ("maybe", "yes,no"):
        with pytest.raises(AnswersError):
            walk(tree, wrong)


@pytest.mark.requirement("CMP-02")
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("start: a", "start: z", "names no question"),
        ("ask: Is it so", "ask: ''", "asks nothing"),
        ("clause: 1,", "", "names no clause"),
        ("yes: r", "yes: q", "neither question nor result"),
        ("yes: r", "yes: a", "in a circle"),
        ("no: n", "no: r", "Nothing leads to n"),
        ("title: Report", "title: ''", "no title"),
        ("clause: 2", "clause: ''", "Result r names no clause"),
        ("days: 5", "days: 0", "whole number"),
        ("days: 5", "days: soon", "whole number"),
        ("days: 5", "days: true", "whole number"),
        ("count: work", "count: lunar", "calendar or work"),
        ("form: other", "form: pigeon", "names its form"),
        ("questions:", "questions", "no YAML"),
        ("results:", "endings:", "It needs"),
    ],
)
def test_what_is_no_tree_is_told_in_words(old: str, new: str, said: str) -> None:
    assert old in SMALL
    with pytest.raises(TreeError) as refused:
        read_tree(SMALL.replace(old, new, 1))
    assert said in str(refused.value)


@pytest.mark.requirement("CMP-02")
def test_a_new_version_needs_a_second_person_and_supersedes_the_one_before(desk: Desk) -> None:
    tree = desk.version.tree
    draft = services.revise_tree(tree=tree, change_summary="Clearer words.", actor=desk.engineer)
    with pytest.raises(Blocked) as refused:
        services.revise_tree(tree=tree, actor=desk.engineer)
    assert refused.value.codes == ("version_in_flight",)
    services.write_version(version=draft, content="start: x", change_summary="Clearer words.", actor=desk.engineer)
    with pytest.raises(Blocked) as refused:
        perform(draft, "submit", actor=desk.engineer, signature=proof(desk.engineer, "authored"))
    assert refused.value.codes == ("tree",)
    services.write_version(version=draft, content=SMALL, change_summary="", actor=desk.head)
    with pytest.raises(Blocked) as refused:
        perform(draft, "submit", actor=desk.engineer, signature=proof(desk.engineer, "authored"))
    assert refused.value.codes == ("no_change_summary",)
    services.write_version(version=draft, content=SMALL, change_summary="Clearer words.", actor=desk.head)
    perform(draft, "submit", actor=desk.engineer, signature=proof(desk.engineer, "authored"))
    with pytest.raises(Blocked) as refused:
        services.write_version(version=draft, content=FDA[3], actor=desk.engineer)
    assert refused.value.codes == ("not_a_draft",)
    with pytest.raises(Blocked) as refused:
        perform(draft, "approve", actor=desk.head, signature=proof(desk.head, "approved"))
    assert refused.value.codes == ("second_person",)  # the head wrote in the draft
    found = desk.triaged()
    with pytest.raises(Blocked) as refused:
        desk.decide(found, "yes", version=draft)
    assert refused.value.codes == ("tree_status",)


@pytest.mark.requirement("CMP-02")
def test_decisions_keep_the_version_by_which_they_were_made(desk: Desk) -> None:
    found = desk.decided(answers=FIVE_DAY)
    desk.tree(EU)
    draft = services.revise_tree(tree=desk.version.tree, change_summary="Clearer words.", actor=desk.engineer)
    desk.into_force(draft.tree)
    desk.version.refresh_from_db()
    assert (desk.version.status, desk.version.effective_until is not None) == ("superseded", True)
    assert found.decisions.get().tree_version == desk.version
    assert DecisionTreeVersion.objects.filter(tree=draft.tree, status="effective").get() == draft
    services.begin_investigation(complaint=found, actor=desk.engineer)
    with pytest.raises(Blocked) as refused:
        perform(draft, "supersede", actor=desk.head)
    assert refused.value.codes == ("no_successor",)


@pytest.mark.requirement("CMP-02")
def test_the_examples_come_as_drafts_once(desk: Desk) -> None:
    made = create_examples(actor=desk.engineer)
    assert len(made) == 3  # one tree of this name is in force already
    assert create_examples(actor=desk.engineer) == []
    drafts = DecisionTreeVersion.objects.filter(tree__in=made)
    assert set(drafts.values_list("status", "is_example")) == {("draft", True)}
    with pytest.raises(Blocked):
        services.create_tree(code="EU-MDR-87", name="x", authority="x", content=SMALL, actor=desk.engineer)
    assert DecisionTree.objects.count() == 4
