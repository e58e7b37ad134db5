"""The training that a revision takes, decided for tests that are about something else."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from core.kernel.clock import now
from core.kernel.deeds import acting
from core.lifecycle.services import perform
from core.organization.services import system_user
from qms.documents.models import DocumentRevision
from qms.documents.services import create_document
from qms.training.lifecycle import TAKE, VIEW_TRAINING
from qms.training.services import (
    add_audience,
    add_question,
    add_requirement,
    answer_quiz,
    assign_training,
    complete_reading,
    create_quiz,
    plan_shift,
    set_signing_policy,
    show_section,
)
from tests.support.people import grant, proof, work_center_of


def decide_training(revision: Any, impact: str = "none") -> Any:
    """The draft says what training it takes, and why, by its author; other revisions take none."""
    if isinstance(revision, DocumentRevision) and revision.status == "draft" and not revision.training_impact:
        with transaction.atomic(), acting(revision.author):
            draft = DocumentRevision.objects.get(pk=revision.pk)
            draft.training_impact, draft.training_rationale = impact, "Decided for the test"
            draft.save()
        revision.refresh_from_db()
    return revision


def make_training(world: Any, curriculum: Any, people: list[Any]) -> None:
    """A curriculum with everything it can take, a quiz in use and a draft, and training in each state that matters."""
    system = system_user("test")
    document = create_document(
        kind="procedure", title="What signatures mean", site=world.site, body="# Sign\n\nIt counts.", actor=system
    )
    quiz = create_quiz(document=document, actor=system)
    add_question(quiz=quiz, text="Does it count?", answers=["Yes", "No"], right=[0], actor=system)
    perform(quiz, "put_in_use", actor=system)
    create_quiz(document=document, actor=system)
    for kind in ("read", "quiz"):
        add_requirement(curriculum=curriculum, kind=kind, title="", document=document, actor=system)
    ojt = add_requirement(curriculum=curriculum, kind="ojt", title="Ten parts", actor=system)
    add_audience(curriculum=curriculum, by_operation=True, actor=system)
    revision = document.revisions.get()
    second = system_user("approver")
    decide_training(revision, "quiz")
    perform(revision, "submit", actor=system, signature=proof(system, "authored"))
    perform(revision, "approve", actor=second, signature=proof(second, "approved"))
    perform(revision, "make_effective", actor=second)
    due = now() + dt.timedelta(days=3)
    asked = [assign_training(user=person, document_revision=revision, due_at=due, actor=system) for person in people]
    assign_training(user=people[0], requirement=ojt, due_at=now() - dt.timedelta(days=1), actor=system)
    learner = people[0]
    grant(learner, world.site, TAKE, VIEW_TRAINING)
    show_section(assignment=asked[0], number=1, actor=learner)
    answer_quiz(assignment=asked[0], chosen={quiz.questions.get().pk: [0]}, actor=learner)
    complete_reading(assignment=asked[0], actor=learner, signature=proof(learner, "trained"))
    set_signing_policy(site=world.site, document=document, is_on=False, actor=system, reason="For the test")
    plan_shift(
        user=learner,
        work_center=work_center_of(world.site),
        shift="Early",
        starts_at=now(),
        ends_at=now() + dt.timedelta(hours=8),
        actor=system,
    )
