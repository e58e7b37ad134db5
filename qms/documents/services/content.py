"""The content of a revision beside its text: a file, or the fields of a form. And what is made from it."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from core.files import blobs
from core.files.models import Attachment
from core.files.services import attach
from core.jobs.services import enqueue
from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.lifecycle.services import attempt
from core.organization.services import require
from core.printing.services import render_sheet
from qms.documents.models import DocumentKind, DocumentRevision, Rendition
from qms.documents.models.renditions import INDEXED
from qms.documents.queries.filling import FIELD_KINDS
from qms.documents.queries.prose import markdown
from qms.documents.services.extracting import DOCX, PDF, TEXTS, XLSX, Unreadable, extracted, text_of_html

WRITE = "qms_documents.change_documentrevision"
RENDER_JOB = "qms_documents.render"
MOST_FIELDS = 100
_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,23}")


def _draft(revision: DocumentRevision, actor: Any) -> DocumentRevision:
    rows = DocumentRevision.objects.select_for_update(of=("self",))
    locked = rows.select_related("document__site", "file").get(pk=revision.pk)
    require(actor, WRITE, locked)
    attempt(locked, "edit", actor=actor)
    return locked


@service
def attach_content(
    *, revision: DocumentRevision, file: BinaryIO, actor: Any, name: str = "", reason: str = ""
) -> DocumentRevision:
    """Make a file the content of a draft: Word, Excel or PDF. Markdown and plain text become its text.

    Raises `Blocked` for a file of another type or one that cannot be kept. Text and PDF are made by a worker.
    """
    draft = _draft(revision, actor)
    kept = attach(file, to=draft, actor=actor, name=name, caption=_("The content"))
    if kept.media_type in TEXTS:
        draft.body, draft.file = _decoded(kept), None
    elif kept.media_type in (DOCX, XLSX, PDF):
        draft.file = kept
    else:
        raise Blocked(
            Blocker(
                "content_type",
                _("%(name)s cannot be the content of a document.") % {"name": kept.name},
                record=draft,
                remedy=_("Choose a Word (.docx), Excel (.xlsx), PDF or Markdown file."),
            )
        )
    draft.save()
    refresh_rendition(draft, actor)
    return draft


@service
def remove_content(*, revision: DocumentRevision, actor: Any, reason: str = "") -> DocumentRevision:
    """Take the file out of a draft; its text is the content again. The file stays attached."""
    draft = _draft(revision, actor)
    draft.file = None
    draft.save()
    refresh_rendition(draft, actor)
    return draft


def _decoded(kept: Attachment) -> str:
    return blobs.load(kept.sha256).decode("utf-8-sig", errors="replace").replace("\x00", "").strip()


@service
def set_form_fields(
    *, revision: DocumentRevision, fields: Sequence[Mapping[str, Any]], actor: Any, reason: str = ""
) -> DocumentRevision:
    """Say what people fill in, in this order. Raises `Blocked` with every field that cannot be."""
    draft = _draft(revision, actor)
    if draft.document.kind != DocumentKind.FORM:
        said = _("%(document)s is no form.") % {"document": draft.document}
        raise Blocked(Blocker("not_a_form", said, record=draft, remedy=_("Create a document of the kind Form.")))
    wrong: list[str] = []
    made = [_field(position, field, wrong) for position, field in enumerate(fields, start=1)]
    codes = [field["code"] for field in made]
    wrong += [_("The code %(code)s stands twice.") % {"code": code} for code in codes if codes.count(code) > 1]
    if len(made) > MOST_FIELDS:
        wrong.append(_("A form has at most %(most)d fields.") % {"most": MOST_FIELDS})
    if wrong:
        remedy = _("Correct the fields.")
        raise Blocked([Blocker("form_field", text, record=draft, remedy=remedy) for text in dict.fromkeys(wrong)])
    draft.form_fields = made or None
    draft.save()
    return draft


def _field(position: int, given: Mapping[str, Any], wrong: list[str]) -> dict[str, Any]:
    label, kind = str(given.get("label") or "").strip(), str(given.get("kind") or "")
    code = str(given.get("code") or "").strip().upper() or f"F{position}"
    choices = [word.strip() for word in str(given.get("choices") or "").split("|") if word.strip()]
    where = label or code
    if not label:
        wrong.append(_("Field %(position)d has no label.") % {"position": position})
    if not _CODE.fullmatch(code):
        wrong.append(_("“%(code)s” is no code: use letters, digits and _.") % {"code": code})
    if kind not in FIELD_KINDS:
        wrong.append(_("%(field)s: choose what kind of value it is.") % {"field": where})
    if kind == "choice" and len(choices) < 2:
        wrong.append(_("%(field)s: give at least two choices, with | between them.") % {"field": where})
    low, high = _limit(given.get("low"), where, wrong), _limit(given.get("high"), where, wrong)
    if low and high and Decimal(low) > Decimal(high):
        wrong.append(_("%(field)s: the lower limit is above the upper one.") % {"field": where})
    return {
        "code": code,
        "label": label[:160],
        "kind": kind,
        "unit": str(given.get("unit") or "").strip()[:20],
        "low": low,
        "high": high,
        "choices": choices,
        "required": bool(given.get("required", True)),
    }


def _limit(given: Any, where: str, wrong: list[str]) -> str:
    text = str(given if given is not None else "").strip().replace(",", ".")
    try:
        if text and not Decimal(text).is_finite():
            raise InvalidOperation
    except InvalidOperation:
        wrong.append(_("%(field)s: “%(text)s” is no number.") % {"field": where, "text": text})
        return ""
    return text


def source_of(revision: DocumentRevision) -> str:
    """The digest of what a rendition is made from."""
    file = revision.file.sha256 if revision.file is not None else ""
    about = "\x00".join([revision.document.number, revision.title, revision.body, file])
    return hashlib.sha256(about.encode()).hexdigest()


def refresh_rendition(revision: DocumentRevision, actor: Any, *, pdf: bool = False) -> None:
    """Have search find the revision by its present content; a worker reads files, and makes the PDF where asked."""
    values: dict[str, Any] = {"heading": f"{revision.document.number} {revision.title}", "pdf_sha256": "", "pages": 0}
    if revision.file_id is None:
        values |= {"text": text_of_html(markdown(revision.body))[:INDEXED], "problem": ""}
    values["state"] = Rendition.State.WAITING
    Rendition.objects.update_or_create(revision=revision, defaults=values)
    if revision.file_id is not None or pdf:
        enqueue(
            RENDER_JOB,
            actor=actor,
            subject=revision,
            title=_("Make text and PDF of %(revision)s") % {"revision": revision},
            revision_id=revision.pk,
        )


def make_rendition(revision: DocumentRevision) -> Rendition:
    """Read the content, make its text and its PDF, and keep both; what is made already is not made again.

    What a file holds that cannot be read becomes the rendition's problem, in words.
    """
    source = source_of(revision)
    known = Rendition.objects.filter(revision=revision).first()
    if known is not None and known.source == source and known.state == Rendition.State.DONE:
        return known
    values: dict[str, Any] = {"source": source, "heading": f"{revision.document.number} {revision.title}"}
    try:
        html, text, pdf = _read(revision)
        pdf = pdf or render_sheet(
            "qms/documents/print/rendition.html", {"revision": revision, "html": html}, title=str(revision)
        )
        values |= {"text": text[:INDEXED], "problem": "", "state": Rendition.State.DONE, **_kept(pdf)}
    except Unreadable as problem:
        values |= {"text": text_of_html(markdown(revision.body))[:INDEXED], "problem": str(problem)}
        values |= {"state": Rendition.State.FAILED, "pdf_sha256": "", "pages": 0}
    return Rendition.objects.update_or_create(revision=revision, defaults=values)[0]


def _read(revision: DocumentRevision) -> tuple[str, str, bytes | None]:
    body = str(markdown(revision.body))
    if revision.file is None:
        return body, text_of_html(body), None
    data = blobs.load(revision.file.sha256)
    found = extracted(data, revision.file.media_type)
    text = f"{text_of_html(body)}\n{found.text}".strip()
    return body + found.html, text, data if revision.file.media_type == PDF else None


def _kept(pdf: bytes) -> dict[str, Any]:
    import pikepdf  # noqa: PLC0415 - needed by workers only

    try:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            pages = len(opened.pages)
    except pikepdf.PdfError as error:
        raise Unreadable(_("The PDF cannot be opened: %(error)s") % {"error": error}) from error
    return {"pdf_sha256": blobs.store([pdf]).sha256, "pages": pages}
