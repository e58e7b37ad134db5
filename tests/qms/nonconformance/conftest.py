"""A plant in which something does not conform."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from core.organization.models import User
from core.signing.services import Proof
from qms.nonconformance import services
from qms.nonconformance.lifecycle import NONCONFORMANCE
from qms.nonconformance.models import AffectedItem, DefectCode, Disposition, NonConformance
from qms.nonconformance.queries import is_on_hold
from tests.support.kept import made_once
from tests.support.people import make_user, proof
from tests.traceability.world import World, make_world
from traceability.models import Lot, SerializedUnit

APP = "qms_nonconformance"
OPERATOR = (f"{APP}.view_nonconformance", f"{APP}.raise_nonconformance", "traceability.place_hold")
ENGINEER = (
    *OPERATOR,
    *(f"{APP}.{right}" for right in ("triage_nonconformance", "propose_disposition", "approve_disposition")),
    *(f"{APP}.{right}" for right in ("complete_disposition", "close_nonconformance", "change_defectcode")),
    f"{APP}.view_defectcode",
    "qms_capa.view_capa",
    "qms_capa.raise_capa",
    "traceability.view_lot",
    "traceability.release_hold",
    "traceability.release_lot",
    "traceability.scrap_stock",
    "traceability.scrap_serializedunit",
    "traceability.move_stock",
    "traceability.release_serializedunit",
)


@dataclass
class Case:
    """An operator who finds something and two quality engineers who decide about it."""

    world: World
    operator: User
    engineer: User
    second: User
    code: DefectCode

    def sign(self, user: User, meaning: str) -> Proof:
        return proof(user, meaning)

    def raised(
        self, *things: tuple[Lot | SerializedUnit, int | None], draft: bool = True, **values: Any
    ) -> NonConformance:
        """Raised by the operator, with these lots or units and quantities."""
        items = [
            services.ItemInput(lot=thing, quantity=None if quantity is None else Decimal(quantity))
            if isinstance(thing, Lot)
            else services.ItemInput(unit=thing)
            for thing, quantity in things
        ]
        return services.raise_nonconformance(
            **{
                "site": self.world.site,
                "title": "Bore over limit",
                "severity": "major",
                "items": items,
                "defect_code": self.code,
                "draft": draft,
                "actor": self.operator if draft else self.engineer,
                **values,
            }
        )

    def opened(self, *things: tuple[Lot | SerializedUnit, int | None], **values: Any) -> NonConformance:
        return self.raised(*things, draft=False, **values)

    def under_review(self, *things: tuple[Lot | SerializedUnit, int | None], **values: Any) -> NonConformance:
        found = self.opened(*things, **values)
        services.answer_recurrence(nonconformance=found, recurrence="no", note="New tool.", actor=self.engineer)
        self.contain(found)
        return services.send_to_review(nonconformance=found, actor=self.engineer)

    def contain(self, found: NonConformance) -> None:
        """Every place of affected goods is answered for."""
        contain(found, self.engineer)

    def propose(self, item: AffectedItem, kind: str, quantity: int, *, actor: User | None = None) -> Disposition:
        return services.propose_disposition(
            item=item,
            kind=kind,
            quantity=Decimal(quantity),
            justification="Within the functional limit.",
            actor=actor or self.engineer,
        )

    def approve(self, disposition: Disposition, *, actor: User | None = None) -> Disposition:
        actor = actor or self.second
        return services.approve_disposition(
            disposition=disposition, actor=actor, signature=proof(actor, "dispositioned")
        )

    def without_capa(self, found: NonConformance) -> NonConformance:
        """Decided that no CAPA is needed, as what is major or critical must be before it is closed."""
        return services.decide_capa(
            nonconformance=found, decision="not_needed", rationale="One of a kind.", actor=self.engineer
        )

    def dispositioned(self, lot: Lot, quantity: int = 10, kind: str = "use_as_is") -> NonConformance:
        found = self.under_review((lot, quantity))
        self.approve(self.propose(found.items.get(), kind, quantity))
        found.refresh_from_db()
        return found

    def closed(self, lot: Lot, quantity: int = 10) -> NonConformance:
        found = self.dispositioned(lot, quantity)
        services.state_cause(nonconformance=found, cause="Worn tool", actor=self.engineer)
        self.without_capa(found)
        return services.close_nonconformance(
            nonconformance=found, actor=self.engineer, signature=proof(self.engineer, "closed")
        )


def contain(found: NonConformance, actor: User) -> None:
    """Every place of affected goods is answered for: held goods are set apart, the rest is not affected."""
    for check in found.containment_checks.filter(result=""):
        result = "told" if check.where == "shipped" else "contained" if is_on_hold(check) else "not_affected"
        services.answer_containment(check=check, result=result, evidence="Counted.", actor=actor)
    found.refresh_from_db()


def make_case(world: World | None = None) -> Case:
    """A plant with its people, a new one unless it is told which."""
    world = world or make_world()
    engineer = make_user(site=world.site, permissions=ENGINEER)
    code = services.create_defect_code(code="DIM-01", name="Dimension out of limit", severity="major", actor=engineer)
    return Case(
        world=world,
        operator=make_user(site=world.site, permissions=OPERATOR),
        engineer=engineer,
        second=make_user(site=world.site, permissions=ENGINEER),
        code=code,
    )


@pytest.fixture(autouse=True)
def _own_files(settings: Settings, tmp_path: Path) -> None:
    """Attached photos of a test stay with it."""
    settings.TRUELINE_FILES_DIR = tmp_path / "files"
    settings.TRUELINE_CACHE_DIR = tmp_path / "cache"


kept_case = made_once(make_case)


@pytest.fixture
def case(kept_case: Callable[[], Case], db: None) -> Case:
    """A new plant, rolled back at the end."""
    return kept_case()


STATES = tuple(state.code for state in NONCONFORMANCE.states)


def seen(*values: object) -> tuple[object, ...]:
    """What a test sees, to be compared with what it expects (6 equals Decimal(6))."""
    return values
