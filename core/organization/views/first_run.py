"""The first-run page of an empty installation."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.organization import forms
from core.organization.services import first_run
from core.web.access import Access
from core.web.views.form import DeedMixin


class FirstRun(DeedMixin):
    """Makes the first site, an administrator and a head of quality; needs the one-time token in its address."""

    access = Access.PUBLIC
    template_name = "core/organization/first_run.html"
    title = gettext_lazy("Set up this installation")
    form_class = forms.FirstRunForm
    success_message = gettext_lazy(
        "Done. Sign in as the administrator. Give the head of quality their user name and first password."
    )

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not first_run.token_fits(request.GET.get("token", "")):
            raise Http404(_("The set-up is done, or the token is wrong."))
        return super().dispatch(request, *args, **kwargs)

    def deed(self, form: Any) -> str:
        first_run.set_up(token=self.request.GET["token"], **form.cleaned_data)
        return "/accounts/login/"
