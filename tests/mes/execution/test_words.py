"""What pages of the floor say, and what they leave out."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.db import transaction
from django.template import Context, Template
from django.test import RequestFactory

from core.kernel.deeds import acting
from core.kernel.errors import Blocked, Blocker
from core.organization.services import system_user
from core.web.forms import QuantityField
from core.web.links import reachable
from mes.execution import services
from mes.execution.queries import bookings, fresh_bookings
from mes.execution.queries.bookings import UNDO_WINDOW
from tests.mes.execution.floor import Floor, make_floor
from tests.mes.execution.station import Station, make_station
from tests.support.people import grant, proof
from tests.support.visits import visit_as

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("TRM-01")]


@pytest.fixture
def station(floor: Floor) -> Station:
    """A terminal at the floor's work center, the operator signed on."""
    return make_station(floor.work_center, floor.operator)


def page_of(station: Station, address: str) -> str:
    return str(station.client.get(address).content.decode())


def ways_out(page: str) -> list[str]:
    """Addresses of links that lead from the terminal to the desk."""
    return [to for to in re.findall(r'<a [^>]*href="(/[^"]*)"', page) if not to.startswith("/t/")]


def test_a_refusal_at_a_terminal_leads_nowhere_but_the_terminal(floor: Floor, station: Station) -> None:
    operation = floor.assembling()
    key = floor.torque.pk
    station.do(operation, "value", data_point=key, **{f"value-{key}": "14"})
    grant(floor.operator, floor.site, "traceability.view_hold", "qms_nonconformance.view_nonconformance")
    answer = station.ask(operation, "complete")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "This was not done" in page and ways_out(page) == []


def test_what_is_a_desk_page_is_no_link_at_a_terminal() -> None:
    terminal, desk = RequestFactory().get("/t/a/"), RequestFactory().get("/somewhere/")
    for to in ("/elsewhere/1/", "/admin-of-nothing/"):
        assert (reachable(terminal, to), reachable(desk, to)) == ("", to)


def test_the_clock_of_a_terminal_shows_its_site_s_time_also_before_anybody_signed_on(
    floor: Floor, station: Station
) -> None:
    with transaction.atomic(), acting(system_user("test")):
        floor.site.time_zone = "America/Chicago"
        floor.site.save()
    station.lock()
    assert 'data-zone="America/Chicago"' in page_of(station, station.address(rest="sign-on/"))


def test_start_is_the_primary_button_only_where_it_is_possible(floor: Floor, station: Station) -> None:
    order = floor.order()
    for operation, ready in ((floor.first(order), True), (floor.last(order), False)):
        page = page_of(station, station.address(operation))
        assert ("tl-big-primary" in page) is ready
        assert ("see the reasons above" in page) is not ready


def test_a_signature_at_the_terminal_shows_what_is_signed_who_signed_and_who_is_next() -> None:
    floor = make_floor(requirements=[{"meaning": "performed"}, {"meaning": "verified", "witness": True}])
    station = make_station(floor.work_center, floor.operator)
    operation = floor.assembling()
    services.sign_operation(
        order_operation=operation,
        meaning="verified",
        signature=proof(floor.colleague, "verified"),
        actor=floor.colleague,
    )
    for dialog in ("sign", "complete"):
        page = page_of(station, station.address(operation, f"dialog/{dialog}/"))
        for said in ("What you sign", operation.order.number, "SHA-256", "Who signed, who is next"):
            assert said in page, dialog
        assert str(floor.colleague.full_name) in page and "Whoever did the work" in page and "awaited" in page


def test_checks_of_the_engine_that_pass_are_no_news_at_the_desk(floor: Floor) -> None:
    operation = floor.first(floor.order())
    page = visit_as(floor.planner).get(operation.get_absolute_url(), {"person": floor.operator.pk}).content.decode()
    assert "Right to work here" in page or "Earlier operations done" in page
    for check in ("State", "Right", "Second person", "Reason"):
        assert f"<span>{check}</span>" not in page


def test_a_right_that_the_reader_lacks_is_no_obstacle_to_tell_them(floor: Floor) -> None:
    order = floor.order(release=False)
    page = visit_as(floor.lead).get(order.get_absolute_url()).content.decode()
    assert order.number in page and 'data-code="permission"' not in page
    assert "Release to the floor" in visit_as(floor.planner).get(order.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("typed", "kept"), [("-0", "0"), ("-0,00", "0.00"), ("-1", "-1")])
def test_a_quantity_of_nothing_has_no_sign(typed: str, kept: str) -> None:
    assert str(QuantityField().clean(typed)) == kept


@pytest.mark.requirement("USE-03")
def test_the_undo_bar_is_shown_while_the_server_would_accept_it_and_to_whoever_booked(
    floor: Floor, station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    operation = floor.start(floor.first(floor.order(10)))
    output = services.report_output(order_operation=operation, good=Decimal(3), actor=floor.operator).record
    page = page_of(station, station.address(operation))
    left = re.findall(r'data-undo-milliseconds="(\d+)"', page)
    assert len(left) == 1 and 0 < int(left[0]) <= 10_000
    assert fresh_bookings([output], floor.colleague) == [], "somebody else needs the right to correct"
    monkeypatch.setattr(bookings, "now", lambda: output.stamped_at + UNDO_WINDOW + dt.timedelta(seconds=1))
    later = page_of(station, station.address(operation))
    assert "data-undo-milliseconds" not in later
    assert f'value="output-{output.pk}"' in later, "with a reason it is taken back all the same"


@pytest.mark.requirement("USE-04")
def test_a_station_says_whether_a_value_is_recorded_once_or_for_each_unit(floor: Floor, station: Station) -> None:
    order = floor.order()
    first = page_of(station, station.address(floor.start(floor.first(order))))
    assert "for each unit" not in first
    last = floor.assembling()
    assert "Here once for the whole order; for each unit when it is finished." in page_of(
        station, station.address(last)
    )
    assert "of this unit" in page_of(station, station.address(last, "dialog/unit/"))


@pytest.mark.requirement("USE-04")
def test_a_refusal_names_its_record_once_and_says_what_is_possible(floor: Floor) -> None:
    operation = floor.start(floor.first(floor.order()))
    order = operation.order
    with pytest.raises(Blocked) as refusal:
        services.release_order(order=order, actor=floor.planner)
    (blocker,) = refusal.value.blockers
    assert f"{order} is “In progress”" in blocker.message and "“Draft”" in blocker.remedy
    shown = Template("{% load ui %}{% blockers blockers %}").render(Context({"blockers": [blocker]}))
    assert shown.count(str(order)) == 1 and f'<a href="{order.get_absolute_url()}">{order}</a>' in shown
    unnamed = Blocker("x", "It cannot be.", record=order)
    shown = Template("{% load ui %}{% blockers blockers %}").render(Context({"blockers": [unnamed]}))
    assert f'It cannot be. <a href="{order.get_absolute_url()}">{order}</a>' in shown
