"""The way to the plant's identity provider and back."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.organization.services import provider, system_user
from core.organization.views.adapter import mark_provider
from core.web.access import Access
from core.web.views.record import Page

ASKED, FOLLOWING = "trueline_provider_asked", "trueline_provider_next"


class ProviderPage(Page):
    """Served where an identity provider is configured, and not there otherwise."""

    access = Access.PUBLIC
    title = _("Not signed in")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not provider.is_configured():
            raise Http404(_t("There is no such page here."))
        return self.found()

    def found(self) -> HttpResponseBase:
        """What the page does where there is a provider."""
        raise NotImplementedError(f"{type(self).__qualname__}: override found()")

    def answer_address(self) -> str:
        return self.request.build_absolute_uri(reverse("core_organization:provider_answer"))

    def refused_in_words(self, refused: Blocked) -> HttpResponse:
        words = " ".join(f"{blocker.message} {blocker.remedy}" for blocker in refused.blockers)
        return render(self.request, "account/refused.html", {"refusal": words}, status=403)


class ProviderStart(ProviderPage):
    """Sends the person to the identity provider."""

    def found(self) -> HttpResponseBase:
        request = self.request
        try:
            asked = provider.question_for(self.answer_address())
        except Blocked as refused:
            return self.refused_in_words(refused)
        request.session[ASKED] = [asked.address, asked.state, asked.nonce, asked.verifier]
        wanted = request.GET.get("next", "")
        request.session[FOLLOWING] = wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else ""
        return HttpResponseRedirect(asked.address)


class ProviderAnswer(ProviderPage):
    """The person comes back: whom the provider identified is signed in."""

    def found(self) -> HttpResponseBase:
        request = self.request
        kept = request.session.pop(ASKED, None)
        following = request.session.pop(FOLLOWING, "") or None
        try:
            claims = provider.claims_of(
                code=request.GET.get("code", ""),
                state=request.GET.get("state", ""),
                asked=provider.Question(*kept) if kept else None,
                answer_address=self.answer_address(),
            )
            user = provider.person_of(claims)
        except Blocked as refused:
            return self.refused_in_words(refused)
        with transaction.atomic(), acting(system_user("sign-in")):
            mark_provider(request, user)
            answer: HttpResponseBase = perform_login(request, Login(user=user, redirect_url=following))
        return answer
