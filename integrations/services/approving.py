"""Applying what a dry run found: signed first, then written exactly so, or neither."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.jobs.models import BackgroundJob
from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.organization.models import Site
from core.signing.services import Proof, sign
from integrations.models import ImportApproval, ImportBatch
from integrations.services import import_records, is_large, prepared, request_import
from integrations.services.report import ImportReport, applied

MEANING = "approved"
"""What the signature under an import means: whoever signs answers for the rows."""


@service
def approve_import(
    *,
    kind: str,
    sha256: str,
    file_name: str,
    mapping: str,
    report: ImportReport,
    actor: Any,
    signature: Proof | None,
    site: Site | None = None,
    reason: str = "",
) -> ImportApproval:
    """Sign what a dry run found: this file, by this mapping, with these counts. Nothing is imported yet.

    Raises `Blocked` without the right or a fitting signature, and for a dry run that found errors.
    """
    chosen, parsed = prepared(kind, mapping, site, actor)
    if report.issues:
        raise Blocked(
            Blocker(
                "import_error",
                _("The dry run found errors: there is nothing to be signed."),
                remedy=_("Correct the file or the plant's records, then run the dry run again."),
            )
        )
    approval = ImportApproval.objects.create(
        site=site if chosen.needs_site else None,
        kind=kind,
        file_name=file_name[:200],
        file_sha256=sha256,
        mapping=dict(parsed.raw),
        rows=report.rows,
        **report.totals,
    )
    sign(record=approval, meaning=MEANING, signature=signature, actor=actor, reason=reason)
    return approval


@service
def apply_import(
    *,
    kind: str,
    data: bytes,
    sha256: str,
    file_name: str,
    mapping: str,
    report: ImportReport,
    actor: Any,
    signature: Proof | None,
    site: Site | None = None,
    wait: bool = False,
    reason: str = "",
) -> ImportBatch | BackgroundJob:
    """Sign what a dry run found and write it, in one transaction; a large file is written by a worker then.

    `wait`: not by a worker, however large. Raises `Blocked` as `approve_import` and `import_records` do.
    """
    asked: dict[str, Any] = {"kind": kind, "file_name": file_name, "mapping": mapping, "site": site}
    asked |= {"actor": actor, "reason": reason}
    approval = approve_import(sha256=sha256, report=report, signature=signature, **asked)
    if is_large(data) and not wait:
        return request_import(sha256=sha256, approval=approval, **asked)
    return applied(import_records(data=data, approval=approval, **asked))
