"""A floor that scraps too much, and everybody whom a CAPA about it needs."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from core.kernel.clock import now
from core.lifecycle.services import perform
from core.organization.models import User
from mes.execution import services as floor_services
from mes.execution.models import ProductionOrder
from mes.routing import services as routings
from mes.routing.models import RoutingRevision, ScrapReason
from mes.routing.queries import unfinished_revision
from qms.capa import services
from qms.capa.models import Capa, CapaAction, EffectivenessCheck, RootCause
from qms.capa.queries import actions_of, causes_of
from qms.documents.models import DocumentRevision
from qms.documents.services import create_document, revise_document
from tests.mes.execution.floor import OPERATOR, PLANNER, put_into_force
from tests.support.people import make_user, proof, work_center_of
from tests.traceability.world import World, make_world
from traceability.models import Material
from traceability.queries import day_at

_numbers = itertools.count(1)
APP = "qms_capa"
SEE = (
    f"{APP}.view_capa",
    "qms_documents.view_documentrevision",
    "qms_documents.view_document",
    "qms_nonconformance.view_nonconformance",
)
REPORTER = (*SEE, f"{APP}.raise_capa", f"{APP}.perform_capaaction")
OWNER = (*REPORTER, f"{APP}.manage_capa")
ENGINEER = (*OWNER, f"{APP}.verify_capa")
QUALITY = (
    *ENGINEER,
    *(f"{APP}.{right}" for right in ("triage_capa", "approve_capa", "approve_extension", "close_capa")),
)
HEAD = (*QUALITY, f"{APP}.reopen_capa")
WATCHED_DAYS = 30


@dataclass
class Story:
    """The people, a product that is counted in pieces and made in one operation, and why its pieces are scrapped."""

    world: World
    product: Material
    revision: RoutingRevision
    scrap_reason: ScrapReason
    operator: User
    planner: User
    reporter: User
    owner: User
    worker: User
    engineer: User
    quality: User
    second: User
    head: User
    orders: list[ProductionOrder] = field(default_factory=list)

    @property
    def system(self) -> User:
        return self.world.system

    @property
    def today(self) -> dt.date:
        return day_at(self.world.site)

    def sign(self, user: User, meaning: str) -> dict[str, Any]:
        return {"actor": user, "signature": proof(user, meaning)}

    # ---------------------------------------------------------------- the floor

    def make(self, good: int, scrap: int = 0) -> None:
        """So many pieces are made and scrapped in a new order."""
        order = floor_services.create_order(
            site=self.world.site, material=self.product, quantity=Decimal(good + scrap),
            routing_revision=self.revision, actor=self.planner,
        )  # fmt: skip
        order = floor_services.release_order(order=order, actor=self.planner)
        operation = order.operations.select_related("order").get()
        floor_services.start_operation(order_operation=operation, actor=self.operator)
        floor_services.report_output(
            order_operation=operation, good=Decimal(good), scrap=Decimal(scrap),
            scrap_reason=self.scrap_reason if scrap else None, actor=self.operator,
        )  # fmt: skip
        self.orders.append(order)

    def procedure(self) -> DocumentRevision:
        """A procedure of the site in force."""
        document = create_document(
            kind="procedure", title=f"Clamping {next(_numbers)}", site=self.world.site, body="Do it.", actor=self.system
        )
        revision = document.revisions.get()
        put_into_force(revision, self.system)
        return revision

    def next_revision(self, revision: DocumentRevision) -> DocumentRevision:
        """The next revision of a document, a draft."""
        return revise_document(document=revision.document, change_summary="Tighter", actor=self.system)

    def next_routing(self) -> RoutingRevision:
        """The next revision of the product's routing, a draft."""
        return routings.new_revision(routing=self.revision.routing, summary="Another clamp", actor=self.system)

    def into_force(self, revision: DocumentRevision | RoutingRevision) -> None:
        put_into_force(revision, self.system)

    # ---------------------------------------------------------------- the way of a CAPA

    def draft(self, **values: Any) -> Capa:
        given: dict[str, Any] = {
            "site": self.world.site,
            "title": "Frames are scratched at the clamp",
            "problem": "One in ten frames of line 1 is scratched since May.",
            "not_problem": "Not on line 2, not before May, not the forks.",
            "source_kind": "trend",
            "source_note": "Scrap of May is five times that of April.",
            "actor": self.reporter,
            **values,
        }
        return services.raise_capa(**given)

    def in_triage(self, **values: Any) -> Capa:
        capa = self.draft(**values)
        perform(capa, "submit", actor=self.reporter, signature=proof(self.reporter, "authored"))
        services.add_member(capa=capa, user=self.worker, part="Clamping", actor=self.quality)
        return capa

    def opens(self, capa: Capa, **values: Any) -> Capa:
        given: dict[str, Any] = {
            "severity": "high",
            "occurrence": "medium",
            "escaped": False,
            "recurs": True,
            "regulatory": False,
            "decision": "capa",
            "rationale": "It comes again and again, and a customer may see it.",
            "priority": "high",
            "owner": self.owner,
            "due_at": in_days(60),
            **values,
        }
        meaning = "approved" if given["decision"] == "capa" else "rejected"
        return services.triage_capa(capa=capa, **given, **self.sign(self.quality, meaning))

    def investigated(self, **values: Any) -> Capa:
        return self.opens(self.in_triage(**values))

    def chooses(self, capa: Capa, method: str = "five_why", **values: Any) -> Capa:
        given: dict[str, Any] = {"adverse_plan": "Frames are measured for dents after the new clamp.", **values}
        return services.write_method(capa=capa, method=method, actor=self.owner, **given)

    def cause(self, capa: Capa, statement: str, verdict: str = "confirmed", **values: Any) -> RootCause:
        found = services.add_cause(capa=capa, statement=statement, actor=self.owner, **values)
        if verdict != "suspected":
            services.judge_cause(cause=found, verdict=verdict, evidence="Measured, see LAB-7.", actor=self.owner)
        return found

    def action(self, capa: Capa, causes: list[RootCause], **values: Any) -> CapaAction:
        given: dict[str, Any] = {"title": "Coat the clamp", "owner": self.worker, "actor": self.owner, **values}
        return services.add_action(capa=capa, causes=causes, **given)

    def check(self, capa: Capa, **values: Any) -> EffectivenessCheck:
        given: dict[str, Any] = {
            "events": "scrapped",
            "exposure": "made",
            "sort": self.scrap_reason.code,
            "material": self.product,
            "test": "binomial",
            "baseline_begins": self.today - dt.timedelta(days=30),
            "baseline_ends": self.today,
            "window_days": WATCHED_DAYS,
            "minimum_exposure": 100,
            "actor": self.owner,
            **values,
        }
        return services.set_check(capa=capa, **given)

    def planned(self, capa: Capa | None = None) -> Capa:
        """Two causes, each acted on, and a check with a baseline of 20 scrapped out of 200."""
        capa = capa or self.investigated()
        if not self.orders:
            self.make(180, 20)
        self.chooses(capa)
        why = self.cause(capa, "The clamp slips")
        first = self.cause(capa, "Its jaws are worn", parent=why)
        second = self.cause(capa, "Nobody checks the jaws", parent=why)
        self.cause(capa, "The frames are wet", "ruled_out")
        self.action(capa, [first], title="Coat the clamp")
        self.action(capa, [second], title="Check the jaws each week")
        self.check(capa)
        self.reads_across(capa)
        return capa

    def reads_across(self, capa: Capa) -> Capa:
        """Everything that shares the process is looked at, and nothing of it has the same."""
        capa = services.look_across(capa=capa, actor=self.owner)
        for line in capa.across.filter(cycle=capa.cycle, answer=""):
            services.answer_across(
                line=line, answer="not_applicable", rationale="Clamped by hand there.", actor=self.owner
            )
        return capa

    def handed_over(self, capa: Capa | None = None) -> Capa:
        return services.hand_over_plan(capa=capa or self.planned(), **self.sign(self.owner, "authored"))

    def approved(self, capa: Capa | None = None) -> Capa:
        return services.approve_plan(capa=capa or self.handed_over(), **self.sign(self.quality, "approved"))

    def does(self, action: CapaAction) -> CapaAction:
        perform(action, "start", actor=action.owner)
        perform(
            action, "finish", actor=action.owner, reason="Coated, photo in the folder.",
            signature=proof(action.owner, "performed"),
        )  # fmt: skip
        return perform(action, "accept", actor=self.engineer, signature=proof(self.engineer, "verified"))

    def implemented(self, capa: Capa | None = None) -> Capa:
        capa = capa or self.approved()
        for action in actions_of(capa):
            self.does(action)
        return perform(capa, "finish", actor=self.owner)

    def verifies(self, capa: Capa, **values: Any) -> Capa:
        given: dict[str, Any] = {
            "finding": "The clamp is coated on all shifts.",
            "adverse_effect": "none",
            "adverse_note": "50 frames measured, no dents.",
            **self.sign(self.engineer, "verified"),
            **values,
        }
        return services.verify_capa(capa=capa, **given)

    def watched(self, capa: Capa | None = None) -> Capa:
        return self.verifies(capa or self.implemented())

    def closes(self, capa: Capa, **values: Any) -> Capa:
        given = {"conclusion": "It helped.", **self.sign(self.second, "closed"), **values}
        return services.close_capa(capa=capa, **given)

    def causes(self, capa: Capa) -> dict[str, RootCause]:
        return {one.statement: one for one in causes_of(capa)}


def make_story(world: World | None = None) -> Story:
    """A new plant with a product in pieces, its routing and its people."""
    world = world or make_world()
    system, site = world.system, world.site
    product = world.material(kind="product", tracking="lot")
    routing = routings.create_routing(
        site=site, material=product, code=f"CAPA-{next(_numbers)}", name="Clamp and weld", actor=system
    )
    revision = unfinished_revision(routing)
    assert revision is not None
    routings.add_operation(revision=revision, name="Weld", work_center=work_center_of(site), actor=system)
    put_into_force(revision, system)
    reason = routings.create_scrap_reason(code=f"SCR{next(_numbers)}", name="Scratched", actor=system)
    return Story(
        world=world,
        product=product,
        revision=revision,
        scrap_reason=reason,
        operator=make_user(site=site, permissions=OPERATOR),
        planner=make_user(site=site, permissions=PLANNER),
        reporter=make_user(site=site, permissions=REPORTER),
        owner=make_user(site=site, permissions=OWNER),
        worker=make_user(site=site, permissions=REPORTER),
        engineer=make_user(site=site, permissions=ENGINEER),
        quality=make_user(site=site, permissions=QUALITY),
        second=make_user(site=site, permissions=QUALITY),
        head=make_user(site=site, permissions=HEAD),
    )


def in_days(days: float) -> dt.datetime:
    """A moment from now."""
    return now() + dt.timedelta(days=days)
