"""Every "may not, because" about what is sent to printers."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from core.printing.models import PrintJob


@guard("core_printing.PrintJob", "retry", title=gettext_lazy("A reason where it may have been printed already"))
def second_print_has_a_reason(record: PrintJob, deed: Deed) -> Iterator[Blocker]:
    """Nothing is printed twice without saying so."""
    if record.may_have_printed and not deed.reason.strip():
        yield Blocker(
            "second_print",
            _("Some of “%(title)s” may have been printed already; sent again, it may come out twice.")
            % {"title": record},
            record=record,
            remedy=_("Look at the printer, destroy what came out, and write why it is sent again."),
        )


@guard("core_printing.PrintJob", "retry", title=gettext_lazy("To a printer in use"))
def printer_is_in_use(record: PrintJob, deed: Deed) -> Iterator[Blocker]:
    """Nothing is sent to a printer that was taken out of use; a PDF that was handed out is not sent at all."""
    if record.printer is None:
        yield Blocker(
            "no_printer",
            _("“%(title)s” was handed out as a PDF.") % {"title": record},
            record=record,
            remedy=_("Print the label again, with the reason."),
        )
    elif not record.printer.is_active:
        yield Blocker(
            "printer_not_in_use",
            _("Printer %(printer)s is not in use.") % {"printer": record.printer},
            record=record.printer,
            remedy=_("Cancel this print, and print to another printer."),
            remedy_url=record.printer.get_absolute_url(),
        )
