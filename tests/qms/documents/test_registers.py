"""Periodic reviews, controlled copies, filled forms, external documents, holds and read lists."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pikepdf
import pytest
from pypdf import PdfReader

from core.files import blobs
from core.kernel.clock import now
from core.kernel.errors import Blocked
from core.lifecycle.services import make_move, perform
from core.organization.models import User
from core.organization.services import system_user
from core.signing.queries import is_intact, signatures_of
from core.worklist.models import Assignment
from qms.documents.models import ControlledCopy, DocumentRevision, FilledForm, PeriodicReview
from qms.documents.queries.copies import copy_status
from qms.documents.queries.filling import filled_lines
from qms.documents.queries.keeping import holds_against, kept_until, readers_of
from qms.documents.queries.periodic import documents_to_review, due_lines, months_later
from qms.documents.services import create_document, edit_revision, revise_document, schedule_revision
from qms.documents.services.content import set_form_fields
from qms.documents.services.copies import issue_copies, keep_stamped, stamp_again, stamp_copy
from qms.documents.services.external import (
    ask_for_checks,
    change_external_document,
    check_edition,
    create_external_document,
)
from qms.documents.services.filling import begin_form, fill_form
from qms.documents.services.keeping import add_reader, place_legal_hold, release_legal_hold, remove_reader
from qms.documents.services.periodic import ask_for_obsolescence, ask_for_revision, open_review, reaffirm_document
from qms.documents.services.types import create_document_type, create_retention_class
from qms.documents.tasks import ask_for_reviews
from tests.qms.documents.test_services import approve, submit
from tests.support.documents import FIELDS, VALUES, days, into_force
from tests.support.people import make_user, proof

pytestmark = pytest.mark.django_db


@pytest.fixture
def effective(site: Any, author: User, approver: User) -> DocumentRevision:
    """An effective revision that is reviewed every two years, whose copies are valid for a day."""
    kept = create_retention_class(code="R5", name="Five years", years=5, basis="Law", actor=author)
    kind = create_document_type(
        code="SOP", name="SOP", kind="procedure", scheme="SOP-{seq:4}", review_months=24, copy_hours=24,
        retention_class=kept, actor=author,
    )  # fmt: skip
    document = create_document(type=kind, title="Wash", site=site, body="# Wash\n\nit", actor=author)
    return into_force(document.revisions.get(), author, approver)


def replaced(revision: DocumentRevision, author: User, approver: User) -> DocumentRevision:
    """The next revision, effective."""
    following = revise_document(document=revision.document, change_summary="Better", actor=author)
    return into_force(following, author, approver)


def open_titles() -> list[str]:
    return [one.title for one in Assignment.objects.filter(status="open").order_by("pk")]


# --- Periodic reviews -------------------------------------------------------------------------------------------------
@pytest.mark.requirement("DOC-08")
def test_a_review_is_asked_for_in_time_and_reaffirmed(
    effective: Any, author: Any, approver: Any, time_machine_at: Any
) -> None:
    due = months_later(now().date(), 24)
    document = effective.document
    document.refresh_from_db()
    assert document.next_review_on == due
    ask_for_reviews()
    assert not PeriodicReview.objects.exists()
    time_machine_at(dt.datetime.combine(due, dt.time(8), tzinfo=dt.UTC) - dt.timedelta(days=29))
    ask_for_reviews()
    ask_for_reviews()
    review = PeriodicReview.objects.get()
    assert (review.due_on, review.revision, review.status) == (due, effective, "open")
    assert Assignment.objects.get(kind="review", status="open").to_user == author
    with pytest.raises(Blocked, match="review_open"):
        open_review(document=document, actor=author)
    with pytest.raises(Blocked, match="signature_required"):
        reaffirm_document(review=review, conclusion="Fits", next_due_on=days(700), actor=approver, signature=None)
    with pytest.raises(Blocked, match="date_in_the_past"):
        make_move(review, "reaffirm", conclusion="Fits", next_due_on=days(-1), actor=approver, signature=None)
    with pytest.raises(Blocked, match="no_conclusion"):
        make_move(
            review,
            "reaffirm",
            conclusion=" ",
            next_due_on=days(9),
            actor=approver,
            signature=proof(approver, "reviewed"),
        )
    assert PeriodicReview.objects.filter(status="open", conclusion="").count() == 1
    reaffirm_document(
        review=review, conclusion="Fits", next_due_on=days(700), actor=approver, signature=proof(approver, "reviewed")
    )
    review.refresh_from_db()
    document.refresh_from_db()
    assert (review.status, document.next_review_on) == ("reaffirmed", days(700))
    assert is_intact(signatures_of(review)[0])
    assert not Assignment.objects.filter(kind="review", status="open").exists()


@pytest.mark.requirement("DOC-08")
@pytest.mark.parametrize(
    ("decide", "status", "title"),
    [(ask_for_revision, "revise", "Revise SOP-0001"), (ask_for_obsolescence, "retire", "Make SOP-0001 Wash obsolete")],
)
def test_a_review_leads_to_work(effective: Any, approver: Any, decide: Any, status: str, title: str) -> None:
    review = open_review(document=effective.document, actor=approver)
    decide(review=review, conclusion="No", actor=approver, signature=proof(approver, "reviewed"), reason="New law")
    review.refresh_from_db()
    effective.refresh_from_db()
    assert (review.status, effective.status) == (status, "effective")
    assert any(one.startswith(title) and one.endswith("New law") for one in open_titles())


@pytest.mark.requirement("DOC-08")
def test_a_new_revision_overtakes_the_review(effective: Any, author: Any, approver: Any) -> None:
    review = open_review(document=effective.document, actor=approver)
    following = replaced(effective, author, approver)
    review.refresh_from_db()
    following.document.refresh_from_db()
    assert review.status == "overtaken"
    assert following.document.next_review_on == months_later(now().date(), 24)
    perform(following, "make_obsolete", actor=author, reason="Gone", signature=proof(author, "approved"))
    assert not documents_to_review(months_later(now().date(), 24)).exists()
    assert kept_until(following.document) == months_later(now().date(), 60)
    with pytest.raises(Blocked, match="not_effective"):
        open_review(document=following.document, actor=approver)


@pytest.mark.requirement("DOC-08")
def test_the_calendar_tells_what_comes_due(effective: Any, author: Any, approver: Any, site: Any) -> None:
    open_review(document=effective.document, actor=approver)
    coming = create_document(kind="form", title="Soon", site=site, body="x", actor=author).revisions.get()
    submit(coming, author), approve(coming, approver)
    schedule_revision(revision=coming, effective_from=now() + dt.timedelta(days=3), actor=approver)
    create_external_document(number="ISO 1", title="T", publisher="ISO", edition="1", check_months=1, actor=author)
    lines = due_lines(author, days(-1), days(40))
    assert {line.kind for line in lines} == {"review", "effective", "check"}
    assert due_lines(make_user(site=site), days(-1), days(40)) == []


# --- Controlled copies ------------------------------------------------------------------------------------------------
@pytest.mark.requirement("DOC-07")
def test_a_copy_is_numbered_stamped_and_says_whether_it_is_current(
    effective: Any, author: Any, approver: Any, time_machine_at: Any
) -> None:
    first, second = issue_copies(revision=effective, holder="Cell 2", count=2, actor=author)
    assert (str(first), second.number, copy_status(first).word) == (f"{effective.document.number}/1 C001", 2, "CURRENT")
    assert first.valid_until == first.issued_at + dt.timedelta(hours=24)
    copy = stamp_copy(
        ControlledCopy.objects.select_related("revision__document__site", "issued_by").get(pk=first.pk), author
    )
    text = PdfReader(io.BytesIO(blobs.load(copy.sha256))).pages[0].extract_text()
    for word in ("CONTROLLED COPY 1", effective.document.number, "Cell 2", "Effective", "page 1 of 1", "valid until"):
        assert word.lower() in text.lower(), word
    assert keep_stamped(copy=copy, sha256="0" * 64, actor=author).sha256 == copy.sha256
    with pytest.raises(Blocked, match="stamped"):
        stamp_again(copy=copy, actor=author)
    with pikepdf.open(io.BytesIO(blobs.load(copy.sha256))) as pdf:
        assert len(pdf.pages) == 1
    time_machine_at(now() + dt.timedelta(hours=25))
    assert not copy_status(copy).is_current


@pytest.mark.requirement("DOC-07")
def test_copies_are_called_back_and_accounted_for(effective: Any, author: Any, approver: Any) -> None:
    first, second = issue_copies(revision=effective, holder="Cell 2", count=2, actor=author)
    following = replaced(effective, author, approver)
    first = ControlledCopy.objects.select_related("revision").get(pk=first.pk)
    found = copy_status(first)
    assert (found.word, found.current) == ("OBSOLETE", following)
    assert any(one.startswith("Collect the controlled copies") and one.endswith("(2)") for one in open_titles())
    perform(first, "take_back", actor=approver)
    with pytest.raises(Blocked, match="reason"):
        perform(second, "report_missing", actor=approver)
    perform(second, "report_missing", actor=approver, reason="Nobody has it")
    assert any(one.startswith("Collect") for one in open_titles())
    perform(second, "destroy", actor=approver, reason="Found and shredded")
    perform(first, "destroy", actor=approver, reason="Shredded")
    assert not any(one.startswith("Collect") for one in open_titles())
    with pytest.raises(Blocked, match="state"):
        perform(first, "take_back", actor=approver)


@pytest.mark.requirement("DOC-07")
def test_only_effective_revisions_are_copied(draft: Any, effective: Any, author: Any, site: Any) -> None:
    with pytest.raises(Blocked, match="not_effective"):
        issue_copies(revision=draft, holder="Cell", count=1, actor=author)
    for wrong in ({"holder": " "}, {"count": 0}, {"count": 51}, {"valid_until": now() - dt.timedelta(days=1)}):
        with pytest.raises(Blocked, match="copies"):
            issue_copies(**{"revision": effective, "holder": "Cell", "count": 1, "actor": author, **wrong})
    with pytest.raises(Blocked, match="permission"):
        issue_copies(revision=effective, holder="Cell", count=1, actor=make_user(site=site))
    assert not ControlledCopy.objects.exists()


# --- Filled forms -----------------------------------------------------------------------------------------------------
@pytest.fixture
def oven(site: Any, author: User, approver: User) -> DocumentRevision:
    """An effective form with fields."""
    form = create_document(kind="form", title="Oven check", site=site, actor=author).revisions.get()
    set_form_fields(revision=form, fields=FIELDS, actor=author)
    return into_force(DocumentRevision.objects.select_related("document").get(pk=form.pk), author, approver)


@pytest.mark.requirement("DOC-10")
def test_a_filled_form_keeps_its_revision(oven: Any, author: Any, approver: Any, site: Any) -> None:
    form = begin_form(revision=oven, site=site, about="Oven 2", actor=author)
    assert form.number == f"{oven.document.number}-R00001"
    with pytest.raises(Blocked, match="field_empty"):
        perform(form, "complete", actor=author, signature=proof(author, "performed"))
    fill_form(form=form, values=VALUES | {"TEMP": "195"}, actor=author)
    with pytest.raises(Blocked, match="form_value"):
        fill_form(form=form, values={"RESULT": "maybe", "DAY": "yesterday", "TEMP": "hot", "NOPE": 1}, actor=author)
    form = FilledForm.objects.select_related("revision__document").get(pk=form.pk)
    lines = {line.code: line for line in filled_lines(form)}
    assert (lines["TEMP"].shown, lines["TEMP"].is_outside, lines["CLEAN"].shown) == ("195 °C", True, "yes")
    perform(form, "complete", actor=author, signature=proof(author, "performed"))
    with pytest.raises(Blocked, match="not_a_draft"):
        fill_form(form=form, values={"NOTE": "later"}, actor=author)
    with pytest.raises(Blocked, match="second_person"):
        perform(form, "verify", actor=author, signature=proof(author, "verified"))
    following = replaced(oven, author, approver)
    perform(form, "verify", actor=approver, signature=proof(approver, "verified"))
    form.refresh_from_db()
    assert (form.status, form.revision) == ("verified", oven)
    assert [is_intact(one) for one in signatures_of(form)] == [True, True]
    assert begin_form(revision=following, site=site, actor=author).number.endswith("R00002")
    with pytest.raises(Blocked, match="not_effective"):
        begin_form(revision=oven, site=site, actor=author)


@pytest.mark.requirement("DOC-10")
def test_what_is_no_form_is_not_filled_in(effective: Any, oven: Any, author: Any, site: Any) -> None:
    with pytest.raises(Blocked, match="no_form_fields"):
        begin_form(revision=effective, site=site, actor=author)
    form = begin_form(revision=oven, site=site, actor=author)
    perform(form, "void", actor=author, reason="Wrong oven", signature=proof(author, "rejected"))
    form.refresh_from_db()
    assert form.status == "void"


@pytest.mark.requirement("DOC-10")
@pytest.mark.parametrize(
    "field",
    [
        {"label": "", "kind": "text"},
        {"label": "A", "kind": "nothing"},
        {"label": "A", "kind": "choice", "choices": "one"},
        {"label": "A", "kind": "number", "low": "9", "high": "1"},
        {"label": "A", "kind": "number", "low": "cold"},
        {"label": "A", "kind": "text", "code": "1-A"},
    ],
)
def test_a_field_that_cannot_be_asked_is_refused(site: Any, author: Any, field: dict[str, Any]) -> None:
    form = create_document(kind="form", title="F", site=site, actor=author).revisions.get()
    with pytest.raises(Blocked, match="form_field"):
        set_form_fields(revision=form, fields=[FIELDS[0], field], actor=author)
    form.refresh_from_db()
    assert form.form_fields is None


# --- External documents -----------------------------------------------------------------------------------------------
@pytest.mark.requirement("DOC-11")
def test_editions_are_checked_in_time(author: Any, approver: Any, site: Any, time_machine_at: Any) -> None:
    one = create_external_document(
        number="ISO 9001", title="QMS", publisher="ISO", edition="2015", site=site, actor=author
    )
    with pytest.raises(Blocked, match="number_taken"):
        create_external_document(number="ISO 9001", title="X", publisher="ISO", edition="2015", site=site, actor=author)
    time_machine_at(now() + dt.timedelta(days=367))
    assert one.is_overdue
    ask_for_reviews()
    assert ask_for_checks(actor=system_user("documents")) == []
    assert Assignment.objects.get(status="open").to_user == author
    with pytest.raises(Blocked, match="no_conclusion"):
        check_edition(external_document=one, latest_edition="2026", source="iso.org", actor=approver)
    made = check_edition(
        external_document=one, latest_edition="2026", source="iso.org", conclusion="Order it", actor=approver
    )
    one.refresh_from_db()
    assert (made.is_current, one.last_checked_on, one.is_overdue) == (False, now().date(), False)
    assert open_titles() == ["ISO 9001 QMS: edition 2026 is out"]
    change_external_document(
        external_document=one, title="QMS", publisher="ISO", edition="2026", place="Library", owner=approver,
        check_months=6, next_check_on=days(180), is_active=True, actor=author, reason="Bought",
    )  # fmt: skip
    assert check_edition(external_document=one, latest_edition="2026", source="iso.org", actor=author).is_current


# --- Retention, holds, read lists -------------------------------------------------------------------------------------
@pytest.mark.requirement("DOC-13")
def test_a_legal_hold_stands_against_disposal(effective: Any, author: Any, approver: Any, site: Any) -> None:
    with pytest.raises(Blocked, match="permission"):
        place_legal_hold(document=effective.document, reason="Dispute", actor=make_user(site=site))
    hold = place_legal_hold(document=effective.document, reason="Dispute", actor=author)
    with pytest.raises(Blocked, match="held"):
        place_legal_hold(document=effective.document, reason="Twice", actor=author)
    assert holds_against("qms_documents_historicaldocument", [[1, 9]]) == [hold]
    assert holds_against("core_worklist_comment", [[1, 9]]) == []
    release_legal_hold(legal_hold=hold, actor=approver, reason="Settled")
    assert holds_against("qms_documents_historicaldocument", [[1, 9]]) == []
    with pytest.raises(Blocked, match="released"):
        release_legal_hold(legal_hold=hold, actor=approver, reason="Again")


@pytest.mark.requirement("DOC-12")
def test_a_read_list_names_people_and_roles(effective: Any, author: Any, approver: Any, site: Any) -> None:
    document = effective.document
    entry = add_reader(document=document, user=approver, actor=author)
    for wrong, code in (({}, "reader"), ({"user": approver}, "reader_twice")):
        with pytest.raises(Blocked, match=code):
            add_reader(document=document, actor=author, **wrong)
    assert readers_of(document) == [entry]
    remove_reader(reader=entry, actor=author, reason="Left")
    assert readers_of(document) == []


def test_a_change_of_the_text_is_found_before_the_pdf_is_made(effective: Any, author: Any) -> None:
    following = revise_document(document=effective.document, change_summary="x", actor=author)
    edit_revision(revision=following, body="# Rinse", actor=author)
    assert following.document.revisions.get(pk=following.pk).rendition.text == "Rinse"
