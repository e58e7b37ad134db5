"""The order story as programs drive it through the API: released, made, decided, released, rendered; and an import.

Each step that was answered is acknowledged: its deed must be there exactly once, whatever was killed on the way. A step
that was not answered may have been done, once, or not at all.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.test import override_settings

from config import settings as product
from core.jobs.models import BackgroundJob
from core.lifecycle.models import Transition
from core.organization.models import User
from core.organization.queries import permissions_of
from core.organization.services import api, people
from core.printing.models import PrintedRecord
from integrations.models import ImportBatch
from mes.execution.models import DataRecord, OperationRun, OrderOperation, Output, ProductionOrder
from mes.production_record.models import ProductionRecord
from qms.nonconformance.models import NonConformance
from tests.faults.client import Program, Told
from tests.faults.house import until
from tests.mes.execution.floor import Floor, make_floor
from tests.mes.production_record.story import REVIEWER, decide
from tests.mes.production_record.story import Story as Decided
from tests.support.people import grant, make_user
from traceability.models import Lot, SerializedUnit, UnitOfMeasure

MAKE = "core_organization.create_apitoken"
SECRET = "a-long-enough-secret"
AT = "mes/execution/order-operations/"
RENDERED_WITHIN = 240.0
DOORS = {
    "create": "/production-orders/ ",
    "release": "/release/",
    "start": "/start/",
    "report": "/report-output/",
    "complete first": "/complete/",
    "record out of limit": "/record-value/",
    "start last": "/start/",
    "finish out of limit": "/finish-unit/",
    "complete": "/complete/",
    "release lot": "/release/",
    "render": "queue mes_production_record.print",
    "import": "/imports/ ",
}
"""A part of the name of the door that each step's deed comes through."""
COMMITS = {"release lot": 2, "import": 2}
"""Which commit is the deed's own where there are more: the attempt to sign is counted in one before it."""
_numbers = itertools.count(1)


@dataclass
class Site:
    """The floor, the people, and their programs."""

    floor: Floor
    reviewer: User
    reader: User
    """Who signs what is imported."""
    planner: Program
    operator: Program
    quality: Program
    importer: Program
    told: Told


def make_site(port: int) -> Site:
    """A floor whose people have programs."""
    floor, told = make_floor(serials=0), Told()
    reviewer = make_user(site=floor.site, permissions=(*REVIEWER, "core_printing.view_printedrecord"))
    rights = ("integrations.view_importbatch", "integrations.apply_importbatch")
    importer = make_user(site=floor.site, permissions=rights)
    with override_settings(PASSWORD_HASHERS=product.PASSWORD_HASHERS):  # the house that is killed is the product's
        for signer in (reviewer, importer):
            people.set_first_password(user=signer, password=SECRET, actor=floor.world.system, reason="test")
            people.change_own_password(password=SECRET, actor=signer)
            signer.refresh_from_db()
    floor.lot(floor.parts[0], 100_000)

    def program(user: User) -> Program:
        grant(user, floor.site, MAKE)
        secret = api.create_token(name="faults", permissions=permissions_of(user), days=1, actor=user)[1]
        return Program(port, secret, told)

    planner, operator, quality, nightly = map(program, (floor.planner, floor.operator, reviewer, importer))
    return Site(floor, reviewer, importer, planner, operator, quality, nightly, told)


@dataclass
class Story:
    """One order; `acknowledged` are the steps that were answered."""

    site: Site
    number: int = field(default_factory=lambda: next(_numbers))
    acknowledged: set[str] = field(default_factory=set)
    order: dict[str, Any] = field(default_factory=dict)
    first: int = 0
    last: int = 0

    def take(self, step: str) -> None:
        """Do one step, as often as it takes to be answered."""
        doing: Callable[[], None] = getattr(self, "do_" + step.replace(" ", "_"))
        doing()
        self.acknowledged.add(step)

    def do_create(self) -> None:
        floor = self.site.floor
        body: dict[str, Any] = {"site": floor.site.pk, "material": floor.product.pk, "quantity": 1, "priority": 5}
        body |= {"due_on": self.due_on.isoformat()}
        self.order = self.site.planner.post("mes/execution/production-orders/", body)

    def do_release(self) -> None:
        address = f"mes/execution/production-orders/{self.order['id']}/"
        self.order = self.site.planner.post(f"{address}release/", version=self.order["version"])
        rows = self.site.planner.get(f"{address}operations/")["results"]
        self.first, self.last = (row["operation"]["id"] for row in rows)

    def do_start(self) -> None:
        self.site.operator.post(f"{AT}{self.first}/start/")

    def do_report(self) -> None:
        self.site.operator.post(f"{AT}{self.first}/report-output/", {"good": 1, "scrap": 0})

    def do_complete_first(self) -> None:
        self.site.operator.post(f"{AT}{self.first}/complete/", {"explanation": ""})

    def do_start_last(self) -> None:
        self.site.operator.post(f"{AT}{self.last}/start/")

    def do_record_out_of_limit(self) -> None:
        body = {"data_point": self.site.floor.torque.pk, "value": "12.5"}
        self.site.operator.post(f"{AT}{self.last}/record-value/", body)

    def do_finish(self, value: str = "11.0") -> None:
        floor = self.site.floor
        body = {
            "serial": self.serial, "components": floor.lot(floor.parts[0]).number, f"value-{floor.torque.pk}": value,
        }  # fmt: skip
        self.site.operator.post(f"{AT}{self.last}/finish-unit/", body)

    def do_finish_out_of_limit(self) -> None:
        self.do_finish("12.5")

    def do_complete(self) -> None:
        self.site.operator.post(f"{AT}{self.last}/complete/", {"explanation": ""})

    def do_release_lot(self) -> None:
        lot = self.site.quality.get(f"traceability/lots/{self.order['lot']}/")
        body = {"reason": "Complete.", "signature": signed_by(self.site.reviewer, "released")}
        self.site.quality.post(f"traceability/lots/{lot['id']}/release/", body, version=lot["version"])

    def do_render(self) -> None:
        """The worker renders by itself after the release; it is done once its file can be fetched."""
        found = self.site.quality.get(f"mes/production_record/production-records/?q={self.order['number']}")["results"]
        address = f"mes/production_record/production-records/{found[0]['id']}/editions/"
        until(lambda: self.site.quality.get(address)["results"], seconds=RENDERED_WITHIN,
              what=lambda: f"The sealed PDF ({jobs()})")  # fmt: skip

    def do_import(self) -> None:
        text = "Code,Name\n" + "".join(f"F{self.number}-{line},Unit {line}\n" for line in range(5))
        values = {"kind": "units", "mapping": "columns: {code: Code, name: Name}"}
        checked = self.site.importer.upload(
            "integrations/imports/check/", values, (f"f{self.number}.csv", text.encode())
        )
        signature = signed_by(self.site.reader, "approved")
        body = {"confirm": checked["confirm"], "reason": "Nightly", "signature": signature}
        self.site.importer.post("integrations/imports/", body)

    @property
    def due_on(self) -> dt.date:
        """By this day the order is known again, whatever was answered when it was created."""
        return dt.date(2031, 1, 1) + dt.timedelta(days=self.number)

    @property
    def serial(self) -> str:
        return f"FAULT-{self.number}"

    def decide(self) -> None:
        """Quality decides about what was out of limits; no fault strikes here."""
        order = ProductionOrder.objects.get(pk=self.order["id"])
        story = Decided(self.site.floor, self.site.reviewer, order)
        for found in NonConformance.objects.filter(source_id=self.last, status="draft"):
            decide(story, found)

    def counts(self) -> dict[str, int]:
        """How often the deed of each step is there."""
        order, first, last = int(self.order.get("id", 0)), self.first, self.last
        lot = ProductionOrder.objects.filter(pk=order).values_list("lot", flat=True).first()
        record = ProductionRecord.objects.filter(order=order).first()
        outputs = Output.objects.filter(reverses__isnull=True)
        out = DataRecord.objects.filter(order_operation=last, judgement="out")
        found = NonConformance.objects.filter(source_id=last).count()
        return {
            "create": ProductionOrder.objects.filter(due_on=self.due_on).count(),
            "release": moved(ProductionOrder, order, "release"),
            "start": OperationRun.objects.filter(order_operation=first).count(),
            "report": outputs.filter(order_operation=first).count(),
            "complete first": moved(OrderOperation, first, "complete"),
            "start last": OperationRun.objects.filter(order_operation=last).count(),
            "record out of limit": out.filter(unit__isnull=True).count(),
            "finish": self.units(outputs),
            "finish out of limit": self.units(outputs),
            "nonconformance": same(out.count(), found),
            "complete": moved(OrderOperation, last, "complete"),
            "release lot": moved(Lot, lot or 0, "release"),
            "render": PrintedRecord.objects.filter(
                kind="production-record", subject_id=record.pk if record else 0
            ).count(),
            "import": same(
                ImportBatch.objects.filter(file_name=f"f{self.number}.csv").count(),
                UnitOfMeasure.objects.filter(code__startswith=f"F{self.number}-").count() // 5,
            ),
        }

    def units(self, outputs: Any) -> int:
        """Finished units: the unit and the output that counts it."""
        made = SerializedUnit.objects.filter(serial=self.serial).count()
        return same(made, outputs.filter(order_operation=self.last).count())

    def check(self) -> int:
        """Every acknowledged deed is there exactly once, every other at most once; how many were acknowledged."""
        counts = self.counts()
        wrong = {step: count for step, count in counts.items() if step in self.acknowledged and count != 1}
        assert not wrong, f"acknowledged, yet not there exactly once ({self.order.get('number')}): {wrong}"
        twice = {step: count for step, count in counts.items() if count > 1}
        assert not twice, f"done more than once ({self.order.get('number')}): {twice}"
        return len(self.acknowledged)


def signed_by(user: User, meaning: str) -> dict[str, str]:
    """The signature as a program sends it."""
    return {"user_name": user.username, "secret": SECRET, "meaning": meaning}


def moved(model: Any, pk: int, move: str) -> int:
    """How often a record made a move."""
    return Transition.objects.filter(
        subject_type__app_label=model._meta.app_label, subject_type__model=model._meta.model_name, subject_id=pk,
        move=move,
    ).count()  # fmt: skip


def same(*counts: int) -> int:
    """The one count of what belongs together; two where a part is missing, which no step may have."""
    return counts[0] if len(set(counts)) == 1 else 2


def jobs() -> list[dict[str, Any]]:
    """How the work in the background stands."""
    return [dict(row) for row in BackgroundJob.objects.values("handler", "status", "attempts", "error", "lease_until")]


def failed_jobs() -> list[str]:
    """What the workers gave up."""
    return [f"{job}: {job.error}" for job in BackgroundJob.objects.filter(status="failed")]
