"""A plant with something on every page: orders in work, nonconformances, drafts, holds, prints, jobs, comments."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, models, transaction
from django.test import override_settings
from django.urls import reverse
from PIL import Image
from pytest_django.plugin import DjangoDbBlocker

from core.files.services import attach
from core.jobs.services import enqueue
from core.kernel.clock import now
from core.kernel.deeds import acting
from core.kernel.permissions import ALL_TEMPLATES, catalogue
from core.organization.models import Site, User
from core.organization.services import system_user
from core.organization.services.people import create_role_from_template
from core.oversight.services import decide_lines, open_review
from core.worklist.services import assign, comment, save_filter, set_escalation_rule
from mes.execution import services as floor_services
from mes.production_record.models import ProductionRecord
from mes.routing import services as routings
from qms.documents.services import create_document, revise_document
from qms.training.services import create_curriculum, grant_qualification
from tests.mes.execution.floor import Floor, make_floor, put_into_force
from tests.mes.production_record.story import REVIEWER, Story
from tests.qms.nonconformance.conftest import Case, make_case
from tests.settings import TEST_DATABASE
from tests.support import database, samples, server
from tests.support.pages import addresses, desk_routes, routes
from tests.support.people import grant, make_user
from tests.support.routings import make_shop
from tests.support.seals import seal
from tests.support.visits import session_of
from tools.cluster import Cluster
from traceability.services import place_hold


@dataclass(frozen=True)
class Filled:
    """The filled plant: who may see and do everything in it, and the key of a session of theirs."""

    visitor: User
    session: str
    site: Site


@dataclass(frozen=True)
class Served(Filled):
    """The filled plant, served; `addresses` are those of all desk pages, by route."""

    live: server.LivePlant
    addresses: dict[str, list[str]]


@contextlib.contextmanager
def standing(postgres: Cluster, blocker: DjangoDbBlocker, folder: Path, name: str) -> Iterator[Filled]:
    """A filled plant in a database of its own, to which ``connection`` leads inside."""
    name = f"{TEST_DATABASE}_{name}"
    with database.clone(postgres, name), blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = name
        try:
            yield fill(folder / "data")
        finally:
            connection.close()
            connection.settings_dict["NAME"] = TEST_DATABASE


@contextlib.contextmanager
def served(postgres: Cluster, blocker: DjangoDbBlocker, folder: Path, name: str) -> Iterator[Served]:
    """A filled plant, on a loopback port; for tests that only look."""
    with standing(postgres, blocker, folder, name) as filled:
        pages = {route.name: addresses(route) for route in desk_routes()}
        with server.served(str(connection.settings_dict["NAME"]), folder / "web.log", folder / "data") as live:
            yield Served(filled.visitor, filled.session, filled.site, live, pages)


def fill(data: Path) -> Filled:
    """Fill the present database; files go to the data folder `data` that the web process is given."""
    with override_settings(
        TRUELINE_FILES_DIR=data / "files", TRUELINE_CACHE_DIR=data / "cache", TRUELINE_KEY_DIR=data / "keys"
    ):
        floor, case = make_floor(), make_case()
        visitor = make_user("vera")
        everything = tuple(sorted(catalogue()))
        for site in (floor.site, case.world.site):
            grant(visitor, site, *everything)
        _production(floor)
        _released(floor)
        _quality(case, visitor)
        _around(floor, visitor)
        sealed = seal()
        assert sealed is not None
        _rest()
        for site in Site.objects.exclude(pk__in=(floor.site.pk, case.world.site.pk)):
            grant(visitor, site, *everything)
    return Filled(visitor, session_of(visitor), floor.site)


def _production(floor: Floor) -> None:
    """An order in each state, a value out of limits, a call for help."""
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


def _quality(case: Case, visitor: User) -> None:
    """A nonconformance in each state that matters, with a photo and words; documents and training."""
    lots = [case.world.lot(20) for _ in range(5)]
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
    place_hold(lot=case.world.lot(7), reason="Paint looks dull", actor=case.world.quality)
    system = system_user("test")
    document = create_document(
        kind="procedure", title="Receiving inspection", site=case.world.site, body="# Look\n\nat it.", actor=system
    )
    assert document.revisions.exists()
    revised = create_document(kind="procedure", title="Cleaning", site=case.world.site, body="Clean.", actor=system)
    revision = revised.revisions.get()
    put_into_force(revision, system)
    revise_document(document=revised, change_summary="Another solvent", actor=system)
    curriculum = create_curriculum(code="MILL-1", name="Milling", valid_months=12, actor=system)
    grant_qualification(user=case.operator, curriculum=curriculum, basis="Trial part", actor=system)


def _around(floor: Floor, visitor: User) -> None:
    """Work for the visitor, a job, a sealed print, a rule."""
    record = ProductionRecord.objects.order_by("pk")[0]
    for number, due in enumerate((-3, 5, None)):
        assign(
            subject=record, kind="review", title=f"Review {record.order.number} ({number + 1})", to_user=visitor,
            due_at=None if due is None else now() + dt.timedelta(hours=due), actor=system_user("test"),
        )  # fmt: skip
    for template in ALL_TEMPLATES:
        create_role_from_template(template=template, actor=system_user("test"))
    set_escalation_rule(kind="review", step=1, after=60, to_role="quality_head", actor=system_user("test"))
    with transaction.atomic(), acting(visitor):
        enqueue(
            "core_printing.list", actor=visitor, title="Print the list", path=reverse("traceability:lot_list"),
            query="", site_id=floor.site.pk, language="en",
        )  # fmt: skip
    review = open_review(site=floor.site, repeat_months=6, actor=visitor)
    others = review.lines.exclude(person=visitor).order_by("pk")[:2]
    decide_lines(review=review, lines=list(others), decision="keep", reason="Still at the line.", actor=visitor)
    save_filter(name="Released", page="traceability:lot_list", query="status=released", actor=visitor)
    save_filter(name="Ours", page="traceability:lot_list", query="q=M", site=floor.site, actor=visitor)


def _rest() -> None:
    """One generic row of every model that a page needs and that is still empty."""
    with transaction.atomic(), acting(system_user("test")):
        for route in routes():
            model: type[models.Model] | None = route.model
            if model is not None and not model._base_manager.exists():
                samples.saved(model)
