"""The ways to the plant's identity provider and back."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.organization.models import User
from core.organization.services import provider, saml, system_user
from core.organization.views.adapter import in_words, mark_provider
from core.web.access import Access
from core.web.views.record import Page

ASKED, FOLLOWING = "trueline_provider_asked", "trueline_provider_next"


class ProviderPage(Page):
    """Served where its kind of identity provider is configured, and not there otherwise."""

    access = Access.PUBLIC
    title = _("Not signed in")
    answer_name = ""

    def is_served(self) -> bool:
        """Whether there is such a provider here."""
        raise NotImplementedError(f"{type(self).__qualname__}: override is_served()")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        is_asked = hasattr(self, str(request.method).lower())  # another method is refused as on every page
        if is_asked and not self.is_served():
            raise Http404(_t("There is no such page here."))
        try:
            return super().dispatch(request, *args, **kwargs)
        except Blocked as refused:
            return render(request, "account/refused.html", {"refusal": in_words(refused)}, status=403)

    def answer_address(self) -> str:
        return self.request.build_absolute_uri(reverse(f"core_organization:{self.answer_name}"))

    def sent_to(self, address: str, kept: list[str]) -> HttpResponse:
        """The way to the provider; what its answer must fit is kept at this browser's session."""
        session, wanted = self.request.session, self.request.GET.get("next", "")
        session[ASKED] = kept
        session[FOLLOWING] = wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else ""
        return HttpResponseRedirect(address)

    def kept(self) -> list[str] | None:
        """What the question of this browser was; it is answered once."""
        found: list[str] | None = self.request.session.pop(ASKED, None)
        return found

    def signed_in(self, user: User) -> HttpResponseBase:
        """Whom the provider identified goes on as after any first step of signing in."""
        following = self.request.session.pop(FOLLOWING, "") or None
        with transaction.atomic(), acting(system_user("sign-in")):
            mark_provider(self.request, user)
            answer: HttpResponseBase = perform_login(self.request, Login(user=user, redirect_url=following))
        return answer


class OpenIdPage(ProviderPage):
    """OpenID Connect."""

    answer_name = "provider_answer"

    def is_served(self) -> bool:
        return provider.is_configured()


class ProviderStart(OpenIdPage):
    """Sends the person to the identity provider."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        asked = provider.question_for(self.answer_address())
        return self.sent_to(asked.address, [asked.address, asked.state, asked.nonce, asked.verifier])


class ProviderAnswer(OpenIdPage):
    """The person comes back: whom the provider identified is signed in."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        kept = self.kept()
        claims = provider.claims_of(
            code=request.GET.get("code", ""),
            state=request.GET.get("state", ""),
            asked=provider.Question(*kept) if kept else None,
            answer_address=self.answer_address(),
        )
        return self.signed_in(provider.person_of(claims))


class SamlPage(ProviderPage):
    """SAML 2.0."""

    answer_name = "saml_answer"

    def is_served(self) -> bool:
        return saml.is_configured()


class SamlMetadata(SamlPage):
    """Who we are, for the provider's administrator."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return HttpResponse(saml.metadata(self.answer_address()), content_type="application/samlmetadata+xml")


class SamlStart(SamlPage):
    """Sends the person to the identity provider."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        asked = saml.question_for(self.answer_address())
        return self.sent_to(asked.address, [asked.id])


# Without our token, for it comes from the provider's page; it must fit this browser's question instead.
@method_decorator(csrf_exempt, name="dispatch")
class SamlAnswer(SamlPage):
    """The provider's page posts its answer here: whom it identified is signed in.

    A browser sends no session with what another site posts. The page for that posts the answer again, as ours.
    """

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer, kept = request.POST.get("SAMLResponse", ""), self.kept()
        if kept is None and "again" not in request.POST and len(answer) <= saml.LONGEST:
            return render(request, "account/provider_answer.html", {"answer": answer})
        (asked,) = kept or [""]
        return self.signed_in(saml.person_of(answer=answer, asked=asked, answer_address=self.answer_address()))
