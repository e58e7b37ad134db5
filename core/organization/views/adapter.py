"""How the sign-in library behaves here: nobody signs up, every sign-in, refusal and factor is on record."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm
from cryptography.fernet import Fernet, MultiFernet
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.clock import now
from core.kernel.errors import Blocked
from core.kernel.wiring import publish
from core.organization.events import IDENTITY_PROVIDER, SignedOff, SignedOn, SignOnRefused
from core.organization.models import SignInAttempt, User
from core.organization.services import directory
from core.organization.services.factors import accept_code
from core.organization.services.sessions import DEVICE, device_words, person_read_with_session
from core.organization.services.sign_in import accept_attempt, remember_place

PROVIDER_AT, PROVIDER_FRESH = "trueline_provider_at", 600
"""Where a session keeps whom the identity provider identified and when, and how many seconds that counts."""


def mark_provider(request: HttpRequest, user: User) -> None:
    """Keep at the session that the identity provider, or the directory, identified this person now."""
    request.session[PROVIDER_AT] = [user.pk, now().timestamp()]


def is_by_provider(request: HttpRequest, user: Any) -> bool:
    """Whether the identity provider identified this very person at this browser just now."""
    pk, moment = request.session.get(PROVIDER_AT, (None, 0))
    return bool(pk == user.pk and now().timestamp() - moment < PROVIDER_FRESH)


EXPIRED = gettext_lazy("This first password has expired. Ask an administrator for a new one.")
INACTIVE = gettext_lazy("This passkey opens nothing here any more. Ask an administrator.")
USE_PROVIDER = gettext_lazy("You sign in by the plant's identity provider only: a passkey opens nothing here.")


def in_words(refused: Blocked) -> str:
    """Everything that a refusal says, for a page of the sign-in library."""
    return " ".join(f"{blocker.message} {blocker.remedy}" for blocker in refused.blockers)


def _refused(request: HttpRequest, user: User, why: str, words: Any) -> HttpResponse:
    publish(SignOnRefused(user.pk, "desk", why))
    return render(request, "account/refused.html", {"refusal": words}, status=403)


def counted(request: HttpRequest) -> SignInAttempt:
    """The attempt that the middleware counted before this page; raises what it said where the pair is locked."""
    attempt = getattr(request, "sign_in_attempt", None)
    if isinstance(attempt, SignInAttempt):
        return attempt
    raise ValidationError(getattr(request, "sign_in_refusal", "") or _("Try again."), code="locked")


class DeskBackend(AuthenticationBackend):  # type: ignore[misc]
    """Name and password at a desk: of this system, or, where there is a directory, of the directory."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Any:
        """Whose they are. The directory is asked last, but its people are not known by a password for signing."""
        user = super().authenticate(request, **credentials)
        is_settled = isinstance(user, User) and not user.provider_only
        if request is None or is_settled or not directory.is_configured():
            return user
        found = directory.person_of(
            name=str(credentials.get("username") or ""), password=str(credentials.get("password") or "")
        )
        if found is None:
            return user
        self.unstash_authenticated_user()
        mark_provider(request, found)
        return found

    def get_user(self, user_id: int) -> Any:
        """The person of a session, none who may not sign in; read with the session where that was read just now."""
        found = person_read_with_session(user_id)
        if found is None:
            return super().get_user(user_id)
        return found if self.user_can_authenticate(found) else None


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's hooks; accounts are made by administrators only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: accounts are given."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing is checked while name and place are locked; how many addresses do is limited beside that."""
        counted(request)
        super().pre_authenticate(request, **credentials)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Check name and password. Who is deactivated, or signs in by the identity provider only, is nobody here."""
        try:
            user = super().authenticate(request, **credentials)
        except Blocked as refused:
            raise ValidationError(in_words(refused), code=refused.codes[0]) from refused
        is_shut = isinstance(user, User) and user.provider_only and not is_by_provider(request, user)
        if isinstance(user, User) and (is_shut or not user.is_active):
            why = "signs in by the identity provider only" if user.is_active else "deactivated"
            publish(SignOnRefused(user.pk, "desk", why))
            return None
        if user is not None:
            accept_attempt(counted(request))
        return user

    def pre_login(self, request: HttpRequest, user: Any, **more: Any) -> HttpResponse | None:
        """A first password that nobody used in time opens nothing; nor does a passkey where only the provider may."""
        by_provider = is_by_provider(request, user)
        expires = user.password_expires_at
        if user.is_active and not by_provider:
            if user.provider_only:
                return _refused(request, user, "signs in by the identity provider only", USE_PROVIDER)
            if user.must_change_password and expires is not None and expires < now():
                return _refused(request, user, "first password expired", EXPIRED)
        answer: HttpResponse | None = super().pre_login(request, user, **more)
        return answer

    def login(self, request: HttpRequest, user: Any) -> None:
        """Sign the person in and tell the trail."""
        by_provider = is_by_provider(request, user)
        super().login(request, user)
        request.session[DEVICE] = device_words(request.META.get("HTTP_USER_AGENT", ""))
        publish(SignedOn(user.pk, f"desk ({IDENTITY_PROVIDER})" if by_provider else "desk"))

    def post_login(self, request: HttpRequest, user: Any, **more: Any) -> HttpResponse:
        """Remember at this browser that the person was here, so that guesses from elsewhere do not lock them out."""
        answer: HttpResponse = super().post_login(request, user, **more)
        remember_place(request, answer, user)
        return answer

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
        """A deactivated person's passkey opens nothing."""
        return _refused(request, user, "deactivated", INACTIVE)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: what changes at an account is a TrailEvent."""


def _fernet(key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"trueline.factors:{key}".encode()).digest()))


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """allauth's hooks of second factors: secrets are encrypted with the installation's key."""

    def _keys(self) -> MultiFernet:
        return MultiFernet([_fernet(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])

    def encrypt(self, text: str) -> str:
        return self._keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return self._keys().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        return str(settings.TRUELINE_ORGANIZATION)

    def _get_user_identifier(self, user: Any) -> str:
        return str(user.username)


class CodeForm(AuthenticateForm):  # type: ignore[misc]
    """The second step of signing in: the app's code or a recovery code, counted before this form is made."""

    code = forms.CharField(max_length=40)

    def clean_code(self) -> str:
        """The code, when it is right; it is accepted once."""
        attempt = counted(self.request)
        code = str(self.cleaned_data["code"])
        found = accept_code(self.user, code)
        if found is None:
            publish(SignOnRefused(self.user.pk, "desk", "wrong code of the second factor"))
            raise ValidationError(_("This code is wrong or was used before. Wait for the next one."), code="wrong_code")
        accept_attempt(attempt)
        found.user = self.user
        self.authenticator = found
        return code

    @property
    def request(self) -> HttpRequest:
        found: HttpRequest = context.request
        return found
