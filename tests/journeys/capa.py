"""A CAPA from the nonconformance to its sealed record: what Marta, Quinn and Paul do about it in their browsers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from core.kernel.clock import now
from mes.execution.services import report_output, start_operation
from mes.routing import services as routings
from mes.routing.models import RoutingRevision, ScrapReason
from qms.capa.models import Capa
from qms.capa.queries import actions_of, causes_of
from qms.documents.models import DocumentRevision
from qms.documents.services import revise_document
from tests.journeys.line import Line, into_force, person
from tests.journeys.plant import Plant, Screen
from traceability.queries import day_at

AT = "/qms/capa"
FIRST, SECOND = "The wrench slips", "Nobody checks the wrench"


def chooses(screen: Screen, **values: str) -> None:
    """Take these radio buttons."""
    for name, value in values.items():
        screen.page.locator(f'main [name="{name}"][value="{value}"]').check()


def at(screen: Screen, capa: Capa, deed: str) -> None:
    """The page of a deed on the CAPA."""
    screen.go(f"{AT}/capas/{capa.pk}/{deed}/")


def done(screen: Screen, user: str = "") -> None:
    """Press the page's button, signed by the user where one is named; it was not refused."""
    if user:
        screen.sign_and_press(user)
    else:
        screen.press()
    assert "Not done, because" not in screen.text(), f"{screen.page.url}: {screen.text()}"


def made(line: Line, good: int, scrap: int, reason: ScrapReason) -> None:
    """Anna makes and scraps so many wheels in a new order."""
    operation, anna = line.released(good + scrap), person("anna")
    start_operation(order_operation=operation, actor=anna)
    report_output(
        order_operation=operation, good=Decimal(good), scrap=Decimal(scrap),
        scrap_reason=reason if scrap else None, actor=anna,
    )  # fmt: skip


def raised_from(plant: Plant, page: str) -> Capa:
    """Marta decides on the nonconformance that a CAPA is needed: it is raised from there, stated and submitted."""
    marta = plant.desk("marta")
    marta.go(f"{page}capa/")
    chooses(marta, decision="raise")
    marta.fill("main", rationale="It comes again and again.")
    done(marta)
    capa = Capa.objects.get()
    marta.says(capa.number, "Draft")
    at(marta, capa, "change")
    marta.fill("main", problem="One wheel in ten is loose.", not_problem="Rear wheels are not.")
    done(marta)
    at(marta, capa, "submit")
    done(marta, "marta")
    marta.says("Triage")
    return capa


def opened(plant: Plant, capa: Capa) -> None:
    """Quinn names the team, answers the questions, and opens it for Paul, signed."""
    quinn = plant.desk("quinn")
    at(quinn, capa, "team/new")
    quinn.fill("main", user="Leo Gruber")
    done(quinn)
    at(quinn, capa, "open")
    chooses(quinn, severity="high", occurrence="medium", escaped="no", recurs="yes", regulatory="no")
    due = now() + dt.timedelta(days=60)
    quinn.fill(
        "main", rationale="A wheel may come off.", priority="High", owner="Paul Weber", due_at=f"{due:%Y-%m-%dT%H:%M}"
    )
    done(quinn, "quinn")
    quinn.says("Investigation")


def investigated(plant: Plant, capa: Capa) -> None:
    """Paul names two causes, one because of the other's absence, and confirms both by evidence."""
    paul = plant.desk("paul")
    at(paul, capa, "method")
    chooses(paul, method="five_why")
    paul.fill("main", adverse_plan="Fifty hubs are measured for cracks.")
    done(paul)
    for statement in (FIRST, SECOND):
        at(paul, capa, "causes/new")
        paul.fill("main", statement=statement)
        done(paul)
    for cause in causes_of(capa):
        paul.go(f"{AT}/causes/{cause.pk}/judge/")
        chooses(paul, verdict="confirmed")
        paul.fill("main", evidence=f"Measured on line 1: {cause.statement.lower()}.")
        done(paul)
    paul.go(f"{capa.get_absolute_url()}?tab=causes")
    paul.says(FIRST, SECOND, "Root cause")
    paul.picture("capa-causes")


def planned(plant: Plant, capa: Capa, line: Line, reason: ScrapReason) -> tuple[DocumentRevision, RoutingRevision]:
    """One action is bound to the next instruction, one to the next routing; the check counts scrapped wheels."""
    paul, engineer = plant.desk("paul"), person("paul")
    document = revise_document(document=line.document, change_summary="Wrench with a stop.", actor=engineer)
    routing = routings.new_revision(routing=line.routing.routing, summary="The wrench is checked.", actor=engineer)
    bound = (
        (FIRST, "Write the new wrench into the instruction", "Document revision", line.document.number),
        (SECOND, "Check the wrench in the routing", "Routing revision", line.routing.routing.code),
    )
    for statement, title, kind, number in bound:
        at(paul, capa, "actions/new")
        paul.page.locator("main label", has_text=statement).locator("input").check()
        paul.fill("main", title=title, kind=kind, bound_number=number, owner="Paul Weber")
        done(paul)
    at(paul, capa, "check")
    today = day_at(line.site)
    paul.fill(
        "main", events="Pieces scrapped", sort=reason.code, exposure="Pieces made", material=line.material.number,
        test="Binomial", baseline_begins=f"{today - dt.timedelta(days=5)}", baseline_ends=f"{today}", window_days="1",
        minimum_exposure="100", alpha="0.05",
    )  # fmt: skip
    done(paul)
    at(paul, capa, "look_across")
    done(paul)
    paul.says("Where else the same may be")
    at(paul, capa, "across/new")
    paul.fill("main", where="Rear wheels at Boston", why="They are mounted with the same wrench.")
    done(paul)
    paul.go(f"{AT}/across/{capa.across.get().pk}/answer/")
    chooses(paul, answer="applicable")
    paul.fill("main", rationale="Boston gets the new wrench in June.")
    done(paul)
    at(paul, capa, "hand_over")
    paul.says(FIRST, line.document.number)
    done(paul, "paul")
    quinn = plant.desk("quinn")
    at(quinn, capa, "approve_plan")
    done(quinn, "quinn")
    quinn.says("Implementation")
    return document, routing


def implemented(plant: Plant, capa: Capa, *bound: DocumentRevision | RoutingRevision) -> None:
    """Neither action can be finished before what it is bound to is effective; Marta accepts both."""
    paul, marta = plant.desk("paul"), plant.desk("marta")
    actions = actions_of(capa)
    for action in actions:
        paul.go(f"{AT}/actions/{action.pk}/start/")
        done(paul)
        paul.says("In progress", "waits for")
    paul.picture("capa-bound-action")
    for revision in bound:
        into_force(revision)
    for action in actions:
        paul.go(f"{AT}/actions/{action.pk}/finish/")
        paul.fill("main", reason="It is in force, see its page.")
        done(paul, "paul")
        marta.go(f"{AT}/actions/{action.pk}/accept/")
        done(marta, "marta")
        marta.says("Accepted")
    at(paul, capa, "finish")
    done(paul)


def verified(plant: Plant, capa: Capa) -> None:
    """Marta, who implemented nothing, verifies; the watch begins."""
    marta = plant.desk("marta")
    at(marta, capa, "verify")
    chooses(marta, adverse_effect="none")
    marta.fill("main", finding="Both stations use the new wrench.", adverse_note="Fifty hubs measured, no cracks.")
    done(marta, "marta")
    marta.says("Effectiveness")
