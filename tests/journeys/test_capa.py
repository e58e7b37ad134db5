"""From a defect at a station to a CAPA whose effect is watched, with everything signed and refused between.

Anna reports a loose wheel: its lot is held at the other station in the same moment. A board of two decides about it.
Marta raises a CAPA from the record; Paul finds two causes, binds an action to the next instruction and one to the next
routing, and says where else the same may be. Neither action ends before what it is bound to is in force. Whether it
helped, with both outcomes, is told by the tests of effects.
"""

from __future__ import annotations

import datetime as dt

import pytest

from core.organization.services import system_user
from mes.routing.services import create_scrap_reason
from qms.capa.models import Capa
from qms.nonconformance import services as nonconformances
from qms.nonconformance.models import NonConformance
from tests.journeys import capa as acts
from tests.journeys import quality
from tests.journeys.floor import ANNA, BEN, operation_address, report
from tests.journeys.line import Line, make_line, person
from tests.journeys.plant import Plant
from traceability.queries import day_at

pytestmark = [
    pytest.mark.browser,
    pytest.mark.requirement("CAPA-01", "CAPA-05", "CAPA-07", "CAPA-15", "NC-09", "NC-18"),
]


def test_a_defect_leads_to_a_capa_whose_bound_actions_are_verified(plant: Plant) -> None:
    line = make_line()
    reason = create_scrap_reason(code="WOBBLE", name="Wheel wobbles", actor=person("quinn"))
    acts.made(line, 180, 20, reason)
    _board_is_appointed(line)
    number = _defect_stops_the_lot_at_the_next_station(plant, line)
    page = _two_decide(plant, number)

    capa = acts.raised_from(plant, page)
    quality_closes(plant, page, capa)
    acts.opened(plant, capa)
    acts.investigated(plant, capa)
    document, routing = acts.planned(plant, capa, line, reason)
    acts.implemented(plant, capa, document, routing)
    acts.verified(plant, capa)
    assert plant.elsewhere == []


def _board_is_appointed(line: Line) -> None:
    """Use as is takes engineering and quality: Marta signs for one, Quinn for the other."""
    setup, quinn, today = system_user("setup"), person("quinn"), day_at(line.site)
    nonconformances.create_defect_code(code="DIM-1", name="Loose", severity="major", actor=quinn)
    for function, user in (("engineering", "marta"), ("quality", "quinn")):
        nonconformances.create_board_rule(kind="use_as_is", function=function, severity="", actor=quinn)
        nonconformances.appoint_to_board(
            site=line.site, person=person(user), function=function, valid_from=today,
            valid_until=today + dt.timedelta(days=365), basis="Letter of 3 March", actor=setup,
        )  # fmt: skip


def _defect_stops_the_lot_at_the_next_station(plant: Plant, line: Line) -> str:
    """Two people work on it at two stations; what Anna reports at one is refused at the other from that moment on."""
    one, two = plant.terminal("one"), plant.terminal("two")
    operation = line.released(1)
    for screen, badge in ((one, ANNA), (two, BEN)):
        screen.sign_on(badge)
        screen.follow(operation.order.number, ".tl-tiles")
    one.press("Start", "nav")
    one.accepted()
    two.go(operation_address(two))
    two.press("Join", "nav")
    two.accepted()
    one.follow("Report defect", "nav")
    one.fill(title="The wheel is loose", severity="Major")
    one.press("Report and hold", "nav")
    one.says("On hold")
    report(two, "1")
    two.refuses("is on hold")
    two.picture("capa-held-elsewhere")
    two.go(operation_address(two))
    two.says("On hold", "The wheel is loose")
    return str(NonConformance.objects.get().number)


def _two_decide(plant: Plant, number: str) -> str:
    """Marta triages, Paul proposes; Marta's signature alone does not carry it out, Quinn's does."""
    marta, paul = plant.desk("marta"), plant.desk("paul")
    page = quality.triaged(plant, number)
    lot = NonConformance.objects.get().items.get().lot
    assert lot is not None
    quality.proposed(paul, page, lot.number, "Use as is", "1", "Tightened again and measured.")
    quality.contained(marta, page)
    marta.follow("Send to review board", ".tl-head-actions")
    marta.press()
    for name in ("marta", "quinn"):
        screen = plant.desk(name)
        quality.held(plant, page, {lot.number: "Held"})
        screen.go(f"{page}sign/")
        screen.page.locator('main [name="lines"]').first.check()
        screen.sign_and_press(name)
    quality.held(plant, page, {lot.number: "Free"})
    marta.says("Dispositioned")
    return page


def quality_closes(plant: Plant, page: str, capa: Capa) -> None:
    """The nonconformance is closed with its CAPA, which goes on."""
    marta = plant.desk("marta")
    marta.go(page)
    marta.says(str(capa))
    marta.fill("#cause", cause="See the CAPA.")
    marta.press("Save", "#cause")
    marta.go(f"{page}close/")
    marta.sign_and_press("marta")
    marta.says("Closed")
