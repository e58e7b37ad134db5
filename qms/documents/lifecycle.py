"""States and moves of a document revision, and the permissions over documents."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

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
