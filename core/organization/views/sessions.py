"""Where people are signed in: one's own browsers, and an administrator who ends somebody's sessions."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.organization import forms
from core.organization.models import User
from core.organization.queries.factors import SignedInAt, signed_in_at
from core.organization.services import sessions
from core.organization.views.people import CHANGE, SEE, OwnPage
from core.web.access import Access
from core.web.views import MovePage
from core.web.views.record import Page


def words_of(one: SignedInAt) -> str:
    """How a place is offered for ending."""
    when = one.last_used.strftime("%Y-%m-%d %H:%M")
    return _t("%(device)s, last used %(when)s UTC") % {"device": one.device or _t("Browser"), "when": when}


class OwnSessions(Page):
    """Where the visitor is signed in."""

    access = Access.SIGNED_IN
    template_name = "core/organization/sessions.html"
    title = _("Signed in at")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user: Any = request.user
        return self.render(sessions=signed_in_at(user, str(request.session.session_key)))


class OwnSessionEnd(OwnPage):
    """End one of one's own sessions, or all others."""

    title, submit_label = _("Sign out elsewhere"), _("Sign out there")
    form_class = forms.SessionEndForm
    success_message = _("Signed out there.")

    def get_form_kwargs(self) -> dict[str, Any]:
        user: Any = self.request.user
        found = [one for one in signed_in_at(user, str(self.request.session.session_key)) if not one.is_here]
        browsers = [(one.handle, words_of(one)) for one in found if not one.handle.startswith("terminal-")]
        return {**super().get_form_kwargs(), "choices": [("others", _("All others")), *browsers]}

    def cancel_url(self) -> str:
        return reverse("core_organization:session_list")

    def deed(self, form: Any) -> str:
        sessions.end_own_sessions(
            session=form.cleaned_data["session"],
            present_key=str(self.request.session.session_key),
            actor=self.request.user,
        )
        return self.cancel_url()


class UserSessionsEnd(MovePage):
    """An administrator ends one or all sessions of a person, at desks and terminals."""

    model, permission, deed_permission = User, SEE, CHANGE
    form_class = forms.SessionEndForm
    label = _("End sessions")
    asks_reason = True
    explanation = _("The person is signed out there now and may sign in again; whoever may not is deactivated.")

    def get_form_kwargs(self) -> dict[str, Any]:
        found = [(one.handle, words_of(one)) for one in signed_in_at(self.record)]
        return {**super().get_form_kwargs(), "choices": [("all", _("All of them")), *found]}

    def deed(self, form: Any) -> User:
        return sessions.end_sessions_of(user=self.record, **form.cleaned_data, actor=self.request.user)
