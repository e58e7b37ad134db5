"""The one full plant: the demonstration plant, and every kind of record in every state that has a page.

It takes long to make, so a run makes it once (tests/support/mould.py) and gives each file of tests a copy of it.
`fill` adds more of everything, for tests of what a page costs when there is more to show.
"""

from __future__ import annotations

import datetime as dt
import io
import itertools
import json
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from PIL import Image

from core.files.services import attach
from core.jobs.services import enqueue
from core.kernel.clock import now
from core.kernel.deeds import acting
from core.kernel.permissions import catalogue
from core.lifecycle.services import perform
from core.organization.models import Site, User
from core.organization.services import places, system_user
from core.oversight.services import decide_lines, open_review
from core.printing.services.printers import create_printer, use_printer
from core.worklist.services import assign, comment
from core.worklist.services.filters import save_filter
from integrations.services import demo
from integrations.services.epcis import capture_document
from mes.execution import services as floor_services
from mes.execution.models import OrderOperation
from mes.instructions.models import DataPoint
from mes.production_record.models import ProductionRecord
from mes.routing import services as routings
from mes.routing.models import RoutingRevision
from mes.routing.queries import unfinished_revision
from qms.calibration import services as gauges
from qms.documents.services import create_document, revise_document
from qms.nonconformance import services as quality
from qms.nonconformance.models import DefectCode, DeviationUse, NonConformance, PlannedDeviation
from qms.risk import services as risks
from qms.training.services import create_curriculum, grant_qualification
from tests.mes.execution.floor import Floor, make_floor, put_into_force
from tests.mes.production_record.story import REVIEWER, Story
from tests.qms.calibration.lab import make_lab
from tests.qms.capa.plant import capas_everywhere
from tests.qms.changes.plant import changes_everywhere
from tests.qms.complaints.story import fill_complaints
from tests.qms.nonconformance.conftest import make_case
from tests.qms.risk.file import make_file
from tests.support import samples
from tests.support.documents import make_documents
from tests.support.pages import pages
from tests.support.people import grant, make_user, proof
from tests.support.routings import make_shop
from tests.support.seals import seal
from tests.support.stock import make_units
from tests.support.training import make_training
from tests.support.visits import session_of
from tests.traceability import goods, packing
from tests.traceability.world import World, make_world
from traceability.models import Lot, Material, PurchaseOrderLine, SerializedUnit, Shipment, ShipmentLine, StockCount
from traceability.queries import day_at, not_counted
from traceability.services import (
    add_label_element,
    add_shipment_line,
    begin_count,
    create_label_template,
    create_location,
    link,
    place_hold,
    print_labels,
    produce_stock,
    receive_lot,
    receive_ordered,
    record_count,
    retest_lot,
    return_goods,
    revise_label_template,
)

_numbers = itertools.count(1)


@dataclass
class Plant:
    """The plant; `visitor` may see and do everything in it, and has the session with the key `session`."""

    site: Site
    system: User
    visitor: User
    session: str
    operation: OrderOperation
    found: NonConformance
    draft: RoutingRevision
    folder: Path
    """Where its files lie."""
    units: list[SerializedUnit] = field(default_factory=list)

    @property
    def growing(self) -> list[models.Model]:
        """The records to which `fill` adds parts."""
        deviations = PlannedDeviation.objects.filter(site=self.site, status="approved")
        parts = [*self.counts, *packing.pallets(self.site), *deviations]
        return [self.found, self.operation, self.operation.order, self.draft, *parts]

    @property
    def counts(self) -> list[StockCount]:
        """The places that are being counted."""
        return list(StockCount.objects.filter(site=self.site, status="counting"))

    def fill(self) -> None:
        """One more of everything that pages show, and one more part of each record that has parts."""
        number = next(_numbers)
        self._masters(number)
        self._stock(number)
        self._goods(number)
        self._work(number)
        self._quality(number)

    def _masters(self, number: int) -> None:
        site, system = self.site, self.system
        area = places.create_area(site=site, code=f"X{number}", name=f"Area {number}", actor=system)
        center = places.create_work_center(area=area, code=f"XC{number}", name=f"Cell {number}", actor=system)
        places.create_terminal(work_center=center, code=f"cell-{number}", name=f"Cell {number}", actor=system)
        make_user(f"more{number}", site=site, permissions=("traceability.view_lot",))
        create_document(kind="procedure", title=f"Procedure {number}", site=site, body="Text", actor=system)
        operation = routings.add_operation(revision=self.draft, name=f"Step {number}", work_center=center, actor=system)
        routings.add_requirement(operation=operation, meaning="performed", actor=system)

    def _stock(self, number: int) -> None:
        lot = Lot.objects.get(number="LOT-000002")
        made = make_units(lot, 2, actor=self.system)
        self.units += made
        for unit in made:
            produce_stock(lot=lot, unit=unit, quantity=Decimal(1), source=None, actor=self.system)
        link(parent_lot=self._part(number), child_unit=made[0], quantity=Decimal(1), uom=lot.material.uom,
             actor=self.system)  # fmt: skip

    def _goods(self, number: int) -> None:
        line = PurchaseOrderLine.objects.select_related("order__site").get(order__number="PO-PLANT", position="P")
        receive_ordered(line=line, delivery=goods.delivered(supplier_lot=f"S-{number}"), actor=self.system)
        goods.kept_by(self.system, PurchaseOrderLine(
            order=line.order, position=str(number), material=line.material, quantity=9, due_on=line.due_on
        ))  # fmt: skip
        for went in ShipmentLine.objects.filter(shipment__customer__code="SHIP").select_related("lot"):
            return_goods(line=went, quantity=Decimal(1), reason="Dented", actor=self.system)
        part = receive_lot(
            site=self.site, material=line.material, quantity=Decimal(5), status="released", actor=self.system
        )
        draft = Shipment.objects.get(customer__code="DRAFT")
        add_shipment_line(shipment=draft, lot=part, quantity=Decimal(1), actor=self.system)
        for container in packing.pallets(self.site):
            packing.fill(container, part, self.system)
        for count in self.counts:
            record_count(count=count, lot=part, counted=Decimal(3), actor=self.system)

    def _part(self, number: int) -> Lot:
        parts = Lot.objects.filter(site=self.site, status="released", production_record__isnull=True)
        return parts.select_related("material__uom", "site").order_by("number")[number]

    def _work(self, number: int) -> None:
        anna = User.objects.get(username="anna")
        point = DataPoint.objects.get(code="BORE")
        floor_services.record_value(
            order_operation=self.operation, data_point=point, value=f"34.0{number}", reason="again", actor=anna
        )
        floor_services.complete_step(order_operation=self.operation, step=point.step, actor=anna)
        floor_services.raise_andon(
            order_operation=self.operation, category="lead", text=f"Call {number}", actor=anna
        )  # fmt: skip
        lot = self.operation.order.lot
        floor_services.report_defect(order_operation=self.operation, title=f"Defect {number}", lot=lot, actor=anna)

    def _quality(self, number: int) -> None:
        system = self.system
        item = quality.add_affected_item(
            nonconformance=self.found, lot=self._part(number + 5), quantity=Decimal(2), actor=system
        )
        for kind in ("scrap", "use_as_is"):
            quality.propose_disposition(
                item=item, kind=kind, quantity=Decimal(1), justification="It fits.", actor=system
            )
        use = DeviationUse.objects.select_related("deviation", "lot").latest("pk")
        quality.use_deviation(deviation=use.deviation, lot=use.lot, quantity=Decimal(1), actor=system)
        quality.add_photo(nonconformance=self.found, file=io.BytesIO(b"measured %d" % number), actor=system)
        for record in (self.found, self.operation.order, self.draft):
            comment(subject=record, text=f"Said {number}", actor=system)
        save_filter(name=f"Mine {number}", page="traceability:lot_list", query="status=released", actor=self.visitor)


def full_plant() -> Plant:
    """Make the plant in the present database."""
    demo.seed(lambda words: None)
    site, system = Site.objects.get(code="GRZ"), system_user("test")
    world = make_world(site=site)
    floor = make_floor(world=world)
    visitor = make_user("vera", site=site, permissions=tuple(sorted(catalogue())))
    plant = _begun(site, system, visitor)
    _production(floor)
    _released(floor)
    _quality(world, visitor)
    _around(floor, visitor)
    make_documents(world.site, visitor)
    _goods(world)
    fill_complaints(world)
    _labels(world, visitor)
    _gauges_and_risks(world)
    changes_everywhere(world)
    capas_everywhere(world)
    plant.fill()
    assert seal() is not None
    _rest(system)
    for other in Site.objects.exclude(pk=site.pk):
        grant(visitor, other, *sorted(catalogue()))
    return plant


def _begun(site: Site, system: User, visitor: User) -> Plant:
    """The records to which `fill` adds: the order that waits, begun; a nonconformance; a draft of a routing."""
    operation = OrderOperation.objects.select_related("order__lot").get(
        order__material__number="FR-R92R-62", sequence=10
    )
    floor_services.start_operation(order_operation=operation, actor=User.objects.get(username="anna"))
    found = quality.raise_nonconformance(
        site=site, title="Bore", severity="major", defect_code=DefectCode.objects.get(code="DIM"), source=operation,
        draft=False, items=[quality.ItemInput(lot=Lot.objects.get(number="LOT-000001"))], actor=system,
    )  # fmt: skip
    quality.answer_recurrence(nonconformance=found, recurrence="no", note="New tool.", actor=system)
    material = Material.objects.get(number="FR-R92R-62")
    draft = unfinished_revision(
        routings.create_routing(site=site, material=material, code="R-SECOND", name="Second way", actor=system)
    )
    assert draft is not None
    return Plant(site, system, visitor, session_of(visitor), operation, found, draft, settings.DATA_DIR)


def _production(floor: Floor) -> None:
    """An order in each state, a value out of limits, a call for help; a routing in each state."""
    floor.order(3, release=False)
    floor.order(2)
    operation = floor.assembling(quantity=2)
    floor.finish_unit(operation)
    floor_services.record_value(
        order_operation=operation, data_point=floor.torque, value="12.50", actor=floor.operator, reason="As shown."
    )
    floor_services.raise_andon(
        order_operation=operation, category="material", text="Two bolts short.", actor=floor.operator
    )
    shop = make_shop(floor.site)
    draft = shop.draft("Cut", "Deburr")
    routings.add_requirement(operation=draft.operations.order_by("pk")[0], meaning="performed", actor=shop.author)
    shop.submitted("Turn", "Mill")
    shop.effective("Saw")


def _released(floor: Floor) -> None:
    """A lot whose production record was reviewed, released and sealed."""
    story = Story(floor, make_user(site=floor.site, permissions=REVIEWER), floor.order(1))
    story.make("12.00")
    story.complete()
    story.release()


def _quality(world: World, visitor: User) -> None:
    """A nonconformance in each state that matters, with a photo and words; documents and training."""
    case = make_case(world)
    lots = [world.lot(20) for _ in range(5)]
    case.raised((lots[0], 5))
    opened = case.opened((lots[1], 10))
    case.under_review((lots[2], 4))
    case.propose(case.under_review((lots[3], 6)).items.get(), "use_as_is", 6)
    case.closed(lots[4])
    _deviation(world, visitor)
    picture = io.BytesIO()
    Image.new("RGB", (320, 200), "gray").save(picture, "PNG")
    picture.seek(0)
    attach(picture, to=opened, name="bore.png", caption="The bore", actor=visitor)
    comment(subject=opened, text="The gauge was checked this morning.", actor=visitor)
    place_hold(lot=world.lot(7), reason="Paint looks dull", actor=world.quality)
    system = system_user("test")
    create_document(
        kind="procedure", title="Receiving inspection", site=world.site, body="# Look\n\nat it.", actor=system
    )
    revised = create_document(kind="procedure", title="Cleaning", site=world.site, body="Clean.", actor=system)
    put_into_force(revised.revisions.get(), system)
    revise_document(document=revised, change_summary="Another solvent", actor=system)
    curriculum = create_curriculum(code="MILL-1", name="Milling", valid_months=12, actor=system)
    grant_qualification(user=case.operator, curriculum=curriculum, basis="Trial part", actor=system)
    make_training(world, curriculum, [case.operator, visitor])


def _deviation(world: World, visitor: User) -> None:
    """A planned deviation that is a draft, and one in force, used once."""
    today, material = day_at(world.site), world.material()
    for title, quota in (("Other oil still", 50), ("Other cutting oil", 1000)):
        found = quality.draft_deviation(
            site=world.site, title=title, requirement="Oil A", instead="Oil B", justification="Same base",
            material=material, quota=Decimal(quota), valid_from=today, valid_until=today + dt.timedelta(days=30),
            actor=visitor,
        )  # fmt: skip
    perform(found, "submit", actor=visitor, signature=proof(visitor, "authored"))
    perform(found, "approve", actor=world.system, signature=proof(world.system, "approved"))
    quality.use_deviation(deviation=found, lot=world.lot(10, material), quantity=Decimal(1), actor=visitor)


def _goods(world: World) -> None:
    """An order to a supplier, of which a part arrived; a shipment in each state, of which a part came back."""
    goods.receive(world, goods.ordered(world, 1000, number="PO-PLANT", position="P"))
    create_location(site=world.site, code="WENT", name="Shipped", kind="shipped", actor=world.system)
    shipped = goods.shipment(world, world.lot(50), "SHIP")
    perform(shipped, "ship", actor=world.system)
    return_goods(line=shipped.lines.get(), quantity=Decimal(2), reason="Dented", actor=world.system)
    goods.shipment(world, world.lot(50), "DRAFT")
    begin_count(location=world.store, actor=world.system)
    counted = begin_count(location=world.quarantine, actor=world.system)
    for lot in not_counted(counted):
        record_count(count=counted, lot=lot, counted=Decimal(1), actor=world.system)
    perform(counted, "submit", actor=world.system)
    retested = world.lot(7, world.material(retest_days=30, open_life_days=5))
    on = day_at(world.site) + dt.timedelta(days=20)
    retest_lot(
        lot=retested, retest_on=on, result="Fits", actor=world.quality, signature=proof(world.quality, "approved")
    )
    packing.packed(world)


def _labels(world: World, visitor: User) -> None:
    """Label templates in each state, a printer that is used, prints that wait, and labels that were printed."""
    system = world.system
    draft = create_label_template(site=world.site, code="LOT-PLANT", name="Lots", standard="lot-100x50", actor=visitor)
    frame = {"kind": "box", "x": 1.0, "y": 1.0, "width": 98.0, "height": 48.0, "thickness": 0.3}
    add_label_element(template=draft, element=frame, actor=visitor)
    perform(draft, "make_effective", actor=system, signature=proof(system, "approved"))
    revise_label_template(template=draft, actor=visitor)
    printer = create_printer(site=world.site, code="P1", name="Packing", address="127.0.0.9", actor=visitor)
    use_printer(printer=printer, actor=visitor)
    for lot in (world.lot(5), world.lot(5)):
        print_labels(records=[lot], actor=visitor)
        print_labels(records=[lot], printer=printer, reason="Torn", actor=visitor)
    told = {
        "@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", "type": "ObjectEvent",
        "eventTime": "2026-02-03T10:00:00Z", "eventTimeZoneOffset": "+00:00", "action": "OBSERVE",
        "bizStep": "shipping", "epcList": ["https://id.gs1.org/01/09506000134352/21/A1"],
    }  # fmt: skip
    capture_document(site=world.site, data=json.dumps(told).encode(), source="Carrier", actor=world.system)


def _gauges_and_risks(world: World) -> None:
    """A gauge in calibration, one in question, a calibration in progress; a risk file that is approved, and a draft."""
    lab = make_lab(world.site)
    standard = lab.good("STD-PLANT", is_standard=True)
    gauge = lab.good("TW-PLANT")
    lab.confirmed(lab.good("TW-FAILED"), "12", "10")
    gauges.add_standard(plan=gauge, standard=standard, actor=world.system)
    running = lab.started(gauge)
    lab.read(running)
    gauges.use_standard(record=running, standard=standard, actor=lab.performer)
    file = make_file(world.site)
    file.approved()
    draft = file.begun(material=world.material())
    item = file.risk(draft)
    file.controlled(item)
    risks.link_item(item=item, record=world.material(), actor=file.author)
    risks.revise_matrix(matrix=file.matrix, change_summary="A further band", actor=file.writer)


def _around(floor: Floor, visitor: User) -> None:
    """Work for the visitor, a job, a printed list, kept filters."""
    record = ProductionRecord.objects.order_by("pk")[0]
    for number, due in enumerate((-3, 5, None)):
        assign(
            subject=record, kind="review", title=f"Review {record.order.number} ({number + 1})", to_user=visitor,
            due_at=None if due is None else now() + dt.timedelta(hours=due), actor=system_user("test"),
        )  # fmt: skip
    with transaction.atomic(), acting(visitor):
        enqueue(
            "core_printing.list", actor=visitor, title="Print the list", path=reverse("traceability:lot_list"),
            query="q=LOT-00000", site_id=floor.site.pk, language="en",
        )  # fmt: skip
    save_filter(name="Released", page="traceability:lot_list", query="status=released", actor=visitor)
    save_filter(name="Ours", page="traceability:lot_list", query="q=M", site=floor.site, actor=visitor)
    review = open_review(site=floor.site, repeat_months=6, actor=visitor)
    others = review.lines.exclude(person=visitor).order_by("pk")[:2]
    decide_lines(review=review, lines=list(others), decision="keep", reason="Still at the line.", actor=visitor)


def _rest(system: User) -> None:
    """One generic row of every model that a page needs and that is still empty."""
    with transaction.atomic(), acting(system):
        for page in pages():
            model: type[models.Model] | None = page.model if page.is_ours else None
            if model is not None and not model._base_manager.exists():
                samples.saved(model)
