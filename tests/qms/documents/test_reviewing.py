"""Reviews before approval: at once or in turn, signed, with comments that are answered."""

from __future__ import annotations

from typing import Any

import pytest

from core.kernel.errors import Blocked
from core.lifecycle.services import perform
from core.organization.models import User
from core.signing.queries import is_intact
from core.worklist.models import Assignment
from qms.documents.models import DocumentRevision
from qms.documents.queries.reviewing import comments_on, reviewers_with_state
from qms.documents.services import create_document
from qms.documents.services.reviewing import answer_comment, comment_on_revision, name_reviewers, sign_review
from qms.documents.services.types import change_document_type
from tests.qms.conftest import DOCUMENT_RIGHTS
from tests.qms.documents.test_services import approve, refused, submit
from tests.support.people import make_user, proof
from tests.support.training import decide_training

pytestmark = pytest.mark.django_db


@pytest.fixture
def first(site: Any) -> User:
    return make_user("first", site=site, permissions=DOCUMENT_RIGHTS)


@pytest.fixture
def second(site: Any) -> User:
    return make_user("second", site=site, permissions=DOCUMENT_RIGHTS)


def review(revision: DocumentRevision, who: User) -> DocumentRevision:
    return sign_review(revision=revision, actor=who, signature=proof(who, "reviewed"))


def asked() -> set[str]:
    return {
        f"{one.kind} {one.to_user.username if one.to_user else ''}".strip()
        for one in Assignment.objects.filter(status="open").select_related("to_user")
    }


@pytest.mark.requirement("DOC-04")
def test_all_are_asked_at_once_and_approval_waits_for_them(
    draft: Any, author: Any, approver: Any, first: Any, second: Any
) -> None:
    name_reviewers(revision=draft, reviewers=[first, second], actor=author)
    submit(draft, author)
    assert asked() == {"review first", "review second"}
    with refused(draft, "review_missing"):
        approve(draft, approver)
    review(draft, second)
    assert asked() == {"review first"}
    review(draft, first)
    assert asked() == {"approval"}
    assert approve(draft, approver).status == "approved"
    assert all(state.signature and is_intact(state.signature) for state in reviewers_with_state(draft))


@pytest.mark.requirement("DOC-04")
def test_one_after_the_other_where_the_type_says_so(draft: Any, author: Any, first: Any, second: Any) -> None:
    kind: Any = draft.document.type
    change_document_type(
        document_type=kind, name=kind.name, scheme=kind.scheme, review_mode="sequential", reviewers_needed=2,
        review_months=None, copy_hours=None, retention_class=None, is_active=True, actor=author, reason="Manual 4",
    )  # fmt: skip
    draft = decide_training(DocumentRevision.objects.get(pk=draft.pk))
    with refused(draft, "reviewers_missing"):
        submit(draft, author)
    name_reviewers(revision=draft, reviewers=[second, first], actor=author)
    submit(draft, author)
    assert asked() == {"review second"}
    with refused(draft, "not_their_turn"):
        review(draft, first)
    review(draft, second)
    assert asked() == {"review first"}
    with refused(draft, "reviewed"):
        review(draft, second)


@pytest.mark.requirement("DOC-04")
def test_a_comment_is_answered_before_the_approval(draft: Any, author: Any, approver: Any, first: Any) -> None:
    name_reviewers(revision=draft, reviewers=[first], actor=author)
    submit(draft, author)
    said = comment_on_revision(revision=draft, text="Which torque?", place="Step 2", actor=first)
    assert Assignment.objects.get(to_user=author, status="open").title.endswith("Which torque?")
    with refused(draft, "comment_open"):
        review(draft, first)
    with refused(draft, "comment_open"):
        approve(draft, approver)
    with pytest.raises(Blocked, match="own_comment"):
        answer_comment(comment=said, answer="accepted", explanation="Fine", actor=first)
    with pytest.raises(Blocked, match="no_explanation"):
        answer_comment(comment=said, answer="declined", explanation=" ", actor=author)
    answer_comment(comment=said, answer="declined", explanation="The drawing says it.", actor=author)
    with pytest.raises(Blocked, match="answered"):
        answer_comment(comment=said, answer="accepted", explanation="Again", actor=author)
    review(draft, first)
    assert approve(draft, approver).status == "approved"
    with refused(draft, "not_in_review"):
        comment_on_revision(revision=draft, text="Too late", actor=first)
    assert [one.answer for one in comments_on(draft)] == ["declined"]


@pytest.mark.requirement("DOC-04")
def test_a_rejected_revision_is_reviewed_again(draft: Any, author: Any, approver: Any, first: Any) -> None:
    name_reviewers(revision=draft, reviewers=[first], actor=author)
    submit(draft, author), review(draft, first)
    perform(draft, "reject", actor=approver, reason="Picture missing")
    assert asked() == {"action author"}
    submit(draft, author)
    assert asked() == {"review first"}
    with refused(draft, "review_missing"):
        approve(draft, approver)
    perform(draft, "withdraw", actor=author, reason="Typo")
    assert asked() == set()


@pytest.mark.requirement("DOC-04")
def test_who_may_not_review(draft: Any, author: Any, approver: Any, first: Any, site: Any) -> None:
    stranger = make_user(site=site)
    for people, code in (
        ([author], "author_reviews"),
        ([stranger], "reviewer_right"),
        ([first, first], "reviewer_twice"),
    ):
        with refused(draft, code):
            name_reviewers(revision=draft, reviewers=people, actor=author)
    name_reviewers(revision=draft, reviewers=[first], actor=author)
    name_reviewers(revision=draft, reviewers=[approver, first], actor=author)
    assert [state.row.reviewer for state in reviewers_with_state(draft)] == [approver, first]
    submit(draft, author)
    with refused(draft, "no_reviewer"):
        review(draft, make_user("other", site=site, permissions=DOCUMENT_RIGHTS))
    with refused(draft, "not_a_draft"):
        name_reviewers(revision=draft, reviewers=[], actor=author)


def test_a_comment_needs_words_and_the_right(draft: Any, author: Any, site: Any) -> None:
    with pytest.raises(Blocked, match="comment_empty"):
        comment_on_revision(revision=draft, text="  ", actor=author)
    with pytest.raises(Blocked, match="permission"):
        comment_on_revision(revision=draft, text="x", actor=make_user(site=site))
    assert create_document(kind="form", title="F", site=site, actor=author).revisions.get().review_comments.count() == 0
