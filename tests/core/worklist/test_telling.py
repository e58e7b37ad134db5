"""Mail at once and as a daily summary, mentions and watches: to whom they belong, and only what they may see."""

from __future__ import annotations

import smtplib
import threading
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.db import connection, transaction
from django.urls import reverse

from core.jobs.models import BackgroundJob
from core.jobs.services import run_job
from core.kernel.clock import now
from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.organization.models import User
from core.organization.services import system_user
from core.worklist.models import Assignment, Comment, Digest, MailPreference, Notification, Watch
from core.worklist.queries import unread_by, watched
from core.worklist.services import assign, cancel_for, comment, mailing
from core.worklist.services.mailing import ask_for_mail, choose_mail, message_id, send_digest, send_news
from core.worklist.services.watching import tell_watchers, unwatch, watch
from tests.core.worklist.conftest import People, make_people
from tests.support.visits import visit_as as signed_in

SEE_SITES = "core_organization.view_site"
mailed = pytest.mark.requirement("WRK-04")
told = pytest.mark.requirement("WRK-05")


@pytest.fixture(autouse=True)
def a_mail_server(settings: Any) -> None:
    settings.TRUELINE_MAIL_IS_NAMED = True
    settings.TRUELINE_PUBLIC_URL = "https://plant.example.com"


def reader(people: People, name: str = "anna", mode: str = "at_once", site: Any = None) -> User:
    person = people.person(name, "quality", site or people.graz, SEE_SITES)
    with transaction.atomic(), acting(system_user("tests")):
        person.email, person.home_site = f"{name}@example.com", site or people.graz
        person.save()
    MailPreference.objects.create(user=person, mode=mode)
    return person


def given(people: People, person: User, title: str = "Look at it") -> Assignment:
    return assign(
        subject=people.graz, kind="action", title=title, to_user=person, due_at=now(), actor=system_user("tests")
    )


def beat() -> list[BackgroundJob]:
    """One round of the clock, and the worker that carries out what it wrote."""
    ask_for_mail(actor=system_user("escalation"))
    waiting = list(BackgroundJob.objects.filter(status="queued").order_by("pk"))
    for job in waiting:
        run_job(job.pk)
    return waiting


@mailed
def test_news_is_mailed_once_with_a_link_under_a_name_that_stays(people: People) -> None:
    anna = reader(people)
    given(people, anna)
    notice = Notification.objects.get(user=anna)
    assert send_news(anna.pk) == 1
    assert send_news(anna.pk) == 0
    (message,) = mail.outbox
    assert message.extra_headers["Message-ID"] == f"<trueline-news-{notice.pk}@plant.example.com>"
    assert message.to == ["anna@example.com"]
    assert f"https://plant.example.com{people.graz.get_absolute_url()}" in message.body
    assert "https://plant.example.com/core/worklist/mail/" in message.body
    notice.refresh_from_db()
    assert notice.mailed_at is not None


@mailed
def test_a_worker_that_died_before_it_said_so_sends_it_again_under_the_same_name(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = reader(people)
    given(people, anna)

    class Died(BaseException):
        pass

    def die(*args: Any, **kwargs: Any) -> None:
        send(*args, **kwargs)
        raise Died

    send = mailing._send
    monkeypatch.setattr(mailing, "_send", die)
    with pytest.raises(Died):
        send_news(anna.pk)
    monkeypatch.setattr(mailing, "_send", send)
    assert send_news(anna.pk) == 1
    assert len(mail.outbox) == 2
    assert len({one.extra_headers["Message-ID"] for one in mail.outbox}) == 1


@mailed
def test_a_server_that_refuses_is_asked_again_and_said(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    anna = reader(people)
    given(people, anna)

    def refuse(*args: Any) -> None:
        raise smtplib.SMTPServerDisconnected("try later")

    monkeypatch.setattr(mailing, "_send", refuse)
    ask_for_mail(actor=system_user("escalation"))
    job = BackgroundJob.objects.get(handler="core_worklist.send_news")
    run_job(job.pk)
    job.refresh_from_db()
    assert job.status == "queued"
    assert "try later" in job.error
    BackgroundJob.objects.filter(pk=job.pk).update(status="failed", finished_at=now())
    assert ask_for_mail(actor=system_user("escalation")) == 0, "the server is given a pause"
    assert Notification.objects.filter(user=anna, mailed_at__isnull=True).exists(), "it is not lost"


@mailed
def test_what_is_done_or_hidden_is_not_mailed(people: People) -> None:
    anna, emil = reader(people), reader(people, "emil", site=people.linz)
    given(people, anna)
    given(people, emil)  # who may not see Graz
    cancel_for(subject=people.graz, kind="action", actor=anna)
    given(people, emil)
    beat()
    assert mail.outbox == []
    assert not Notification.objects.filter(mailed_at__isnull=True).exists(), "nor is it looked at every minute"


@mailed
def test_without_a_mail_server_or_an_address_nothing_is_written(people: People, settings: Any) -> None:
    anna = people.person("anna", "quality", people.graz, SEE_SITES)
    MailPreference.objects.create(user=anna, mode="at_once")
    given(people, anna)
    assert beat() == []
    settings.TRUELINE_MAIL_IS_NAMED = False
    given(people, reader(people, "emil"))
    assert beat() == []


@mailed
def test_one_summary_a_day_at_the_hour_of_the_site(people: People) -> None:
    anna = reader(people, mode="digest")
    MailPreference.objects.filter(user=anna).update(hour=0)
    late = given(people, anna, "Overdue thing")
    beat()
    beat()
    (message,) = mail.outbox
    digest = Digest.objects.get(user=anna)
    assert message.extra_headers["Message-ID"] == message_id("digest", digest.pk)
    assert "1 piece of work waits, 1 overdue" in message.subject
    assert late.title in message.body
    assert f"https://plant.example.com{people.graz.get_absolute_url()}" in message.body
    assert not send_digest(digest.pk)


@mailed
def test_a_later_hour_waits_and_an_empty_day_sends_nothing(people: People) -> None:
    anna = reader(people, mode="digest")
    MailPreference.objects.filter(user=anna).update(hour=0)
    beat()
    assert mail.outbox == []
    assert Digest.objects.get(user=anna).sent_at is not None
    emil = reader(people, "emil", mode="none")
    given(people, emil)
    beat()
    assert mail.outbox == []
    assert not Digest.objects.filter(user=emil).exists()


@mailed
def test_two_clocks_write_one_job_and_one_summary(plant: str) -> None:
    people = make_people()
    anna, emil = reader(people), reader(people, "emil", mode="digest")
    MailPreference.objects.filter(user=emil).update(hour=0)
    given(people, anna)
    together, failures = threading.Barrier(3), []
    clock = system_user("escalation")

    def tick() -> None:
        try:
            together.wait(timeout=10)
            ask_for_mail(actor=clock)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    clocks = [threading.Thread(target=tick) for _ in range(3)]
    for thread in clocks:
        thread.start()
    for thread in clocks:
        thread.join(timeout=30)
    assert failures == []
    jobs = BackgroundJob.objects.filter(handler__startswith="core_worklist.").values_list("unique_key", flat=True)
    assert sorted(jobs) == sorted([f"digest-{Digest.objects.get().pk}", f"news-{anna.pk}"])


@mailed
def test_one_says_on_a_page_how_one_wants_mail(people: People) -> None:
    anna = people.person("anna", "quality", people.graz, SEE_SITES)
    page = reverse("core_worklist:mailpreference_change")
    client = signed_in(anna)
    assert "no mail address" in client.get(page).content.decode()
    assert client.post(page, {"mode": "digest", "hour": "25"}).status_code == 422
    assert not MailPreference.objects.exists()
    assert client.post(page, {"mode": "at_once", "hour": "6"}).status_code == 302
    assert (anna.mail_preference.mode, anna.mail_preference.hour) == ("at_once", 6)
    assert choose_mail(mode="none", hour=7, actor=anna).pk == anna.mail_preference.pk


@told
def test_who_is_mentioned_reads_of_it_and_comes_to_the_record(people: People) -> None:
    anna, emil = people.person("anna", "quality", people.graz, SEE_SITES), reader(people, "emil")
    comment(subject=people.graz, text="Ask @Emil, not a@nobody.example or @somebody.", actor=anna)
    notice = Notification.objects.get()
    assert (notice.user, notice.cause, notice.assignment) == (emil, "mentioned", None)
    assert list(unread_by(emil)) == [notice]
    assert "You were mentioned" in signed_in(emil).get(reverse("core_worklist:assignment_inbox")).content.decode()
    send_news(emil.pk)
    assert f"{people.graz.get_absolute_url()}#timeline" in mail.outbox[0].body


@told
def test_somebody_who_may_not_see_the_record_is_not_mentioned(people: People) -> None:
    anna = people.person("anna", "quality", people.graz, SEE_SITES)
    people.person("emil", "quality", people.linz, SEE_SITES)
    with pytest.raises(Blocked, match="may not see") as refused:
        comment(subject=people.graz, text="Ask @emil", actor=anna)
    assert refused.value.blockers[0].remedy
    assert not Comment.objects.exists()
    assert not Notification.objects.exists()


@told
def test_who_watches_hears_of_comments_once_and_not_of_their_own(people: People) -> None:
    anna = people.person("anna", "quality", people.graz, SEE_SITES)
    emil = people.person("emil", "quality", people.graz, SEE_SITES)
    watch(subject=people.graz, actor=emil)
    watch(subject=people.graz, actor=emil)
    watch(subject=people.graz, actor=anna)
    assert Watch.objects.count() == 2
    comment(subject=people.graz, text="For @emil", actor=anna)
    assert [(one.user, one.cause) for one in Notification.objects.all()] == [(emil, "mentioned")]
    comment(subject=people.graz, text="For all", actor=anna)
    assert [one.cause for one in Notification.objects.order_by("pk")] == ["mentioned", "watched"]
    unwatch(subject=people.graz, actor=emil)
    comment(subject=people.graz, text="Again", actor=anna)
    assert Notification.objects.count() == 2


@told
def test_nobody_watches_what_they_may_not_see(people: People) -> None:
    emil = people.person("emil", "quality", people.linz, SEE_SITES)
    with pytest.raises(Blocked, match="may not see"):
        watch(subject=people.graz, actor=emil)
    assert not Watch.objects.exists()
    kind = ContentType.objects.get_for_model(people.graz).pk
    assert signed_in(emil).get(reverse("core_worklist:watch_change", args=[kind, people.graz.pk])).status_code == 404


@told
def test_a_watch_is_begun_and_ended_on_its_page(people: People) -> None:
    anna = people.person("anna", "quality", people.graz, SEE_SITES)
    kind = ContentType.objects.get_for_model(people.graz).pk
    page = reverse("core_worklist:watch_change", args=[kind, people.graz.pk])
    client = signed_in(anna)
    assert page in client.get(people.graz.get_absolute_url()).content.decode()
    assert client.post(page).status_code == 302
    assert [one.subject_id for one in watched(anna)] == [people.graz.pk]
    assert "Graz" in client.get(reverse("core_worklist:watch_list")).content.decode()
    assert client.post(page).status_code == 302
    assert watched(anna) == []
    assert tell_watchers(actor=system_user("escalation")) == 0
