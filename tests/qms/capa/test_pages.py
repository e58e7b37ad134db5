"""The pages of CAPAs: what they show, and that they lead through the whole way."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from core.files import blobs
from core.jobs.models import BackgroundJob
from core.jobs.services import JobHandle
from core.kernel.clock import now
from core.organization.models import User
from core.printing.models import PrintedRecord
from qms.capa import services
from qms.capa.models import Capa, CapaAction, RootCause
from qms.capa.queries import actions_of, causes_of
from qms.capa.tasks import print_capa
from qms.nonconformance.services import raise_nonconformance
from tests.integrations.test_screen import SECRET, able_to_sign
from tests.qms.capa.story import WATCHED_DAYS, Story, in_days
from tests.support.people import grant

Clock = Callable[[dt.datetime], None]


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _post(client: Client, name: str, record: Any, status: int = 302, **values: Any) -> Any:
    answer = client.post(reverse(f"qms_capa:{name}", args=[record.pk]), values)
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer


def _signed(user: User) -> dict[str, Any]:
    return {"user_id": user.username, "secret": SECRET}


@pytest.mark.requirement("CAPA-01", "CAPA-02", "CAPA-03", "CAPA-04", "CAPA-06", "CAPA-07", "CAPA-08")
def test_a_capa_goes_its_way_on_its_pages(story: Story, time_machine_at: Clock) -> None:
    for user in (story.reporter, story.quality, story.owner, story.worker, story.engineer, story.second):
        able_to_sign(user)
    story.make(180, 20)
    found = raise_nonconformance(
        site=story.world.site, title="Scratch", severity="major", draft=True, items=[], actor=story.system
    )
    reporter, quality, owner = _client(story.reporter), _client(story.quality), _client(story.owner)
    grant(story.reporter, story.world.site, "qms_nonconformance.view_nonconformance")
    page = reporter.get(found.get_absolute_url()).content.decode()
    link = page.split('href="/qms/capa/capas/new/?', 1)[1].split('"', 1)[0].replace("&amp;", "&")
    form = reporter.get(f"{reverse('qms_capa:capa_create')}?{link}").content.decode()
    assert found.number in form
    made = reporter.post(
        reverse("qms_capa:capa_create"),
        {"site": story.world.site.pk, "kind": "corrective", "title": "Scratch", "source_kind": "nonconformance",
         "source_number": found.number, "problem": "On line 1.", "not_problem": "Not on line 2."},
    )  # fmt: skip
    capa = Capa.objects.get()
    assert urlsplit(made["Location"]).path == capa.get_absolute_url()
    assert "A CAPA was raised from it" in reporter.get(f"{found.get_absolute_url()}?part=timeline").content.decode()
    refused = _post(reporter, "capasource_create", capa, 422, source_kind="complaint", source_number="C-NO")
    assert "There is no such record" in refused.content.decode()
    _post_move(reporter, capa, "submit", **_signed(story.reporter))
    _post(quality, "capamember_create", capa, user=story.worker.pk, part="Clamp")
    answers: dict[str, Any] = {
        "severity": "high",
        "occurrence": "low",
        "escaped": "no",
        "recurs": "yes",
        "regulatory": "no",
    }
    _post(
        quality, "capa_open", capa, **answers, rationale="Again.", priority="high", owner=story.owner.pk,
        due_at=f"{in_days(50):%Y-%m-%dT%H:%M}", **_signed(story.quality),
    )  # fmt: skip
    _post(owner, "capa_method", capa, method="five_why", adverse_plan="Measure 50.")
    _post(owner, "rootcause_create", capa, statement="The clamp slips")
    cause = causes_of(capa)[0]
    shown = _post(owner, "rootcause_judge", cause, 409, verdict="confirmed", evidence="").content.decode()
    assert "Without evidence a cause is only suspected." in shown
    _post(owner, "rootcause_judge", cause, verdict="confirmed", evidence="Measured.")
    drawing = owner.get(f"{capa.get_absolute_url()}?tab=causes").content.decode()
    assert "<svg" in drawing and "root cause" in drawing
    revision = story.next_revision(story.procedure())
    _post(
        owner, "capaaction_create", capa, title="Write it down", purpose="corrective", causes=[cause.pk],
        kind="document", bound_number=revision.document.number, owner=story.worker.pk,
    )  # fmt: skip
    _post(
        owner, "capa_check", capa, events="scrapped", sort=story.scrap_reason.code, exposure="made",
        material=story.product.number, test="binomial", baseline_begins=f"{story.today - dt.timedelta(days=9)}",
        baseline_ends=f"{story.today}", window_days=WATCHED_DAYS, minimum_exposure=100, alpha=50,
    )  # fmt: skip
    _post(owner, "capa_look_across", capa)
    _post(owner, "readacross_create", capa, where="Line 2", why="The same clamp.")
    line = capa.across.get(subject_id=None)
    for one in capa.across.all():
        _post(owner, "readacross_answer", one, answer="not_applicable", rationale="Clamped by hand.")
    _post(owner, "readacross_answer", line, 422, answer="applicable", rationale="It is the same.")
    _post(owner, "readacross_answer", line, answer="applicable", rationale="Coated too.", reason="Looked again.")
    shown = owner.get(f"{capa.get_absolute_url()}?tab=actions").content.decode()
    assert "Line 2" in shown and "Applies there too" in shown
    _post(owner, "capa_hand_over", capa, **_signed(story.owner))
    _post(quality, "capa_approve_plan", capa, **_signed(story.quality))
    action = actions_of(capa)[0]
    worker, engineer = _client(story.worker), _client(story.engineer)
    worker.post(reverse("qms_capa:capaaction_move", args=[action.pk, "start"]))
    waiting = worker.get(action.get_absolute_url()).content.decode()
    assert "waits for" in waiting
    story.into_force(revision)
    finish = {"reason": "It is effective.", **_signed(story.worker)}
    worker.post(reverse("qms_capa:capaaction_move", args=[action.pk, "finish"]), finish)
    engineer.post(reverse("qms_capa:capaaction_move", args=[action.pk, "accept"]), _signed(story.engineer))
    assert CapaAction.objects.get(pk=action.pk).status == "accepted"
    _post_move(owner, capa, "finish")
    _post(
        engineer, "capa_verify", capa, finding="Seen.", adverse_effect="none", adverse_note="None of 50.",
        **_signed(story.engineer),
    )  # fmt: skip
    story.make(200)
    early = _post(owner, "capa_evaluate", capa, 409)
    assert "Its effect is watched until" in early.content.decode()
    check = capa.checks.get()
    time_machine_at(now() + dt.timedelta(days=WATCHED_DAYS, hours=1))
    services.evaluate(capa=capa, actor=story.system)
    assert check.results.get().result == "effective"
    owner, second = _client(story.owner), _client(story.second)
    shown = owner.get(f"{capa.get_absolute_url()}?tab=effectiveness").content.decode()
    assert "20 / 200" in shown and "0 / 200" in shown and "Effective" in shown
    _post(second, "capa_close", capa, conclusion="It helped.", **_signed(story.second))
    capa.refresh_from_db()
    assert capa.status == "closed"
    assert BackgroundJob.objects.filter(handler="qms_capa.print", subject_id=capa.pk).count() == 1
    for tab in ("overview", "causes", "actions", "effectiveness", "story"):
        assert second.get(f"{capa.get_absolute_url()}?tab={tab}").status_code == 200


def _post_move(client: Client, capa: Capa, move: str, **values: Any) -> None:
    answer = client.post(reverse("qms_capa:capa_move", args=[capa.pk, move]), values)
    assert answer.status_code == 302, answer.content.decode()[:3000]


@pytest.mark.requirement("CAPA-03")
def test_a_fishbone_shows_every_branch_and_judgement(story: Story) -> None:
    capa = story.chooses(story.investigated(), "ishikawa")
    story.cause(capa, "Spindle runs out", branch="machine")
    story.cause(capa, "No warm-up", "ruled_out", branch="method")
    story.cause(capa, "New people", "suspected", branch="people")
    shown = _client(story.owner).get(f"{capa.get_absolute_url()}?tab=causes").content.decode()
    for words in ("People", "Machine", "Material", "Method", "Measurement", "Environment"):
        assert f">{words}</text>" in shown
    for words in ("✓ Confirmed", "✗ Ruled out", "? Suspected"):
        assert words in shown
    wrong = causes_of(capa)[2]
    _post(_client(story.owner), "rootcause_remove", wrong)
    assert not RootCause.objects.filter(pk=wrong.pk).exists()


@pytest.mark.requirement("CAPA-02")
def test_no_capa_is_signed_as_a_rejection(story: Story) -> None:
    able_to_sign(story.quality)
    capa = story.in_triage()
    answers: dict[str, Any] = {
        "severity": "low",
        "occurrence": "low",
        "escaped": "no",
        "recurs": "no",
        "regulatory": "no",
    }
    _post(
        _client(story.quality), "capa_decline", capa, **answers, decision="trend", rationale="Once.",
        **_signed(story.quality),
    )  # fmt: skip
    capa.refresh_from_db()
    assert capa.status == "no_capa"


@pytest.mark.requirement("CAPA-10")
def test_an_extension_is_asked_for_and_approved_on_the_page(story: Story) -> None:
    able_to_sign(story.quality)
    capa = story.investigated()
    later = in_days(90)
    _post(_client(story.owner), "extension_create", capa, due_at=f"{later:%Y-%m-%dT%H:%M}", reason="Late.")
    extension = capa.extensions.get()
    shown = _client(story.quality).get(f"{capa.get_absolute_url()}?tab=story").content.decode()
    assert reverse("qms_capa:extension_move", args=[extension.pk, "approve"]) in shown
    address = reverse("qms_capa:extension_move", args=[extension.pk, "approve"])
    _client(story.quality).post(address, _signed(story.quality))
    capa.refresh_from_db()
    assert capa.due_at == extension.due_at


@pytest.mark.requirement("CAPA-14")
def test_the_sealed_record_says_everything_once(story: Story) -> None:
    capa = story.watched()
    job = services.request_print(capa=capa, actor=story.owner)
    handle = JobHandle(job)
    print_capa(job=handle, capa_id=capa.pk)
    printed = PrintedRecord.objects.get(subject_id=capa.pk, kind="capa")
    print_capa(job=handle, capa_id=capa.pk)
    assert PrintedRecord.objects.filter(subject_id=capa.pk, kind="capa").count() == 1
    assert printed.number == capa.number
    pages = PdfReader(io.BytesIO(blobs.load(printed.sha256))).pages
    words = " ".join(" ".join(page.extract_text() for page in pages).split())
    for said in (
        capa.number,
        "Its jaws are worn",
        "Nobody checks the jaws",
        "Coat the clamp",
        story.engineer.full_name,
    ):
        assert said in words, (said, words)
