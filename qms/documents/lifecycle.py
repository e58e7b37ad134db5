"""States and moves of a document revision, and the permissions over documents."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.kernel.lifecycle import Lifecycle, Move, State
from core.kernel.permissions import Permission, declare
from core.kernel.revisions import controlled_revision

DOCUMENT_REVISION = controlled_revision(
    "qms_documents.DocumentRevision",
    {
        "submit": _("The content is frozen and waits for another person's approval."),
        "approve": _("The content may become effective, at once or on a date."),
        "reject": _("The revision goes back to its author, who reads the reason."),
        "withdraw": _("The revision goes back to draft before anybody approved it."),
        "make_effective": _("People work to this revision from now on; the one before is superseded."),
        "supersede": _("Happens when another revision of the document becomes effective."),
        "discard": _("A revision that never became effective is given up; its number is not used again."),
        "make_obsolete": _("Nobody works to this document any more. Refused while a routing names it."),
    },
)

PERIODIC_REVIEW = Lifecycle(
    "qms_documents.PeriodicReview",
    states=(
        State("open", _("Open"), tone="warn", icon="clock"),
        State("reaffirmed", _("Reaffirmed"), tone="good", icon="check", final=True),
        State("revise", _("To be revised"), tone="info", icon="pencil", final=True),
        State("retire", _("To be made obsolete"), tone="info", icon="archive", final=True),
        State("overtaken", _("Overtaken by a new revision"), tone="neutral", icon="history", final=True),
    ),
    births=("open",),
    moves=(
        Move(
            "reaffirm",
            ("open",),
            "reaffirmed",
            _("Reaffirm"),
            "qms_documents.decide_periodicreview",
            signature="reviewed",
            primary=True,
            explanation=_("The document still fits as it is. Its next review is due when its interval is over again."),
        ),
        Move(
            "ask_revision",
            ("open",),
            "revise",
            _("Have it revised"),
            "qms_documents.decide_periodicreview",
            signature="reviewed",
            reason_required=True,
            explanation=_(
                "The document no longer fits. Its owner is asked for a new revision; meanwhile it stays effective."
            ),
        ),
        Move(
            "ask_obsolescence",
            ("open",),
            "retire",
            _("Have it made obsolete"),
            "qms_documents.decide_periodicreview",
            signature="reviewed",
            reason_required=True,
            explanation=_("Nobody needs the document any more. Whoever may make it obsolete is asked to."),
        ),
        Move(
            "overtake",
            ("open",),
            "overtaken",
            _("Overtake"),
            "qms_documents.make_effective_documentrevision",
            automatic=True,
            explanation=_("Happens when another revision becomes effective, or the document becomes obsolete."),
        ),
    ),
)

CONTROLLED_COPY = Lifecycle(
    "qms_documents.ControlledCopy",
    states=(
        State("issued", _("Out"), tone="info", icon="file-check"),
        State("returned", _("Returned"), tone="neutral", icon="check", final=True),
        State("destroyed", _("Destroyed"), tone="neutral", icon="recycle", final=True),
        State("missing", _("Missing"), tone="bad", icon="alert"),
    ),
    births=("issued",),
    moves=(
        Move(
            "take_back",
            ("issued", "missing"),
            "returned",
            _("Returned"),
            "qms_documents.reconcile_controlledcopy",
            primary=True,
            explanation=_("The copy was brought back and is out of use."),
        ),
        Move(
            "destroy",
            ("issued", "missing", "returned"),
            "destroyed",
            _("Destroyed"),
            "qms_documents.reconcile_controlledcopy",
            reason_required=True,
            explanation=_("The copy no longer exists. Say how, and who saw it."),
        ),
        Move(
            "report_missing",
            ("issued",),
            "missing",
            _("Missing"),
            "qms_documents.reconcile_controlledcopy",
            reason_required=True,
            explanation=_("Nobody finds the copy. Its status page says that it may not be used."),
        ),
    ),
)

FILLED_FORM = Lifecycle(
    "qms_documents.FilledForm",
    states=(
        State("draft", _("Being filled in"), tone="neutral", icon="pencil"),
        State("completed", _("Completed"), tone="info", icon="signature"),
        State("verified", _("Verified"), tone="good", icon="check", final=True),
        State("void", _("Void"), tone="bad", icon="x", final=True),
    ),
    births=("draft",),
    moves=(
        Move(
            "complete",
            ("draft",),
            "completed",
            _("Complete"),
            "qms_documents.fill_filledform",
            signature="performed",
            primary=True,
            explanation=_("Every field is filled in; nothing of it is changed afterwards."),
        ),
        Move(
            "verify",
            ("completed",),
            "verified",
            _("Verify"),
            "qms_documents.verify_filledform",
            signature="verified",
            not_by=("filled_by", "complete"),
            primary=True,
            explanation=_("Another person has checked what was filled in."),
        ),
        Move(
            "void",
            ("draft", "completed"),
            "void",
            _("Void"),
            "qms_documents.fill_filledform",
            signature="rejected",
            reason_required=True,
            destructive=True,
            explanation=_("The record does not count. It stays readable with the reason."),
        ),
    ),
)

AUTHORS = ("process_engineer", "quality_engineer", "quality_head")
QUALITY = ("quality_engineer", "quality_head")
PEOPLE = ("operator", "lead", "planner", "process_engineer", "quality_engineer", "quality_head")
READERS = ("operator", "lead", "planner", "process_engineer", "quality_engineer", "quality_head", "auditor", "admin")

declare(
    Permission("qms_documents.view_document", _("See which documents there are"), READERS),
    Permission("qms_documents.view_documentrevision", _("Read documents"), READERS),
    Permission("qms_documents.add_document", _("Create documents and revisions"), AUTHORS),
    Permission("qms_documents.change_documentrevision", _("Write drafts of documents"), AUTHORS),
    Permission("qms_documents.submit_documentrevision", _("Submit documents for review"), AUTHORS),
    Permission("qms_documents.approve_documentrevision", _("Approve and reject documents"), QUALITY),
    Permission("qms_documents.make_effective_documentrevision", _("Make documents effective"), QUALITY),
    Permission("qms_documents.make_obsolete_documentrevision", _("Make documents obsolete"), ("quality_head",)),
    Permission("qms_documents.review_documentrevision", _("Review and comment on documents"), ("lead", *AUTHORS)),
    Permission("qms_documents.view_documenttype", _("See document types and retention classes"), READERS),
    Permission(
        "qms_documents.change_documenttype", _("Set up document types and retention classes"), ("quality_head",)
    ),
    Permission("qms_documents.view_periodicreview", _("See periodic reviews"), READERS),
    Permission("qms_documents.decide_periodicreview", _("Decide periodic reviews"), AUTHORS),
    Permission("qms_documents.view_controlledcopy", _("See controlled copies"), READERS),
    Permission("qms_documents.issue_controlledcopy", _("Print controlled copies"), ("lead", *AUTHORS)),
    Permission("qms_documents.reconcile_controlledcopy", _("Account for controlled copies"), QUALITY),
    Permission("qms_documents.view_filledform", _("See filled forms"), READERS),
    Permission("qms_documents.fill_filledform", _("Fill in forms"), PEOPLE),
    Permission("qms_documents.verify_filledform", _("Verify filled forms"), ("lead", *QUALITY)),
    Permission("qms_documents.view_externaldocument", _("See external documents"), READERS),
    Permission("qms_documents.change_externaldocument", _("Keep external documents"), AUTHORS),
    Permission("qms_documents.change_reader", _("Say who has to read a document"), AUTHORS),
    Permission("qms_documents.view_legalhold", _("See legal holds"), (*QUALITY, "auditor")),
    Permission("qms_documents.change_legalhold", _("Place and release legal holds"), ("quality_head",)),
)
