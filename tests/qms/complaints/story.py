"""Complaints of the full plant: one in each state that has a page, a report in each, a tree in each."""

from __future__ import annotations

from qms.complaints import services
from qms.complaints.models import Complaint
from qms.complaints.services.examples import create_examples
from tests.qms.complaints.conftest import FIVE_DAY, Desk, make_desk
from tests.support.people import proof
from tests.traceability.world import World
from traceability.models import Lot


def fill_complaints(world: World) -> Complaint:
    """Make them; returns the one about a lot that has to be reported."""
    desk = make_desk(world)
    lot = world.lot(30)
    reported = _reportable(desk, lot)
    desk.received(lot)
    desk.triaged(lot)
    desk.decided(lot)
    waived = desk.decided()
    services.waive_investigation(
        complaint=waived, justification="Colour.", similar_to=None, actor=desk.engineer,
        signature=proof(desk.engineer, "approved"),
    )  # fmt: skip
    desk.reply(desk.resolved(lot))
    desk.closed(lot)
    create_examples(actor=desk.engineer)
    services.revise_tree(tree=desk.version.tree, change_summary="Clearer words.", actor=desk.engineer)
    return reported


def _reportable(desk: Desk, lot: Lot) -> Complaint:
    found = desk.investigated(lot, FIVE_DAY)
    sent = desk.sent(found.reports.get())
    services.supplement_report(report=sent, due_on=desk.today, actor=desk.engineer)
    services.raise_from_complaint(complaint=found, title="Springs missing", severity="major", actor=desk.engineer)
    acknowledged = desk.decided(lot, FIVE_DAY).reports.get()
    desk.sent(acknowledged)
    services.acknowledge_report(report=acknowledged, acknowledged_on=desk.today, actor=desk.engineer)
    reviewed = desk.fill(desk.decided(lot, FIVE_DAY).reports.get())
    services.review_report(report=reviewed, actor=desk.second, signature=proof(desk.second, "reviewed"))
    return found
