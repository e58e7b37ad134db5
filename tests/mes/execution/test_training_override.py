"""The override of missing training, signed by people who have switched on codes of an app."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse

from core.kernel.clock import now
from core.kernel.deeds import acting
from core.organization.models import User
from core.organization.services import factors, system_user
from mes.execution.lifecycle import OVERRIDE
from mes.execution.models import OrderOperation
from qms.nonconformance.models import NonConformance
from qms.training.models import TrainingOverride
from tests.mes.execution.floor import LEAD, OPERATOR, Floor, make_floor
from tests.mes.execution.station import make_station
from tests.mes.execution.test_training import next_revision, waiting
from tests.support.people import make_user
from tests.support.visits import seen, visit_as

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("TRN-08", "SIGNIN-01")]
SECRET, KEY = "correct horse battery staple", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code() -> str:
    """What the app shows now."""
    return str(format_hotp_value(hotp_value(KEY, int(now().timestamp()) // 30)))


@pytest.fixture
def floor(db: None) -> Floor:
    cache.clear()
    return make_floor()


@pytest.fixture
def lead(floor: Floor) -> User:
    return _with_password(make_user(site=floor.site, permissions=(*LEAD, OVERRIDE)))


@pytest.fixture
def second(floor: Floor) -> User:
    return _with_password(make_user(site=floor.site, permissions=OPERATOR))


@pytest.fixture
def operation(floor: Floor) -> OrderOperation:
    next_revision(floor)
    return waiting(floor)


def _with_app(user: User) -> None:
    """What they sign takes a code besides the password."""
    with time_machine.travel(now() - dt.timedelta(minutes=10)):
        factors.set_up_totp(secret=KEY, code=code(), actor=user)


def _with_password(user: User) -> User:
    user.set_password(SECRET)
    with transaction.atomic(), acting(system_user("test")):
        user.save()
    return user


def _refused_then_done(send: Any) -> None:
    """Without the code, or with a wrong one, nothing happens; with it both have signed."""
    for wrong in ("", "000000"):
        answer = send(wrong)
        assert answer.status_code == 409 and "code of your app is missing" in answer.content.decode()
        assert not TrainingOverride.objects.exists() and not NonConformance.objects.exists()
    assert send(code()).status_code == 302
    assert TrainingOverride.objects.count() == 1 == NonConformance.objects.count()


def test_at_the_terminal(floor: Floor, lead: User, second: User, operation: OrderOperation) -> None:
    """The supervisor's approval takes the code; a witness at a terminal signs as for any other witnessed step."""
    _with_app(lead)
    _with_app(second)
    station = make_station(floor.work_center, floor.operator)

    def send(given: str) -> Any:
        return station.ask(
            operation, "override", reason="Delivery today", user_id=lead.username, secret=SECRET, code=given,
            second_id=second.username, second_secret=SECRET,
        )  # fmt: skip

    _refused_then_done(send)


def test_at_the_desk(floor: Floor, lead: User, second: User, operation: OrderOperation) -> None:
    """The second person's signature takes their code."""
    _with_app(second)
    client = visit_as(lead)
    url = reverse("mes_execution:orderoperation_override", args=[operation.pk])
    page = client.get(url).content.decode()
    assert "second_code" in page

    def send(given: str) -> Any:
        return client.post(
            url,
            {"person": floor.operator.pk, "reason": "Delivery today", "user_id": lead.username, "secret": SECRET,
             "second_id": second.username, "second_secret": SECRET, "second_code": given, **seen(operation)},
        )  # fmt: skip

    _refused_then_done(send)
