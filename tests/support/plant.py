"""The one full plant: the demonstration plant, and every kind of record in every state that has a page.

It takes long to make, so a run makes it once (`Mould`) and gives each file of tests a copy of the database and of its
files. `fill` adds more of everything, for tests of what a page costs when there is more to show.
"""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import datetime as dt
import io
import itertools
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.db import connection, models, transaction
from django.test import override_settings
from django.urls import reverse
from PIL import Image
from pytest_django.plugin import DjangoDbBlocker

from core.files.services import attach
from core.jobs.services import enqueue
from core.kernel.clock import now
from core.kernel.deeds import acting
from core.kernel.permissions import catalogue
from core.organization.models import Site, User
from core.organization.services import places, system_user
from core.oversight.services import decide_lines, open_review
from core.worklist.services import assign, comment
from core.worklist.services.filters import save_filter
from integrations.services import demo
from mes.execution import services as floor_services
from mes.execution.models import OrderOperation
from mes.instructions.models import DataPoint
from mes.production_record.models import ProductionRecord
from mes.routing import services as routings
from mes.routing.models import RoutingRevision
from mes.routing.queries import unfinished_revision
from qms.documents.services import create_document, revise_document
from qms.nonconformance import services as quality
from qms.nonconformance.models import DefectCode, NonConformance
from qms.training.services import create_curriculum, grant_qualification
from tests.mes.execution.floor import Floor, make_floor, put_into_force
from tests.mes.production_record.story import REVIEWER, Story
from tests.qms.nonconformance.conftest import make_case
from tests.settings import TEST_DATABASE
from tests.support import database, samples, server
from tests.support.pages import pages
from tests.support.people import grant, make_user
from tests.support.routings import make_shop
from tests.support.seals import seal
from tests.support.stock import make_units
from tests.support.visits import session_of
from tests.traceability.world import World, make_world
from tools.cluster import Cluster
from traceability.models import Lot, Material, SerializedUnit
from traceability.services import link, place_hold, produce_stock

_numbers = itertools.count(1)
QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]
"""Nobody signs in here with a password that should be hard to guess."""


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
        return [self.found, self.operation, self.operation.order, self.draft]

    def fill(self) -> None:
        """One more of everything that pages show, and one more part of each record that has parts."""
        number = next(_numbers)
        self._masters(number)
        self._stock(number)
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


@dataclass(frozen=True)
class Mould:
    """The plant as it was made, of which copies are used: the name of its database, the folder of its files."""

    postgres: Cluster
    blocker: DjangoDbBlocker
    name: str
    folder: Path
    plant: Plant

    @contextlib.contextmanager
    def copied(self, folder: Path) -> Iterator[Plant]:
        """A copy to which ``connection`` leads inside; its files lie in `folder`."""
        name = f"{self.name}_copy"
        self.postgres.drop_database(name)
        self.postgres.create_database(name, self.name)
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        try:
            with self.blocker.unblock(), connected(name), kept_in(folder):
                yield dataclasses.replace(copy.deepcopy(self.plant), folder=folder)
        finally:
            self.postgres.drop_database(name)

    @contextlib.contextmanager
    def served(self, folder: Path) -> Iterator[server.LivePlant]:
        """The copy, on a loopback port."""
        with server.served(str(connection.settings_dict["NAME"]), folder / "web.log", folder) as live:
            yield live


@contextlib.contextmanager
def moulded(postgres: Cluster, blocker: DjangoDbBlocker, folder: Path) -> Iterator[Mould]:
    """Make the plant, once."""
    name = f"{TEST_DATABASE}_full"
    with database.clone(postgres, name):
        with blocker.unblock(), connected(name), kept_in(folder):
            plant = full_plant()
        yield Mould(postgres, blocker, name, folder, plant)


@contextlib.contextmanager
def connected(name: str) -> Iterator[None]:
    """``connection`` leads to this database."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def kept_in(folder: Path) -> override_settings:
    """Settings under which files are kept in the folder, as a web process with it as data folder keeps them."""
    return override_settings(
        DATA_DIR=folder,
        TRUELINE_FILES_DIR=folder / "files",
        TRUELINE_CACHE_DIR=folder / "cache",
        TRUELINE_KEY_DIR=folder / "keys",
        PASSWORD_HASHERS=QUICK,
    )
