"""Printing a long list; slow, so it is a background job."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext

from core.jobs.services import JobHandle
from core.kernel.errors import Blocked, Blocker
from core.kernel.wiring import job
from core.printing.services import list_file_name, list_pdf
from core.web.access import Forbidden
from core.web.context import SITE_KEY
from core.web.views import ListPage


@job("core_printing.list")
def print_list(*, job: JobHandle, path: str, query: str, site_id: int | None, language: str) -> None:
    """Render the list as the person who asked sees it now, with their rights and in their language."""
    with translation.override(language):
        try:
            page = ListPage.opened(path=path, query=query, user=job.actor, session={SITE_KEY: site_id})
        except (LookupError, Forbidden):
            raise Blocked(
                Blocker(
                    "list_not_visible",
                    gettext("You may no longer see this list."),
                    remedy=gettext("Ask for the permission, then print it again."),
                )
            ) from None
        pdf = list_pdf(page, progress=job.progress)
        job.result(pdf, list_file_name(page), "application/pdf")
