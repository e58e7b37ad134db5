"""Inactivity, training before signing, shifts, waivers and the sealed PDF."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import transaction

from core.kernel.clock import now
from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.organization.services import system_user
from core.printing.models import PrintedRecord
from core.signing.services import identify
from qms.training import services
from qms.training.models import ShiftAssignment, SigningPolicy
from qms.training.queries.printing import as_data, person_records
from qms.training.tasks import suspend_what_is_not_practised
from tests.qms.training.plant import School
from tests.support.people import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("TRN-05")
def test_what_is_not_practised_is_suspended(school: School) -> None:
    services.change_curriculum(
        curriculum=school.curriculum,
        name="Wheels",
        description="",
        valid_months=None,
        is_active=True,
        inactivity_days=30,
        reason="Skill fades",
        actor=school.author,
    )
    held = school.qualified(school.learner)
    suspend_what_is_not_practised()
    held.refresh_from_db()
    assert held.status == "active"
    with time_machine.travel(now() + dt.timedelta(days=31), tick=True):
        suspend_what_is_not_practised()
        held.refresh_from_db()
        assert held.status == "suspended"
    services.reinstate(qualification=held, actor=school.trainer, reason="Seen again")
    assert services.suspend_unpractised(actor=system_user("training")) == 0


@pytest.mark.requirement("TRN-11")
def test_nobody_signs_before_being_trained_in_signing_where_the_site_asks_for_it(school: School) -> None:
    def sign(meaning: str = "approved") -> Any:
        return identify(identification="learner", secret="correct horse battery staple", meaning=meaning, device="desk")

    school.learner.set_password("correct horse battery staple")
    with transaction.atomic(), acting(system_user("test")):
        school.learner.save()

    def decide(is_on: bool, reason: str = "") -> None:
        services.set_signing_policy(
            site=school.site, document=school.document, is_on=is_on, reason=reason, actor=school.author
        )

    with pytest.raises(Blocked) as caught:
        decide(True)
    assert caught.value.codes == ("not_effective",)
    school.requirement()
    school.effective()
    decide(False)
    assert sign()
    with pytest.raises(Blocked) as caught:
        decide(True)
    assert caught.value.codes == ("reason",)
    decide(True, "Part 11 training is in place")
    with pytest.raises(Blocked) as caught:
        sign()
    assert caught.value.codes == ("untrained_in_signing",)
    assert sign("trained")
    school.learned(school.assigned())
    assert sign()
    assert SigningPolicy.objects.get().is_on


def test_shifts_are_planned_and_taken_back(school: School) -> None:
    work_center = school.site.areas.get().work_centers.get()
    planned = services.plan_shift(
        user=school.learner,
        work_center=work_center,
        shift="Early",
        starts_at=now(),
        ends_at=now() + dt.timedelta(hours=8),
        actor=school.author,
    )
    with pytest.raises(Blocked) as caught:
        services.plan_shift(
            user=school.learner,
            work_center=work_center,
            shift="x",
            starts_at=planned.ends_at,
            ends_at=planned.ends_at,
            actor=school.author,
        )
    assert caught.value.codes == ("period",)
    with pytest.raises(Blocked):
        services.cancel_shift(shift_assignment=planned, reason="", actor=school.author)
    services.cancel_shift(shift_assignment=planned, reason="Ill", actor=school.author)
    assert not ShiftAssignment.objects.exists()


@pytest.mark.requirement("TRN-12")
def test_the_records_of_a_person_hold_everything(school: School) -> None:
    school.requirement()
    school.effective()
    school.learned(school.assigned())
    school.qualified(school.learner)
    data = as_data(school.learner, person_records(school.learner))
    assert data["person"]["username"] == "learner"
    (record,) = data["records"]
    assert record["signed_by"] == "Learner" and len(record["digest"]) == 64
    assert [one["curriculum"] for one in data["qualifications"]] == ["WHEEL"]
    job = services.request_print(person=school.learner, actor=school.author)
    assert job.handler == "qms_training.print"
    stranger = make_user()
    with pytest.raises(Blocked):
        services.request_print(person=school.learner, actor=stranger)
    assert PrintedRecord.objects.count() == 0
