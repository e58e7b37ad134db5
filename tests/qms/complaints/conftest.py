"""A plant about whose products somebody complains."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from core.lifecycle.services import perform
from core.organization.models import User
from core.signing.services import Proof
from qms.complaints import services
from qms.complaints.models import (
    Complaint,
    ComplaintCode,
    DecisionTree,
    DecisionTreeVersion,
    RegulatoryReport,
    ReportabilityDecision,
)
from qms.complaints.services.examples import EXAMPLES
from tests.support.kept import made_once
from tests.support.people import make_user, proof
from tests.traceability.world import World, make_world
from traceability.models import Lot, SerializedUnit
from traceability.queries import day_at

APP = "qms_complaints"
CLERK = (f"{APP}.view_complaint", f"{APP}.record_complaint", "traceability.view_lot")
ENGINEER = (
    *CLERK,
    *(f"{APP}.{right}_complaint" for right in ("triage", "investigate", "close")),
    *(f"{APP}.{right}_regulatoryreport" for right in ("view", "change", "review")),
    f"{APP}.view_complaintcode",
    f"{APP}.change_complaintcode",
    f"{APP}.view_decisiontreeversion",
    f"{APP}.change_decisiontreeversion",
    f"{APP}.submit_decisiontreeversion",
    "qms_nonconformance.view_nonconformance",
    "qms_nonconformance.raise_nonconformance",
    "traceability.place_hold",
    "traceability.view_shipment",
)
HEAD = (
    *ENGINEER,
    f"{APP}.decide_complaint",
    f"{APP}.reopen_complaint",
    *(f"{APP}.{right}_decisiontreeversion" for right in ("approve", "make_effective", "make_obsolete")),
)
FDA, EU = EXAMPLES[0], EXAMPLES[1]
FIVE_DAY, THIRTY_DAY, NOT_REPORTABLE = "yes,no,yes,yes", "yes,no,yes,no", "yes,no,no,no"
"""Answers to the example tree of the FDA: a serious injury with and without remedial action; nothing of the kind."""


@dataclass
class Desk:
    """Who takes complaints, who works on them, who decides; one decision tree is in force."""

    world: World
    clerk: User
    engineer: User
    second: User
    head: User
    code: ComplaintCode
    cause: ComplaintCode
    version: DecisionTreeVersion

    def sign(self, user: User, meaning: str) -> Proof:
        return proof(user, meaning)

    @property
    def today(self) -> dt.date:
        return day_at(self.world.site)

    def tree(self, example: tuple[str, str, str, str], *, code: str = "") -> DecisionTreeVersion:
        """A decision tree in force."""
        _code, name, authority, content = example
        tree = services.create_tree(
            code=code or _code, name=name, authority=authority, content=content, actor=self.engineer
        )
        return self.into_force(tree)

    def into_force(self, tree: DecisionTree) -> DecisionTreeVersion:
        draft = tree.versions.get(status="draft")
        perform(draft, "submit", actor=self.engineer, signature=proof(self.engineer, "authored"))
        perform(draft, "approve", actor=self.head, signature=proof(self.head, "approved"))
        return perform(draft, "make_effective", actor=self.head)

    def received(self, goods: Lot | SerializedUnit | None = None, **values: Any) -> Complaint:
        told = {
            "claimed_lot": goods.number if isinstance(goods, Lot) else "",
            "claimed_serial": goods.serial if isinstance(goods, SerializedUnit) else "",
            "claimed_product": goods.material.number if goods is not None else "Pump",
            "complainant_name": "Dr. Vera Haas",
            "complainant_organization": "City Hospital",
            **values.pop("told", {}),
        }
        return services.record_complaint(
            **{
                "site": self.world.site,
                "title": "Valve stuck open",
                "nature": "The valve stayed open after use; the infusion did not stop.",
                "channel": "phone",
                "told": told,
                "actor": self.clerk,
                **values,
            }
        )

    def triage(self, complaint: Complaint, **values: Any) -> Complaint:
        actor = values.pop("actor", self.engineer)
        return services.triage_complaint(
            **{
                "complaint": complaint,
                "is_complaint": "yes",
                "assessment": "It alleges that the valve does not close.",
                "owner": self.engineer,
                "harm": "serious",
                "code": self.code,
                "lot": complaint.lot if complaint.unit is None else None,
                "unit": complaint.unit,
                "not_identified": "" if complaint.goods is not None else "The hospital threw it away.",
                "actor": actor,
                "signature": proof(actor, "reviewed"),
                **values,
            }
        )

    def triaged(self, goods: Lot | SerializedUnit | None = None, **values: Any) -> Complaint:
        return self.triage(self.received(goods), **values)

    def decide(
        self,
        complaint: Complaint,
        answers: str = NOT_REPORTABLE,
        *,
        version: DecisionTreeVersion | None = None,
        **values: Any,
    ) -> ReportabilityDecision:
        actor = values.pop("actor", self.head)
        return services.decide_reportability(
            complaint=complaint,
            version=version or self.version,
            answers=answers,
            rationale="From the hospital's report.",
            actor=actor,
            signature=proof(actor, "approved"),
            **values,
        )

    def decided(self, goods: Lot | None = None, answers: str = NOT_REPORTABLE, **values: Any) -> Complaint:
        found = self.triaged(goods, **values)
        self.decide(found, answers)
        found.refresh_from_db()
        return found

    def investigated(self, goods: Lot | None = None, answers: str = NOT_REPORTABLE, **values: Any) -> Complaint:
        found = self.decided(goods, answers, **values)
        services.begin_investigation(complaint=found, actor=self.engineer)
        return self.written(found)

    def written(self, found: Complaint) -> Complaint:
        return services.write_findings(
            complaint=found,
            investigation="The spring was missing.",
            cause=self.cause,
            correction="Springs are counted now.",
            code=self.code,
            capa="not_needed",
            capa_note="One of 4,000; the counter is in use.",
            actor=self.engineer,
        )

    def resolved(self, goods: Lot | None = None, answers: str = NOT_REPORTABLE, **values: Any) -> Complaint:
        found = self.investigated(goods, answers, **values)
        return services.resolve_complaint(complaint=found, actor=self.engineer)

    def reply(self, found: Complaint) -> Complaint:
        return services.record_reply(
            complaint=found, reply="sent", text="The spring was missing. We replace the pump.", actor=self.engineer
        )

    def close(self, found: Complaint, **values: Any) -> Complaint:
        actor = values.pop("actor", self.second)
        return services.close_complaint(complaint=found, actor=actor, signature=proof(actor, "closed"), **values)

    def closed(self, goods: Lot | None = None, **values: Any) -> Complaint:
        found = self.resolved(goods, **values)
        self.reply(found)
        return self.close(found)

    def reopen(self, found: Complaint) -> Complaint:
        return services.reopen_complaint(
            complaint=found,
            information="The patient died.",
            aware_on=self.today,
            actor=self.head,
            signature=proof(self.head, "approved"),
        )

    def fill(self, report: RegulatoryReport) -> RegulatoryReport:
        return services.write_report(report=report, fields={"d2_common_name": "Pump, infusion"}, actor=self.engineer)

    def sent(self, report: RegulatoryReport) -> RegulatoryReport:
        self.fill(report)
        services.review_report(report=report, actor=self.second, signature=proof(self.second, "reviewed"))
        return services.submit_report(report=report, reference="ESG-1", submitted_on=self.today, actor=self.engineer)


def make_desk(world: World | None = None) -> Desk:
    """A desk at the world's site, or in a new world, with the example tree of the FDA in force, or the one there is."""
    world = world or make_world()
    engineer, head = (make_user(site=world.site, permissions=rights) for rights in (ENGINEER, HEAD))
    desk = Desk(
        world=world,
        clerk=make_user(site=world.site, permissions=CLERK),
        engineer=engineer,
        second=make_user(site=world.site, permissions=ENGINEER),
        head=head,
        code=services.create_code(kind="event", code="STUCK", name="Stuck open", actor=engineer),
        cause=services.create_code(kind="cause", code="ASSY", name="Assembly error", actor=engineer),
        version=DecisionTreeVersion(),
    )
    known = DecisionTreeVersion.objects.filter(tree__code=FDA[0], status="effective").select_related("tree").first()
    desk.version = known or desk.tree(FDA)
    return desk


@pytest.fixture(autouse=True)
def _own_files(settings: Settings, tmp_path: Path) -> None:
    """Files of a test stay with it."""
    settings.TRUELINE_FILES_DIR = tmp_path / "files"
    settings.TRUELINE_CACHE_DIR = tmp_path / "cache"


kept_desk = made_once(make_desk)


@pytest.fixture
def desk(kept_desk: Callable[[], Desk], db: None) -> Desk:
    """A new plant, rolled back at the end."""
    return kept_desk()
