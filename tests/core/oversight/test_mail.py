"""The test mail: asked for on its page, sent by the worker, refused in words where it cannot be."""

from __future__ import annotations

import smtplib

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from config import doctor
from config.doctor import Level
from core.jobs.models import BackgroundJob
from core.jobs.services import run_job
from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.lifecycle.models import GateDecision
from core.organization.models import User
from core.organization.services import system_user
from core.oversight.services import request_test_mail
from tests.support.people import make_site, make_user
from tests.support.visits import visit_as

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("RUN-13")]
PAGE = "core_oversight:mail_test"


def with_address(person: User, address: str) -> User:
    """The person, with this address."""
    with transaction.atomic(), acting(system_user("test")):
        person.email = address
        person.save()
    return person


@pytest.fixture
def admin(settings: Settings) -> User:
    """An administrator with an address, where a mail server is named."""
    settings.TRUELINE_MAIL_IS_NAMED = True
    ada = make_user("ada", site=make_site("LNZ"), permissions=("core_organization.change_site",))
    return with_address(ada, "ada@example.com")


@pytest.fixture
def client(admin: User) -> Client:
    return visit_as(admin)


def refused_with(client: Client) -> str:
    """What the page says when the button is pressed."""
    answer = client.post(reverse(PAGE))
    assert answer.status_code == 409
    assert GateDecision.objects.filter(action="test_mail", allowed=False).count() == 1
    assert not BackgroundJob.objects.exists() and mail.outbox == []
    return answer.content.decode()


def test_it_reaches_who_asks_for_it(client: Client) -> None:
    assert "Send a test mail to me" in client.get(reverse(PAGE)).content.decode()
    answer = client.post(reverse(PAGE))
    job = BackgroundJob.objects.get()
    assert answer.headers["Location"] == job.get_absolute_url() and mail.outbox == [], "the worker sends it"
    assert run_job(job.pk)
    assert [one.to for one in mail.outbox] == [["ada@example.com"]]
    assert "The mail server took it" in client.get(job.get_absolute_url()).content.decode()


def test_without_a_mail_server_it_is_refused(client: Client, settings: Settings) -> None:
    settings.TRUELINE_MAIL_IS_NAMED = False
    said = refused_with(client)
    assert "No mail server is named" in said and "EMAIL_URL" in said


def test_without_an_address_it_is_refused(admin: User, client: Client) -> None:
    with_address(admin, "")
    assert "No e-mail address is known for you" in refused_with(client)


def test_what_the_server_answers_is_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: object, messages: object) -> int:
        raise smtplib.SMTPSenderRefused(550, b"not from here", "trueline@localhost")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    client.post(reverse(PAGE))
    job = BackgroundJob.objects.get()
    run_job(job.pk)
    job.refresh_from_db()
    assert job.status == "failed" and "not from here" in job.error and "EMAIL_URL" in job.error


def test_who_may_not_configure_may_not_ask(settings: Settings) -> None:
    leo = make_user("leo", site=make_site("GRZ"), permissions=("core_organization.view_site",))
    assert visit_as(leo).post(reverse(PAGE)).status_code == 403
    with pytest.raises(Blocked) as refused:
        request_test_mail(actor=with_address(leo, "leo@example.com"))
    assert refused.value.codes == ("permission",)


def test_the_doctor_tells_about_mail(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.TRUELINE_MAIL_IS_NAMED, settings.TRUELINE_SEAL_EMAIL = False, []
    assert [found.level for found in doctor.mail()] == [Level.OK]
    settings.TRUELINE_SEAL_EMAIL = ["archive@example.com"]
    assert [found.level for found in doctor.mail()] == [Level.WARNING]
    settings.TRUELINE_MAIL_IS_NAMED = True
    assert [found.level for found in doctor.mail()] == [Level.OK]

    def away(self: object) -> None:
        raise ConnectionRefusedError("nobody listens")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.open", away)
    (found,) = doctor.mail()
    assert found.level is Level.WARNING and "nobody listens" in found.text
