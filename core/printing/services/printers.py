"""Printers, and which one each place uses."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.organization.models import Site, Terminal, WorkCenter
from core.organization.services import require
from core.printing.labels import Encoded, Filled, place, zpl
from core.printing.models import Printer, PrinterDefault, PrintJob
from core.printing.queries.printers import sample_layout
from core.printing.services.queue import queue_print
from core.printing.services.sending import against_address


def _refuse(code: str, message: str, remedy: str, record: Any = None) -> Blocked:
    return Blocked(Blocker(code, message, record=record, remedy=remedy))


def _require_address(address: str, port: int) -> None:
    problem = against_address(address, port)
    if problem:
        raise _refuse("printer_address", problem, _("Give the printer's own address; ask who runs the network."))


@service
def create_printer(
    *, site: Site, code: str, name: str, address: str, actor: Any, port: int = 9100, dpmm: int = 8
) -> Printer:
    """Set up a label printer. Raises `Blocked` for a code that is taken and an address outside the networks."""
    require(actor, "core_printing.change_printer", site)
    if Printer.objects.filter(site=site, code=code).exists():
        said = _("There is a printer %(code)s at this site already.") % {"code": code}
        raise _refuse("taken", said, _("Choose another code."))
    _require_address(address, port)
    printer = Printer(site=site, code=code, name=name, address=address, port=port, dpmm=dpmm)
    printer.save()
    return printer


@service
def change_printer(
    *, printer: Printer, name: str, address: str, port: int, dpmm: int, is_active: bool, actor: Any, reason: str
) -> Printer:
    """Change a printer. Raises `Blocked` for an address outside the printers' networks."""
    require(actor, "core_printing.change_printer", printer)
    _require_address(address, port)
    printer = Printer.objects.select_for_update(of=("self",)).select_related("site").get(pk=printer.pk)
    printer.name, printer.address, printer.port = name, address, port
    printer.dpmm, printer.is_active = dpmm, is_active
    printer.save()
    return printer


@service
def use_printer(
    *, printer: Printer, actor: Any, work_center: WorkCenter | None = None, terminal: Terminal | None = None,
    reason: str = "",
) -> PrinterDefault:  # fmt: skip
    """Let a terminal, a work center or, with neither, the whole site print to this printer from now on.

    Raises `Blocked` for a place of another site and a printer that is not in use.
    """
    require(actor, "core_printing.change_printer", printer)
    center = terminal.work_center if terminal is not None else work_center
    if center is not None and center.area.site_id != printer.site_id:
        said = _("%(place)s is not at %(site)s, where the printer stands.")
        raise _refuse("site", said % {"place": terminal or center, "site": printer.site}, _("Choose a place there."))
    if not printer.is_active:
        said = _("Printer %(printer)s is not in use.") % {"printer": printer}
        raise _refuse("printer_not_in_use", said, _("Put it into use first."), printer)
    place_given = {"work_center": None if terminal is not None else work_center, "terminal": terminal}
    rows = PrinterDefault.objects.select_for_update(of=("self",)).filter(site=printer.site, **place_given)
    known = rows.first() or PrinterDefault(site=printer.site, **place_given)
    known.printer = printer
    known.save()
    return known


@service
def end_printer_use(*, use: PrinterDefault, actor: Any, reason: str = "") -> Printer:
    """The place has no printer of its own any more; its history stays."""
    require(actor, "core_printing.change_printer", use)
    printer = use.printer
    use.delete()
    return printer


@service
def print_test_label(*, printer: Printer, actor: Any) -> PrintJob:
    """Queue a label that says which printer it is and shows what it can: letters, lines and the three symbols."""
    require(actor, "core_printing.change_printer", printer)
    # The bars say its key: codes of sites and printers may be longer than fits.
    filled = Filled({"printer": str(printer)}, {"printer": Encoded(f"P{printer.pk}")})
    layout = sample_layout(printer.dpmm)
    document = zpl(place(layout, filled))
    title = _("Test label of %(printer)s") % {"printer": printer}
    return queue_print(
        site=printer.site, subject=printer, title=title, document=document, labels=1, printer=printer, actor=actor
    )
