"""The pages of documents: the way from the first text to an effective revision, and who may not walk it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from core.kernel.clock import now
from core.kernel.deeds import acting
from core.kernel.wiring import ask
from core.lifecycle.services import perform
from core.organization.models import Site, User
from core.web.questions import FindRecords
from qms.documents.models import Document, DocumentRevision
from qms.documents.queries.prose import markdown
from qms.documents.services import create_document
from tests.qms.conftest import DOCUMENT_RIGHTS
from tests.support.people import make_site, make_user, proof
from tests.support.training import decide_training
from tests.support.visits import seen, visit_as

pytestmark = pytest.mark.django_db
SECRET = "correct horse battery"


def with_password(user: User) -> User:
    with transaction.atomic(), acting(user):
        user.set_password(SECRET)
        user.save()
    return user


@pytest.fixture
def site() -> Site:
    return make_site("GRZ")


@pytest.fixture
def author(site: Site) -> User:
    return with_password(make_user("author", site=site, permissions=DOCUMENT_RIGHTS))


@pytest.fixture
def approver(site: Site) -> User:
    return with_password(make_user("approver", site=site, permissions=DOCUMENT_RIGHTS))


@pytest.fixture
def draft(site: Site, author: User) -> DocumentRevision:
    return create_document(
        kind="procedure", title="Label lots", site=site, body="# Do\n\n* it", actor=author
    ).revisions.get()


def url(name: str, *args: object) -> str:
    return reverse(f"qms_documents:{name}", args=args)


def test_the_whole_way_over_the_pages(site: Any, author: Any, approver: Any) -> None:
    writes, judges = visit_as(author), visit_as(approver)
    entered = {"kind": "procedure", "title": "Label lots", "site": site.pk, "body": "# Stick it on"}
    answer = writes.post(url("document_create"), entered)
    revision = DocumentRevision.objects.get()
    assert answer["Location"] == revision.get_absolute_url()
    text = {
        "version": revision.row_version,
        "title": "Label all lots",
        "body": "# Stick it\n\n* firmly",
        "change_summary": "",
    }
    assert writes.post(url("documentrevision_change", revision.pk), text).status_code == 302
    page = writes.get(revision.get_absolute_url()).content.decode()
    assert "<li>firmly</li>" in page
    assert url("documentrevision_move", revision.pk, "submit") in page

    signed = {"reason": "", "user_id": "author", "secret": SECRET}
    assert writes.post(url("documentrevision_move", revision.pk, "submit"), signed).status_code == 422
    signed |= {"training_impact": "none", "training_rationale": "Only the words are new"}
    assert writes.post(url("documentrevision_move", revision.pk, "submit"), signed).status_code == 302
    assert "Fingerprint" in judges.get(url("documentrevision_move", revision.pk, "approve")).content.decode()
    signed = {"reason": "", "user_id": "approver", "secret": SECRET}
    assert judges.post(url("documentrevision_move", revision.pk, "approve"), signed).status_code == 302
    assert judges.post(url("documentrevision_move", revision.pk, "make_effective"), {"reason": ""}).status_code == 302
    revision.refresh_from_db()
    assert (revision.status, revision.title) == ("effective", "Label all lots")
    page = judges.get(revision.document.get_absolute_url()).content.decode()
    assert "Effective revision 1" in page
    assert "<li>firmly</li>" in page


def test_a_wrong_password_changes_nothing(draft: Any, author: Any) -> None:
    client = visit_as(author)
    wrong = {"user_id": "author", "secret": "wrong", "training_impact": "none", "training_rationale": "Why"}
    answer = client.post(url("documentrevision_move", draft.pk, "submit"), wrong)
    assert answer.status_code == 409
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_the_author_reads_why_they_may_not_approve(draft: Any, author: Any) -> None:
    perform(decide_training(draft), "submit", actor=author, signature=proof(author, "authored"))
    page = visit_as(author).get(url("documentrevision_move", draft.pk, "approve")).content.decode()
    assert "needs another person" in page
    signed = {"reason": "", "user_id": "author", "secret": SECRET}
    assert visit_as(author).post(url("documentrevision_move", draft.pk, "approve"), signed).status_code == 409
    draft.refresh_from_db()
    assert draft.status == "in_review"


def test_a_stale_form_is_refused_and_keeps_what_was_typed(draft: Any, author: Any) -> None:
    stale = {"version": 0, "title": "T", "body": "My long text", "change_summary": ""}
    answer = visit_as(author).post(url("documentrevision_change", draft.pk), stale)
    assert answer.status_code == 409
    assert "My long text" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.body == "# Do\n\n* it"


@pytest.mark.requirement("DOC-03")
def test_a_date_is_set_on_a_page_in_the_sites_time(draft: Any, author: Any, approver: Any) -> None:
    perform(decide_training(draft), "submit", actor=author, signature=proof(author, "authored"))
    perform(draft, "approve", actor=approver, signature=proof(approver, "approved"))
    client = visit_as(approver)
    day = (now() + dt.timedelta(days=40)).date()
    before = {"effective_from": "2020-01-01T06:00", **seen(draft)}
    past = client.post(url("documentrevision_schedule", draft.pk), before)
    assert past.status_code == 422
    answer = client.post(url("documentrevision_schedule", draft.pk), {"effective_from": f"{day}T06:00", **seen(draft)})
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert draft.effective_from is not None
    assert draft.effective_from.date() == day


def test_revising_over_the_page(draft: Any, author: Any, approver: Any) -> None:
    perform(decide_training(draft), "submit", actor=author, signature=proof(author, "authored"))
    perform(draft, "approve", actor=approver, signature=proof(approver, "approved"))
    perform(draft, "make_effective", actor=approver)
    answer = visit_as(author).post(url("documentrevision_create", draft.document_id), {"change_summary": "Colour"})
    second = DocumentRevision.objects.get(revision="2")
    assert answer["Location"] == second.get_absolute_url()
    assert second.change_summary == "Colour"
    again = visit_as(author).post(url("documentrevision_create", draft.document_id), {"change_summary": "x"})
    assert again.status_code == 409


def test_another_site_sees_nothing_of_it(draft: Any) -> None:
    there = visit_as(make_user(site=make_site(), permissions=DOCUMENT_RIGHTS))
    assert "Label lots" not in there.get(url("document_list")).content.decode()
    for page in ("documentrevision_detail", "documentrevision_change"):
        assert there.get(url(page, draft.pk)).status_code == 404
    assert there.get(url("document_detail", draft.document_id)).status_code == 404
    assert there.post(url("documentrevision_move", draft.pk, "submit"), {}).status_code == 404
    reader = visit_as(make_user(site=draft.document.site, permissions=DOCUMENT_RIGHTS[:2]))
    assert reader.get(url("documentrevision_detail", draft.pk)).status_code == 200
    assert reader.get(url("documentrevision_change", draft.pk)).status_code == 403
    assert reader.get(url("document_create")).status_code == 403


def test_lists_and_pages_stay_cheap(site: Any, author: Any, draft: Any, django_assert_max_num_queries: Any) -> None:
    for number in range(30):
        create_document(kind="form", title=f"Form {number}", site=site, body="x", actor=author)
    client = visit_as(author)
    client.get(url("document_list"))
    with django_assert_max_num_queries(15):
        page = client.get(url("document_list")).content.decode()
    assert Document.objects.get(title="Form 0").number in page
    with django_assert_max_num_queries(15):
        client.get(draft.document.get_absolute_url())


@pytest.mark.parametrize(
    ("text", "expected", "never"),
    [
        ("# Title", "<h2>Title</h2>", "<h1>"),
        ("<script>alert(1)</script>", "&lt;script&gt;", "<script"),
        ("[x](javascript:alert(1))", "[x]", "<a"),
        ("[x](https://example.org)", 'rel="noopener noreferrer"', "onclick"),
        ("![x](https://example.org/spy.png)", "", "<img"),
        ('<b onclick="x">y</b>', "&lt;b", "<b"),
        ("|a|b|\n|-|-|\n|1|2|", "<td>1</td>", "style="),
    ],
)
def test_markdown_is_safe(text: Any, expected: Any, never: Any) -> None:
    html = markdown(text)
    assert expected in html
    assert never not in html


def test_search_finds_a_document_by_its_number_and_words_of_its_title(draft: DocumentRevision, author: User) -> None:
    document = draft.document
    for words, rank in ((document.number, 0), ("label lo", 1)):
        assert {one.url: one.rank for one in ask(FindRecords(words, author))} == {document.get_absolute_url(): rank}
        assert ask(FindRecords(words, make_user(site=make_site(), permissions=DOCUMENT_RIGHTS))) == []
