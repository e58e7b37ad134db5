"""The test mail: asked for by an administrator for themselves, sent by the worker, which sends every other mail too."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from core.jobs.models import BackgroundJob
from core.jobs.services import JobFailed, enqueue
from core.kernel.deeds import service
from core.lifecycle.services import attempt
from core.organization.services import require

MAIL_JOB = "core_oversight.send_test_mail"


@service
def request_test_mail(*, actor: Any) -> BackgroundJob:
    """Ask for a test mail to one's own address. Raises `Blocked` where no mail server or no address is named."""
    require(actor, "core_organization.change_site")
    attempt(actor, "test_mail", actor=actor)
    title = _("Test mail to %(address)s") % {"address": actor.email}
    return enqueue(MAIL_JOB, actor=actor, title=title, max_attempts=1, address=actor.email)


def send_test_mail(address: str) -> None:
    """Hand the test mail to the mail server. Raises `JobFailed` with the server's answer when it does not take it."""
    words = {"name": settings.TRUELINE_ORGANIZATION, "address": settings.TRUELINE_PUBLIC_URL}
    mail = EmailMessage(
        _("Test mail of Trueline"),
        _("This message shows that Trueline of %(name)s can send mail.\n%(address)s\n") % words,
        to=[address],
    )
    try:
        mail.send()
    except OSError as error:  # of the network, and every answer of a mail server (SMTPException)
        raise JobFailed(
            _("The mail server did not take it: %(answer)s. Check EMAIL_URL, and whether the worker reaches it.")
            % {"answer": error}
        ) from error
