"""The rules of a shared terminal (docs/screens.md, “The terminal”), one test each."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from pytest_django.fixtures import Settings

from core.kernel.errors import Blocked
from core.organization.models import SignOnAttempt, Site, TerminalSession, User
from core.organization.services import people, places, sign_on, system_user
from core.signing.lifecycle import MEANINGS
from core.signing.services import identify
from tests.mes.execution.station import Station, make_station
from tests.support.people import make_site, make_user, work_center_of

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("ACC-04")]

PIN, PASSWORD = "4711", "several words in a row"
RIGHTS = ("mes_execution.view_productionorder",)


@pytest.fixture
def site() -> Site:
    return make_site()


def operator(site: Site) -> User:
    user = make_user(site=site, permissions=RIGHTS)
    people.set_pin(pin=PIN, actor=user)
    return User.objects.get(pk=user.pk)


@pytest.fixture
def station(site: Site) -> Station:
    return make_station(work_center_of(site))


def shown(station: Station, rest: str = "station/") -> str:
    return str(station.client.get(station.address(rest=rest), follow=True).content.decode())


def test_the_banner_says_whose_entry_it_will_be_and_warns_when_nobody_s(station: Station, site: Site) -> None:
    assert "tl-who-nobody" in shown(station)
    anna = operator(site)
    station.sign_on(anna)
    page = shown(station)
    assert "tl-who-nobody" not in page and str(anna) in page.split("<header")[1].split("</header>")[0]


def test_a_badge_switches_the_person_in_two_actions_and_both_stay_clocked_on(station: Station, site: Site) -> None:
    anna, ben = operator(site), operator(site)
    station.sign_on(anna)
    scanned = station.client.get(
        station.address(rest="scan/"), {"code": ben.badge}, headers={"accept": "application/json"}
    )  # the first action: a scan
    address = scanned.json()["url"]
    assert f'value="{ben.badge}"' in station.client.get(address).content.decode()
    answer = station.client.post(address, {"badge": ben.badge, "pin": PIN})  # the second: the PIN
    assert answer.status_code == 302
    banner = shown(station).split("<header")[1].split("</header>")[0]
    assert str(ben) in banner
    open_ones = TerminalSession.objects.filter(terminal=station.terminal, ended_at__isnull=True)
    assert {one.user for one in open_ones} == {anna, ben}
    assert open_ones.get(activated_at__isnull=False).user == ben


@pytest.mark.parametrize(("seconds", "is_allowed"), [(119, False), (120, True), (300, True), (301, False)])
def test_the_idle_lock_is_two_to_five_minutes(site: Site, seconds: int, is_allowed: bool) -> None:
    given = {"work_center": work_center_of(site), "code": "t-1", "name": "T", "actor": system_user("test")}
    if is_allowed:
        assert places.create_terminal(**given, idle_lock_seconds=seconds).pk  # type: ignore[arg-type]
    else:
        with pytest.raises(ValidationError):
            places.create_terminal(**given, idle_lock_seconds=seconds)  # type: ignore[arg-type]


def test_a_pin_is_counted_before_it_is_checked(station: Station, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    anna, seen = operator(site), []

    def check(raw: str, _kept: str) -> bool:
        seen.append(SignOnAttempt.objects.filter(badge=anna.badge).count())
        return False

    monkeypatch.setattr(sign_on, "check_password", check)
    for _number in range(2):
        with pytest.raises(Blocked):
            sign_on.sign_on(terminal=station.terminal, badge=anna.badge, pin="0000")
    assert seen == [1, 2]


def test_the_station_itself_has_no_rights_and_signs_nothing(station: Station) -> None:
    answer = station.client.get(station.address())
    assert answer.status_code == 302 and answer["Location"].startswith(station.address(rest="sign-on/"))
    with pytest.raises(Blocked) as refused:
        identify(identification="", secret="", meaning="performed", device="station", terminal=station.terminal)
    assert refused.value.codes == ("identification_needed",)


@pytest.mark.parametrize("is_allowed", [True, False])
def test_a_pin_signs_performed_witnessed_and_hold_placed_and_nothing_else(
    station: Station, site: Site, settings: Settings, is_allowed: bool
) -> None:
    settings.TRUELINE_PIN_SIGNING = is_allowed
    fits = set()
    for meaning in MEANINGS:
        person = operator(site)
        try:
            identify(
                identification=person.badge, secret=PIN, meaning=meaning, device="d", expected=person,
                terminal=station.terminal,
            )  # fmt: skip
        except Blocked:
            continue
        fits.add(meaning)
    assert fits == ({"performed", "witnessed", "hold_placed"} if is_allowed else set())
