"""A planned deviation is approved before it is used, and never used beyond its quota or its days (scenario E)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from core.kernel.errors import Blocked
from core.lifecycle.services import perform
from core.organization.models import User
from qms.nonconformance import services
from qms.nonconformance.models import DeviationUse, PlannedDeviation
from qms.nonconformance.queries import in_force
from tests.qms.nonconformance.conftest import Case, make_case, seen
from tests.support.people import make_user, proof
from tests.traceability.test_races import at_once
from traceability.queries import day_at

RIGHTS = tuple(f"qms_nonconformance.{right}_planneddeviation" for right in ("view", "draft", "approve", "use"))


def drafted(case: Case, author: User, **values: Any) -> PlannedDeviation:
    today = day_at(case.world.site)
    return services.draft_deviation(
        **{
            "site": case.world.site, "title": "Other cutting oil", "requirement": "Oil A", "instead": "Oil B",
            "justification": "Same base, test report 12", "material": case.world.material(), "quota": Decimal(10),
            "valid_from": today, "valid_until": today + dt.timedelta(days=7), "actor": author, **values,
        }
    )  # fmt: skip


def approved(case: Case, author: User, other: User, **values: Any) -> PlannedDeviation:
    found = drafted(case, author, **values)
    perform(found, "submit", actor=author, signature=proof(author, "authored"))
    return perform(found, "approve", actor=other, signature=proof(other, "approved"))


def people(case: Case) -> tuple[User, User]:
    return tuple(make_user(site=case.world.site, permissions=RIGHTS) for _ in range(2))  # type: ignore[return-value]


def refused(deviation: PlannedDeviation, lot: Any, quantity: int, actor: User) -> tuple[str, ...]:
    before = (DeviationUse.objects.count(), PlannedDeviation.objects.get(pk=deviation.pk).used)
    with pytest.raises(Blocked) as caught:
        services.use_deviation(deviation=deviation, lot=lot, quantity=Decimal(quantity), actor=actor)
    assert (DeviationUse.objects.count(), PlannedDeviation.objects.get(pk=deviation.pk).used) == before
    assert all(blocker.remedy for blocker in caught.value.blockers)
    return tuple(caught.value.codes)


@pytest.mark.requirement("DEV-01")
def test_it_is_used_only_when_approved_within_days_and_quota(case: Case) -> None:
    author, other = people(case)
    found = drafted(case, author)
    lot = case.world.lot(100, found.material)
    assert refused(found, lot, 1, author) == ("not_approved",)
    perform(found, "submit", actor=author, signature=proof(author, "authored"))
    with pytest.raises(Blocked):
        perform(found, "approve", actor=author, signature=proof(author, "approved"))
    perform(found, "approve", actor=other, signature=proof(other, "approved"))
    assert list(in_force(case.world.site, found.material, day_at(case.world.site))) == [found]

    services.use_deviation(deviation=found, lot=lot, quantity=Decimal(6), source=lot, actor=author)
    assert refused(found, lot, 5, author) == ("quota",)
    assert refused(found, case.world.lot(5), 1, author) == ("other_material",)
    services.use_deviation(deviation=found, lot=lot, quantity=Decimal(4), actor=author)
    found.refresh_from_db()
    assert seen(found.used, sum(use.quantity for use in found.uses.all())) == (10, 10)
    assert not in_force(case.world.site, found.material, day_at(case.world.site)).exists()
    assert refused(found, lot, 1, author) == ("quota",)
    perform(found, "close", actor=other, signature=proof(other, "closed"), reason="No defect in ten pieces")


@pytest.mark.requirement("DEV-01")
def test_it_ends_with_its_last_day(case: Case) -> None:
    author, other = people(case)
    found = approved(case, author, other)
    lot = case.world.lot(100, found.material)
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=9), tick=True):
        assert refused(found, lot, 1, author) == ("expired",)
    late = drafted(case, author, valid_until=day_at(case.world.site))
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=2)
    with time_machine.travel(later, tick=True), pytest.raises(Blocked) as caught:
        perform(late, "submit", actor=author, signature=proof(author, "authored"))
    assert caught.value.codes == ("expired",)


@pytest.mark.requirement("DEV-01")
def test_only_a_draft_changes(case: Case) -> None:
    author, other = people(case)
    found = approved(case, author, other)
    values = {
        "title": "x", "requirement": "x", "instead": "x", "justification": "x", "quota": Decimal(99),
        "valid_from": found.valid_from, "valid_until": found.valid_until,
    }  # fmt: skip
    with pytest.raises(Blocked) as caught:
        services.change_deviation(deviation=found, actor=author, **values)  # type: ignore[arg-type]
    assert caught.value.codes == ("not_editable",)
    for wrong, code in (
        ({"quota": Decimal(0)}, "quantity"),
        ({"valid_until": found.valid_from - dt.timedelta(days=1)}, "days"),
    ):
        with pytest.raises(Blocked) as caught:
            drafted(case, author, **wrong)
        assert caught.value.codes == (code,)
    with pytest.raises(Blocked) as caught:
        drafted(case, case.operator)
    assert caught.value.codes == ("permission",)


@pytest.mark.requirement("DEV-01")
def test_stations_at_once_never_take_more_than_the_quota(plant: str) -> None:
    case = make_case()
    author, other = people(case)
    found = approved(case, author, other)
    lot = case.world.lot(100, found.material)

    def use(_number: int) -> None:
        services.use_deviation(deviation=found, lot=lot, quantity=Decimal(3), actor=author)

    assert Counter(at_once(6, use)) == {"done": 3, "quota": 3}
    found.refresh_from_db()
    assert seen(found.used, found.uses.count()) == (9, 3)
