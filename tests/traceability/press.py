"""People and helpers of the tests of labels: who writes templates, who approves them, who prints."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from core.jobs.models import BackgroundJob
from core.jobs.services import run_job
from core.kernel.errors import Blocked
from core.lifecycle.services import perform
from core.organization.models import Site, User
from core.printing.models import Printer, PrintJob
from core.printing.services.printers import create_printer
from tests.support.people import make_user, proof
from tests.support.printer import FakePrinter
from tests.traceability.world import World, make_world
from traceability import services
from traceability.models import Label, LabelTemplate, Lot, Material

GTIN = "09506000134352"
SEE = tuple(
    f"traceability.view_{name}"
    for name in ("lot", "serializedunit", "material", "storagelocation", "labeltemplate", "label")
)
JOBS = ("core_printing.view_printjob", "core_printing.handle_printjob", "core_printing.view_printer")
WRITE, APPROVE = "traceability.change_labeltemplate", "traceability.approve_labeltemplate"
PRINT, RECONCILE = "traceability.print_label", "traceability.reconcile_label"


@dataclass
class Press:
    """A world with somebody who writes templates, somebody who approves, and somebody who prints."""

    world: World
    writer: User
    approver: User
    printing: User

    @property
    def site(self) -> Site:
        return self.world.site


def make_press() -> Press:
    world = make_world()
    site = world.site
    return Press(
        world,
        make_user(site=site, permissions=(*SEE, WRITE, APPROVE)),
        make_user(site=site, permissions=(*SEE, WRITE, APPROVE, RECONCILE, "core_printing.view_printjob")),
        make_user(site=site, permissions=(*SEE, *JOBS, PRINT)),
    )


def drafted(press: Press, standard: str = "lot-100x50", **values: Any) -> LabelTemplate:
    made = {"site": None, "code": standard.upper(), "name": "Label", "standard": standard, **values}
    return services.create_label_template(**made, actor=press.writer)


def approved(press: Press, template: LabelTemplate) -> LabelTemplate:
    return perform(template, "make_effective", actor=press.approver, signature=proof(press.approver, "approved"))


def in_force(press: Press, standard: str = "lot-100x50", **values: Any) -> LabelTemplate:
    return approved(press, drafted(press, standard, **values))


def printed(press: Press, *records: Any, **values: Any) -> PrintJob:
    return services.print_labels(records=list(records), actor=values.pop("actor", press.printing), **values)


def printer_of(press: Press, device: FakePrinter) -> Printer:
    return create_printer(
        site=press.site, code="P1", name="Packing", address="127.0.0.1", port=device.port, actor=press.world.system
    )


def sent(job: PrintJob) -> PrintJob:
    run_job(BackgroundJob.objects.filter(subject_id=job.pk, handler="core_printing.send").latest("pk").pk)
    return PrintJob.objects.get(pk=job.pk)


def refused_with(*codes: str) -> Any:
    class Refusal:
        def __enter__(self) -> None:
            self.before = self.kept()

        def __exit__(self, kind: Any, error: Any, _trace: Any) -> bool:
            assert isinstance(error, Blocked), error or "it was not refused"
            assert error.codes == codes and self.kept() == self.before
            return True

        def kept(self) -> list[Any]:
            states = LabelTemplate.objects.order_by("pk").values_list("pk", "status", "row_version")
            return [list(states), Label.objects.count(), PrintJob.objects.count(), BackgroundJob.objects.count()]

    return Refusal()


def a_lot(press: Press, number: str = "L/2026-(7)", **values: Any) -> Lot:
    material = Material.objects.filter(gtin=GTIN).first() or press.world.material(gtin=GTIN, **values)
    return press.world.lot(0, material, number=number, expires_on=dt.date(2028, 2, 29))


FRAME = {"kind": "box", "x": 1.0, "y": 1.0, "width": 98.0, "height": 48.0, "thickness": 0.3}
PAIRS = [("01", GTIN), ("17", "280229"), ("10", "L/2026-(7)")]
