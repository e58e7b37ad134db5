"""Deciding about the lines of a recall, and its end by a signed report."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from core.kernel.deeds import acting
from core.lifecycle.models import Transition
from core.lifecycle.services import perform
from core.signing.queries import is_intact, signatures_of
from tests.support.people import make_user, proof
from tests.support.stock import issue_stock
from tests.traceability.goods import back, shipped
from tests.traceability.recalled import begun, closed, decided, drilled, make_head, traced, used_in, worked
from tests.traceability.refusals import refused
from tests.traceability.test_races import at_once
from tests.traceability.test_views import ALL
from tests.traceability.world import World, make_world
from traceability import services
from traceability.models import (
    RecallDecision,
    RecallReport,
)
from traceability.queries.recall_data import lines_digest
from traceability.queries.recalls import (
    figures_of,
    groups_of,
    lines_of,
    open_lines,
    present_decision,
)


@pytest.fixture
def head(world: World) -> Any:
    """Somebody who may do everything with recalls."""
    return make_head(world)


# --- decisions


@pytest.mark.requirement("RCL-04")
def test_a_line_is_decided_once_and_corrected_with_a_reason(world: World, head: Any) -> None:
    recall = drilled(world, head, world.lot(3))
    line = recall.lines.get()
    first = services.decide_line(line=line, disposition="explained", note="Lent to the lab", actor=head)
    with refused("decided"):
        services.decide_line(line=line, disposition="confirmed", actor=head)
    assert RecallDecision.objects.count() == 1
    second = services.decide_line(line=line, disposition="confirmed", reason="Wrong line", actor=head)
    assert (second.supersedes, second.reason, present_decision(line)) == (first, "Wrong line", second)
    assert open_lines(recall).count() == 0


@pytest.mark.requirement("RCL-04")
def test_a_disposition_fits_the_place_and_the_kind(world: World, head: Any, lead: Any) -> None:
    lot, used = world.lot(9), world.lot(1)
    used_in(world, lot, used, 2)
    shipped(world, lead, lot, 3)
    recall = begun(world, head, lot, kind="recall")
    perform(recall, "start", actor=head, signature=proof(head, "approved"))
    recall = worked(recall)
    here = lines_of(recall).get(where="site", lot=lot)
    away = lines_of(recall).get(where="customer")
    consumed = lines_of(recall).get(where="consumed")
    for line, disposition, note, code in (
        (here, "confirmed", "", "only_drill"),
        (here, "returned", "", "not_shipped"),
        (here, "with_customer", "Told", "not_shipped"),
        (away, "quarantined", "", "not_here"),
        (here, "not_found", " ", "note"),
        (here, "explained", "", "note"),
        (here, "quarantined", "", "not_quarantined"),
        (here, "destroyed", "Burnt", "not_scrapped"),
        (away, "returned", "", "not_returned"),
        (away, "destroyed", "", "note"),
        (away, "with_customer", "", "note"),
        (consumed, "explained", "So", "settled"),
    ):
        with refused(code):
            services.decide_line(line=line, disposition=disposition, note=note, actor=head)
    with refused("not_here", "not_quarantined"):
        services.decide_lines(recall=recall, disposition="quarantined", actor=head)
    with refused("not_returned"):
        services.decide_lines(recall=recall, disposition="returned", customer=away.customer, actor=head)
    assert not RecallDecision.objects.exists()
    assert services.decide_lines(recall=recall, disposition="corrected", note="Checked", where="site", actor=head) == 2
    assert away.shipment_line is not None
    back(away.shipment_line, lead, 3)
    assert services.decide_lines(recall=recall, disposition="returned", customer=away.customer, actor=head) == 1
    with refused("no_open_lines"):
        services.decide_lines(recall=recall, disposition="returned", customer=away.customer, actor=head)
    assert {group.where: (group.lines, group.open) for group in groups_of(recall)} == {
        "site": (2, 0), "customer": (1, 0), "consumed": (1, 0),
    }  # fmt: skip


@pytest.mark.requirement("RCL-04")
def test_two_people_never_decide_the_same_line(plant: str) -> None:
    world = make_world()
    head = make_head(world)
    recall = traced(begun(world, head, world.lot(3)), head)
    line = recall.lines.get()
    kinds = ["confirmed", "explained", "corrected", "confirmed"]
    outcomes = at_once(4, lambda n: services.decide_line(line=line, disposition=kinds[n], note="-", actor=head))
    assert sorted(outcomes) == ["decided", "decided", "decided", "done"]
    other = traced(begun(world, head, world.lot(3)), head)
    outcomes = at_once(3, lambda n: services.decide_lines(recall=other, disposition=kinds[n], note="-", actor=head))
    assert sorted(outcomes) == ["done", "no_open_lines", "no_open_lines"]
    assert RecallDecision.objects.filter(line__recall__in=(recall, other)).count() == 2


@pytest.mark.requirement("RCL-10")
def test_nothing_is_decided_that_the_ledger_does_not_say(world: World, head: Any, lead: Any) -> None:
    master = make_user(site=world.site, permissions=ALL)
    lot = world.lot(30)
    forks = world.lot(0, world.material(tracking="serial"))
    unit = world.unit(forks)
    recall = drilled(world, head, lot, unit)
    here, piece = lines_of(recall).get(lot=lot), lines_of(recall).get(unit=unit)
    for line in (here, piece):
        for disposition, code in (("quarantined", "not_quarantined"), ("destroyed", "not_scrapped")):
            with refused(code):
                services.decide_line(line=line, disposition=disposition, note="Burnt", actor=head)
    services.scrap_stock(lot=lot, quantity=Decimal(29), reason="Burnt", actor=master)
    with refused("not_scrapped"):
        services.decide_line(line=here, disposition="destroyed", note="Burnt", actor=head)
    services.scrap_stock(lot=lot, quantity=Decimal(1), reason="Burnt", actor=master)
    services.decide_line(line=here, disposition="destroyed", note="Burnt", actor=head)
    services.scrap_stock(lot=forks, unit=unit, quantity=Decimal(1), reason="Burnt", actor=master)
    services.decide_line(line=piece, disposition="destroyed", note="Burnt", actor=head)
    kept = world.lot(4)
    services.move_stock(
        lot=kept, quantity=Decimal(4), from_location=world.store, to_location=world.quarantine, actor=master
    )
    other = drilled(world, head, kept)
    assert services.decide_lines(recall=other, disposition="quarantined", where="site", actor=head) == 1


@pytest.mark.requirement("RCL-10")
def test_what_is_not_resolved_is_explained_in_words_or_stays_lost(world: World, head: Any) -> None:
    lot = world.lot(10)
    issue_stock(lot=lot, quantity=Decimal(5), actor=world.operator)
    recall = drilled(world, head, lot)
    lost = lines_of(recall).get(where="unknown")
    for disposition in ("confirmed", "quarantined", "destroyed"):
        with refused("unresolved"):
            services.decide_line(line=lost, disposition=disposition, note="Seen", actor=head)
        with refused("unresolved"):
            services.decide_lines(recall=recall, disposition=disposition, note="Seen", where="unknown", actor=head)
    with refused("note"):
        services.decide_line(line=lost, disposition="explained", actor=head)
    with transaction.atomic(), acting(world.system):  # what an earlier version let pass
        earlier = RecallDecision.objects.create(line=lost, disposition="confirmed")
    assert (figures_of(recall).coverage, figures_of(recall).unresolved) == (50, 1)
    assert earlier == present_decision(lost)
    services.decide_line(line=lost, disposition="explained", note="Test bench 3", reason="Not seen", actor=head)
    assert (figures_of(recall).coverage, figures_of(recall).unresolved) == (100, 0)


# --- the end


@pytest.mark.requirement("RCL-05")
def test_it_ends_decided_to_the_last_line_and_signed(world: World, head: Any) -> None:
    lot, other = world.lot(3), world.lot(1)
    recall = drilled(world, head, lot)
    with refused("open_lines"):
        closed(recall, head)
    with refused("open_lines", "report"):
        perform(recall, "close", actor=head)
    decided(recall, head)
    with refused("signature_required"):
        services.close_recall(recall=recall, actor=head)
    with refused("signature_unfit"):
        services.close_recall(recall=recall, actor=head, signature=proof(head, "approved"))
    with refused("report"):
        perform(recall, "close", actor=head)
    services.retrace_recall(recall=recall, actor=head)
    with refused("tracing"):
        closed(recall, head)
    recall = worked(recall)
    assert not RecallReport.objects.exists()
    report = closed(recall, head, conclusion="All found")
    recall.refresh_from_db()
    assert (recall.status, recall.closed_at) == ("closed", report.closed_at)
    [signature] = signatures_of(report)
    assert (signature.meaning, signature.signer, is_intact(signature)) == ("closed", head, True)
    assert report.figures["coverage"] == "100.0" and report.lines_sha256 == lines_digest(recall)
    assert Transition.objects.filter(subject_id=recall.pk, move="close").count() == 1
    for late in (
        lambda: services.decide_line(line=recall.lines.get(), disposition="destroyed", reason="Late", actor=head),
        lambda: services.retrace_recall(recall=recall, actor=head),
        lambda: services.widen_recall(recall=recall, goods=[other], reason="Late", actor=head),
        lambda: closed(recall, head),
    ):
        with refused("recall_status"):
            late()


@pytest.mark.requirement("RCL-05")
def test_a_report_of_another_recall_closes_none(world: World, head: Any) -> None:
    first, second = drilled(world, head, world.lot(3)), drilled(world, head, world.lot(3))
    for recall in (first, second):
        decided(recall, head)
    report = closed(first, head)
    with refused("report"):
        perform(second, "close", actor=head, report=report)
