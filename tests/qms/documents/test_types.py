"""Types of documents: numbers by scheme, without gaps, never twice."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.organization.models import User
from qms.documents.models import Document, DocumentType
from qms.documents.services import create_document, revise_document
from qms.documents.services.types import change_document_type, create_document_type, create_retention_class
from tests.support.documents import into_force
from tests.support.people import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def sop(author: User) -> DocumentType:
    return create_document_type(
        code="SOP", name="Procedure", kind="procedure", scheme="SOP-{dept}-{seq:4}", actor=author
    )


@pytest.mark.requirement("DOC-01")
def test_each_department_has_a_series_without_gaps(site: Any, author: User, sop: Any) -> None:
    def number(department: str, **more: Any) -> str:
        document = create_document(type=sop, department=department, title="T", site=site, actor=author, **more)
        return document.number

    assert [number("qa"), number("QA"), number("MFG")] == ["SOP-QA-0001", "SOP-QA-0002", "SOP-MFG-0001"]
    with pytest.raises(Blocked, match="no_title"):
        create_document(type=sop, department="QA", title=" ", site=site, actor=author)
    with pytest.raises(RuntimeError), transaction.atomic():
        number("QA")
        raise RuntimeError("the deed around it fails")
    assert number("QA") == "SOP-QA-0003"
    assert number("QA", number="SOP-QA-0004") == "SOP-QA-0004"
    assert number("QA") == "SOP-QA-0005"
    assert {document.kind for document in Document.objects.all()} == {"procedure"}


@pytest.mark.requirement("DOC-01")
@pytest.mark.parametrize(
    ("department", "code"), [("", "department_needed"), ("Q A", "department"), ("X" * 13, "department")]
)
def test_a_number_needs_its_department(site: Any, author: User, sop: Any, department: str, code: str) -> None:
    with pytest.raises(Blocked, match=code):
        create_document(type=sop, department=department, title="T", site=site, actor=author)
    assert not Document.objects.exists()


@pytest.mark.requirement("DOC-01")
@pytest.mark.parametrize(
    "scheme", ["SOP", "SOP-{seq}", "{seq:4}-SOP", "SOP-{dep}-{seq:4}", "SOP-{seq:4}-{seq:4}", "-{seq:4}"]
)
def test_a_scheme_ends_with_its_number(author: User, scheme: str) -> None:
    with pytest.raises(Blocked, match="scheme"):
        create_document_type(code="X", name="X", kind="form", scheme=scheme, actor=author)


def test_a_type_is_configuration_with_a_right_and_a_trail(site: Any, author: User, sop: DocumentType) -> None:
    with pytest.raises(Blocked, match="permission"):
        create_document_type(code="Z", name="Z", kind="form", scheme="Z-{seq:4}", actor=make_user(site=site))
    with pytest.raises(Blocked, match="code_taken"):
        create_document_type(code="SOP", name="Z", kind="form", scheme="Z-{seq:4}", actor=author)
    kept = create_retention_class(code="R5", name="Five", years=5, basis="Law", actor=author)
    changed = change_document_type(
        document_type=sop, name="Procedures", scheme="P-{site}-{seq:3}", review_mode="sequential", reviewers_needed=1,
        review_months=12, copy_hours=8, retention_class=kept, is_active=True, actor=author, reason="New manual",
    )  # fmt: skip
    assert changed.history.count() == 2
    document = create_document(type=sop.__class__.objects.get(), title="T", site=site, actor=author)
    assert document.number == f"P-{site.code}-001"


def test_a_document_from_before_types_gets_one_when_it_is_revised(draft: Any, author: Any, approver: Any) -> None:
    into_force(draft, author, approver)
    with transaction.atomic(), acting(author):
        document = Document.objects.get(pk=draft.document_id)
        document.type = None
        document.save()
    revised = revise_document(document=document, change_summary="x", actor=author)
    assert revised.document.type == DocumentType.objects.get(kind="work_instruction", is_standard=True)
    assert revised.revision == "2"


def test_a_type_of_another_kind_is_refused(site: Any, author: User, sop: Any) -> None:
    with pytest.raises(Blocked, match="type_kind"):
        create_document(type=sop, kind="form", department="QA", title="T", site=site, actor=author)
