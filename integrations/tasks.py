"""Imports that are too large for a request."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from core.files import blobs, waiting
from core.jobs.services import JobFailed, JobHandle
from core.kernel.errors import Blocked
from core.kernel.wiring import job
from integrations.models import ImportApproval, ImportBatch
from integrations.services import IMPORT_JOB, applied, import_records
from integrations.services.dry_runs import DryRun
from integrations.services.mapping import MappingError

TOLD = 10
"""Refusals that a failed job tells of."""


@job(IMPORT_JOB)
def import_in_the_background(
    *,
    job: JobHandle,
    kind: str,
    sha256: str,
    file_name: str,
    mapping: str,
    site_id: int | None,
    approval_id: int | None,
    apply: bool,
    reason: str,
) -> None:
    """The dry run, or the import; its report waits for a day, as the file does."""
    # A worker that died after the import, before it said so: what it imported is the result.
    done = ImportBatch.objects.filter(approval=approval_id).first() if approval_id is not None else None
    if done is not None:
        job.result_page(done.get_absolute_url())
        return
    job.progress(0, 0, _("Every row is checked, then all are written or none."))
    run = DryRun(user=job.actor.pk, kind=kind, site=site_id, name=file_name, file=sha256)
    try:
        report = import_records(
            kind=kind,
            data=waiting.load(sha256),
            file_name=file_name,
            mapping=mapping,
            site=run.site_record(),
            dry_run=not apply,
            approval=None if approval_id is None else ImportApproval.objects.get(pk=approval_id),
            reason=reason,
            actor=job.actor,
        )
        if apply:
            job.result_page(applied(report).get_absolute_url())
            return
    except MappingError as problem:
        raise JobFailed(str(problem)) from problem
    except Blocked as refused:
        raise JobFailed(" ".join(f"{b.message} {b.remedy}".strip() for b in refused.blockers[:TOLD])) from refused
    except (blobs.BlobMissing, blobs.BlobDamaged) as gone:
        raise JobFailed(_("The file is no longer there. Choose it again.")) from gone
    kept = run.with_report(report.as_dict()).report
    page = reverse("integrations:importbatch_check")
    job.result_page(f"{page}?{urlencode({'job': job.id, 'report': kept})}")
