"""A person's own second factors: an app that makes codes, passkeys, recovery codes. And an administrator's help."""

from __future__ import annotations

import base64
import json
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import clear_totp_secret, get_totp_secret
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.errors import Blocked
from core.organization import forms
from core.organization.models import User
from core.organization.queries.factors import factors_of, has_totp, must_have_factor, strong_of
from core.organization.services import factors, people
from core.organization.views.people import CHANGE, SEE, OwnPage
from core.web.access import Access
from core.web.views import MovePage
from core.web.views.record import Page


class Factors(Page):
    """The visitor's own second factors."""

    access = Access.SIGNED_IN
    template_name = "core/organization/factors.html"
    title = _("Second factors")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user: Any = request.user
        found = factors_of(user)
        codes = next((one for one in found if one.type == factors.CODES), None)
        strong = [one for one in found if one.type != factors.CODES]
        return self.render(
            app=next((one for one in strong if one.type == factors.TOTP), None),
            passkeys=[one for one in strong if one.type == factors.PASSKEY],
            codes_left=len(codes.data[factors.DIGESTS]) if codes is not None else 0,
            is_due=not strong and must_have_factor(user),
            is_required=must_have_factor(user),
        )


class OwnFactorPage(OwnPage):
    """A form about a second factor of one's own."""

    template_name = "core/organization/factor_form.html"

    def cancel_url(self) -> str:
        return reverse("core_organization:factor_list")

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(Factors.title, self.cancel_url()), (self.page_title(), "")]

    def made(self, form: Any) -> list[str]:
        """Do it; the recovery codes that came of it."""
        raise NotImplementedError(f"{type(self).__qualname__}: override made()")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.form.is_valid():
            return self.show_again()
        try:
            people.identify_oneself(password=self.form.cleaned_data["present"], request=request)
            codes = self.made(self.form)
        except Blocked as refused:
            return self.show_again(refused.blockers)
        except ValidationError as error:
            self.add_errors(error)
            return self.show_again()
        if not codes:
            return self.redirect(self.cancel_url())
        self.template_name = "core/organization/recovery_codes.html"  # type: ignore[misc]
        answer = self.render(codes=codes)
        answer["Cache-Control"] = "no-store"
        return answer


class TotpSetUp(OwnFactorPage):
    """Set up an app: its key as QR code, and the first code as proof."""

    title, submit_label = _("Set up an app for codes"), _("Set it up")
    form_class = forms.TotpForm

    def context(self, **more: Any) -> dict[str, Any]:
        if "codes" in more:
            return super().context(**more)
        user: Any = self.request.user
        secret = get_totp_secret()
        adapter = get_adapter()
        drawn = adapter.build_totp_svg(adapter.build_totp_url(user, secret)).encode()
        picture = f"data:image/svg+xml;base64,{base64.b64encode(drawn).decode()}"
        groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
        return super().context(picture=picture, secret=groups, **more)

    def made(self, form: Any) -> list[str]:
        codes = factors.set_up_totp(secret=get_totp_secret(), code=form.cleaned_data["code"], actor=self.request.user)
        clear_totp_secret(self.request)
        return codes


class PasskeyAdd(OwnFactorPage):
    """Add a passkey: the browser asks the device, `passkey.js` carries the question and the answer."""

    title, submit_label = _("Add a passkey"), _("Add it")
    form_class = forms.PasskeyForm

    def context(self, **more: Any) -> dict[str, Any]:
        if "codes" in more:
            return super().context(**more)
        options = json.dumps(webauthn.begin_registration(self.request.user, passwordless=True))
        return super().context(passkey_options=options, **more)

    def made(self, form: Any) -> list[str]:
        credential = form.cleaned_data["credential"]
        webauthn.parse_registration_response(credential)
        webauthn.complete_registration(credential)
        return factors.add_passkey(name=form.cleaned_data["name"], credential=credential, actor=self.request.user)


class RecoveryCodesMake(OwnFactorPage):
    """New recovery codes in place of the old ones."""

    title, submit_label = _("New recovery codes"), _("Make them")
    lead = _("The codes that you have now are void as soon as the new ones are made.")
    form_class = forms.PresentPasswordForm

    def made(self, form: Any) -> list[str]:
        return factors.make_recovery_codes(actor=self.request.user)


class FactorRemove(OwnFactorPage):
    """Remove one of one's own factors."""

    title, submit_label = _("Remove a second factor"), _("Remove it")
    form_class = forms.FactorRemoveForm

    def get_form_kwargs(self) -> dict[str, Any]:
        user: Any = self.request.user
        return {**super().get_form_kwargs(), "factors": strong_of(user), "with_code": has_totp(user)}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.form.is_valid():
            return self.show_again()
        values = self.form.cleaned_data
        try:
            people.identify_oneself(password=values["present"], code=values.get("code"), request=request)
            factors.remove_factor(factor=values["factor"], actor=request.user)
        except Blocked as refused:
            return self.show_again(refused.blockers)
        return self.redirect(self.cancel_url())


class UserFactorsRemove(MovePage):
    """An administrator removes the second factors of a person whose phone or key is lost."""

    model, permission, deed_permission = User, SEE, CHANGE
    label = _("Remove second factors")
    asks_reason = True
    explanation = _("The person signs in with the password alone, and sets up new factors where they are required.")

    def deed(self, form: Any) -> User:
        return factors.remove_factors_of(user=self.record, reason=form.cleaned_data["reason"], actor=self.request.user)
