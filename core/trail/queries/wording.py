"""The words of the trail: what events are called, what columns are called, and stored lists and codes in words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.permissions import catalogue
from core.web.markup import number

Words = str | Promise

EVENTS: dict[str, str | Promise] = {
    "access_review_due": gettext_lazy("Access review fell due"),
    "escalated": gettext_lazy("Escalated"),
    "exported": gettext_lazy("Taken out"),
    "factor_set_up": gettext_lazy("Second factor set up"),
    "guessing_suspected": gettext_lazy("Guessing suspected"),
    "job_cancelled": gettext_lazy("Background work cancelled"),
    "list_exported": gettext_lazy("List exported"),
    "printed": gettext_lazy("Printed"),
    "records_verified": gettext_lazy("Records verified"),
    "refused": gettext_lazy("Refused"),
    "seals_exported": gettext_lazy("Seals exported"),
    "sessions_ended": gettext_lazy("Sessions ended"),
    "sign_on_locked": gettext_lazy("Sign-on locked"),
    "sign_on_refused": gettext_lazy("Sign-on refused"),
    "signed_off": gettext_lazy("Signed off"),
    "signed_on": gettext_lazy("Signed on"),
    "signing_failed": gettext_lazy("Signing failed"),
    "signing_locked": gettext_lazy("Signing locked"),
    "trail_alarm": gettext_lazy("Alarm of the trail"),
    "trail_alarm_ended": gettext_lazy("Alarm of the trail ended"),
    "trail_exported": gettext_lazy("Trail exported"),
}
"""Events by their kind; a kind without words here is shown as it is stored."""

ACTIONS: dict[str, Words] = {
    "answer": gettext_lazy("Answer"),
    "calibrate": gettext_lazy("Calibrate"),
    "call": gettext_lazy("Call for help"),
    "check": gettext_lazy("Plan how the effect is judged"),
    "change": gettext_lazy("Change"),
    "comment": gettext_lazy("Comment on a revision"),
    "complete_unit": gettext_lazy("Complete a unit"),
    "consume": gettext_lazy("Use material"),
    "deactivate": gettext_lazy("Deactivate"),
    "edit": gettext_lazy("Change"),
    "evaluate": gettext_lazy("Compute the effect"),
    "end_sessions": gettext_lazy("End sessions"),
    "extend": gettext_lazy("Extend a temporary change"),
    "fill_in": gettext_lazy("Fill in a form"),
    "grant": gettext_lazy("Give a role"),
    "issue_copy": gettext_lazy("Print a controlled copy"),
    "join": gettext_lazy("Join the work"),
    "judge": gettext_lazy("Decide about reporting"),
    "leave": gettext_lazy("Leave the work"),
    "link": gettext_lazy("Name a source"),
    "merge": gettext_lazy("Merge into another record"),
    "override_training": gettext_lazy("Let somebody work untrained"),
    "own": gettext_lazy("Name the owner"),
    "plan": gettext_lazy("Plan a change"),
    "propose": gettext_lazy("Propose a disposition"),
    "read": gettext_lazy("Read a section"),
    "reactivate": gettext_lazy("Reactivate"),
    "read_across": gettext_lazy("Look where else the same may be"),
    "record": gettext_lazy("Record a value"),
    "remove": gettext_lazy("Destroy or return held stock"),
    "remove_factors": gettext_lazy("Remove second factors"),
    "review": gettext_lazy("Review a revision"),
    "forget_provider_account": gettext_lazy("Forget the provider account"),
    "support_waiver": gettext_lazy("Support a waiver"),
    "test_mail": gettext_lazy("Send a test mail"),
    "report": gettext_lazy("Report quantities"),
    "report_defect": gettext_lazy("Report a defect"),
    "set_password": gettext_lazy("Set a password"),
    "sign": gettext_lazy("Sign"),
    "standard": gettext_lazy("Use a standard"),
    "step": gettext_lazy("Confirm a step"),
    "subscribe": gettext_lazy("Subscribe to a report"),
    "supplement": gettext_lazy("Supplement a report"),
    "undo": gettext_lazy("Take an entry back"),
    "staff": gettext_lazy("Name a member of the team"),
    "triage": gettext_lazy("Triage"),
    "use": gettext_lazy("Use a planned deviation"),
    "vote": gettext_lazy("Vote on a disposition"),
    "watch": gettext_lazy("Watch a trend"),
}
"""What gates decide about beside the moves of lifecycles."""

COLUMNS: dict[str, Words] = {
    "child_lot": gettext_lazy("into lot"),
    "child_unit": gettext_lazy("into unit"),
    "created_by": gettext_lazy("created by"),
    "data": gettext_lazy("particulars"),
    "into_unit": gettext_lazy("into unit"),
    "is_sandbox": gettext_lazy("only a trial"),
    "link": gettext_lazy("genealogy"),
    "lower_limit": gettext_lazy("lower limit"),
    "lower_warning": gettext_lazy("lower warning"),
    "parent_lot": gettext_lazy("from lot"),
    "parent_unit": gettext_lazy("from unit"),
    "proof": gettext_lazy("how identified"),
    "raised": gettext_lazy("new work"),
    "record_version": gettext_lazy("version of the record"),
    "reverses": gettext_lazy("takes back"),
    "scheme": gettext_lazy("way of computing"),
    "source_label": gettext_lazy("where it came from"),
    "status": gettext_lazy("state"),
    "supersedes": gettext_lazy("instead of"),
    "token": gettext_lazy("mark of the print"),
    "upper_limit": gettext_lazy("upper limit"),
    "upper_warning": gettext_lazy("upper warning"),
}
"""Columns whose model does not say what they are called, and that are not called like the record they lead to."""

PARTICULARS: dict[str, Words] = {
    "assignment": gettext_lazy("work"),
    "attempts": gettext_lazy("attempts"),
    "codes": gettext_lazy("reasons"),
    "due_at": gettext_lazy("was due"),
    "filter": gettext_lazy("filter"),
    "findings": gettext_lazy("findings"),
    "format": gettext_lazy("format"),
    "head": gettext_lazy("head"),
    "job": gettext_lazy("background work"),
    "meaning": gettext_lazy("meaning"),
    "number": gettext_lazy("number"),
    "printed_record": gettext_lazy("sealed record"),
    "query": gettext_lazy("filter"),
    "rows": gettext_lazy("rows"),
    "sha256": gettext_lazy("digest"),
    "step": gettext_lazy("step"),
    "terminal": gettext_lazy("terminal"),
    "where": gettext_lazy("where"),
    "why": gettext_lazy("why"),
}
"""What an event keeps beside its text; a name without words here is shown as it is stored."""


def words_of_event(kind: str) -> str:
    """What an event is called."""
    return str(EVENTS.get(kind, kind.replace("_", " ")))


def words_of_action(action: str, model: Any) -> str:
    """What was done to a record, or what a gate decided about: a move of its lifecycle, or a deed by the words here."""
    lifecycle = getattr(model, "lifecycle", None)
    move = next((move for move in lifecycle.moves if move.name == action), None) if lifecycle is not None else None
    return str(move.label if move is not None else ACTIONS.get(action, action.replace("_", " ")))


def label_of(field: Any) -> str:
    """What people call a column: what its model says, what is said here, or the kind of record that it leads to."""
    if isinstance(field.verbose_name, Promise):
        return str(field.verbose_name)
    if field.name in COLUMNS:
        return str(COLUMNS[field.name])
    return str(field.related_model._meta.verbose_name if field.is_relation else field.verbose_name)


def words_of_value(value: Any) -> str:
    """A stored list, object or code in words: rights by their labels, the parts of an object by their names."""
    if isinstance(value, Mapping):
        parts = ((str(PARTICULARS.get(name, name.replace("_", " "))), part) for name, part in value.items())
        return "; ".join(f"{name}: {words_of_value(part)}" for name, part in parts if part not in (None, "", [], {}))
    if isinstance(value, list | tuple):
        return ", ".join(words_of_value(part) for part in value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int | float | Decimal):
        return number(value)
    return str(catalogue()[value].label) if value in catalogue() else str(value)
