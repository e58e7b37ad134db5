"""Something of everything that is kept about documents, for the full plant and for the tests of documents."""

from __future__ import annotations

import datetime as dt
from typing import Any

from core.kernel.clock import now
from core.lifecycle.services import perform
from core.organization.models import Role, Site, User
from core.organization.services import system_user
from qms.documents.models import ControlledCopy, DocumentRevision
from qms.documents.services import create_document, revise_document
from qms.documents.services.content import set_form_fields
from qms.documents.services.copies import issue_copies, stamp_copy
from qms.documents.services.external import check_edition, create_external_document
from qms.documents.services.filling import begin_form, fill_form
from qms.documents.services.keeping import add_reader, place_legal_hold
from qms.documents.services.periodic import open_review
from qms.documents.services.reviewing import answer_comment, comment_on_revision, name_reviewers
from qms.documents.services.types import create_document_type, create_retention_class
from tests.support.people import proof
from tests.support.training import decide_training

FIELDS: list[dict[str, Any]] = [
    {"code": "TEMP", "label": "Temperature of the oven", "kind": "number", "unit": "°C", "low": "170", "high": "190"},
    {"code": "DAY", "label": "Day", "kind": "date"},
    {"code": "RESULT", "label": "Result", "kind": "choice", "choices": "pass|fail"},
    {"code": "CLEAN", "label": "The oven is clean", "kind": "check"},
    {"code": "NOTE", "label": "Note", "kind": "text", "required": False},
]
VALUES = {"TEMP": "181,5", "DAY": "2026-11-20", "RESULT": "pass", "CLEAN": True}


def into_force(revision: DocumentRevision, author: User, second: User | None = None) -> DocumentRevision:
    """Signed by its author, approved by a second person, effective."""
    second = second or system_user("approver")
    perform(decide_training(revision), "submit", actor=author, signature=proof(author, "authored"))
    perform(revision, "approve", actor=second, signature=proof(second, "approved"))
    return perform(revision, "make_effective", actor=second)


def make_documents(site: Site, visitor: User) -> None:
    """A type, a form and what was filled in, a review with comments, a copy, an external document, a hold."""
    system = system_user("test")
    kept = create_retention_class(code="K10", name="Ten years", years=10, basis="Contract", actor=system)
    sop = create_document_type(
        code="TSOP", name="Procedure of the tests", kind="procedure", scheme="TSOP-{dept}-{seq:4}",
        reviewers_needed=1, review_months=24, copy_hours=24, retention_class=kept, actor=system,
    )  # fmt: skip
    reviewed = create_document(type=sop, department="QA", title="Line clearance", site=site, body="# Clear\n\n* all",
                               actor=system)  # fmt: skip
    draft = reviewed.revisions.get()
    name_reviewers(revision=draft, reviewers=[visitor], actor=system)
    said = comment_on_revision(revision=draft, text="Say who checks it.", place="Section 2", actor=visitor)
    comment_on_revision(revision=draft, text="And when.", actor=visitor)
    answer_comment(comment=said, answer="accepted", explanation="The lead does.", actor=system)
    form = create_document(kind="form", title="Oven check", site=site, actor=system)
    set_form_fields(revision=form.revisions.get(), fields=FIELDS, actor=system)
    effective = into_force(form.revisions.get(), system)
    filled = begin_form(revision=effective, site=site, about="Oven 2", actor=visitor)
    fill_form(form=filled, values=VALUES, actor=visitor)
    procedure = create_document(kind="procedure", title="Storage of solvents", site=site, body="Keep cool.",
                                actor=system)  # fmt: skip
    stored = into_force(procedure.revisions.get(), system)
    first, _second = issue_copies(revision=stored, holder="Welding cell 2", count=2, actor=visitor)
    rows = ControlledCopy.objects.select_related("revision__document__site", "issued_by")
    stamp_copy(rows.get(pk=first.pk), visitor)
    open_review(document=procedure, actor=system)
    place_legal_hold(document=procedure, reason="Dispute 2026-17", actor=visitor)
    add_reader(document=procedure, user=visitor, actor=system)
    add_reader(document=procedure, role=Role.objects.order_by("pk")[0], actor=system)
    revise_document(document=procedure, change_summary="Other shelves", actor=system)
    outside = create_external_document(
        number="ISO 13485", title="Medical devices", publisher="ISO", edition="2016", site=site, actor=visitor
    )
    check_edition(external_document=outside, latest_edition="2016", source="iso.org", actor=visitor)


def days(count: int) -> dt.date:
    """A day from today."""
    return now().date() + dt.timedelta(days=count)
