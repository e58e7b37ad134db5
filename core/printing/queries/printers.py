"""Which printer a place uses, who is handed a PDF, and the layout of a test label."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q

from core.organization.models import Site, Terminal, WorkCenter
from core.printing.labels import Box, Code, Layout, Text
from core.printing.models import Printer, PrinterDefault, PrintJob


def default_printer(
    site: Site, *, work_center: WorkCenter | None = None, terminal: Terminal | None = None
) -> Printer | None:
    """The printer in use of the terminal, else of its work center, else of the site; None where there is none."""
    center_id = terminal.work_center_id if terminal is not None else getattr(work_center, "pk", None)
    wanted = Q(site=site, work_center__isnull=True, terminal__isnull=True)
    if center_id is not None:
        wanted |= Q(work_center=center_id)
    if terminal is not None:
        wanted |= Q(terminal=terminal)
    found = list(PrinterDefault.objects.filter(wanted, printer__is_active=True).select_related("printer__site"))
    nearest = sorted(found, key=lambda use: (use.terminal_id is None, use.work_center_id is None))
    return nearest[0].printer if nearest else None


def may_fetch_document(job: PrintJob, user: Any, not_before: dt.datetime) -> bool:
    """Whether the PDF is handed out to the user: to who asked for it, at first and for some minutes afterwards."""
    if job.printer_id is not None or job.asked_by_id != user.pk:
        return False
    if job.status == "queued":
        return True
    first = job.history.filter(status="sent").order_by("history_id").first()
    return job.status == "sent" and first is not None and first.history_date >= not_before


def sample_layout(dpmm: int) -> Layout:
    """A label of 50 × 40 mm with each kind of element."""
    return Layout(
        50.0,
        40.0,
        dpmm,
        (
            Box(0.5, 0.5, 49.0, 39.0, 0.4),
            Text(2.0, 2.0, 46.0, 4.0, 3.0, field="printer", is_bold=True, shorten=True),
            Code(2.0, 8.0, 14.0, 14.0, "datamatrix", "printer"),
            Code(28.0, 8.0, 20.0, 16.0, "qr", "printer"),
            Code(1.5, 26.0, 47.0, 12.0, "code128", "printer"),
        ),
    )
