"""What an address must answer, from what its view declares and what the visitor holds where."""

from __future__ import annotations

from dataclasses import dataclass

from core.kernel.permissions import catalogue
from core.kernel.records import GLOBAL
from core.web.access import Access
from tests.support.pages import Page

OK, TO_SIGN_IN, FORBIDDEN, NOT_FOUND, WRONG_METHOD = 200, 302, 403, 404, 405


@dataclass(frozen=True)
class Visitor:
    """Somebody with the rights of a role template at the first site; None: nobody is signed in, `name` says why."""

    template: str | None
    name: str = "anonymous"

    def holds(self, permission: str) -> bool:
        """Whether the role template carries the permission."""
        return self.template is not None and self.template in catalogue()[permission].templates

    @property
    def is_at_a_site(self) -> bool:
        """Whether they hold anything there at all."""
        return any(self.holds(permission) for permission in catalogue())

    def __str__(self) -> str:
        return self.template or self.name


PUBLIC_ANSWERS: dict[str, int] = {
    "qms_documents:copy_status": OK,
    "verify_file": OK,
    "verify_record": OK,
    "core_printing:certificate": OK,
    "core_web:preferences": TO_SIGN_IN,  # it leads back to where the visitor came from
    "core_organization:provider_start": NOT_FOUND,  # where no identity provider is configured
    "core_organization:provider_answer": NOT_FOUND,
    "core_organization:saml_start": NOT_FOUND,
    "core_organization:saml_answer": NOT_FOUND,
    "core_organization:saml_metadata": NOT_FOUND,
    "core_organization:first_run": NOT_FOUND,  # without the one-time token there is no such page
}
"""Pages that ask nothing of their visitor. A new one has to be named here, deliberately."""

SEEN_THROUGH: dict[str, tuple[str, ...]] = {
    "core_files:attachment_download": ("traceability.view_lot",),
    "core_files:attachment_thumbnail": ("traceability.view_lot",),
    "core_printing:printedrecord_detail": ("core_printing.view_printedrecord", "traceability.view_lot"),
    "core_printing:printedrecord_download": ("core_printing.view_printedrecord", "traceability.view_lot"),
    "core_jobs:backgroundjob_detail": ("core_jobs.view_backgroundjob",),
    "core_jobs:backgroundjob_cancel": ("core_jobs.view_backgroundjob",),
    "core_jobs:backgroundjob_result": ("core_jobs.view_backgroundjob",),
    "core_worklist:assignment_reassign": ("core_worklist.reassign_assignment",),
    "core_trail:proof": ("traceability.view_lot",),
    "core_worklist:comment_create": ("traceability.view_lot",),
    "core_worklist:watch_change": ("traceability.view_lot",),
    "core_worklist:delegation_end": ("core_worklist.reassign_assignment",),
}
"""Pages for everybody signed in; their record is seen by one of these rights at its place (samples tell of a lot)."""

SHARED_AT_A_SITE = {"core_worklist:savedfilter_remove": "core_worklist.share_savedfilter"}
"""Pages whose record everybody at its site sees, and who may do there what the page is for."""

NEEDS_MORE = frozenset(
    {
        "core_printing:address_qr",
        "core_worklist:assignment_delegate",
        "core_worklist:savedfilter_create",
        "traceability:container_labels",
        "traceability:lot_labels",
        "traceability:serializedunit_labels",
    }
)
"""Pages that do nothing without parameters, which the crawler does not give."""

FOR_EVERYBODY = frozenset(
    {
        "core_web:search",
        "core_web:scan",
        "core_organization:own_password",
        "core_organization:own_pin",
        *(f"core_organization:factor_{name}" for name in ("list", "app", "passkey", "codes", "remove")),
        "core_organization:session_list",
        "core_organization:session_end",
        "core_jobs:backgroundjob_list",
        "core_worklist:assignment_inbox",
        "core_worklist:assignment_list",
        "core_worklist:notification_list",
        "core_worklist:notification_read",
        "core_worklist:delegation_list",
        "core_worklist:delegation_create",
        "core_worklist:mailpreference_change",
        "core_worklist:watch_list",
        *NEEDS_MORE,
    }
)
"""Pages for everybody signed in that show only what the visitor may see; test_leaks.py reads them."""

WITHOUT_BYTES = frozenset(
    {
        "core_files:attachment_download",
        "core_printing:printedrecord_download",
    }
)
"""The samples' files are not on disk: whoever may read them is told so with 500, on a page that says it."""
WITHOUT_PART = frozenset({"qms_complaints:complaint_judge"})
"""The samples' part is none yet: a decision tree that is a draft judges nothing."""
NOT_BEGUN = frozenset({"qms_training:trainingassignment_quiz"})
"""The samples' training is not begun: its questions lead back to its page."""
OF_ANOTHER_PERSON = frozenset({"core_printing:printjob_document"})
"""The samples' PDF is handed out to who asked for it: others who see the print are led to its page, or told 409."""
WITHOUT_RESULT = frozenset(
    {
        "core_files:attachment_thumbnail",
        "core_jobs:backgroundjob_result",
        "core_trail:proof",
        "qms_documents:controlledcopy_download",
        "qms_documents:documentrevision_pdf",
        "core_trail:seal_detail",
    }
)
"""The samples have no small picture, no result, and nobody sealed them: whoever may read them gets 404."""


def refusal(page: Page, visitor: Visitor, *, at_other_site: bool, move: str = "") -> int | None:
    """The status of the refusal that this visitor must get for a record of the site, or None when they may."""
    if page.access is Access.PUBLIC:
        if page.name not in PUBLIC_ANSWERS:
            raise AssertionError(f"{page.name} asks nothing of its visitor: name it in PUBLIC_ANSWERS, if it is meant")
        return None
    if visitor.template is None:
        return TO_SIGN_IN
    if page.access is Access.SIGNED_IN:
        name = page.name.removeprefix("api:")  # an operation is seen by whoever sees its page
        if name in FOR_EVERYBODY:
            return None
        if name in SHARED_AT_A_SITE:
            is_let_in = visitor.holds(SHARED_AT_A_SITE[name])
            is_seen = visitor.is_at_a_site and not at_other_site
            return NOT_FOUND if not is_seen else None if is_let_in else FORBIDDEN
        if name not in SEEN_THROUGH:
            raise AssertionError(f"{page.name} is for everybody signed in: say in SEEN_THROUGH or FOR_EVERYBODY why")
        may = not at_other_site and any(visitor.holds(code) for code in SEEN_THROUGH[name])
        return None if may else NOT_FOUND
    if not visitor.holds(page.declared("permission")):
        return FORBIDDEN
    seen_by = page.declared("view_permission") or page.declared("permission")
    is_elsewhere = page.model is not None and getattr(page.model, "scope_path", GLOBAL) != GLOBAL and at_other_site
    if page.model is not None and (is_elsewhere or not visitor.holds(seen_by)):
        return NOT_FOUND
    deed = page.deed_permission(move)
    return FORBIDDEN if deed and not visitor.holds(deed) else None
