"""Reading sealed records: those of a record, those a person may see, and the verdict on a file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from core.files.queries import may_see_record
from core.organization.queries import may, scoped
from core.printing.models import PrintedRecord
from core.printing.queries.printers import default_printer, may_fetch_document
from core.printing.seal import Chain, known_chains

if TYPE_CHECKING:
    from core.printing.verify import Verdict

__all__ = [
    "FileVerdict",
    "chains",
    "default_printer",
    "is_latest",
    "is_page_of_ours",
    "judge_file",
    "may_fetch_document",
    "may_see",
    "printed_for",
    "prints_of",
    "public_address",
]

VIEW = "core_printing.view_printedrecord"


def prints_of(record: models.Model) -> list[PrintedRecord]:
    """The sealed editions of a record, newest first."""
    kind = ContentType.objects.get_for_model(record)
    return list(
        PrintedRecord.objects.filter(subject_type=kind, subject_id=record.pk).select_related("actor").order_by("-id")
    )


def printed_for(user: Any) -> models.QuerySet[PrintedRecord]:
    """Every sealed record of the sites where the user may see them all."""
    return scoped(PrintedRecord.objects.select_related("site", "actor"), user, VIEW).order_by("-id")


def may_see(user: Any, printed: PrintedRecord) -> bool:
    """Whether the user may see a sealed record: by the right to all of the site's, or to the record it tells of."""
    return may(user, VIEW, printed) or may_see_record(user, printed.subject)


def chains() -> list[Chain]:
    """The certificates of this installation: the active one and every retired one."""
    return known_chains(Path(settings.TRUELINE_KEY_DIR))


@dataclass(frozen=True)
class FileVerdict:
    """What this installation says about a file somebody holds."""

    is_good: bool
    summary: str
    problems: tuple[str, ...] = ()
    record: PrintedRecord | None = None
    sha256: str = ""
    seal: Verdict | None = None


def judge_file(content: bytes, *, expected: PrintedRecord | None = None) -> FileVerdict:
    """Compare a file with the sealed records of this installation; `expected` is the one its page stands for.

    The hash decides which record it is, the seal whether it is one of ours at all, and both must agree.
    """
    from core.printing.verify import verify_pdf  # noqa: PLC0415 - loads pyHanko, needed only here

    sha256 = hashlib.sha256(content).hexdigest()
    seal = verify_pdf(content, chains())
    found = PrintedRecord.objects.filter(sha256=sha256).select_related("site").first()
    if found is not None and not seal.is_good:
        return FileVerdict(
            False, _("The file is stored here, but its seal does not verify."), seal.problems, found, sha256, seal
        )
    if found is None:
        summary = (
            _("The seal is ours and intact, but no record with this content is stored here.")
            if seal.is_good
            else _("This is not a file that was sealed here, or it was changed afterwards.")
        )
        return FileVerdict(False, summary, seal.problems, None, sha256, seal)
    if expected is not None and found.pk != expected.pk:
        return FileVerdict(
            False,
            _("This is a genuine sealed record, but another one: %(other)s, not %(this)s.")
            % {"other": found, "this": expected},
            (), found, sha256, seal,
        )  # fmt: skip
    return FileVerdict(True, _("This file is exactly the record that was sealed here."), (), found, sha256, seal)


def is_latest(printed: PrintedRecord) -> bool:
    """Whether no later edition of the same print exists."""
    return not PrintedRecord.objects.filter(
        subject_type=printed.subject_type_id,
        subject_id=printed.subject_id,
        kind=printed.kind,
        edition__gt=printed.edition,
    ).exists()


def public_address(token: str) -> str:
    """The public page about a print, as its QR code says it."""
    return f"{settings.TRUELINE_PUBLIC_URL}/v/{token}/"


def is_page_of_ours(path: str) -> bool:
    """Whether a path leads to a page of this installation; what it shows to whom is that page's own question."""
    try:
        resolve(path)
    except Resolver404:
        return False
    return path.startswith("/") and not path.startswith("//")
