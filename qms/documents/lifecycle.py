"""States and moves of a document revision, and the permissions over documents."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.kernel.lifecycle import Lifecycle, Move, State
from core.kernel.permissions import Permission, declare

DOCUMENT_REVISION = Lifecycle(
    "qms_documents.DocumentRevision",
    states=(
        State("draft", _("Draft"), tone="neutral", icon="pencil"),
        State("in_review", _("In review"), tone="info", icon="eye"),
        State("approved", _("Approved"), tone="info", icon="signature"),
        State("effective", _("Effective"), tone="good", icon="check"),
        State("superseded", _("Superseded"), tone="neutral", icon="history", final=True),
        State("obsolete", _("Obsolete"), tone="bad", icon="archive", final=True),
    ),
    births=("draft",),
    moves=(
        Move(
            "submit",
            ("draft",),
            "in_review",
            _("Submit for review"),
            permission="qms_documents.submit_documentrevision",
            signature="authored",
            primary=True,
            explanation=_("The content is frozen and waits for another person's approval."),
        ),
        Move(
            "approve",
            ("in_review",),
            "approved",
            _("Approve"),
            permission="qms_documents.approve_documentrevision",
            signature="approved",
            not_by=("author", "submit"),
            primary=True,
            explanation=_("The content may become effective, at once or on a date."),
        ),
        Move(
            "reject",
            ("in_review",),
            "draft",
            _("Reject"),
            permission="qms_documents.approve_documentrevision",
            reason_required=True,
            not_by=("author", "submit"),
            explanation=_("The revision goes back to its author, who reads the reason."),
        ),
        Move(
            "withdraw",
            ("in_review",),
            "draft",
            _("Withdraw"),
            permission="qms_documents.submit_documentrevision",
            reason_required=True,
            explanation=_("The revision goes back to draft before anybody approved it."),
        ),
        Move(
            "make_effective",
            ("approved",),
            "effective",
            _("Make effective"),
            permission="qms_documents.make_effective_documentrevision",
            primary=True,
            explanation=_("People work to this revision from now on; the one before is superseded."),
        ),
        Move(
            "supersede",
            ("effective",),
            "superseded",
            _("Supersede"),
            permission="qms_documents.make_effective_documentrevision",
            explanation=_("Happens when another revision of the document becomes effective."),
        ),
        Move(
            "discard",
            ("draft", "approved"),
            "obsolete",
            _("Discard"),
            permission="qms_documents.submit_documentrevision",
            reason_required=True,
            destructive=True,
            explanation=_("A revision that never became effective is given up; its number is not used again."),
        ),
        Move(
            "make_obsolete",
            ("effective",),
            "obsolete",
            _("Make obsolete"),
            permission="qms_documents.make_obsolete_documentrevision",
            signature="approved",
            reason_required=True,
            destructive=True,
            explanation=_("Nobody works to this document any more. Refused while a routing names it."),
        ),
    ),
)

AUTHORS = ("process_engineer", "quality_engineer", "quality_head")
QUALITY = ("quality_engineer", "quality_head")
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
)
