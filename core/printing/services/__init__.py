"""Printing a record: rendered once, sealed once, stored once."""

from __future__ import annotations

import datetime as dt
import hashlib
import mimetypes
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.staticfiles import finders
from django.db import IntegrityError, connection, models
from django.db.models import Max
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _

from core.files import blobs
from core.files.models import Attachment
from core.files.queries import site_of
from core.jobs.services import JobHandle
from core.kernel.clock import now
from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.kernel.records import subject_ref
from core.printing.barcodes import Barcode, qr
from core.printing.documents import DataFile, Refused, Source
from core.printing.models import PrintedRecord, new_token
from core.printing.queries import public_address
from core.printing.seal import SealKey, seal_key, seal_pdf
from core.signing.queries import canonical_json
from core.trail.queries import newest_head
from core.trail.services import note
from core.web.access import Forbidden
from core.web.context import SITE_KEY, shell_of
from core.web.markup import number, site_time
from core.web.views import ListPage

Text = str | Promise


class PrintingFailed(Exception):
    """The file that was made is not the file that was meant; it is not stored."""


@dataclass(frozen=True)
class Shell:
    """What the shell of a sealed record shows; `printed` in its templates."""

    kind: str
    kind_label: str
    number: str
    title: str
    state: str
    tone: str
    edition: int
    token: str
    content_sha256: str
    certificate: str
    organization: str
    site_name: str
    zone: str
    by: str
    at: dt.datetime
    language: str
    paper: str
    head: dict[str, Any] | None
    """Number, head and time of the newest seal of the trail; None before the first."""

    @property
    def data_name(self) -> str:
        """The name of the attached data."""
        return "record.json"

    @property
    def verify_url(self) -> str:
        """The public page about this print."""
        return public_address(self.token)

    @property
    def qr(self) -> Barcode:
        """The address of the public page as QR code."""
        return qr(self.verify_url)


def print_record(
    record: models.Model,
    *,
    template: str,
    context: dict[str, Any],
    data: Any,
    actor: Any,
    kind: str = "",
    kind_label: Text = "",
    number: str = "",
    title: Text = "",
    edition: int | None = None,
    job: JobHandle | None = None,
) -> PrintedRecord:
    """Render, seal and store a record as PDF with `data` attached; the same data again returns the stored print.

    `data` is what identifies the content, so it holds nothing that differs between two prints of the same record
    (no time of printing). Where `edition` is given it identifies the print instead: that edition is made once, whatever
    the data says later; PostgreSQL decides between two made at the same time. Call it from a job, outside a
    transaction: rendering takes seconds, and an open transaction would hold up the sealing of the trail. Raises
    `PrintingFailed` when the finished file does not verify, and
    `weasyprint.urls.FatalURLFetchingError` when the template asks for anything but its own pictures.
    """
    from core.printing.render import page_count, render_pdf  # noqa: PLC0415 - loads WeasyPrint
    from core.printing.verify import verify_pdf  # noqa: PLC0415 - the same for pyHanko

    content = canonical_json(data)
    content_sha256 = hashlib.sha256(content).hexdigest()
    kind = kind or str(record._meta.model_name)
    same: dict[str, Any] = {"content_sha256": content_sha256} if edition is None else {"edition": edition}
    known = _stored(record, kind, **same)
    if known is not None:
        return known
    key = seal_key(Path(settings.TRUELINE_KEY_DIR), at=now(), organization=settings.TRUELINE_ORGANIZATION)
    shell = _shell(record, kind, kind_label, number, title, content_sha256, key, actor, edition)
    html = render_to_string(template, {**context, "record": record, "printed": shell})
    pdf = render_pdf(
        html,
        source=Source(_static, _attached),
        created=shell.at,
        data=[
            DataFile(shell.data_name, content, description=_("The data of this record")),
            DataFile("seal.json", canonical_json(shell.head), description=_("The newest seal of the trail")),
        ],
        progress=_progress(job),
    )
    sealed = seal_pdf(pdf, key, reason=_("Sealed record"), location=shell.site_name)
    verdict = verify_pdf(sealed, [key.chain])
    if not verdict.is_good or verdict.sealed_at is None:
        raise PrintingFailed("; ".join(verdict.problems))
    blob = blobs.store([sealed])
    try:
        return store_printed_record(
            record=record, shell=shell, blob=blob, pages=page_count(sealed), sealed_at=verdict.sealed_at,
            job_id=job.id if job else None, actor=actor,
        )  # fmt: skip
    except IntegrityError:
        # Another worker printed the same content meanwhile: one file is enough, and theirs is stored.
        known = None if connection.in_atomic_block else _stored(record, kind, **same)
        if known is None:
            raise
        return known


@service
def store_printed_record(
    *, record: models.Model, shell: Shell, blob: blobs.Blob, pages: int, sealed_at: dt.datetime,
    job_id: int | None, actor: Any,
) -> PrintedRecord:  # fmt: skip
    """Record the stored file as the sealed print of a record, and note the printing in its trail."""
    printed = PrintedRecord.objects.create(
        site=site_of(record),
        kind=shell.kind,
        kind_label=shell.kind_label,
        edition=shell.edition,
        number=shell.number,
        title=shell.title,
        state=shell.state,
        token=shell.token,
        sha256=blob.sha256,
        size=blob.size,
        pages=pages,
        content_sha256=shell.content_sha256,
        sealed_at=sealed_at,
        certificate_fingerprint=shell.certificate,
        job_id=job_id,
        **subject_ref(record),
    )
    note(
        kind="printed", actor=actor, subject=record, text=str(printed),
        data={"printed_record": printed.pk, "sha256": printed.sha256},
    )  # fmt: skip
    return printed


def render_sheet(template: str, context: dict[str, Any], *, title: Text) -> bytes:
    """A PDF that is no record (barcode sheet, labels): neither sealed nor stored."""
    from core.printing.render import render_pdf  # noqa: PLC0415 - loads WeasyPrint

    language = translation.get_language() or settings.LANGUAGE_CODE
    moment = now()
    html = render_to_string(
        template,
        {**context, "title": title, "language": language, "printed_at": moment, "paper": settings.TRUELINE_PAPER},
    )
    return render_pdf(html, source=Source(_static, _attached), created=moment)


def list_seen_by(user: Any, *, path: str, query: str, site_id: int | None) -> ListPage:
    """The list at an address as a person sees it now. `Blocked` when they may see it no longer."""
    try:
        return ListPage.opened(path=path, query=query, user=user, session={SITE_KEY: site_id})
    except (LookupError, Forbidden):
        raise Blocked(
            Blocker(
                "list_not_visible",
                _("You may no longer see this list."),
                remedy=_("Ask for the permission, then print it again."),
            )
        ) from None


def list_pdf(page: ListPage, *, progress: Callable[[int, int], None] | None = None) -> bytes:
    """All filtered rows of a list as a PDF that is no record: what it shows, for whom, when, and the rows."""
    from core.printing.render import render_pdf  # noqa: PLC0415 - loads WeasyPrint

    rows = page.exported(page.rows.order_by(*page.ordering(), "pk"))
    header = next(rows)
    shell = shell_of(page.request)
    title, language = page.page_title(), translation.get_language() or settings.LANGUAGE_CODE
    active = [(label, shown) for _name, label, shown in page.filters.active] if page.filters is not None else []
    if page.words:
        active.insert(0, (_("Search"), page.words))
    html = render_to_string(
        "core/printing/list.html",
        {
            "title": title,
            "language": language,
            "printed_at": now().astimezone(shell.zone),
            "printed_by": page.request.user,
            "organization": settings.TRUELINE_ORGANIZATION,
            "paper": settings.TRUELINE_PAPER,
            "filters": active,
            "header": header,
            "rows": [[_printed_value(value, shell.zone) for value in row] for row in rows],
        },
    )
    return render_pdf(html, source=Source(_static, _attached), created=now(), progress=progress)


def list_file_name(page: ListPage) -> str:
    """The name under which a printed list is handed out."""
    return f"{slugify(str(page.page_title())) or 'list'}-{now():%Y%m%d-%H%M}.pdf"


def _printed_value(value: Any, zone: dt.tzinfo) -> str:
    if isinstance(value, dt.datetime):
        return strip_tags(site_time(value, zone))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "" if value is None else number(value)


@service
def note_download(*, printed: PrintedRecord, actor: Any) -> None:
    """Note in the record's trail that its sealed file was handed out."""
    note(
        kind="exported", actor=actor, subject=printed.subject, text=_("Downloaded: %(print)s") % {"print": printed},
        data={"printed_record": printed.pk, "sha256": printed.sha256},
    )  # fmt: skip


def _stored(record: models.Model, kind: str, **same: Any) -> PrintedRecord | None:
    return PrintedRecord.objects.filter(
        subject_type=ContentType.objects.get_for_model(record), subject_id=record.pk, kind=kind, **same
    ).first()


def _shell(
    record: models.Model, kind: str, kind_label: Text, number: str, title: Text,
    content_sha256: str, key: SealKey, actor: Any, edition: int | None,
) -> Shell:  # fmt: skip
    subject = ContentType.objects.get_for_model(record)
    last = PrintedRecord.objects.filter(subject_type=subject, subject_id=record.pk, kind=kind).aggregate(Max("edition"))
    site = site_of(record)
    lifecycle = getattr(record, "lifecycle", None)
    state = lifecycle.state(record.status) if lifecycle is not None else None  # type: ignore[attr-defined]
    return Shell(
        kind=kind,
        kind_label=str(kind_label) or capfirst(str(record._meta.verbose_name)),
        number=number or str(getattr(record, "number", "") or record),
        title=str(title),
        state=str(state.label) if state else "",
        tone=state.tone if state else "neutral",
        edition=edition or (last["edition__max"] or 0) + 1,
        token=new_token(),
        content_sha256=content_sha256,
        certificate=key.chain.fingerprint,
        organization=settings.TRUELINE_ORGANIZATION,
        site_name=site.name if site else "",
        zone=site.time_zone if site else "UTC",
        by=str(actor),
        at=now().replace(microsecond=0),
        language=translation.get_language() or settings.LANGUAGE_CODE,
        paper=settings.TRUELINE_PAPER,
        head=newest_head(),
    )


def _progress(job: JobHandle | None) -> Callable[[int, int], None] | None:
    if job is None:
        return None

    def tell(done: int, total: int) -> None:
        job.progress(done, total + 1, _("Rendered part %(done)d of %(total)d") % {"done": done, "total": total})

    return tell


def _static(path: str) -> tuple[bytes, str]:
    """A static file by its name in the source tree (not the hashed copy that browsers get)."""
    found = finders.find(path)
    if not isinstance(found, str):
        raise Refused(path)
    return Path(found).read_bytes(), mimetypes.guess_type(found)[0] or "application/octet-stream"


def _attached(sha256: str) -> tuple[bytes, str]:
    """The bytes of an attachment, checked against their address."""
    attachment = Attachment.objects.filter(sha256=sha256).first()
    if attachment is None:
        raise Refused(sha256)
    return blobs.load(sha256), attachment.media_type
