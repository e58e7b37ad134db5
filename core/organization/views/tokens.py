"""Personal API tokens: made and shown once, listed and revoked by their owner, revoked by an administrator."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.errors import Blocked
from core.organization import forms, tables
from core.organization.models import ApiToken
from core.organization.queries import permissions_of
from core.organization.queries.tokens import running_tokens, tokens_of
from core.organization.services import api
from core.web.markup import site_time
from core.web.views import Fact, FormPage, ListPage, MovePage
from core.web.views.record import zone_of

SEE, CHANGE = "core_organization.view_user", "core_organization.change_user"


class OwnTokens(ListPage):
    """The visitor's own API tokens."""

    model, permission = ApiToken, api.MAKE
    table_class = tables.ApiTokenTable
    template_name = "core/organization/apitoken_list.html"
    title = _("API tokens")
    lead = _("A program that has one of them acts in your name, with the rights that the token names.")
    create_url_name, create_label = "core_organization:apitoken_create", _("Make a token")
    empty_title, empty_text = _("No API tokens"), _("Make one for a program that works with the plant's records.")
    empty_icon = "lock"

    def get_queryset(self) -> QuerySet[ApiToken]:
        user: Any = self.request.user
        return tokens_of(user)


class TokenCreate(FormPage):
    """A new token for oneself; its secret is shown on the answer to this form, and never again."""

    model, permission, form_class = ApiToken, api.MAKE, forms.ApiTokenForm
    title, submit_label = _("Make a token"), _("Make it")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "held": permissions_of(self.request.user)}

    def cancel_url(self) -> str:
        return reverse("core_organization:apitoken_list")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.form.is_valid():
            return self.show_again()
        try:
            token, secret = api.create_token(**self.form.cleaned_data, actor=request.user)
        except Blocked as refused:
            return self.show_again(refused.blockers)
        except ValidationError as error:
            self.add_errors(error)
            return self.show_again()
        self.template_name = "core/organization/apitoken_shown.html"  # type: ignore[misc]
        answer = self.render(
            secret=secret,
            facts=[Fact(_("Program"), token.name), Fact(_("Expires"), site_time(token.expires_at, zone_of(request)))],
        )
        answer["Cache-Control"] = "no-store"
        return answer


class TokenRevoke(FormPage):
    """End one of one's own tokens."""

    model, permission, form_class = ApiToken, api.MAKE, forms.ApiTokenRevokeForm
    title, submit_label = _("Revoke a token"), _("Revoke it")
    lead = _("A program that uses it is refused from now on.")
    asks_reason = True

    def get_form_kwargs(self) -> dict[str, Any]:
        user: Any = self.request.user
        return {**super().get_form_kwargs(), "tokens": running_tokens(user)}

    def cancel_url(self) -> str:
        return reverse("core_organization:apitoken_list")

    def deed(self, form: Any) -> str:
        api.revoke_token(**form.cleaned_data, actor=self.request.user)
        return self.cancel_url()


class UserTokenRevoke(MovePage):
    """An administrator ends a token of a person."""

    model, permission, deed_permission = ApiToken, SEE, CHANGE
    label = title = _("Revoke the token")
    explanation = _("A program that uses it is refused from now on.")
    asks_reason = True

    def get_queryset(self) -> QuerySet[ApiToken]:
        return ApiToken.objects.select_related("user")

    def record_url(self) -> str:
        return str(self.record.user.get_absolute_url())

    def deed(self, form: Any) -> ApiToken:
        return api.revoke_token(token=self.record, reason=form.cleaned_data["reason"], actor=self.request.user)

    def success_url(self, result: Any) -> str:
        return self.record_url()
