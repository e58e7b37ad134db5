"""The demonstration plant's documents: a procedure reviewed and printed, a form filled in, a standard."""

from __future__ import annotations

from core.kernel.clock import now
from core.lifecycle.services import perform
from core.organization.models import Role, Site, User
from core.signing.services import Proof, identify
from qms.documents.models import DocumentRevision
from qms.documents.services import create_document, revise_document, submit_revision
from qms.documents.services.content import set_form_fields
from qms.documents.services.copies import issue_copies
from qms.documents.services.external import create_external_document
from qms.documents.services.filling import begin_form, fill_form
from qms.documents.services.keeping import add_reader
from qms.documents.services.periodic import open_review
from qms.documents.services.reviewing import answer_comment, comment_on_revision, name_reviewers, sign_review
from qms.documents.services.types import create_document_type, create_retention_class

CLEARANCE = """# Purpose

Nothing of the last order stays at a station when the next one begins.

# How

1. Take parts, labels and papers of the last order away.
2. Look under the fixture and into the scrap box.
3. Have a second person look.

| Station | What is often forgotten |
|---|---|
| Welding | filler rods in the holder |
| Final assembly | decals in the drawer |
"""
FIELDS = (
    {"code": "TEMP", "label": "Temperature at the set point", "kind": "number", "unit": "°C", "low": "170",
     "high": "190"},
    {"code": "TIMER", "label": "The timer rings", "kind": "check"},
    {"code": "RESULT", "label": "Result", "kind": "choice", "choices": "pass|fail"},
    {"code": "NOTE", "label": "Note", "kind": "text", "required": False},
)  # fmt: skip


def make_documents(site: Site, users: dict[str, User], password: str) -> None:
    """Everything that document control shows, made by the people of the plant."""
    quinn, marta, paul, leo = (users[name] for name in ("quinn", "marta", "paul", "leo"))

    def proof(user: User, meaning: str) -> Proof:
        return identify(identification=user.username, secret=password, meaning=meaning, device="demo", expected=user)

    def in_force(revision: DocumentRevision, author: User, reviewer: User | None = None) -> DocumentRevision:
        submit_revision(
            revision=revision,
            actor=author,
            signature=proof(author, "authored"),
            training_impact="none",
            training_rationale="The first of its kind; who works to it was taught before.",
        )
        if reviewer is not None:
            sign_review(revision=revision, actor=reviewer, signature=proof(reviewer, "reviewed"))
        perform(revision, "approve", actor=quinn, signature=proof(quinn, "approved"))
        return perform(revision, "make_effective", actor=quinn)

    kept = create_retention_class(
        code="R10", name="Ten years", years=10, basis="Quality manual, section 4; contracts of the bicycle makers.",
        actor=quinn,
    )  # fmt: skip
    sop = create_document_type(
        code="SOP", name="Standard operating procedure", kind="procedure", scheme="SOP-{dept}-{seq:4}",
        reviewers_needed=1, review_months=24, copy_hours=72, retention_class=kept, actor=quinn,
    )  # fmt: skip
    document = create_document(
        type=sop, department="MFG", title="Line clearance", site=site, body=CLEARANCE, actor=paul
    )
    draft = document.revisions.get()
    name_reviewers(revision=draft, reviewers=[leo], actor=paul)
    said = comment_on_revision(revision=draft, text="Say that the scrap box counts too.", place="How, 2", actor=leo)
    answer_comment(comment=said, answer="accepted", explanation="It stands there now.", actor=paul)
    effective = in_force(draft, paul, leo)
    issue_copies(revision=effective, holder="Welding cell WC20", count=2, actor=quinn)
    add_reader(document=document, role=Role.objects.get(code="operator"), actor=paul)
    following = revise_document(document=document, change_summary="Paint shop added", actor=paul)
    name_reviewers(revision=following, reviewers=[leo], actor=paul)
    comment_on_revision(revision=following, text="Which drawer of the paint shop?", place="Table", actor=leo)
    storage = create_document(
        type=sop, department="QA", title="Storage of solvents", site=site, actor=marta,
        body="# Where\n\nIn the fire-proof cabinet of the paint shop, below 25 °C.",
    )  # fmt: skip
    name_reviewers(revision=storage.revisions.get(), reviewers=[leo], actor=marta)
    in_force(storage.revisions.get(), marta, leo)
    open_review(document=storage, actor=quinn)
    form = create_document(kind="form", title="Weekly check of the paint oven", site=site, actor=paul)
    set_form_fields(revision=form.revisions.get(), fields=FIELDS, actor=paul)
    oven = in_force(DocumentRevision.objects.select_related("document").get(document=form), paul)
    filled = begin_form(revision=oven, site=site, about=f"Oven 2, {now():%Y-%m-%d}", actor=users["ben"])
    fill_form(form=filled, values={"TEMP": "181", "TIMER": True, "RESULT": "pass"}, actor=users["ben"])
    perform(filled, "complete", actor=users["ben"], signature=proof(users["ben"], "performed"))
    create_external_document(
        number="ISO 4210-6", title="Safety requirements for bicycles: frame and fork test methods", publisher="ISO",
        edition="2023", place="Library of the quality department", site=site, owner=marta, actor=marta,
    )  # fmt: skip
