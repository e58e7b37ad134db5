"""Training of the demonstration plant: a procedure that everybody learns, a quiz on it, practice, a shift."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from core.kernel.clock import now
from core.lifecycle.services import perform
from core.organization.models import Role, Site, User, WorkCenter
from qms.documents.services import create_document, submit_revision
from qms.training import services
from qms.training.models import Curriculum, TrainingAssignment
from qms.training.queries import sections_of

PROCEDURE = """# What a signature means

An electronic signature is yours alone and counts as one by hand. You sign what you have seen or done.

# Before you sign

Read what the page says you sign. Your password is known to nobody else; a badge left behind is reported at once.
"""


def welding(users: Mapping[str, User]) -> Curriculum:
    """What it takes to weld frames, and who may."""
    curriculum = services.create_curriculum(
        code="WELD-1", name="TIG welding of frames", valid_months=24, actor=users["quinn"]
    )
    services.grant_qualification(
        user=users["anna"], curriculum=curriculum, basis="Course and trial weld, 2026-03", actor=users["leo"]
    )
    return curriculum


def show_training(site: Site, users: Mapping[str, User], weld: Curriculum, proof: Callable[[User, str], Any]) -> None:
    """Everybody at the floor is asked to learn the procedure; one has, one has not; welders practise with a trainer."""
    paul, quinn, leo, anna = users["paul"], users["quinn"], users["leo"], users["anna"]
    document = create_document(kind="procedure", title="Electronic signatures", site=site, body=PROCEDURE, actor=paul)
    quiz = services.create_quiz(document=document, pass_percent=50, actor=quinn)
    services.add_question(
        quiz=quiz,
        text="Whose is an electronic signature?",
        answers=["The team's", "Mine alone"],
        right=[1],
        actor=quinn,
    )
    perform(quiz, "put_in_use", actor=quinn)
    signing = services.create_curriculum(code="SIGN", name="Electronic signatures", actor=quinn)
    services.add_requirement(curriculum=signing, kind="read", title="", document=document, actor=quinn)
    for role in Role.objects.filter(code__in=("operator", "lead")):
        services.add_audience(curriculum=signing, role=role, actor=quinn)
    services.add_audience(curriculum=weld, by_operation=True, actor=quinn)
    revision = document.revisions.get()
    submit_revision(
        revision=revision,
        training_impact="read",
        training_rationale="Everybody who signs needs to know it.",
        actor=paul,
        signature=proof(paul, "authored"),
    )
    perform(revision, "approve", actor=quinn, signature=proof(quinn, "approved"))
    perform(revision, "make_effective", actor=quinn)
    mine = TrainingAssignment.objects.filter(user=anna, document_revision=revision).first()
    if mine is not None:
        for number in range(1, len(sections_of(revision)) + 1):
            services.show_section(assignment=mine, number=number, actor=anna)
        services.complete_reading(assignment=mine, actor=anna, signature=proof(anna, "trained"))
    services.set_signing_policy(site=site, document=document, is_on=False, actor=quinn)
    center = WorkCenter.objects.filter(area__site=site).order_by("code").first()
    if center is not None:
        start = now().replace(minute=0, second=0, microsecond=0)
        services.plan_shift(
            user=anna,
            work_center=center,
            shift="Early",
            starts_at=start,
            ends_at=start + dt.timedelta(hours=8),
            actor=leo,
        )
