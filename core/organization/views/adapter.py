"""How the sign-in library behaves here: nobody signs up, every sign-in and refusal is on record."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse

from core.kernel.wiring import publish
from core.organization.events import SignedOff, SignedOn, SignOnRefused
from core.organization.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's hooks; accounts are made by administrators only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: accounts are given."""
        return False

    def login(self, request: HttpRequest, user: Any) -> None:
        """Sign the person in and tell the trail."""
        super().login(request, user)
        publish(SignedOn(user.pk, "desk"))

    def logout(self, request: HttpRequest) -> None:
        """Sign the person out and tell the trail; their signing session ends."""
        user = request.user
        super().logout(request)
        if isinstance(user, User):
            publish(SignedOff(user.pk, "desk", "signed out"))

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A refused sign-in; runs inside the transaction of the page, which commits."""
        super().authentication_failed(request, **credentials)
        user = User.objects.filter(username__iexact=credentials.get("username") or "").first()
        publish(SignOnRefused(user.pk if user else None, "desk", "wrong user name or password"))

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """A deactivated person gets the same answer as a wrong password."""
        publish(SignOnRefused(user.pk, "desk", "deactivated"))
        answer: HttpResponse = super().respond_user_inactive(request, user)
        return answer
