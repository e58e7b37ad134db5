"""A floor on which an instruction and its routing are changed, with everybody whom a change needs."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass
from typing import Any

from core.kernel.clock import now
from core.lifecycle.services import make_move, perform
from core.organization.models import User
from core.organization.services import system_user
from mes.routing import services as routings
from mes.routing.models import RoutingRevision
from qms.changes import services
from qms.changes.models import ChangeItem, ChangeOrder, ChangeType
from qms.changes.queries import approvals_of, assessments_of, open_suggestions, order_lines
from qms.documents.models import DocumentRevision
from qms.documents.services import create_document, revise_document
from tests.mes.execution.floor import Floor, make_floor, put_into_force
from tests.support.people import make_user, proof
from tests.support.training import decide_training
from tests.traceability.world import World

_numbers = itertools.count(1)
APP = "qms_changes"
SEE = (
    f"{APP}.view_changeorder",
    f"{APP}.view_changetype",
    "qms_documents.view_documentrevision",
    "qms_documents.view_document",
    "mes_routing.view_routing",
    "mes_execution.view_productionorder",
)
RAISER = (*SEE, f"{APP}.raise_changeorder", f"{APP}.perform_changetask")
OWNER = (*RAISER, f"{APP}.manage_changeorder", f"{APP}.assess_impactassessment")
APPROVER = (
    *OWNER,
    f"{APP}.approve_changeapproval",
    f"{APP}.verify_changetask",
)
QUALITY = (
    *APPROVER,
    f"{APP}.release_changeorder",
    f"{APP}.close_changeorder",
    f"{APP}.change_changetype",
    f"{APP}.switch_configurationcontrol",
    "qms_documents.approve_documentrevision",
    "qms_documents.make_effective_documentrevision",
    "qms_documents.make_obsolete_documentrevision",
    "mes_routing.approve_routingrevision",
    "mes_routing.make_effective_routingrevision",
    "mes_routing.make_obsolete_routingrevision",
    "qms_nonconformance.change_defectcode",
    "qms_nonconformance.view_defectcode",
)


@dataclass
class Story:
    """The floor, the people, a type of change that quality and engineering approve and production assesses."""

    floor: Floor
    requester: User
    owner: User
    engineer: User
    quality: User
    second: User
    change_type: ChangeType

    @property
    def system(self) -> User:
        return self.floor.world.system

    # ---------------------------------------------------------------- what is changed

    def approved_revision(self, revision: DocumentRevision | RoutingRevision) -> Any:
        """Signed by its author, approved by a second person, not effective."""
        perform(decide_training(revision), "submit", actor=self.system, signature=proof(self.system, "authored"))
        second = system_user("approver")
        return perform(revision, "approve", actor=second, signature=proof(second, "approved"))

    def next_instruction(self, *, approved: bool = True) -> DocumentRevision:
        """Revision B of the floor's instruction."""
        found = revise_document(document=self.floor.instruction.document, change_summary="Tighter", actor=self.system)
        return self.approved_revision(found) if approved else found

    def next_routing(self, *, approved: bool = True, adds: str = "") -> RoutingRevision:
        """Revision B of the floor's routing, perhaps with one more operation at its end."""
        found = routings.new_revision(routing=self.floor.revision.routing, summary="Another way", actor=self.system)
        if adds:
            last = found.operations.order_by("-sequence")[0]
            routings.add_operation(
                revision=found, name=adds, work_center=self.floor.work_center, document=last.document,
                actor=self.system,
            )  # fmt: skip
        return self.approved_revision(found) if approved else found

    def procedure(self, body: str = "Do it.", *, effective: bool = True, **values: Any) -> DocumentRevision:
        """A procedure of the site."""
        document = create_document(
            kind="procedure", title=f"Procedure {next(_numbers)}", site=self.floor.site, body=body, actor=self.system,
            **values,
        )  # fmt: skip
        revision = document.revisions.get()
        if effective:
            put_into_force(revision, self.system)
        return revision

    def approved_next(self, revision: DocumentRevision) -> DocumentRevision:
        """The next revision of a document, approved."""
        found = revise_document(document=revision.document, change_summary="Better", actor=self.system)
        approved: DocumentRevision = self.approved_revision(found)
        return approved

    # ---------------------------------------------------------------- the way of a change

    def raised(self, **values: Any) -> ChangeOrder:
        made: dict[str, Any] = {
            "site": self.floor.site,
            "change_type": self.change_type,
            "title": "Tighten the torque",
            "description": "Torque from 12 to 11.",
            "justification": "Bolts came loose.",
            "owner": self.owner,
            "actor": self.requester,
            **values,
        }
        return services.raise_change(**made)

    def names(self, change: ChangeOrder, revision: Any, action: str = "revise") -> ChangeItem:
        return services.add_item(change=change, action=action, revision=revision, actor=self.owner)

    def writes(self, change: ChangeOrder, **values: Any) -> ChangeOrder:
        """The change with its risk judged."""
        change.refresh_from_db()
        kept: dict[str, Any] = {
            name: getattr(change, name)
            for name in (
                "title", "description", "justification", "change_type", "owner", "urgency", "is_temporary",
                "expires_at", "due_at", "effectivity", "effectivity_mark", "effectivity_material",
            )
        }  # fmt: skip
        risk: dict[str, Any] = {
            "severity_before": 4, "probability_before": 3, "severity_after": 4, "probability_after": 1,
        }  # fmt: skip
        return services.change_order(change=change, actor=self.owner, **{**kept, **risk, **values})

    def drafted(self, *revisions: Any, **values: Any) -> ChangeOrder:
        """A draft that names these revisions, its risk judged."""
        written = {
            name: values.pop(name)
            for name in ("effectivity", "effectivity_mark", "effectivity_material")
            if name in values
        }
        change = self.raised(**values)
        for revision in revisions:
            self.names(change, revision)
        return self.writes(change, **written)

    def submitted(self, *revisions: Any, **values: Any) -> ChangeOrder:
        change = self.drafted(*revisions, **values)
        return perform(change, "submit", actor=self.requester)

    def in_assessment(self, *revisions: Any, **values: Any) -> ChangeOrder:
        change = self.submitted(*revisions, **values)
        return make_move(change, "start_assessment", actor=self.owner)

    def answers_all(self, change: ChangeOrder) -> None:
        for suggestion in open_suggestions(change):
            is_order = suggestion.kind == "order"
            services.answer_suggestion(
                suggestion=suggestion, is_affected=is_order, reason="" if is_order else "Not touched.",
                actor=self.owner,
            )  # fmt: skip

    def assesses_all(self, change: ChangeOrder) -> None:
        for assessment in assessments_of(change).filter(status="pending"):
            services.assess(
                assessment=assessment, answer="not_affected", rationale="Same process.", actor=self.engineer,
                signature=proof(self.engineer, "reviewed"),
            )  # fmt: skip

    def in_approval(self, *revisions: Any, **values: Any) -> ChangeOrder:
        change = self.in_assessment(*revisions, **values)
        return self.handed_over(change)

    def handed_over(self, change: ChangeOrder) -> ChangeOrder:
        self.answers_all(change)
        self.assesses_all(change)
        return services.request_approval(change=change, actor=self.owner)

    def approves_all(self, change: ChangeOrder) -> ChangeOrder:
        approvals = list(approvals_of(change))
        for approval, actor in zip(approvals, (self.engineer, self.quality), strict=True):
            services.approve_plan(approval=approval, actor=actor, signature=proof(actor, "approved"))
        change.refresh_from_db()
        return change

    def in_implementation(self, *revisions: Any, **values: Any) -> ChangeOrder:
        return self.approves_all(self.in_approval(*revisions, **values))

    def decides(self, change: ChangeOrder, decision: str = "finish", **values: Any) -> None:
        for line in order_lines(change):
            if line.decision is None:
                services.decide_order(
                    change=change, order_type=line.order_type, order=line.demand.order.pk, decision=decision,
                    reason="As agreed.", actor=self.owner, **values,
                )  # fmt: skip

    def ready(self, *revisions: Any, **values: Any) -> ChangeOrder:
        change = self.in_implementation(*revisions, **values)
        self.decides(change)
        return perform(change, "make_ready", actor=self.owner)

    def releases(self, change: ChangeOrder) -> ChangeOrder:
        return perform(change, "release", actor=self.second, signature=proof(self.second, "released"))

    def released(self, *revisions: Any, **values: Any) -> ChangeOrder:
        return self.releases(self.ready(*revisions, **values))

    def emergency(self, *revisions: Any, **values: Any) -> ChangeOrder:
        """Released before it is assessed."""
        change = self.submitted(*revisions, urgency="emergency", **values)
        self.decides(change)
        return perform(
            change, "release_emergency", actor=self.second, reason="Line stands still.",
            signature=proof(self.second, "approved_emergency"),
        )  # fmt: skip


def make_story(world: World | None = None) -> Story:
    """A new floor and its people."""
    floor = make_floor(world=world)
    site = floor.site
    quality = make_user(site=site, permissions=QUALITY)
    change_type = services.create_change_type(
        code=f"PROC-{next(_numbers)}", name="Process", category="process", assess=["production"],
        approve=["engineering", "quality"], actor=quality,
    )  # fmt: skip
    return Story(
        floor=floor,
        requester=make_user(site=site, permissions=RAISER),
        owner=make_user(site=site, permissions=OWNER),
        engineer=make_user(site=site, permissions=APPROVER),
        quality=quality,
        second=make_user(site=site, permissions=QUALITY),
        change_type=change_type,
    )


def in_days(days: float) -> dt.datetime:
    """A moment from now."""
    return now() + dt.timedelta(days=days)
