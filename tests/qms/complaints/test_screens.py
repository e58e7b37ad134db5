"""The pages, by their forms; and the operations of the API behind the same deeds."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from core.files import blobs
from core.jobs.models import BackgroundJob
from core.jobs.services import JobHandle
from core.kernel.deeds import acting
from core.kernel.wiring import JOBS, ask
from core.lifecycle.services import perform
from core.organization.models import User
from core.organization.services import system_user
from core.printing.models import PrintedRecord
from core.printing.queries import judge_file, prints_of
from core.web.questions import FindRecords, NavigationCount, ResolveScan, Scan
from qms.capa.services import raise_capa
from qms.complaints import services
from qms.complaints.models import Complaint, DecisionTree, RegulatoryReport
from qms.nonconformance.models import NonConformance
from tests.api.conftest import MAKE, Program, program_of
from tests.qms.complaints.conftest import FIVE_DAY, Desk
from tests.support import visits
from tests.support.people import grant
from tests.traceability import goods
from traceability.questions import AboutLot

SECRET = "correct horse battery staple"


def signed_in(user: User) -> Client:
    """A client of a person with a password."""
    with transaction.atomic(), acting(system_user("test")):
        user.set_password(SECRET)
        user.save()
    return visits.visit_as(user)


def url(name: str, *args: Any) -> str:
    return reverse(f"qms_complaints:{name}", args=args)


def post(client: Client, address: str, **values: Any) -> Any:
    return client.post(address, {"client_id": str(uuid.uuid4()), **values})


def signature(user: User) -> dict[str, str]:
    return {"user_id": user.username, "secret": SECRET}


def text(answer: Any) -> str:
    found: str = answer.content.decode()
    return found


TOLD = {
    "title": "Valve stuck open", "nature": "The valve stayed open after use.", "channel": "phone", "harm": "serious",
    "complainant_name": "Dr. Haas",
}  # fmt: skip


@pytest.mark.requirement("CMP-01", "CMP-03", "CMP-04")
def test_the_intake_reads_the_label_and_shows_what_is_similar(desk: Desk) -> None:
    lot = desk.world.lot(5, desk.world.material(gtin="09506000134352"), number="L-9")
    first = desk.received(lot)
    clerk = signed_in(desk.clerk)
    shown = text(clerk.get(url("complaint_create"), {"code": "(01)09506000134352(10)L-9"}))
    assert 'value="L-9"' in shown
    assert first.number in shown
    told = {**TOLD, "site": desk.world.site.pk, "claimed_udi": "(01)09506000134352(10)L-9"}
    answer = post(clerk, url("complaint_create"), **told)
    assert answer.status_code == 422
    assert first.number in text(answer)
    answer = post(clerk, url("complaint_create"), **told, similar_to=first.number)
    assert answer.status_code == 409  # not justified
    answer = post(clerk, url("complaint_create"), **told, similar_to=first.number, similar_reason="Same valve.")
    assert answer.status_code == 302
    made = Complaint.objects.latest("pk")
    assert (made.lot, made.similar_to, made.recorded_by) == (lot, first, desk.clerk)
    assert first.number in text(clerk.get(made.get_absolute_url() + "?part=similar"))


@pytest.mark.requirement("CMP-02", "CMP-08", "CMP-10")
def test_a_complaint_goes_its_way_page_by_page(desk: Desk) -> None:
    lot = desk.world.lot(30)
    goods.shipped(desk.world, goods.leads(desk.world), lot, 10)
    found = desk.received(lot)
    engineer, head, second = signed_in(desk.engineer), signed_in(desk.head), signed_in(desk.second)
    triage = {
        "is_complaint": "yes", "assessment": "The valve does not close.", "harm": "serious", "code": desk.code.pk,
        "goods": lot.number, "owner": desk.engineer.pk, **signature(desk.engineer),
    }  # fmt: skip
    assert "Triage" in text(engineer.get(found.get_absolute_url()))
    assert post(engineer, url("complaint_triage", found.pk), **triage).status_code == 302
    exposure = text(engineer.get(found.get_absolute_url() + "?part=exposure"))
    assert "not on hold" in exposure

    judge = url("complaint_judge", found.pk, desk.version.pk)
    assert "caused a death" in text(head.get(judge, {"answers": "yes"}))
    assert "MDR 5-day report" in text(head.get(judge, {"answers": FIVE_DAY}))
    assert head.get(judge, {"answers": "nonsense"}).status_code == 200
    assert engineer.get(judge).status_code == 403
    answer = post(head, judge, answers=FIVE_DAY, rationale="By the report.", **signature(desk.head))
    assert answer.status_code == 302
    found.refresh_from_db()
    assert found.status == "decided"
    assert "Has to be reported" in text(engineer.get(found.get_absolute_url()))

    raised = post(engineer, url("complaint_raise", found.pk), title="Springs", severity="major", hold="on")
    assert raised.status_code == 302
    assert NonConformance.objects.get().source == found
    assert post(engineer, url("complaint_move", found.pk, "investigate")).status_code == 302
    findings = {
        "investigation": "Spring missing", "cause": desk.cause.pk, "correction": "Counted", "code": desk.code.pk,
        "capa": "opened", "capa_note": "CAPA-7",
    }  # fmt: skip
    assert post(engineer, url("complaint_findings", found.pk), **findings).status_code == 302
    report = found.reports.get()
    written = {
        "b5_event_description": "Stuck", "d2_common_name": "Pump", "b1_event_kind": "Problem",
        "b2_outcome": "Serious injury", "h1_type": "Malfunction", "version": report.row_version,
    }  # fmt: skip
    assert post(engineer, url("regulatoryreport_change", report.pk), **written).status_code == 302
    reviewed = post(second, url("regulatoryreport_move", report.pk, "review"), **signature(desk.second))
    assert reviewed.status_code == 302
    sent = {"reference": "ESG-1", "submitted_on": desk.today.isoformat()}
    assert post(engineer, url("regulatoryreport_submit", report.pk), **sent).status_code == 302
    file = json.loads(engineer.get(url("regulatoryreport_export", report.pk)).content)
    assert (file["fields"]["d2_common_name"], file["submission_reference"]) == ("Pump", "ESG-1")
    assert post(engineer, url("complaint_move", found.pk, "resolve")).status_code == 302
    reply = {"reply": "sent", "text": "We replace it."}
    assert post(engineer, url("complaint_reply", found.pk), **reply).status_code == 302
    close = url("complaint_move", found.pk, "close")
    refused = post(second, close, **signature(desk.second))
    assert (refused.status_code, "there is none that deals with it" in text(refused)) == (409, True)
    capa = raise_capa(
        site=desk.world.site, title="Springs", source=found, source_kind="complaint", actor=desk.world.system
    )
    assert f"{capa}" in text(engineer.get(found.get_absolute_url()))
    perform(capa, "void", actor=desk.world.system, reason="Twice.")
    assert post(second, close, **signature(desk.second)).status_code == 409
    other = raise_capa(site=desk.world.site, title="Springs break", actor=desk.world.system)
    named = {**findings, "capa_note": f"See {other.number}.", "reason": "The other one was void."}
    assert post(engineer, url("complaint_findings", found.pk), **named).status_code == 302
    closed = post(second, close, **signature(desk.second))
    assert closed.status_code == 302
    found.refresh_from_db()
    assert found.status == "closed"
    for page in (found.get_absolute_url(), report.get_absolute_url(), url("complaint_list"), url("complaint_trend")):
        assert engineer.get(page).status_code == 200
    assert engineer.get(url("complaint_list"), {"work": "reportable", "counts": "yes"}).status_code == 200


@pytest.mark.requirement("CMP-09")
@pytest.mark.parametrize("state", ["closed", "open"])
def test_record_and_letter_are_sealed(desk: Desk, state: str, settings: Any, tmp_path: Any) -> None:
    settings.TRUELINE_KEY_DIR = tmp_path / "keys"
    lot = desk.world.lot(30)
    found = desk.closed(lot) if state == "closed" else desk.investigated(lot, FIVE_DAY)
    if state == "open":
        desk.reply(found)
        services.request_record(complaint=found, actor=desk.engineer)
    for name in ("qms_complaints.print", "qms_complaints.letter"):
        job = BackgroundJob.objects.filter(handler=name, subject_id=found.pk).latest("pk")
        JOBS[name](job=JobHandle(job), complaint_id=found.pk)
    prints = prints_of(found)
    assert {one.kind for one in prints} == {"complaint", "complaint-letter"}
    for one in prints:
        assert judge_file(blobs.path_of(one.sha256).read_bytes()).is_good
    services.request_letter(complaint=found, actor=desk.engineer)
    assert PrintedRecord.objects.count() == 2


@pytest.mark.requirement("CMP-06")
def test_the_trend_links_each_figure_to_its_list(desk: Desk) -> None:
    lot = desk.world.lot(900)
    goods.shipped(desk.world, goods.leads(desk.world), lot, 500)
    desk.triaged(lot)
    engineer = signed_in(desk.engineer)
    asked: dict[str, Any] = {
        "site": desk.world.site.pk,
        "months": 12,
        "code": desk.code.pk,
        "material": lot.material.number,
    }
    shown = text(engineer.get(url("complaint_trend"), asked))
    assert "<polyline" in shown
    assert f"code={desk.code.pk}" in shown
    assert engineer.get(url("complaint_trend"), {**asked, "material": "unknown"}).status_code == 422
    first = desk.today.replace(day=1).isoformat()
    behind = engineer.get(url("complaint_list"), {"received_on_min": first, "product": lot.material.number})
    assert text(behind).count("CMP-") >= 1


@pytest.mark.requirement("CMP-02")
def test_trees_are_written_and_examples_added_at_their_pages(desk: Desk) -> None:
    engineer = signed_in(desk.engineer)
    assert post(engineer, url("decisiontree_examples")).status_code == 302
    assert DecisionTree.objects.count() == 4
    tree = DecisionTree.objects.get(code="EU-MDR-87")
    assert "Example, to be reviewed" in text(engineer.get(tree.get_absolute_url()))
    draft = tree.versions.get()
    shown = text(engineer.get(draft.get_absolute_url()))
    assert "Art. 87(4)" in shown
    assert "2 calendar days" in shown
    answer = post(engineer, url("decisiontreeversion_change", draft.pk), content="start: x", version=draft.row_version)
    assert answer.status_code == 302
    assert "It is no tree yet" in text(engineer.get(draft.get_absolute_url()))


def test_search_scan_navigation_and_lot_know_complaints(desk: Desk) -> None:
    lot = desk.world.lot(5)
    found = desk.received(lot)
    (by_number,) = ask(FindRecords(found.number, desk.clerk))
    assert by_number.rank == 0
    assert [one.label for one in ask(ResolveScan(Scan(found.number), desk.clerk))] == [found.number]
    counts = {one.url_name: one.waiting().count() for one in ask(NavigationCount(desk.clerk))}
    assert counts["qms_complaints:complaint_list"] == 1
    parts = {part.key: part for part in ask(AboutLot(lot, desk.clerk))}
    assert len(parts["complaints"].lines) == 1


# --- the API


def of(desk: Desk, user: User) -> Program:
    grant(user, desk.world.site, MAKE)
    return program_of(user)


def signs(user: User, meaning: str) -> dict[str, str]:
    return {"user_name": user.username, "secret": SECRET, "meaning": meaning}


def done(answer: Any, *statuses: int) -> Any:
    assert answer.status_code in (statuses or (200, 201)), answer.content
    return answer.json()


@pytest.mark.requirement("CMP-01", "CMP-02", "CMP-03", "CMP-04", "CMP-05", "CMP-06", "CMP-08", "CMP-09", "CMP-10")
def test_a_program_records_decides_and_reports(desk: Desk) -> None:
    at = "qms/complaints/"
    lot = desk.world.lot(30)
    for user in (desk.engineer, desk.head):
        signed_in(user)
    clerk, engineer, head = of(desk, desk.clerk), of(desk, desk.engineer), of(desk, desk.head)
    body = {**TOLD, "site": desk.world.site.pk, "claimed_lot": lot.number, "similar_seen": True}
    made = done(clerk.post(f"{at}complaints/", body))
    one = f"{at}complaints/{made['id']}/"
    assert made["lot"] == lot.pk
    triaged = engineer.post(
        f"{one}triage/",
        {"is_complaint": "yes", "assessment": "So", "harm": "serious", "goods": lot.number, "owner": desk.engineer.pk,
         "code": desk.code.pk, "signature": signs(desk.engineer, "reviewed")},
    )  # fmt: skip
    assert done(triaged)["status"] == "triaged"
    decided = head.post(
        f"{one}judge/{desk.version.pk}/",
        {"answers": FIVE_DAY, "rationale": "So", "signature": signs(desk.head, "approved")},
    )
    assert done(decided)["is_reportable"] is True
    (exposure,) = done(engineer.get(f"{one}exposure/"))["results"]
    assert exposure["complaints"] == []
    (report,) = done(engineer.get(f"{one}reports/"))["results"]
    assert report["form"] == "fda_3500a"
    assert len(done(engineer.get(f"{one}assessments/"))["results"]) == 1
    assert len(done(engineer.get(f"{one}decisions/"))["results"]) == 1
    assert len(done(engineer.get(f"{at}complaints/trend/?months=12"))["results"]) == 12
    assert done(engineer.post(f"{one}print/", {}), 202)
    assert engineer.get(f"{at}reports/{report['id']}/export/").status_code == 200
    found = Complaint.objects.get(pk=made["id"])
    assert (found.status, RegulatoryReport.objects.get().complaint) == ("decided", found)
