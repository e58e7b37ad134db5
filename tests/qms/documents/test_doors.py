"""The pages and operations of document control: each deed at both doors, and the public page of a copy."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core.organization.models import Site, User
from qms.documents.models import (
    ControlledCopy,
    Document,
    DocumentRevision,
    DocumentType,
    ExternalDocument,
    FilledForm,
    LegalHold,
    PeriodicReview,
    Reader,
    ReviewComment,
)
from qms.documents.services import create_document, revise_document
from qms.documents.services.content import make_rendition, set_form_fields
from qms.documents.services.copies import issue_copies
from qms.documents.services.sealing import BY_NAME, SHEETS
from tests.api.conftest import MAKE, Program, program_of
from tests.qms.conftest import DOCUMENT_RIGHTS
from tests.qms.documents.test_content import word_file
from tests.qms.documents.test_views import SECRET, url, with_password
from tests.support.documents import FIELDS, days, into_force, make_documents
from tests.support.people import make_site, make_user
from tests.support.visits import visit_as

pytestmark = pytest.mark.django_db
AT = "qms/documents/"


@pytest.fixture
def site() -> Site:
    return make_site("GRZ")


@pytest.fixture
def author(site: Site) -> User:
    return with_password(make_user("author", site=site, permissions=(*DOCUMENT_RIGHTS, MAKE)))


@pytest.fixture
def approver(site: Site) -> User:
    return with_password(make_user("approver", site=site, permissions=(*DOCUMENT_RIGHTS, MAKE)))


def signed(meaning: str, who: str) -> dict[str, str]:
    return {"user_name": who, "secret": SECRET, "meaning": meaning}


def shown(answer: Any) -> str:
    assert answer.status_code == 200, answer.content.decode()[-2000:]
    return str(answer.content.decode())


def done(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content
    return answer.json()


@pytest.mark.requirement("DOC-01")
@pytest.mark.requirement("DOC-02")
@pytest.mark.requirement("DOC-04")
@pytest.mark.requirement("DOC-14")
def test_a_document_by_programs(site: Site, author: User, approver: User) -> None:
    writes, judges = program_of(author), program_of(approver)
    kind = {
        "code": "SOP", "name": "SOP", "kind": "procedure", "scheme": "SOP-{dept}-{seq:4}",
        "review_mode": "parallel", "reviewers_needed": 1,
    }  # fmt: skip
    made = done(writes.post(f"{AT}types/", kind), 201)
    told = {"kind": "procedure", "type": made["id"], "department": "qa", "title": "Clear", "site": site.pk, "body": "x"}
    draft = done(writes.post(f"{AT}documents/new/", told), 201)
    assert Document.objects.get().number == "SOP-QA-0001"
    one = f"{AT}revisions/{draft['id']}/"
    file = SimpleUploadedFile("a.docx", word_file("Clear the conveyor.").getvalue())
    done(writes.upload(f"{one}file/", {"file": file}))
    done(writes.post(f"{one}reviewers/name/", {"first": approver.pk}))
    assert [row["reviewer"] for row in done(writes.get(f"{one}reviewers/"))["results"]] == [approver.pk]
    made_comment = done(judges.post(f"{one}comments/new/", {"text": "Who?", "place": "1"}), 201)
    answer = {"answer": "accepted", "explanation": "The lead."}
    done(writes.post(f"{AT}comments/{made_comment['id']}/answer/", answer, If_Match=str(made_comment["version"])))
    assert [row["answer"] for row in done(writes.get(f"{one}comments/"))["results"]] == ["accepted"]
    version = str(DocumentRevision.objects.get().row_version)
    said = {"training_impact": "none", "training_rationale": "The first of its kind"}
    signature = signed("authored", "author")
    done(writes.post(f"{one}submit/", {**said, "signature": signature}, If_Match=version))
    done(judges.post(f"{one}review/", {"signature": signed("reviewed", "approver")}))
    version = str(DocumentRevision.objects.get().row_version)
    done(judges.post(f"{one}approve/", {"signature": signed("approved", "approver")}, If_Match=version))
    version = str(DocumentRevision.objects.get().row_version)
    done(judges.post(f"{one}make-effective/", {}, If_Match=version))
    make_rendition(DocumentRevision.objects.select_related("document", "file").get())
    hits = done(writes.get(f"{AT}documents/search/?q=conveyor"))["results"]
    assert [hit["revision"] for hit in hits] == [draft["id"]]
    assert writes.get(f"{one}pdf/").status_code == 200
    assert done(writes.get(f"{one}uses/"))["results"] == []
    assert done(writes.post(f"{one}seal/", {}), 202)["status"]


@pytest.mark.requirement("DOC-06")
@pytest.mark.requirement("DOC-07")
@pytest.mark.requirement("DOC-08")
@pytest.mark.requirement("DOC-12")
@pytest.mark.requirement("DOC-13")
def test_registers_by_programs(site: Site, author: User, approver: User) -> None:
    writes = program_of(author)
    document = create_document(kind="procedure", title="Wash", site=site, body="Use A.", actor=author)
    revision = into_force(document.revisions.get(), author, approver)
    one, its = f"{AT}revisions/{revision.pk}/", f"{AT}documents/{document.pk}/"
    copy = done(writes.post(f"{one}copies/new/", {"holder": "Cell 2", "count": 1}), 201)
    done(writes.post(f"{AT}copies/{copy['id']}/take-back/", {}, If_Match=str(copy["version"])))
    done(writes.post(f"{AT}copies/{copy['id']}/stamp/", {}), 202)
    done(writes.post(f"{AT}copies/{copy['id']}/seal/", {}), 202)
    assert [row["status"] for row in done(writes.get(f"{AT}copies/"))["results"]] == ["returned"]
    review = done(writes.post(f"{its}review/", {}), 201)
    assert [row["kind"] for row in done(writes.get(f"{AT}documents/due/"))["results"]] == ["review"]
    body: dict[str, Any] = {"conclusion": "Fits", "next_due_on": days(300).isoformat()}
    body["signature"] = signed("reviewed", "author")
    done(writes.post(f"{AT}reviews/{review['id']}/reaffirm/", body, If_Match=str(review["version"])))
    hold = done(writes.post(f"{its}hold/", {"reason": "Dispute"}), 201)
    done(writes.post(f"{AT}holds/{hold['id']}/release/", {"reason": "Settled"}, If_Match=str(hold["version"])))
    entry = done(writes.post(f"{its}readers/new/", {"user": approver.pk}), 201)
    assert len(done(writes.get(f"{its}readers/"))["results"]) == 1
    done(writes.post(f"{AT}readers/{entry['id']}/remove/", {"reason": "Left"}, If_Match=str(entry["version"])))
    following = revise_document(document=document, change_summary="B", actor=author)
    DocumentRevision.objects.get(pk=following.pk)
    blocks = done(writes.get(f"{AT}revisions/{following.pk}/redline/"))["results"]
    assert [block["kind"] for block in blocks] == ["same"]
    kept = done(writes.post(f"{AT}retention/", {"code": "R1", "name": "One", "years": 1, "basis": "Law"}), 201)
    body = {"name": "One", "years": 2, "basis": "Law", "reason": "Longer"}
    done(writes.put(f"{AT}retention/{kept['id']}/", body, If_Match=str(kept["version"])))


@pytest.mark.requirement("DOC-10")
@pytest.mark.requirement("DOC-11")
def test_forms_and_external_documents_by_programs(site: Site, author: User, approver: User) -> None:
    writes = program_of(author)
    form = create_document(kind="form", title="Oven", site=site, actor=author).revisions.get()
    one = f"{AT}revisions/{form.pk}/"
    done(writes.post(f"{one}fields/new/", {"label": "Temperature", "kind": "number", "code": "TEMP", "high": "90"}))
    done(writes.post(f"{one}fields/new/", {"label": "Gone", "kind": "text", "code": "GONE"}))
    done(writes.post(f"{one}fields/remove/", {"code": "GONE"}))
    form = DocumentRevision.objects.select_related("document").get(pk=form.pk)
    assert [field["code"] for field in form.form_fields or ()] == ["TEMP"]
    into_force(form, author, approver)
    filled = done(writes.post(f"{one}fill/", {"site": site.pk, "about": "Oven 2"}), 201)
    at = f"{AT}filled/{filled['id']}/"
    filled = done(writes.put(at, {"TEMP": "88,5"}, If_Match=str(filled["version"])))
    assert filled["values"] == {"TEMP": "88.5"}
    body = {"signature": signed("performed", "author")}
    done(writes.post(f"{at}complete/", body, If_Match=str(filled["version"])))
    told = {"number": "ISO 1", "title": "T", "publisher": "ISO", "edition": "1", "check_months": 12}
    outside = done(writes.post(f"{AT}external/", told), 201)
    found = {"latest_edition": "1", "source": "iso.org"}
    done(writes.post(f"{AT}external/{outside['id']}/check/", found), 201)
    assert len(done(writes.get(f"{AT}external/{outside['id']}/checks/"))["results"]) == 1


@pytest.mark.requirement("DOC-07")
def test_anybody_reads_from_the_code_whether_a_copy_is_current(site: Site, author: User, approver: User) -> None:
    document = create_document(kind="procedure", title="Secret recipe", site=site, body="Boil it.", actor=author)
    revision = into_force(document.revisions.get(), author, approver)
    (copy,) = issue_copies(revision=revision, holder="Cell 2", count=1, actor=author)
    address, anybody = copy.get_status_page_url(), Client()
    page = anybody.get(address).content.decode()
    assert "CURRENT" in page and document.number in page
    assert not any(word in page for word in ("Secret recipe", "Boil it", "Cell 2", "author"))
    following = revise_document(document=document, change_summary="Better", actor=author)
    into_force(following, author, approver)
    page = anybody.get(address).content.decode()
    assert "OBSOLETE" in page and "Do not use this copy" in page
    assert anybody.get(reverse("qms_documents:copy_status", args=["unknown"])).status_code == 404


@pytest.mark.requirement("DOC-06")
@pytest.mark.requirement("DOC-09")
@pytest.mark.requirement("DOC-14")
def test_what_pages_show(site: Site, author: User, approver: User) -> None:
    make_documents(site, author)
    visit = visit_as(author)
    document = Document.objects.get(title="Storage of solvents")
    page = shown(visit.get(document.get_absolute_url()))
    for words in ("Nothing relies on it", "Legal hold", "Who has to read it"):
        assert words in page
    found = shown(visit.get(f"{url('document_search')}?q=cool"))
    assert document.number in found and "Keep" in found
    assert "No document says that" in shown(visit.get(f"{url('document_search')}?q=nowhere"))
    draft = document.revisions.get(status="draft")
    assert "line" in shown(visit.get(url("documentrevision_redline", draft.pk)))
    reviewed = DocumentRevision.objects.get(document__title="Line clearance")
    page = shown(visit.get(reviewed.get_absolute_url()))
    assert "Say who checks it." in page and "not signed yet" in page
    form = FilledForm.objects.get()
    assert "181.5 °C" in shown(visit.get(form.get_absolute_url()))
    for name in ("controlledcopy_list", "periodicreview_list", "filledform_list", "externaldocument_list",
                 "documenttype_list", "retentionclass_list", "legalhold_list", "due_calendar"):  # fmt: skip
        assert visit.get(url(name)).status_code == 200, name
    preview = visit.post(url("documentrevision_preview", reviewed.pk), {"body": "# Now\n\n<script>x</script>"})
    assert "<h3>Now</h3>" in preview.content.decode() and "<script>" not in preview.content.decode()


@pytest.mark.requirement("DOC-04")
@pytest.mark.requirement("DOC-07")
@pytest.mark.requirement("DOC-08")
@pytest.mark.requirement("DOC-10")
@pytest.mark.requirement("DOC-11")
@pytest.mark.requirement("DOC-12")
@pytest.mark.requirement("DOC-13")
def test_deeds_at_pages(site: Site, author: User, approver: User) -> None:
    make_documents(site, author)
    visit = visit_as(author)

    def post(name: str, pk: int, values: dict[str, Any], status: int = 302) -> Any:
        answer = visit.post(url(name, pk), {"reason": "Because it is so", **values})
        assert answer.status_code == status, (name, answer.content.decode()[-3000:])
        return answer

    comment = ReviewComment.objects.get(answer="")
    assert visit.get(url("reviewcomment_answer", comment.pk)).status_code == 200
    document = Document.objects.get(title="Storage of solvents")
    effective = document.revisions.get(status="effective")
    post("controlledcopy_create", effective.pk, {"holder": "Cell 9", "count": 2})
    assert ControlledCopy.objects.filter(holder="Cell 9").count() == 2
    copy = ControlledCopy.objects.order_by("pk")[0]
    assert visit.post(url("controlledcopy_move", copy.pk, "take_back"), {"reason": ""}).status_code == 302
    review = PeriodicReview.objects.get()
    values = {"conclusion": "Fits", "next_due_on": days(90).isoformat(), "user_id": "author", "secret": SECRET}
    post("periodicreview_reaffirm", review.pk, values)
    review.refresh_from_db()
    assert review.status == "reaffirmed"
    form = FilledForm.objects.get()
    post("filledform_change", form.pk, {"version": form.row_version, "TEMP": "185"})
    form.refresh_from_db()
    assert form.values["TEMP"] == "185"
    outside = ExternalDocument.objects.get()
    post("editioncheck_create", outside.pk, {"latest_edition": "2016", "source": "Shop"})
    post(
        "reader_remove", Reader.objects.order_by("pk")[0].pk, {"version": Reader.objects.order_by("pk")[0].row_version}
    )
    hold = LegalHold.objects.get()
    post("legalhold_release", hold.pk, {"version": hold.row_version})
    kind = DocumentType.objects.get(code="TSOP")
    post("documenttype_change", kind.pk, {
        "version": kind.row_version, "name": "SOPs", "scheme": kind.scheme, "review_mode": "sequential",
        "reviewers_needed": 2, "is_active": "on",
    })  # fmt: skip
    draft = document.revisions.get(status="draft")
    post("documentrevision_file", draft.pk, {"file": SimpleUploadedFile("a.docx", word_file("Cool").getvalue())})
    post("documentrevision_file_remove", draft.pk, {})
    post("documentrevision_seal", effective.pk, {})


@pytest.mark.requirement("DOC-16")
def test_every_kind_of_record_has_a_sheet(site: Site, author: User) -> None:
    make_documents(site, author)
    for model in SHEETS:
        record = model._base_manager.order_by("-pk")[0]
        sheet = SHEETS[model](record)
        assert sheet.number and sheet.facts and BY_NAME[str(model._meta.model_name)] is model


def test_form_fields_are_for_forms(site: Site, author: User) -> None:
    form = create_document(kind="form", title="F", site=site, actor=author).revisions.get()
    set_form_fields(revision=form, fields=FIELDS, actor=author)
    page = shown(visit_as(author).get(form.get_absolute_url()))
    assert "Temperature of the oven" in page and "Add a field" in page
    assert Program().get(f"{AT}documents/").status_code == 401
