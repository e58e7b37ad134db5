"""Records of documents as sealed PDF, each with what it says and who signed it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.jobs.models import BackgroundJob
from core.jobs.services import JobHandle, enqueue
from core.kernel.deeds import service
from core.kernel.permissions import view_permission
from core.lifecycle.queries import transitions_of
from core.organization.services import require
from core.printing.models import PrintedRecord
from core.printing.services import print_record
from core.signing.queries import manifest
from qms.documents.models import (
    ControlledCopy,
    DocumentRevision,
    ExternalDocument,
    FilledForm,
    LegalHold,
    PeriodicReview,
)
from qms.documents.queries.external import checks_of
from qms.documents.queries.filling import FIELD_KINDS, filled_lines
from qms.documents.queries.prose import markdown
from qms.documents.queries.reviewing import comments_on

SEAL_JOB = "qms_documents.seal"


@dataclass
class Sheet:
    """What a sealed record shows: facts, then a text, then tables; `title` and `number` stand above."""

    number: str
    title: str
    facts: list[tuple[str, str]]
    html: str = ""
    tables: list[tuple[str, list[str], list[list[str]]]] = field(default_factory=list)


def _day(value: Any) -> str:
    return value.isoformat(" ", "minutes") if hasattr(value, "hour") else str(value or "–")


def _revision(record: DocumentRevision) -> Sheet:
    comments = [
        [str(one.commenter), one.place, one.text, str(one.get_answer_display()), one.explanation]
        for one in comments_on(record)
    ]
    fields = [
        [one["code"], one["label"], str(FIELD_KINDS[one["kind"]]), one["unit"]] for one in record.form_fields or ()
    ]
    file = f"{record.file.name} · SHA-256 {record.file.sha256}" if record.file is not None else "–"
    sheet = Sheet(
        f"{record.document.number}/{record.revision}",
        record.title,
        [
            (_("Author"), str(record.author)),
            (_("Approved"), _day(record.approved_at)),
            (_("Effective from"), _day(record.effective_from)),
            (_("Effective until"), _day(record.effective_until)),
            (_("What changed and why"), record.change_summary or "–"),
            (_("File"), file),
        ],
        markdown(record.body, 3),
    )
    if fields:
        sheet.tables.append((_("Fields of the form"), [_("Code"), _("Label"), _("Kind"), _("Unit")], fields))
    if comments:
        heads = [_("By"), _("Place"), _("Comment"), _("Answer"), _("Explanation")]
        sheet.tables.append((_("Review comments"), heads, comments))
    return sheet


def _filled(record: FilledForm) -> Sheet:
    lines = [[one.label, one.shown, one.limits, _("outside") if one.is_outside else ""] for one in filled_lines(record)]
    return Sheet(
        record.number,
        f"{record.revision.document.title} {record.about}".strip(),
        [(_("Form"), str(record.revision)), (_("About"), record.about or "–"),
         (_("Filled in by"), str(record.filled_by)), (_("Site"), str(record.site))],
        tables=[(_("Values"), [_("Field"), _("Value"), _("Limits"), _("Outside the limits")], lines)],
    )  # fmt: skip


def _review(record: PeriodicReview) -> Sheet:
    return Sheet(
        f"{record.document.number} · {record.due_on.isoformat()}",
        record.document.title,
        [(_("Revision"), str(record.revision)), (_("Due on"), _day(record.due_on)),
         (_("Conclusion"), record.conclusion or "–"), (_("Next review on"), _day(record.next_due_on))],
    )  # fmt: skip


def _copy(record: ControlledCopy) -> Sheet:
    moves = [[_day(one.stamped_at), one.to_status, str(one.actor), one.reason] for one in transitions_of(record)]
    return Sheet(
        str(record),
        record.revision.title,
        [(_("For"), record.holder), (_("Printed by"), str(record.issued_by)), (_("Printed at"), _day(record.issued_at)),
         (_("Valid until"), _day(record.valid_until)), (_("SHA-256 of the file"), record.sha256 or "–")],
        tables=[(_("Whereabouts"), [_("When"), _("State"), _("By"), _("Reason")], moves)],
    )  # fmt: skip


def _external(record: ExternalDocument) -> Sheet:
    checks = [
        [_day(one.stamped_at), one.latest_edition, one.used_edition, one.source, str(one.actor), one.conclusion]
        for one in checks_of(record)
    ]
    heads = [_("When"), _("Latest edition"), _("Edition in use"), _("Found at"), _("By"), _("Conclusion")]
    return Sheet(
        record.number,
        record.title,
        [(_("Publisher"), record.publisher), (_("Edition in use"), record.edition), (_("Kept at"), record.place or "–"),
         (_("Owner"), str(record.owner)), (_("Next check"), _day(record.next_check_on))],
        tables=[(_("Checks"), heads, checks)],
    )  # fmt: skip


def _hold(record: LegalHold) -> Sheet:
    return Sheet(
        record.document.number,
        record.document.title,
        [(_("Reason"), record.reason), (_("Placed by"), str(record.placed_by)),
         (_("Placed at"), _day(record.placed_at)),
         (_("Released by"), str(record.released_by or "–")), (_("Released at"), _day(record.released_at))],
    )  # fmt: skip


SHEETS: Mapping[type[Model], Callable[[Any], Sheet]] = MappingProxyType(
    {
        DocumentRevision: _revision,
        FilledForm: _filled,
        PeriodicReview: _review,
        ControlledCopy: _copy,
        ExternalDocument: _external,
        LegalHold: _hold,
    }
)
BY_NAME: Mapping[str, type[Model]] = MappingProxyType({str(model._meta.model_name): model for model in SHEETS})


@service
def request_sealed_pdf(*, record: Model, actor: Any, reason: str = "") -> BackgroundJob:
    """Have a record rendered and sealed by a worker; the same content again is the same print."""
    require(actor, view_permission(type(record)), record)
    kind = str(record._meta.model_name)
    return enqueue(
        SEAL_JOB,
        actor=actor,
        subject=record,
        title=_("Seal %(record)s as PDF") % {"record": record},
        unique_key=f"{SEAL_JOB} {kind} {record.pk}",
        kind=kind,
        record_id=record.pk,
    )


def seal_record(kind: str, record_id: int, job: JobHandle) -> PrintedRecord:
    """Render and seal a record; its data is attached."""
    model = BY_NAME[kind]
    record = model._base_manager.get(pk=record_id)
    sheet = SHEETS[model](record)
    signatures = manifest(record) if getattr(record, "closure", None) is not None else []
    return print_record(
        record,
        template="qms/documents/print/record.html",
        context={"sheet": sheet, "signatures": signatures},
        data={
            "kind": kind,
            "number": sheet.number,
            "title": sheet.title,
            "status": str(getattr(record, "status", "")),
            "facts": [[label, value] for label, value in sheet.facts],
            "text": str(getattr(record, "body", "")),
            "tables": [[title, heads, rows] for title, heads, rows in sheet.tables],
            "signatures": [
                [one.signature.meaning, one.signature.printed_name, one.signature.signed_at.isoformat(), one.intact]
                for one in signatures
            ],
        },
        actor=job.actor,
        kind=f"document-{kind}",
        kind_label=capfirst(str(model._meta.verbose_name)),
        number=sheet.number,
        title=sheet.title,
        job=job,
    )
