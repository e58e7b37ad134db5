"""Imports that are too large for a request."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from core.files import blobs, waiting
from core.jobs.services import JobFailed, JobHandle
from core.kernel.wiring import job
from core.organization.models import Site
from integrations.models import ImportBatch
from integrations.services import IMPORT_JOB, import_records
from integrations.services.mapping import MappingError

REPORT_BYTES = 200 * 1024 * 1024
"""More than the verdicts of the largest file take."""


@job(IMPORT_JOB)
def import_in_the_background(
    *,
    job: JobHandle,
    kind: str,
    sha256: str,
    file_name: str,
    mapping: str,
    site_id: int | None,
    apply: bool,
    reason: str,
) -> None:
    """The dry run, or the import; its report waits for a day, as the file does."""
    # A worker that died after the import, before it said so: what it imported is the result.
    done = ImportBatch.objects.filter(
        actor=job.actor, kind=kind, file_sha256=sha256, stamped_at__gte=job.job.created_at
    ).first()
    if apply and done is not None:
        job.result_page(done.get_absolute_url())
        return
    job.progress(0, 0, _("Every row is checked, then all are written or none."))
    try:
        report = import_records(
            kind=kind,
            data=waiting.load(sha256),
            file_name=file_name,
            mapping=mapping,
            site=None if site_id is None else Site.objects.get(pk=site_id),
            dry_run=not apply,
            reason=reason,
            actor=job.actor,
        )
    except MappingError as problem:
        raise JobFailed(str(problem)) from problem
    except (blobs.BlobMissing, blobs.BlobDamaged) as gone:
        raise JobFailed(_("The file is no longer there. Choose it again.")) from gone
    if report.batch is not None:
        job.result_page(report.batch.get_absolute_url())
        return
    kept = waiting.keep([json.dumps(report.as_dict()).encode()], limit=REPORT_BYTES)
    page = reverse("integrations:importbatch_create")
    job.result_page(f"{page}?{urlencode({'job': job.id, 'report': kept})}")
