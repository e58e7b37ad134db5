"""A second person signs at a terminal at which another is signed on: as themselves, and only for this once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from core.organization.models import TerminalSession, User
from core.organization.services.people import set_pin
from core.signing.models import Signature, SigningAttempt, SigningSession
from mes.execution.models import OrderOperation
from tests.mes.execution.floor import OPERATOR, Floor, make_floor
from tests.mes.execution.station import Station, make_station
from tests.support.people import make_site, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("SIG-03", "ORD-04")]

PIN = "2580"


def with_pin(user: User) -> User:
    return set_pin(pin=PIN, actor=user)


@dataclass
class Bench:
    """An operation that needs a witness, its performer signed on at the station."""

    floor: Floor
    station: Station
    operation: OrderOperation

    def sign(self, who: str, secret: str = PIN) -> Any:
        return self.station.ask(self.operation, "sign", meaning="witnessed", user_id=who, secret=secret)

    def signatures(self) -> list[Signature]:
        return list(Signature.objects.filter(subject_type__model="orderoperation"))


def bench_for(*meanings: str) -> Bench:
    floor = make_floor(requirements=[{"meaning": meaning, "witness": True} for meaning in meanings])
    for user in (floor.operator, floor.colleague):
        with_pin(user)
    return Bench(floor, make_station(floor.work_center, floor.operator), floor.assembling())


@pytest.fixture
def bench() -> Bench:
    return bench_for("witnessed", "verified")


def test_the_witness_names_themselves_and_the_first_person_stays_signed_on(bench: Bench) -> None:
    address = bench.station.address(bench.operation, "dialog/sign/")
    page = bench.station.client.get(address)
    field = page.context["form"].fields["user_id"].widget.attrs
    assert {"data-accepts-scan", "data-takes-scans", "autofocus"} <= set(field)
    operator, colleague = bench.floor.operator, bench.floor.colleague
    answer = bench.sign(colleague.badge)
    assert (answer.status_code, answer["Location"]) == (302, bench.station.address(bench.operation))
    (signature,) = bench.signatures()
    assert (signature.signer, signature.meaning, signature.method) == (
        colleague,
        "witnessed",
        "identification and PIN",
    )
    there = TerminalSession.objects.get(terminal=bench.station.terminal, ended_at__isnull=True)
    assert there.user == operator and there.activated_at is not None
    assert not SigningSession.objects.exists()
    # Nothing is continued: the next signature in this dialog is identified again, whoever is signed on.
    assert "user_id" in bench.station.client.get(address).context["form"].fields
    assert bench.station.ask(bench.operation, "sign", meaning="witnessed", secret=PIN).status_code == 422


@pytest.mark.parametrize(
    ("who", "secret", "says"),
    [
        ("operator", PIN, "needs another person"),
        ("colleague", "0000", "User name or secret is wrong"),
        ("stranger", PIN, "right"),
        ("nobody", PIN, "Scan the badge again"),
    ],
)
def test_nobody_else_signs_as_the_second_person(bench: Bench, who: str, secret: str, says: str) -> None:
    badges = {
        "operator": bench.floor.operator.badge,
        "colleague": bench.floor.colleague.badge,
        "stranger": with_pin(make_user(site=make_site(), permissions=OPERATOR)).badge,
        "nobody": "B-unknown",
    }
    answer = bench.sign(badges[who], secret)
    assert answer.status_code == 409
    assert says in answer.content.decode()
    assert all(blocker.remedy for blocker in answer.context["blockers"])
    assert bench.signatures() == []
    assert TerminalSession.objects.get(terminal=bench.station.terminal, ended_at__isnull=True).activated_at


def test_wrong_attempts_are_counted_against_the_second_person_alone(bench: Bench) -> None:
    operator, colleague = bench.floor.operator, bench.floor.colleague
    for _attempt in range(5):
        bench.sign(colleague.badge, "0000")
    assert "Signing is locked" in bench.sign(colleague.badge).content.decode()
    assert bench.signatures() == []
    counted = SigningAttempt.objects.filter(accepted=False)
    assert set(counted.values_list("user", flat=True)) == {colleague.pk}
    assert operator.pk not in SigningAttempt.objects.values_list("user", flat=True)


@pytest.mark.requirement("SIGNIN-06")
@pytest.mark.parametrize(("meaning", "asks"), [("witnessed", False), ("verified", True)])
def test_the_code_of_an_app_is_asked_where_no_pin_is_enough(meaning: str, asks: bool) -> None:
    floor = make_floor(requirements=[{"meaning": meaning, "witness": True}])
    station, operation = make_station(floor.work_center, floor.operator), floor.assembling()
    form = station.client.get(station.address(operation, "dialog/sign/")).context["form"]
    assert ("code" in form.fields) is asks
    assert ("password" in str(form.fields["secret"].help_text)) is asks


def test_where_every_signature_is_given_the_page_says_so_and_takes_none() -> None:
    bench = bench_for("witnessed")
    assert bench.sign(bench.floor.colleague.badge).status_code == 302
    form = bench.station.client.get(bench.station.address(bench.operation, "dialog/sign/")).context["form"]
    assert "Nothing waits for a signature" in str(form.lead) and set(form.fields) == {"meaning"}
    assert bench.sign(bench.floor.lead.badge).status_code == 422
    assert len(bench.signatures()) == 1
