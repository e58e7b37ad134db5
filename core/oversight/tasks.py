"""What the workers do for those who watch over the system."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from celery import shared_task
from django.conf import settings
from django.utils.translation import gettext as _

from core.jobs.services import JobHandle
from core.kernel.clock import now
from core.kernel.wiring import job
from core.organization.services import system_user
from core.oversight.services import (
    MAIL_JOB,
    MEDIA_TYPES,
    ask_for_due_reviews,
    csv_of,
    json_of,
    note_trail_export,
    send_test_mail,
    told_entries,
)
from core.trail.queries.browsing import Search
from core.trail.queries.telling import Told
from core.web.markup import number


@job("core_oversight.export_trail")
def export_trail(*, job: JobHandle, search: dict[str, Any], format: str) -> None:
    """Write every entry that fits into a file, with the rights that the person has now; keep its digest."""
    site = job.actor.home_site
    zone = ZoneInfo(site.time_zone if site is not None else settings.TIME_ZONE)
    rows = 0

    def counted() -> Iterator[Told]:
        nonlocal rows
        for part in told_entries(job.actor, Search.of(search), zone):
            yield from part
            rows += len(part)
            job.progress(rows, 0, _("%(count)s entries") % {"count": number(rows)})

    lines = csv_of(counted()) if format == "csv" else json_of(counted(), actor=job.actor, search=search)
    name = f"trail-{now():%Y%m%d-%H%M}.{format}"
    sha256 = job.result_of((line.encode() for line in lines), name, MEDIA_TYPES[format])
    note_trail_export(actor=job.actor, search=search, format=format, rows=rows, sha256=sha256, job=job.id)
    job.log(_("%(count)s entries, SHA-256 %(digest)s") % {"count": number(rows), "digest": sha256})


@job(MAIL_JOB)
def test_mail(*, job: JobHandle, address: str) -> None:
    """Send the test mail and say what the server answered."""
    send_test_mail(address)
    job.log(_("The mail server took it. Look whether it arrives, also among unwanted mail."))


@shared_task(name="core.oversight.ask_for_reviews", ignore_result=True)  # type: ignore[untyped-decorator]
def ask_for_reviews() -> None:
    """Ask for the access reviews that fall due (beat, every hour)."""
    ask_for_due_reviews(actor=system_user("access-review"))
