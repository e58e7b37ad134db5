"""The test mail."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.jobs.models import BackgroundJob
from core.oversight.services import request_test_mail
from core.web.forms import Form
from core.web.views import FormPage
from core.web.views.record import Text


class MailTest(FormPage):
    """Send a test mail to oneself; the page of the work says what the mail server answered."""

    model, form_class = BackgroundJob, Form
    permission = "core_organization.change_site"
    title, submit_label = _("Test mail"), _("Send a test mail to me")
    lead = _("The background worker sends a short mail to your own address, and tells what the mail server answered.")

    def crumbs(self) -> list[tuple[Text, str]]:
        return [(self.title, "")]

    def deed(self, form: Any) -> BackgroundJob:
        return request_test_mail(actor=self.request.user)
