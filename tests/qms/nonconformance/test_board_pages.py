"""The pages of the review board, the investigation and planned deviations: each does one deed, or says why not."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.kernel.wiring import ask
from qms.nonconformance import services
from qms.nonconformance.models import BoardAuthority, BoardRule, Concession, NonConformance, PlannedDeviation
from tests.qms.nonconformance.conftest import ENGINEER, Case, seen
from tests.qms.nonconformance.test_board import HEAD, appoint, rule
from tests.qms.nonconformance.test_deviations import people
from tests.qms.nonconformance.test_views import post, signature, signed_in, url
from tests.support.people import grant, make_user
from tests.support.stock import held_quantity
from traceability.queries import day_at, on_hand
from traceability.questions import AboutLot
from traceability.services import link

BUDGET = 15


def text(client: Client, address: str) -> str:
    """What the page says; it costs no more than a page may."""
    client.get(address)
    with CaptureQueriesContext(connection) as told:
        answer = client.get(address)
    assert answer.status_code == 200
    assert len(told) <= BUDGET, "\n".join(one["sql"][:90] + " … " + one["sql"][-60:] for one in told)
    return str(answer.content.decode())


@pytest.mark.requirement("NC-09")
def test_rules_and_authorities_are_kept_on_pages(case: Case) -> None:
    head = make_user(site=case.world.site, permissions=HEAD)
    client = signed_in(head)
    text(client, url("boardrule_list"))
    done = post(client, url("boardrule_create"), kind="scrap", severity="", function="quality", needs_witness="on")
    assert done.status_code == 302, done.content.decode()
    found = BoardRule.objects.get()
    assert found.needs_witness
    assert "Scrap" in text(client, url("boardrule_list"))
    again = post(client, url("boardrule_create"), kind="scrap", severity="", function="quality")
    assert (again.status_code, BoardRule.objects.count()) == (409, 1)
    page = client.get(url("boardrule_change", found.pk)).content.decode()
    assert "needs_witness" in page
    post(client, url("boardrule_change", found.pk), is_active="on", reason="No witness", version=found.row_version)
    assert not BoardRule.objects.get().needs_witness

    today = day_at(case.world.site)
    done = post(
        client, url("boardauthority_create"), site=case.world.site.pk, person=case.second.pk, function="quality",
        valid_from=today, valid_until=today + dt.timedelta(days=30), highest_severity="major", highest_quantity="50",
        basis="Letter of 3 March",
    )  # fmt: skip
    assert done.status_code == 302, done.content.decode()
    authority = BoardAuthority.objects.get()
    assert seen(authority.person, authority.highest_quantity) == (case.second, 50)
    assert case.second.full_name in text(client, url("boardauthority_list"))
    post(
        client, url("boardauthority_change", authority.pk), valid_until=today, highest_severity="minor", basis="Letter",
        reason="Leaves the site", version=authority.row_version,
    )  # fmt: skip
    authority.refresh_from_db()
    assert (authority.valid_until, authority.highest_quantity, authority.highest_severity) == (today, None, "minor")


@pytest.mark.requirement("NC-09", "NC-11", "NC-12")
def test_a_board_signs_on_the_pages(case: Case) -> None:
    head = rule(case, "use_as_is", "quality", "engineering")
    services.create_board_rule(kind="scrap", function="quality", needs_witness=True, actor=head)
    designer = make_user(site=case.world.site, permissions=(*ENGINEER, "qms_nonconformance.view_concession"))
    appoint(case, head, case.second, "quality")
    appoint(case, head, designer, "engineering")
    lot = case.world.lot(100)
    found = case.under_review((lot, 30))
    use = case.propose(found.items.get(), "use_as_is", 25)
    scrap = case.propose(found.items.get(), "scrap", 5)
    first, second = signed_in(case.second), signed_in(designer)
    assert "has not signed yet" in text(first, found.get_absolute_url())

    stranger = post(signed_in(case.engineer), url("disposition_move", scrap.pk, "approve"), **signature(case.engineer))
    assert stranger.status_code == 409
    assert "is not appointed to sign" in stranger.content.decode()
    post(first, url("nonconformance_sign", found.pk), lines=[use.pk, scrap.pk], **signature(case.second))
    use.refresh_from_db()
    scrap.refresh_from_db()
    assert (use.status, scrap.status) == ("proposed", "approved")
    assert case.second.full_name in text(second, url("disposition_move", use.pk, "approve"))
    post(second, url("disposition_move", use.pk, "approve"), **signature(designer))
    use.refresh_from_db()
    assert use.status == "done"
    assert Concession.objects.get().number in text(second, url("concession_list"))
    told = [line.what for part in ask(AboutLot(lot, designer)) for line in part.lines]
    assert any(Concession.objects.get().number in str(what) for what in told)

    refused = post(first, url("disposition_move", scrap.pk, "complete"), reason="Gone")
    assert refused.status_code == 409
    assert "needs a witness" in refused.content.decode()
    signed_in(case.operator)
    text(second, url("disposition_witness", scrap.pk))
    post(
        second, url("disposition_witness", scrap.pk), reason="Sawn through", **signature(designer),
        witness_id=case.operator.username, witness_secret=signature(case.operator)["secret"],
    )  # fmt: skip
    scrap.refresh_from_db()
    assert seen(scrap.status, on_hand(lot), held_quantity(lot)) == ("done", 95, 0)


@pytest.mark.requirement("NC-08", "NC-09")
def test_a_line_is_rejected_or_decided_anew_on_its_page(case: Case, desk: Client) -> None:
    lot = case.world.lot(100)
    found = case.under_review((lot, 30))
    line = case.propose(found.items.get(), "rework", 10)
    post(desk, url("disposition_move", line.pk, "reject"), reason="Not qualified", **signature(case.engineer))
    line.refresh_from_db()
    assert line.status == "rejected"
    kept = case.approve(case.propose(found.items.get(), "repair", 30))
    assert "Decide anew" in text(desk, found.get_absolute_url())
    post(desk, url("disposition_move", kept.pk, "redispose"), reason="Too costly", **signature(case.engineer))
    found.refresh_from_db()
    kept.refresh_from_db()
    assert seen(found.status, kept.status, held_quantity(lot)) == ("under_review", "superseded", 30)


@pytest.fixture
def desk(case: Case) -> Client:
    """The first quality engineer at the desk."""
    return signed_in(case.engineer)


@pytest.mark.requirement("DEV-04")
def test_other_lots_are_looked_for_and_answered_on_pages(case: Case, desk: Client) -> None:
    world = case.world
    steel, ours = world.lot(100), world.lot(100)
    link(parent_lot=steel, child_lot=ours, quantity=Decimal(5), uom=world.each, actor=world.system)
    found = case.opened((ours, 10))
    assert "None is named" in text(desk, found.get_absolute_url())
    post(desk, url("nonconformance_others", found.pk))
    (line,) = found.other_lots.all()
    assert str(steel) in text(desk, found.get_absolute_url())
    assert str(steel) in text(desk, f"{url('otherlot_list')}?nonconformance={found.number}&answered=no")
    text(desk, url("otherlot_answer", line.pk))
    post(desk, url("otherlot_answer", line.pk), answer="not_affected", rationale="Certificate says so")
    line.refresh_from_db()
    assert (line.answer, line.answered_by) == ("not_affected", case.engineer)


@pytest.mark.requirement("NC-13", "NC-12", "NC-14")
def test_merge_capa_decision_and_points_on_pages(case: Case, desk: Client) -> None:
    lot = case.world.lot(100)
    stays, duplicate = case.opened((lot, 10)), case.opened((lot, 20))
    text(desk, url("nonconformance_merge", duplicate.pk))
    post(
        desk, url("nonconformance_merge", duplicate.pk), into=stays.pk, reason="Reported twice",
        **signature(case.engineer),
    )  # fmt: skip
    duplicate.refresh_from_db()
    assert duplicate.merged_into == stays
    assert stays.number in text(desk, duplicate.get_absolute_url())
    post(desk, url("nonconformance_capa", stays.pk), decision="not_needed", rationale="One of a kind")
    stays.refresh_from_db()
    assert stays.capa_decision == "not_needed"
    assert "One of a kind" in text(desk, stays.get_absolute_url())
    post(
        desk, url("nonconformance_open", stays.pk), severity="minor", defect_code=case.code.pk,
        owner=case.engineer.pk, title=stays.title, detection_point="final", escape_point="incoming",
    )  # fmt: skip
    post(desk, url("nonconformance_cause", stays.pk), cause="Burr", cause_category="method")
    stays.refresh_from_db()
    assert (stays.detection_point, stays.escape_point, stays.cause_category) == ("final", "incoming", "method")


@pytest.mark.requirement("NC-17")
def test_many_are_found_by_words_and_given_to_one_owner(case: Case, desk: Client) -> None:
    many = [case.opened((case.world.lot(10), 4), title=f"Rusty flange on bracket {n}") for n in range(3)]
    other = case.opened((case.world.lot(10), 4), title="Wet carton")
    page = text(desk, f"{url('nonconformance_list')}?words=flange+rusty&work=open")
    assert all(one.number in page for one in many)
    assert other.number not in page
    asked = f"{url('nonconformance_assign_many')}?" + "&".join(f"row={one.pk}" for one in (*many, other))
    text(desk, asked)
    post(desk, asked, owner=case.second.pk)
    assert set(NonConformance.objects.values_list("owner", flat=True)) == {case.second.pk}
    similar = desk.get(f"{many[0].get_absolute_url()}?part=similar").content.decode()
    assert many[1].number in similar
    assert other.number not in similar


@pytest.mark.requirement("DEV-01")
def test_a_planned_deviation_goes_its_way_on_pages(case: Case) -> None:
    author, other = people(case)
    grant(author, case.world.site, "traceability.view_lot", "traceability.view_material")
    client, second = signed_in(author), signed_in(other)
    material, today = case.world.material(), day_at(case.world.site)
    values = {
        "title": "Other oil", "requirement": "Oil A", "instead": "Oil B", "justification": "Same base",
        "quota": "10", "valid_from": today, "valid_until": today + dt.timedelta(days=3),
    }  # fmt: skip
    made = post(client, url("planneddeviation_create"), site=case.world.site.pk, material=material.number, **values)
    assert made.status_code == 302, made.content.decode()
    found = PlannedDeviation.objects.get()
    post(client, url("planneddeviation_change", found.pk), **{**values, "quota": "4"}, version=found.row_version)
    post(client, url("planneddeviation_move", found.pk, "submit"), **signature(author))
    text(second, url("planneddeviation_move", found.pk, "approve"))
    post(second, url("planneddeviation_move", found.pk, "approve"), **signature(other))
    found.refresh_from_db()
    assert seen(found.status, found.quota) == ("approved", 4)
    lot = case.world.lot(100, material)
    text(client, url("planneddeviation_use", found.pk))
    post(client, url("planneddeviation_use", found.pk), lot=lot.number, quantity="3")
    refused = post(client, url("planneddeviation_use", found.pk), lot=lot.number, quantity="2")
    assert refused.status_code == 409
    found.refresh_from_db()
    assert seen(found.used) == (3,)
    assert lot.number in text(client, found.get_absolute_url())
    assert found.number in text(client, url("planneddeviation_list"))
