"""Use as is is counted: the second asks for a CAPA decision, the third in the window is refused (scenario F)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable

import pytest
import time_machine

from core.kernel.errors import Blocked
from qms.nonconformance import services
from qms.nonconformance.models import Concession, NonConformance
from qms.nonconformance.queries import months_before
from tests.qms.nonconformance.conftest import Case, make_case, seen
from tests.qms.nonconformance.test_board import refused
from tests.support.stock import held_quantity
from tests.traceability.test_races import at_once
from traceability.models import Material


def used_as_is(case: Case, material: Material, *, decided: str = "") -> NonConformance:
    found = case.under_review((case.world.lot(10, material), 4))
    if decided:
        services.decide_capa(
            nonconformance=found, decision=decided, rationale="CAPA-000007 covers it.", actor=case.engineer
        )
    case.approve(case.propose(found.items.get(), "use_as_is", 4))
    return found


@pytest.mark.requirement("NC-12")
def test_the_second_asks_for_a_decision_and_the_third_is_refused(case: Case) -> None:
    material = case.world.material()
    used_as_is(case, material)

    lot = case.world.lot(10, material)
    second = case.under_review((lot, 4))
    line = case.propose(second.items.get(), "use_as_is", 4)
    refused(lambda: case.approve(line), "capa_triage")
    assert seen(held_quantity(lot)) == (4,)
    with pytest.raises(Blocked) as caught:
        services.decide_capa(nonconformance=second, decision="raise", rationale=" ", actor=case.engineer)
    assert caught.value.codes == ("rationale",)
    services.decide_capa(nonconformance=second, decision="raise", rationale="CAPA-000007", actor=case.engineer)
    case.approve(line)

    third = case.under_review((case.world.lot(10, material), 4))
    services.decide_capa(nonconformance=third, decision="raise", rationale="CAPA-000007", actor=case.engineer)
    again = case.propose(third.items.get(), "use_as_is", 4)
    refused(lambda: case.approve(again), "concession_stop")
    assert list(Concession.objects.order_by("pk").values_list("counter", flat=True)) == [1, 2]


@pytest.mark.requirement("NC-12")
def test_only_the_same_material_defect_and_window_count(case: Case) -> None:
    material = case.world.material()
    assert used_as_is(case, material).concessions.get().counter == 1
    assert used_as_is(case, case.world.material()).concessions.get().counter == 1
    assert used_as_is(case, material, decided="not_needed").concessions.get().counter == 2
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=400), tick=True):
        assert used_as_is(case, material).concessions.get().counter == 1


@pytest.mark.requirement("NC-12")
def test_the_limits_are_those_of_the_defect(case: Case) -> None:
    code = case.code
    services.change_defect_code(
        defect_code=code, name=code.name, severity="major", parent=None, is_active=True, concession_months=6,
        concession_triage_at=1, concession_stop_at=2, reason="Stricter", actor=case.engineer,
    )  # fmt: skip
    material = case.world.material()
    found = case.under_review((case.world.lot(10, material), 4))
    line = case.propose(found.items.get(), "use_as_is", 4)
    refused(lambda: case.approve(line), "capa_triage")
    services.decide_capa(
        nonconformance=found, decision="not_needed", rationale="First of its kind", actor=case.engineer
    )
    case.approve(line)
    assert Concession.objects.get().window_months == 6
    second = case.under_review((case.world.lot(10, material), 4))
    again = case.propose(second.items.get(), "use_as_is", 4)
    refused(lambda: case.approve(again), "concession_stop")
    with pytest.raises(Blocked) as caught:
        services.change_defect_code(
            defect_code=code, name=code.name, severity="major", parent=None, is_active=True,
            concession_triage_at=5, concession_stop_at=2, reason="Wrong", actor=case.engineer,
        )  # fmt: skip
    assert caught.value.codes == ("limits",)


@pytest.mark.requirement("NC-12")
def test_what_is_critical_is_decided_about_before_the_review_ends(case: Case) -> None:
    found = case.under_review((case.world.lot(10), 4), severity="critical")
    case.approve(case.propose(found.items.get(), "scrap", 4))
    found.refresh_from_db()
    assert found.status == "under_review"
    services.decide_capa(nonconformance=found, decision="raise", rationale="CAPA-000009", actor=case.engineer)
    found.refresh_from_db()
    assert found.status == "dispositioned"
    with pytest.raises(Blocked) as caught:
        services.decide_capa(nonconformance=found, decision="not_needed", rationale="No", actor=case.engineer)
    assert caught.value.codes == ("reason_missing",)


@pytest.mark.parametrize(
    ("moment", "months", "before"),
    [("2026-03-31", 1, "2026-02-28"), ("2026-03-31", 12, "2025-03-31"), ("2028-02-29", 12, "2027-02-28")],
)
def test_months_are_calendar_months(moment: str, months: int, before: str) -> None:
    parse: Callable[[str], dt.datetime] = dt.datetime.fromisoformat
    assert months_before(parse(moment), months) == parse(before)


@pytest.mark.requirement("NC-12")
def test_boards_at_once_are_counted_one_after_the_other(plant: str) -> None:
    case = make_case()
    code = case.code
    services.change_defect_code(
        defect_code=code, name=code.name, severity="major", parent=None, is_active=True,
        concession_triage_at=2, concession_stop_at=2, reason="Stricter", actor=case.engineer,
    )  # fmt: skip
    material = case.world.material()
    lines = [
        case.propose(case.under_review((case.world.lot(10, material), 4)).items.get(), "use_as_is", 4) for _ in range(4)
    ]
    assert Counter(at_once(4, lambda number: case.approve(lines[number]))) == {"done": 1, "concession_stop": 3}
    assert list(Concession.objects.values_list("counter", flat=True)) == [1]
