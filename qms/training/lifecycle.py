"""States and moves of a qualification, and the permissions over training."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.kernel.lifecycle import Lifecycle, Move, State
from core.kernel.permissions import ROLE_TEMPLATES, Permission, declare

QUALIFICATION = Lifecycle(
    "qms_training.Qualification",
    states=(
        State("active", _("Active"), tone="good", icon="check"),
        State("suspended", _("Suspended"), tone="warn", icon="pause"),
        State("revoked", _("Revoked"), tone="bad", icon="ban", final=True),
    ),
    births=("active",),
    moves=(
        Move(
            "suspend",
            ("active",),
            "suspended",
            _("Suspend"),
            permission="qms_training.change_qualification",
            reason_required=True,
            explanation=_("The person may not do this work until the qualification is reinstated."),
        ),
        Move(
            "reinstate",
            ("suspended",),
            "active",
            _("Reinstate"),
            permission="qms_training.change_qualification",
            reason_required=True,
            not_by=("user",),
            primary=True,
            explanation=_("The person may do this work again, until the date of the qualification."),
        ),
        Move(
            "revoke",
            ("active", "suspended"),
            "revoked",
            _("Revoke"),
            permission="qms_training.change_qualification",
            reason_required=True,
            destructive=True,
            explanation=_("The qualification ends for good; it takes a new one to do this work again."),
        ),
    ),
)

VIEW_TRAINING = "qms_training.view_trainingassignment"
TAKE = "qms_training.take_trainingassignment"
ASSIGN = "qms_training.assign_trainingassignment"
ATTEST = "qms_training.attest_trainingassignment"
WAIVE = "qms_training.waive_trainingassignment"
SUPPORT_WAIVER = "qms_training.support_waiver"
WRITE_QUIZ = "qms_training.change_quiz"
WAIVE_STAFFING = "qms_training.waive_staffing"
PLAN_SHIFTS = "qms_training.change_shiftassignment"
SET_POLICY = "qms_training.change_signingpolicy"

UNDONE = ("assigned", "in_progress", "quiz_failed", "remedial", "awaiting_trainer")
"""States of an assignment in which something is still to do."""

TRAINING_ASSIGNMENT = Lifecycle(
    "qms_training.TrainingAssignment",
    reads=("document_revision__document", "requirement"),
    states=(
        State("assigned", _("Assigned"), tone="info", icon="inbox"),
        State("in_progress", _("In progress"), tone="info", icon="book"),
        State("quiz_failed", _("Quiz failed"), tone="bad", icon="alert"),
        State("remedial", _("Helped, to be repeated"), tone="warn", icon="refresh"),
        State("awaiting_trainer", _("Waits for the second person"), tone="warn", icon="user-check"),
        State("completed", _("Completed"), tone="good", icon="check", final=True),
        State("waived", _("Waived"), tone="neutral", icon="signature", final=True),
        State("expired", _("Expired"), tone="bad", icon="clock", final=True),
        State("superseded", _("Superseded"), tone="neutral", icon="history", final=True),
    ),
    births=("assigned",),
    moves=(
        Move(
            "take_up",
            ("assigned",),
            "in_progress",
            _("Begin"),
            permission=TAKE,
            primary=True,
            explanation=_("The content is shown section by section; you sign when all of it was shown."),
        ),
        Move(
            "complete",
            ("in_progress",),
            "completed",
            _("Sign: read and understood"),
            permission=TAKE,
            signature="trained",
            primary=True,
            explanation=_("I have read and understood this content, and work to it."),
        ),
        Move("fail", ("in_progress", "remedial"), "quiz_failed", _("Fail"), permission=TAKE, automatic=True),
        Move(
            "remediate",
            ("quiz_failed",),
            "remedial",
            _("Helped: may try again"),
            permission=ATTEST,
            reason_required=True,
            not_by=("user",),
            primary=True,
            explanation=_("Say what was explained or shown; the quiz may then be tried once more."),
        ),
        Move("pass_quiz", ("remedial",), "in_progress", _("Pass"), permission=TAKE, automatic=True),
        Move(
            "present",
            ("in_progress",),
            "awaiting_trainer",
            _("Sign: done, ask for the second person"),
            permission=TAKE,
            signature="performed",
            primary=True,
            explanation=_("I have done this; the trainer who watched, or whoever verifies the proof, signs too."),
        ),
        Move(
            "attest",
            ("awaiting_trainer",),
            "completed",
            _("Sign as trainer"),
            permission=ATTEST,
            signature="attested",
            not_by=("user",),
            primary=True,
            explanation=_("I watched it done as often as asked, and it was done right."),
        ),
        Move(
            "verify",
            ("awaiting_trainer",),
            "completed",
            _("Sign: proof verified"),
            permission=ATTEST,
            signature="verified",
            not_by=("user",),
            primary=True,
            explanation=_("I have checked the attached proof: it is genuine, of this person, and in date."),
        ),
        Move(
            "send_back",
            ("awaiting_trainer",),
            "in_progress",
            _("Send back"),
            permission=ATTEST,
            reason_required=True,
            not_by=("user",),
            explanation=_("It is not good yet: the learner reads why, and tries again."),
        ),
        Move(
            "waive",
            UNDONE,
            "waived",
            _("Waive"),
            permission=WAIVE,
            signature="approved",
            reason_required=True,
            not_by=("user",),
            destructive=True,
            explanation=_("It is not asked of this person. The gates stay: whoever is untrained does no work."),
        ),
        Move("expire", ("completed",), "expired", _("Expire"), permission=ASSIGN, automatic=True),
        Move(
            "supersede",
            (*UNDONE, "completed", "waived", "expired"),
            "superseded",
            _("Supersede"),
            permission=ASSIGN,
            automatic=True,
        ),
    ),
)

QUIZ = Lifecycle(
    "qms_training.Quiz",
    states=(
        State("draft", _("Draft"), tone="neutral", icon="pencil"),
        State("in_use", _("In use"), tone="good", icon="check"),
        State("retired", _("Retired"), tone="neutral", icon="archive", final=True),
    ),
    births=("draft",),
    moves=(
        Move(
            "put_in_use",
            ("draft",),
            "in_use",
            _("Put in use"),
            permission=WRITE_QUIZ,
            primary=True,
            explanation=_("People are asked these questions from now on; the version before is retired."),
        ),
        Move(
            "retire",
            ("draft", "in_use"),
            "retired",
            _("Retire"),
            permission=WRITE_QUIZ,
            reason_required=True,
            destructive=True,
            explanation=_("Nobody is asked these questions any more."),
        ),
    ),
)

LEARNERS = ("operator", "lead", "planner", "process_engineer", "quality_engineer", "quality_head")
GIVERS = ("lead", "quality_engineer", "quality_head")
QUALITY = ("quality_engineer", "quality_head")

declare(
    Permission("qms_training.view_qualification", _("See who is qualified for what"), ROLE_TEMPLATES),
    Permission("qms_training.add_qualification", _("Grant and renew qualifications"), GIVERS),
    Permission("qms_training.change_qualification", _("Suspend, reinstate and revoke qualifications"), GIVERS),
    Permission("qms_training.change_curriculum", _("Write curricula"), QUALITY),
    Permission(VIEW_TRAINING, _("See training and who was trained on what"), ROLE_TEMPLATES),
    Permission(TAKE, _("Take one's own training"), LEARNERS),
    Permission(ASSIGN, _("Assign training"), GIVERS),
    Permission(ATTEST, _("Attest training as trainer, verify proofs"), GIVERS),
    Permission(SUPPORT_WAIVER, _("Support the waiver of a training as manager"), ("lead", "planner")),
    Permission(WAIVE, _("Waive training for a person"), QUALITY),
    Permission("qms_training.view_quiz", _("See quizzes and how they are answered"), GIVERS),
    Permission(WRITE_QUIZ, _("Write quizzes"), QUALITY),
    Permission(WAIVE_STAFFING, _("Waive staffing when a revision becomes effective"), ("quality_head",)),
    Permission(PLAN_SHIFTS, _("Plan shifts"), ("lead", "planner")),
    Permission("qms_training.view_signingpolicy", _("See who needs training before signing"), (*QUALITY, "admin")),
    Permission(SET_POLICY, _("Decide who needs training before signing"), ("quality_head",)),
)
