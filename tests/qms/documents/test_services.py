"""Documents through their life: each move works, and each guard refuses it with nothing changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from core.kernel.clock import now
from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.kernel.wiring import ANSWERS, SUBSCRIBERS
from core.lifecycle.models import GateDecision, Transition
from core.lifecycle.queries import transitions_of
from core.lifecycle.services import perform
from core.organization.models import User
from core.signing.queries import is_intact, signatures_of
from core.worklist.models import Assignment
from qms.documents.events import DocumentRevisionDrafted, DocumentRevisionEffective
from qms.documents.models import Document, DocumentRevision
from qms.documents.queries import effective_revision, writer_ids
from qms.documents.questions import Use, WhereUsed
from qms.documents.services import create_document, edit_revision, revise_document, schedule_revision
from qms.documents.tasks import make_due_effective
from tests.qms.conftest import DOCUMENT_RIGHTS as QUALITY
from tests.support.people import make_site, make_user, proof
from tests.support.training import decide_training

pytestmark = pytest.mark.django_db


def submit(revision: DocumentRevision, actor: User) -> DocumentRevision:
    made: DocumentRevision = perform(
        decide_training(revision), "submit", actor=actor, signature=proof(actor, "authored")
    )
    return made


def approve(revision: DocumentRevision, actor: User) -> DocumentRevision:
    return perform(revision, "approve", actor=actor, signature=proof(actor, "approved"))


def state_of(revision: DocumentRevision) -> tuple[Any, ...]:
    """Everything that a refused deed must leave alone."""
    fresh = DocumentRevision.objects.get(pk=revision.pk)
    return (
        {field.name: getattr(fresh, field.attname) for field in fresh._meta.concrete_fields},
        Transition.objects.count(),
        len(signatures_of(fresh)),
        Assignment.objects.count(),
        fresh.history.count(),
    )


@contextmanager
def refused(revision: DocumentRevision, code: str) -> Iterator[None]:
    """The deed inside is refused with this code and changes nothing."""
    before = state_of(revision)
    with pytest.raises(Blocked) as caught:
        yield
    assert code in caught.value.codes
    assert state_of(revision) == before


def test_a_document_begins_with_a_numbered_draft(draft: Any, author: Any) -> None:
    document = draft.document
    assert document.number == "WI-000001"
    assert (draft.revision, draft.status, draft.author) == ("1", "draft", author)
    assert [t.to_status for t in transitions_of(draft)] == ["draft"]
    assert create_document(kind="work_instruction", title="Next", actor=author).number == "WI-000002"
    assert create_document(kind="procedure", title="Next", actor=author).number == "PRO-000001"


def test_a_number_brought_along_is_kept_once(author: Any, draft: Any) -> None:
    assert create_document(kind="form", title="F", number="QF-7", actor=author).number == "QF-7"
    count = Document.objects.count()
    with pytest.raises(Blocked, match="number_taken"):
        create_document(kind="form", title="F", number="QF-7", actor=author)
    assert Document.objects.count() == count


def test_a_document_needs_a_title_and_the_right_at_its_site(site: Any, author: Any) -> None:
    stranger = make_user(site=make_site(), permissions=QUALITY)
    for person, title, code in ((author, "  ", "no_title"), (stranger, "T", "permission")):
        with pytest.raises(Blocked, match=code):
            create_document(kind="form", title=title, site=site, actor=person)
    assert not Document.objects.exists()


def test_from_draft_to_effective_with_two_signatures(draft: Any, author: Any, approver: Any) -> None:
    submit(draft, author)
    approve(draft, approver)
    assert draft.approved_at is not None
    assert effective_revision(draft.document) is None
    perform(draft, "make_effective", actor=approver)
    assert draft.status == "effective"
    assert effective_revision(draft.document) == draft
    signatures = signatures_of(draft)
    assert [(s.meaning, s.signer) for s in signatures] == [("authored", author), ("approved", approver)]
    assert all(is_intact(signature) for signature in signatures)


@pytest.mark.requirement("REC-06")
def test_the_next_revision_supersedes_the_one_before_in_the_same_moment(draft: Any, author: Any, approver: Any) -> None:
    submit(draft, author), approve(draft, approver), perform(draft, "make_effective", actor=approver)
    told: list[Any] = []
    SUBSCRIBERS[DocumentRevisionEffective].append(told.append)
    try:
        second = revise_document(document=draft.document, change_summary="Torque", actor=author)
        assert (second.revision, second.body) == ("2", draft.body)
        edit_revision(revision=second, title="Mount both wheels", body="# Do more", actor=author)
        submit(second, author), approve(second, approver), perform(second, "make_effective", actor=approver)
    finally:
        SUBSCRIBERS[DocumentRevisionEffective].remove(told.append)
    assert told == [DocumentRevisionEffective(second.pk, second.document_id)]
    draft.refresh_from_db()
    second.refresh_from_db()
    assert (draft.status, second.status) == ("superseded", "effective")
    assert draft.effective_until >= second.effective_from
    assert Document.objects.get(pk=draft.document_id).title == "Mount both wheels"
    assert effective_revision(draft.document) == second
    between = draft.effective_from + (second.effective_from - draft.effective_from) / 2
    assert effective_revision(draft.document, at=between) == draft
    assert effective_revision(draft.document, at=draft.effective_from - dt.timedelta(seconds=1)) is None


def test_one_revision_at_a_time_is_on_its_way(draft: Any, author: Any) -> None:
    with refused(draft, "revision_in_flight"):
        revise_document(document=draft.document, actor=author)
    assert draft.document.revisions.count() == 1


def test_an_upper_app_is_told_of_each_draft(draft: Any, author: Any, approver: Any) -> None:
    told: list[Any] = []
    SUBSCRIBERS[DocumentRevisionDrafted].append(told.append)
    try:
        submit(draft, author), approve(draft, approver), perform(draft, "make_effective", actor=approver)
        second = revise_document(document=draft.document, actor=author)
    finally:
        SUBSCRIBERS[DocumentRevisionDrafted].remove(told.append)
    assert told == [DocumentRevisionDrafted(second.pk, draft.pk)]


@pytest.mark.requirement("REC-06")
def test_two_effective_revisions_do_not_commit_not_even_by_sql(draft: Any, author: Any, approver: Any) -> None:
    submit(draft, author), approve(draft, approver), perform(draft, "make_effective", actor=approver)
    second = revise_document(document=draft.document, change_summary="x", actor=author)
    with (
        pytest.raises(IntegrityError, match="uq_documentrevision_effective"),
        transaction.atomic(),
        acting(author),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE qms_documents_documentrevision SET status = 'effective', row_version = row_version + 1"
            " WHERE id = %s",
            [second.pk],
        )
        cursor.execute("SET CONSTRAINTS uq_documentrevision_effective IMMEDIATE")
    second.refresh_from_db()
    assert second.status == "draft"


def test_reject_returns_it_to_the_author_with_the_reason(draft: Any, author: Any, approver: Any) -> None:
    submit(draft, author)
    with refused(draft, "reason"):
        perform(draft, "reject", actor=approver)
    perform(draft, "reject", actor=approver, reason="Picture missing")
    assert draft.status == "draft"
    work = Assignment.objects.get(to_user=author, status="open")
    assert "Picture missing" in work.title
    assert not Assignment.objects.filter(kind="approval", status="open").exists()
    edit_revision(revision=draft, body="# With picture", actor=author)
    submit(draft, author)
    approve(draft, approver)
    assert draft.status == "approved"


def test_withdraw_and_discard(draft: Any, author: Any) -> None:
    submit(draft, author)
    perform(draft, "withdraw", actor=author, reason="Typo")
    assert draft.status == "draft"
    perform(draft, "discard", actor=author, reason="Not needed")
    assert draft.status == "obsolete"
    assert not Assignment.objects.filter(status="open").exists()
    assert effective_revision(draft.document, at=now()) is None


# --- Refusals ---------------------------------------------------------------------------------------------------------
def test_submit_is_refused_without_content(site: Any, author: Any) -> None:
    empty = create_document(kind="procedure", title="Empty", site=site, actor=author).revisions.get()
    decide_training(empty)
    with refused(empty, "no_content"):
        submit(empty, author)


def test_submit_is_refused_without_a_change_summary(draft: Any, author: Any, approver: Any) -> None:
    submit(draft, author), approve(draft, approver), perform(draft, "make_effective", actor=approver)
    second = revise_document(document=draft.document, actor=author)
    decide_training(second)
    with refused(second, "no_change_summary"):
        submit(second, author)


def test_submit_and_approve_are_refused_without_signature(draft: Any, author: Any, approver: Any) -> None:
    decide_training(draft)
    with refused(draft, "signature_required"):
        perform(draft, "submit", actor=author)
    submit(draft, author)
    with refused(draft, "signature_required"):
        perform(draft, "approve", actor=approver)


@pytest.mark.requirement("REC-15")
@pytest.mark.parametrize("move", ["approve", "reject"])
def test_the_author_judges_nothing(draft: Any, author: Any, move: Any) -> None:
    submit(draft, author)
    with refused(draft, "second_person"):
        perform(draft, move, actor=author, reason="fine", signature=proof(author, "approved"))


@pytest.mark.requirement("REC-15")
def test_whoever_submitted_it_does_not_approve_it(draft: Any, approver: Any) -> None:
    submit(draft, approver)
    with refused(draft, "second_person"):
        approve(draft, approver)


@pytest.mark.requirement("REC-15")
def test_whoever_wrote_in_it_does_not_approve_it(draft: Any, author: Any, approver: Any) -> None:
    edit_revision(revision=draft, body="# Mine", actor=approver)
    assert writer_ids(draft) == {author.pk, approver.pk}
    submit(draft, author)
    with refused(draft, "second_person"):
        approve(draft, approver)


def test_whoever_rejected_it_may_approve_the_next_version(draft: Any, author: Any, approver: Any) -> None:
    submit(draft, author)
    perform(draft, "reject", actor=approver, reason="No")
    assert writer_ids(draft) == {author.pk}
    submit(draft, author)
    assert approve(draft, approver).status == "approved"


def change_behind_the_back(revision: DocumentRevision, who: User) -> None:
    """Change signed content past the services, as a faulty program could."""
    with transaction.atomic(), acting(who):
        raw = DocumentRevision.objects.get(pk=revision.pk)
        raw.body += " and more"
        raw.save()


def test_approve_is_refused_when_the_content_changed_after_the_author_signed(
    draft: Any, author: Any, approver: Any
) -> None:
    submit(draft, author)
    change_behind_the_back(draft, author)
    with refused(draft, "signature_broken"):
        approve(draft, approver)


def test_make_effective_is_refused_when_the_content_changed_after_approval(
    draft: Any, author: Any, approver: Any
) -> None:
    submit(draft, author), approve(draft, approver)
    change_behind_the_back(draft, author)
    with refused(draft, "signature_broken"):
        perform(draft, "make_effective", actor=approver)


def test_make_effective_is_refused_before_approval(draft: Any, author: Any, approver: Any) -> None:
    submit(draft, author)
    with refused(draft, "state"):
        perform(draft, "make_effective", actor=approver)


def test_signed_content_is_not_edited(draft: Any, author: Any) -> None:
    submit(draft, author)
    with refused(draft, "not_a_draft"):
        edit_revision(revision=draft, body="sneaky", actor=author)
    denied = GateDecision.objects.get(allowed=False, action="edit", subject_id=draft.pk)
    assert denied.actor == author


def test_a_stale_edit_does_not_overwrite(draft: Any, author: Any, approver: Any) -> None:
    read = draft.row_version
    edit_revision(revision=draft, body="first", version=read, actor=author)
    with refused(draft, "changed_meanwhile"):
        edit_revision(revision=draft, body="second", version=read, actor=approver)


def test_moves_need_their_right_at_the_site(draft: Any, author: Any) -> None:
    elsewhere = make_user(site=make_site(), permissions=QUALITY)
    decide_training(draft)
    with refused(draft, "permission"):
        submit(draft, elsewhere)
    submit(draft, author)
    for move, meaning in (("approve", "approved"), ("reject", "")):
        with refused(draft, "permission"):
            perform(draft, move, actor=elsewhere, reason="r", signature=proof(elsewhere, meaning or "approved"))


def test_obsolete_is_refused_while_something_uses_it(draft: Any, author: Any, approver: Any) -> None:
    submit(draft, author), approve(draft, approver), perform(draft, "make_effective", actor=approver)
    routing = Use("Routing R-1, operation 10", "/r/1/")

    def obsolete() -> None:
        perform(draft, "make_obsolete", actor=author, reason="Old", signature=proof(author, "approved"))

    def answer(question: WhereUsed) -> list[Use]:
        return [routing] if question.document_revision.pk == draft.pk else []

    ANSWERS[WhereUsed].append(answer)
    try:
        with refused(draft, "in_use"):
            obsolete()
    finally:
        ANSWERS[WhereUsed].remove(answer)
    obsolete()
    draft.refresh_from_db()
    assert draft.status == "obsolete"
    assert draft.effective_until is not None
    assert effective_revision(draft.document) is None


def test_superseding_alone_is_refused(draft: DocumentRevision, author: User, approver: User) -> None:
    submit(draft, author), approve(draft, approver), perform(draft, "make_effective", actor=approver)
    with refused(draft, "no_successor"):
        perform(draft, "supersede", actor=approver, reason="Just so")


# --- Dates ------------------------------------------------------------------------------------------------------------
@pytest.mark.requirement("DOC-03")
def test_a_date_makes_it_effective_by_the_clock(draft: Any, author: Any, approver: Any, time_machine_at: Any) -> None:
    submit(draft, author), approve(draft, approver)
    moment = now() + dt.timedelta(days=2)
    schedule_revision(revision=draft, effective_from=moment, actor=approver)
    make_due_effective()
    draft.refresh_from_db()
    assert draft.status == "approved"
    time_machine_at(moment + dt.timedelta(minutes=1))
    make_due_effective()
    draft.refresh_from_db()
    assert draft.status == "effective"
    assert draft.effective_from >= moment
    assert transitions_of(draft)[-1].actor.username == "system.documents"


@pytest.mark.requirement("DOC-03")
def test_a_date_is_refused_in_the_past_and_before_approval(draft: Any, author: Any, approver: Any) -> None:
    with refused(draft, "state"):
        schedule_revision(revision=draft, effective_from=now() + dt.timedelta(days=1), actor=approver)
    submit(draft, author), approve(draft, approver)
    with refused(draft, "date_in_the_past"):
        schedule_revision(revision=draft, effective_from=now() - dt.timedelta(days=1), actor=approver)


@pytest.mark.requirement("DOC-03")
def test_a_refused_date_alerts_once_and_lets_the_others_through(
    site: Any, draft: Any, author: Any, approver: Any, time_machine_at: Any
) -> None:
    other = create_document(kind="form", title="Other", site=site, body="x", actor=author).revisions.get()
    moment = now() + dt.timedelta(days=1)
    for revision in (draft, other):
        submit(revision, author), approve(revision, approver)
        schedule_revision(revision=revision, effective_from=moment, actor=approver)
    change_behind_the_back(draft, author)
    time_machine_at(moment + dt.timedelta(minutes=1))
    make_due_effective()
    make_due_effective()
    draft.refresh_from_db()
    other.refresh_from_db()
    assert (draft.status, draft.effective_from, other.status) == ("approved", None, "effective")
    alert = Assignment.objects.get(status="open", subject_id=draft.pk)
    assert alert.to_permission == "qms_documents.make_effective_documentrevision"
    assert "could not become effective" in alert.title
    assert GateDecision.objects.filter(action="make_effective", allowed=False, subject_id=draft.pk).count() == 1
