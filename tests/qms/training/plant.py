"""A site with a document that is trained, a curriculum on it, and people who learn, train, write and approve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.lifecycle.services import perform
from core.organization.models import Role, Site, User
from qms.documents.models import Document, DocumentRevision
from qms.documents.services import create_document, edit_revision, revise_document, submit_revision
from qms.training import services
from qms.training.lifecycle import (
    ASSIGN,
    ATTEST,
    PLAN_SHIFTS,
    SET_POLICY,
    SUPPORT_WAIVER,
    TAKE,
    VIEW_TRAINING,
    WAIVE,
    WAIVE_STAFFING,
    WRITE_QUIZ,
)
from qms.training.models import Curriculum, Quiz, TrainingAssignment, TrainingRequirement
from qms.training.queries.content import sections_of
from tests.qms.conftest import DOCUMENT_RIGHTS
from tests.support.people import grant, make_site, make_user, proof

EVERYTHING = (
    *DOCUMENT_RIGHTS,
    "qms_training.view_qualification",
    "qms_training.add_qualification",
    "qms_training.change_qualification",
    "qms_training.change_curriculum",
    "qms_training.view_quiz",
    "qms_training.view_signingpolicy",
    "core_organization.view_site",
    VIEW_TRAINING,
    TAKE,
    ASSIGN,
    ATTEST,
    WAIVE,
    SUPPORT_WAIVER,
    WRITE_QUIZ,
    WAIVE_STAFFING,
    PLAN_SHIFTS,
    SET_POLICY,
)
LEARNER = (VIEW_TRAINING, TAKE, "qms_documents.view_document", "qms_documents.view_documentrevision")
BODY = "# Prepare\n\nClean the part.\n\n# Tighten\n\nTo 10 N·m.\n"


@dataclass
class School:
    """What these tests share."""

    site: Site
    author: User
    approver: User
    trainer: User
    learner: User
    role: Role
    document: Document
    curriculum: Curriculum

    @property
    def revision(self) -> DocumentRevision:
        return self.document.revisions.order_by("-pk")[0]

    def requirement(self, kind: str = "read", **values: Any) -> TrainingRequirement:
        values.setdefault("document", self.document if kind in ("read", "quiz") else None)
        return services.add_requirement(
            curriculum=self.curriculum, kind=kind, title=f"Learn by {kind}", actor=self.author, **values
        )

    def approved(self, impact: str = "read", body: str = BODY) -> DocumentRevision:
        """The document's draft, or its next revision, submitted and approved."""
        revision = self.revision
        if revision.status != "draft":
            revision = revise_document(document=self.document, change_summary="The torque", actor=self.author)
        edit_revision(revision=revision, body=body, actor=self.author)
        submit_revision(
            revision=revision,
            training_impact=impact,
            training_rationale="Decided for the test",
            actor=self.author,
            signature=proof(self.author, "authored"),
        )
        return perform(revision, "approve", actor=self.approver, signature=proof(self.approver, "approved"))

    def effective(self, impact: str = "read", body: str = BODY) -> DocumentRevision:
        return perform(self.approved(impact, body), "make_effective", actor=self.approver)

    def assigned(self, user: User | None = None) -> TrainingAssignment:
        return TrainingAssignment.objects.filter(user=user or self.learner).order_by("-pk")[0]

    def read(self, assignment: TrainingAssignment, user: User | None = None) -> TrainingAssignment:
        """Every section was shown to the learner."""
        assert assignment.document_revision is not None
        for number in range(1, len(sections_of(assignment.document_revision)) + 1):
            services.show_section(assignment=assignment, number=number, actor=user or self.learner)
        assignment.refresh_from_db()
        return assignment

    def learned(self, assignment: TrainingAssignment, user: User | None = None) -> TrainingAssignment:
        """Read, and signed."""
        who = user or self.learner
        self.read(assignment, who)
        return services.complete_reading(assignment=assignment, actor=who, signature=proof(who, "trained"))

    def quiz(self) -> Quiz:
        """Two questions, in use."""
        quiz = services.create_quiz(document=self.document, actor=self.author)
        services.add_question(quiz=quiz, text="How tight?", answers=["5", "10"], right=[1], actor=self.author)
        services.add_question(
            quiz=quiz, text="What first?", answers=["Clean", "Go", "Wait"], right=[0], actor=self.author
        )
        return perform(quiz, "put_in_use", actor=self.author)

    def qualified(self, user: User, level: str = "works") -> Any:
        return services.grant_qualification(
            user=user, curriculum=self.curriculum, basis="Seen", level=level, actor=self.author
        )


def make_school() -> School:
    site = make_site()
    author, approver, trainer = (
        make_user(name, site=site, permissions=EVERYTHING) for name in ("author", "approver", "trainer")
    )
    learner = make_user("learner", site=site)
    role = grant(learner, site, *LEARNER).role
    document = create_document(kind="work_instruction", title="Mount the wheel", site=site, body=BODY, actor=author)
    curriculum = services.create_curriculum(code="WHEEL", name="Wheels", actor=author)
    services.add_audience(curriculum=curriculum, role=role, actor=author)
    return School(site, author, approver, trainer, learner, role, document, curriculum)
