"""The review board: as many signatures as the rule says, by people who may, within their limits; the case of 100."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from core.kernel.errors import Blocked
from core.organization.models import User
from core.signing.queries import signatures_of
from qms.nonconformance import services
from qms.nonconformance.models import BoardAuthority, BoardRule, Concession, Disposition, DispositionVote
from qms.nonconformance.queries import item_states
from tests.qms.nonconformance.conftest import ENGINEER, Case, seen
from tests.support.people import make_user, proof
from tests.support.stock import held_quantity, issue_stock
from traceability.models import Hold, StockMovement
from traceability.queries import available, day_at, on_hand

HEAD = (
    "qms_nonconformance.change_boardrule",
    "qms_nonconformance.view_boardrule",
    "qms_nonconformance.change_boardauthority",
    "qms_nonconformance.view_boardauthority",
)


def head_of(case: Case) -> User:
    return make_user(site=case.world.site, permissions=HEAD)


def rule(case: Case, kind: str, *functions: str, severity: str = "", **values: Any) -> User:
    """These functions sign this kind; returns who said so."""
    head = head_of(case)
    for function in functions:
        services.create_board_rule(kind=kind, function=function, severity=severity, actor=head, **values)
    return head


def appoint(case: Case, head: User, person: User, function: str, **values: Any) -> BoardAuthority:
    today = day_at(case.world.site)
    return services.appoint_to_board(
        **{
            "site": case.world.site,
            "person": person,
            "function": function,
            "valid_from": today,
            "valid_until": today + dt.timedelta(days=365),
            "basis": "Letter of 3 March",
            "actor": head,
            **values,
        }
    )


def everything() -> tuple[object, ...]:
    """What a refused vote leaves as it was."""
    return (
        list(Disposition.objects.order_by("pk").values_list("pk", "status", "row_version")),
        list(Hold.objects.order_by("pk").values_list("pk", "status", "quantity")),
        StockMovement.objects.count(),
        DispositionVote.objects.count(),
        Concession.objects.count(),
    )


def refused(deed: Any, *codes: str) -> None:
    """The deed is refused with these reasons, each with a remedy, and nothing changed."""
    before = everything()
    with pytest.raises(Blocked) as caught:
        deed()
    assert set(caught.value.codes) >= set(codes), caught.value.codes
    assert all(blocker.remedy for blocker in caught.value.blockers)
    assert everything() == before


@pytest.mark.requirement("NC-09")
def test_the_last_of_two_functions_decides(case: Case) -> None:
    head = rule(case, "use_as_is", "quality", "engineering")
    designer = make_user(site=case.world.site, permissions=ENGINEER)
    appoint(case, head, case.second, "quality")
    appoint(case, head, designer, "engineering")
    lot = case.world.lot(100)
    found = case.under_review((lot, 30))
    line = case.propose(found.items.get(), "use_as_is", 30)

    case.approve(line)
    line.refresh_from_db()
    assert (line.status, line.votes.get().function) == ("proposed", "quality")
    assert held_quantity(lot) == 30
    refused(lambda: case.approve(line), "voted")

    case.approve(line, actor=designer)
    line.refresh_from_db()
    assert seen(line.status, held_quantity(lot)) == ("done", 0)
    assert {vote.function: vote.actor for vote in line.votes.all()} == {
        "quality": case.second,
        "engineering": designer,
    }
    assert {one.signer for one in signatures_of(line)} == {case.second, designer}
    assert all(vote.signature.meaning == "dispositioned" for vote in line.votes.select_related("signature"))


@pytest.mark.requirement("NC-09")
def test_nobody_signs_without_authority_beyond_its_limits_or_after_its_day(case: Case) -> None:
    head = rule(case, "scrap", "quality", severity="major")
    found = case.under_review((case.world.lot(100), 30))
    line = case.propose(found.items.get(), "scrap", 20)
    refused(lambda: case.approve(line), "authority")

    authority = appoint(case, head, case.second, "quality", highest_quantity=Decimal(19))
    refused(lambda: case.approve(line), "authority_limit")

    def change(**values: Any) -> None:
        services.change_board_authority(
            **{
                "authority": authority,
                "valid_until": authority.valid_until,
                "highest_severity": "critical",
                "highest_quantity": None,
                "basis": "Letter",
                "reason": "New letter",
                "actor": head,
                **values,
            }
        )

    change(highest_severity="minor")
    refused(lambda: case.approve(line), "authority_limit")
    change(valid_until=authority.valid_from)
    case.approve(line)
    line.refresh_from_db()
    assert line.status == "done"


@pytest.mark.requirement("NC-09")
def test_an_authority_that_is_over_signs_nothing(case: Case) -> None:
    head = rule(case, "scrap", "quality")
    today = day_at(case.world.site)
    appoint(case, head, case.second, "quality", valid_from=today - dt.timedelta(9), valid_until=today - dt.timedelta(1))
    found = case.under_review((case.world.lot(100), 30))
    line = case.propose(found.items.get(), "scrap", 20)
    refused(lambda: case.approve(line), "authority_limit")


@pytest.mark.requirement("NC-09")
def test_a_vote_against_it_is_enough(case: Case) -> None:
    head = rule(case, "rework", "quality", "engineering")
    appoint(case, head, case.second, "quality")
    lot = case.world.lot(100)
    found = case.under_review((lot, 30))
    line = case.propose(found.items.get(), "rework", 30)
    refused(lambda: services.reject_disposition(
        disposition=line, actor=case.second, signature=proof(case.second, "rejected"), reason=""
    ))  # fmt: skip
    services.reject_disposition(
        disposition=line, actor=case.second, signature=proof(case.second, "rejected"), reason="Weld is not qualified"
    )
    line.refresh_from_db()
    assert (line.status, line.votes.get().is_for, line.votes.get().note) == (
        "rejected",
        False,
        "Weld is not qualified",
    )
    assert held_quantity(lot) == 30
    (state,) = item_states(found)
    assert seen(state.open_quantity) == (30,)
    case.propose(found.items.get(), "scrap", 30)


@pytest.mark.requirement("NC-09")
def test_who_may_say_who_signs(case: Case) -> None:
    head = head_of(case)
    with pytest.raises(Blocked) as caught:
        services.create_board_rule(kind="scrap", function="quality", actor=case.engineer)
    assert caught.value.codes == ("permission",)
    with pytest.raises(Blocked) as caught:
        appoint(case, head, head, "quality")
    assert caught.value.codes == ("yourself",)
    with pytest.raises(Blocked) as caught:
        rule(case, "rework", "quality", needs_witness=True)
    assert caught.value.codes == ("witness",)
    made = services.create_board_rule(kind="scrap", function="quality", actor=head)
    with pytest.raises(Blocked) as caught:
        services.create_board_rule(kind="scrap", function="quality", actor=head)
    assert caught.value.codes == ("known",)
    services.change_board_rule(rule=made, needs_witness=False, is_active=False, reason="One is enough", actor=head)
    assert BoardRule.objects.filter(is_active=True).count() == 0
    assert BoardAuthority.objects.count() == 0


@pytest.mark.requirement("NC-11")
def test_scrap_is_booked_with_the_signature_of_its_witness(case: Case) -> None:
    head = rule(case, "scrap", "quality", needs_witness=True)
    appoint(case, head, case.second, "quality")
    lot = case.world.lot(100)
    found = case.under_review((lot, 30))
    line = case.approve(case.propose(found.items.get(), "scrap", 30))
    line.refresh_from_db()
    assert seen(line.status, held_quantity(lot), on_hand(lot)) == ("approved", 30, 100)

    def witnessed(by: User | None, meaning: str = "witnessed") -> Disposition:
        return services.witness_scrap(
            disposition=line,
            reason="Sawn through, in the red bin",
            actor=case.engineer,
            signature=proof(case.engineer, "performed"),
            witness=None if by is None else proof(by, meaning),
        )

    refused(lambda: services.complete_disposition(disposition=line, actor=case.engineer, reason="Gone"), "witness")
    refused(lambda: witnessed(None), "witness")
    rework = case.approve(case.propose(case.under_review((case.world.lot(9), 9)).items.get(), "rework", 9))
    refused(
        lambda: services.witness_scrap(
            disposition=rework, reason="Sawn through", actor=case.engineer,
            signature=proof(case.engineer, "performed"), witness=proof(case.operator, "witnessed"),
        ),
        "not_scrap",
    )  # fmt: skip
    refused(lambda: witnessed(case.engineer), "witness_same")
    refused(lambda: witnessed(case.operator, "performed"), "signature_unfit")
    witnessed(case.operator)
    line.refresh_from_db()
    assert seen(line.status, held_quantity(lot), on_hand(lot)) == ("done", 0, 70)
    assert line.movement is not None and seen(line.movement.quantity) == (30,)
    assert {(one.meaning, one.signer) for one in signatures_of(line)} == {
        ("dispositioned", case.second),
        ("performed", case.engineer),
        ("witnessed", case.operator),
    }


@pytest.mark.requirement("NC-08")
def test_a_signed_line_is_decided_anew_and_held_again(case: Case) -> None:
    lot = case.world.lot(100)
    found = case.under_review((lot, 30))
    line = case.approve(case.propose(found.items.get(), "rework", 30))
    found.refresh_from_db()
    assert seen(found.status, held_quantity(lot)) == ("dispositioned", 0)
    services.redispose(
        disposition=line, actor=case.second, signature=proof(case.second, "rejected"), reason="Rework is too risky"
    )
    found.refresh_from_db()
    line.refresh_from_db()
    assert seen(found.status, line.status, held_quantity(lot)) == ("under_review", "superseded", 30)
    case.approve(case.propose(found.items.get(), "scrap", 30))
    found.refresh_from_db()
    assert seen(found.status, held_quantity(lot), on_hand(lot)) == ("dispositioned", 0, 70)


@pytest.mark.requirement("NC-08")
def test_what_is_used_up_is_not_decided_anew(case: Case) -> None:
    lot = case.world.lot(30)
    found = case.under_review((lot, 30))
    line = case.approve(case.propose(found.items.get(), "rework", 30))
    issue_stock(lot=lot, quantity=Decimal(10), source=None, actor=case.world.system)
    refused(
        lambda: services.redispose(
            disposition=line, actor=case.second, signature=proof(case.second, "rejected"), reason="Too risky"
        ),
        "gone",
    )


@pytest.mark.requirement("NC-08")
def test_the_case_of_a_hundred_pieces(case: Case) -> None:
    """100 pieces, 30 nonconforming: 10 are used as they are, 15 reworked, 5 scrapped; everything adds up, twice."""
    head = head_of(case)
    designer = make_user(site=case.world.site, permissions=ENGINEER)
    for kind, functions in {"use_as_is": ("quality", "engineering"), "rework": ("quality",)}.items():
        for function in functions:
            services.create_board_rule(kind=kind, function=function, actor=head)
    services.create_board_rule(kind="scrap", function="quality", needs_witness=True, actor=head)
    appoint(case, head, case.second, "quality")
    appoint(case, head, designer, "engineering")
    lot = case.world.lot(100)
    found = case.under_review((lot, 30))
    item = found.items.get()
    use, rework, scrap = (
        case.propose(item, kind, quantity) for kind, quantity in (("use_as_is", 10), ("rework", 15), ("scrap", 5))
    )
    refused(lambda: case.propose(item, "scrap", 1), "too_much")
    services.approve_dispositions(
        dispositions=[use, rework, scrap], actor=case.second, signature=proof(case.second, "dispositioned")
    )
    found.refresh_from_db()
    assert seen(found.status, held_quantity(lot), available(lot)) == ("under_review", 15, 85)
    case.approve(use, actor=designer)
    found.refresh_from_db()
    assert seen(found.status, held_quantity(lot), available(lot), on_hand(lot)) == ("dispositioned", 5, 95, 100)

    refused(
        lambda: services.close_nonconformance(
            nonconformance=found, actor=case.engineer, signature=proof(case.engineer, "closed")
        ),
        "not_done",
        "hold_open",
        "cause",
        "capa_undecided",
    )
    services.witness_scrap(
        disposition=scrap,
        reason="Sawn through",
        actor=case.engineer,
        signature=proof(case.engineer, "performed"),
        witness=proof(case.operator, "witnessed"),
    )
    services.complete_disposition(disposition=rework, actor=case.engineer, reason="Rebored, inspected: passed")
    services.state_cause(nonconformance=found, cause="Worn tool", cause_category="machine", actor=case.engineer)
    case.without_capa(found)
    services.close_nonconformance(nonconformance=found, actor=case.engineer, signature=proof(case.engineer, "closed"))

    assert seen(held_quantity(lot), available(lot), on_hand(lot)) == (0, 95, 95)
    (state,) = item_states(found)
    assert seen(state.decided, state.open_quantity, sum(line.quantity for line in state.valid)) == (30, 0, 30)
    ledger = StockMovement.objects.filter(lot=lot)
    came = sum(one.quantity for one in ledger if one.to_location_id and not one.from_location_id)
    went = sum(one.quantity for one in ledger.filter(kind="scrap"))
    assert seen(came - went, went) == (95, 5)
    concession = Concession.objects.get()
    assert seen(concession.quantity, concession.lot, concession.counter) == (10, lot, 1)
    assert not Hold.objects.filter(lot=lot, status="open").exists()
