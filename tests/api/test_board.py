"""The review board, concessions, other lots and planned deviations by programs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from core.organization.models import User
from tests.api.conftest import MAKE, Program, program_of
from tests.api.test_desk import done, seen
from tests.api.test_kit import refused
from tests.integrations.test_screen import SECRET, able_to_sign
from tests.qms.nonconformance.conftest import Case, make_case
from tests.qms.nonconformance.test_board import HEAD
from tests.qms.nonconformance.test_deviations import RIGHTS
from tests.support.people import grant, make_user
from traceability.queries import day_at
from traceability.services import link

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("API-01", "API-12")]
AT = "qms/nonconformance/"
Sign = Callable[[str], dict[str, str]]


def blocked(answer: Any, code: str) -> None:
    """Refused, with this reason and what to do next."""
    (blocker,) = (one for one in refused(answer, 409)["blockers"] if one["code"] == code)
    assert blocker["remedy"]


@pytest.fixture
def case(db: None) -> Case:
    return make_case()


def of(case: Case, user: User, *rights: str) -> tuple[Program, Sign]:
    """A program of this person, and what signs for them."""
    grant(user, case.world.site, MAKE, *rights)
    able_to_sign(user)
    return program_of(user), lambda meaning: {"user_name": user.username, "secret": SECRET, "meaning": meaning}


@pytest.mark.requirement("NC-08", "NC-09", "NC-12", "NC-14")
def test_a_board_signs_by_programs(case: Case) -> None:
    head, _none = of(case, make_user(site=case.world.site, permissions=HEAD))
    first, sign = of(case, case.second, "qms_nonconformance.view_concession")
    today = day_at(case.world.site)
    body = {"kind": "use_as_is", "severity": "", "function": "quality"}
    made = done(head.post(f"{AT}board/rules/", body), 201)
    blocked(head.post(f"{AT}board/rules/", body), "known")
    assert made["function"] == "quality"
    assert [one["id"] for one in done(head.get(f"{AT}board/rules/"))["results"]] == [made["id"]]

    lot = case.world.lot(100)
    found = case.under_review((lot, 10))
    line = case.propose(found.items.get(), "use_as_is", 10)
    address = f"{AT}dispositions/{line.pk}/approve/"
    (shown,) = done(first.get(f"{AT}nonconformances/{found.pk}/dispositions/"))["results"]
    blocked(first.post(address, {"signature": sign("dispositioned")}, If_Match=seen(shown)), "authority")
    done(
        head.post(
            f"{AT}board/authorities/",
            {
                "site": case.world.site.pk, "person": case.second.pk, "function": "quality",
                "valid_from": str(today), "valid_until": str(today + dt.timedelta(days=9)),
                "highest_severity": "critical", "basis": "Letter",
            },
        ),
        201,
    )  # fmt: skip
    signed = done(first.post(address, {"signature": sign("dispositioned")}, If_Match=seen(shown)))
    assert signed["status"] == "done"
    (told,) = done(first.get(f"{AT}concessions/"))["results"]
    assert (told["counter"], told["lot"], Decimal(told["quantity"])) == (1, lot.pk, Decimal(10))
    address = f"{AT}nonconformances/{found.pk}/"
    decided = done(first.post(f"{address}capa/", {"decision": "not_needed", "rationale": "One of a kind"}))
    assert decided["capa_decision"] == "not_needed"
    caused = done(first.post(f"{address}cause/", {"cause": "Burr", "cause_category": "machine"}))
    assert caused["cause_category"] == "machine"


@pytest.mark.requirement("DEV-04", "NC-13")
def test_other_lots_and_duplicates_by_programs(case: Case) -> None:
    world = case.world
    quality, sign = of(case, case.engineer)
    steel, ours = world.lot(100), world.lot(100)
    link(parent_lot=steel, child_lot=ours, quantity=Decimal(5), uom=world.each, actor=world.system)
    stays, duplicate = case.opened((ours, 10)), case.opened((ours, 20))
    done(quality.post(f"{AT}nonconformances/{stays.pk}/other-lots/", {}))
    (line,) = done(quality.get(f"{AT}other-lots/?nonconformance={stays.number}"))["results"]
    assert (line["lot"], line["answer"]) == (steel.pk, "")
    answer = {"answer": "not_affected", "rationale": "Certificate"}
    done(quality.post(f"{AT}other-lots/{line['id']}/answer/", answer))
    refused(quality.post(f"{AT}other-lots/{line['id']}/answer/", {"answer": "affected", "rationale": "?"}), 422)
    merged = {"into": stays.pk, "reason": "Reported twice", "signature": sign("hold_released")}
    assert done(quality.post(f"{AT}nonconformances/{duplicate.pk}/merge/", merged))["merged_into"] == stays.pk


@pytest.mark.requirement("DEV-01")
def test_a_planned_deviation_by_programs(case: Case) -> None:
    author, other = (make_user(site=case.world.site, permissions=RIGHTS) for _ in range(2))
    program, sign = of(case, author)
    second, second_sign = of(case, other)
    material, today = case.world.material(), day_at(case.world.site)
    made = done(
        program.post(
            f"{AT}deviations/",
            {
                "site": case.world.site.pk, "title": "Other oil", "requirement": "Oil A", "instead": "Oil B",
                "justification": "Same base", "material": material.number, "quota": 3, "valid_from": str(today),
                "valid_until": str(today + dt.timedelta(days=3)),
            },
        ),
        201,
    )  # fmt: skip
    address = f"{AT}deviations/{made['id']}/"
    lot = case.world.lot(100, material)
    blocked(program.post(f"{address}use/", {"lot": lot.number, "quantity": 1}), "not_approved")
    sent = done(program.post(f"{address}submit/", {"signature": sign("authored")}, If_Match=seen(made)))
    given = {"signature": second_sign("approved")}
    assert done(second.post(f"{address}approve/", given, If_Match=seen(sent)))["status"] == "approved"
    done(program.post(f"{address}use/", {"lot": lot.number, "quantity": 2}), 201)
    blocked(program.post(f"{address}use/", {"lot": lot.number, "quantity": 2}), "quota")
    assert Decimal(done(program.get(address))["used"]) == 2
