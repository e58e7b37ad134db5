"""Signing on, switching and locking at an enrolled terminal; the base of every terminal page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.errors import Blocked
from core.kernel.wiring import ask
from core.organization.models import Terminal
from core.organization.queries import person_of_badge
from core.organization.questions import ScanTarget, TerminalScan
from core.organization.services import sign_on as signing_on
from core.organization.services.people import choose_hand
from core.organization.services.sign_on import Presence
from core.web.access import Access, PageMixin, came_from
from core.web.forms import Form
from core.web.questions import Found, ResolveScan, Scan
from core.web.scan import clean

EXPECTED = gettext_lazy("a badge, an order, an operation, a lot or a unit")


class TerminalPage(PageMixin):
    """Base of every page under /t/<terminal>/: the device must be this terminal, and somebody signed on.

    `request.user` is the active person. Set `permission` for what the page needs, or keep SIGNED_IN.
    """

    access = Access.SIGNED_IN
    needs_operator = True

    def refusal(self, request: HttpRequest) -> HttpResponse | None:
        """A page that says how to enrol, or the sign-on page, or None."""
        if self.terminal is None:
            return render(
                request, "core/organization/terminal_unknown.html", {"title": _("Not a terminal")}, status=403
            )
        if not self.needs_operator:
            return None
        if self.presence.active is None:
            address = f"{self.sign_on_url}?{urlencode({'next': came_from(request)})}"
            if request.headers.get("HX-Request"):
                response = HttpResponse(status=204)
                response["HX-Redirect"] = address
                return response
            return HttpResponseRedirect(address)
        return super().refusal(request)

    @property
    def terminal(self) -> Terminal | None:
        found: Terminal | None = self.request.terminal  # type: ignore[attr-defined]
        return found

    @property
    def presence(self) -> Presence:
        found: Presence = self.request.presence  # type: ignore[attr-defined]
        return found

    @property
    def sign_on_url(self) -> str:
        return reverse("terminal:sign_on", args=[self.kwargs["terminal"]])

    def terminal_context(self, **more: Any) -> dict[str, Any]:
        """What base/terminal.html needs."""
        terminal = self.terminal
        active = self.presence.active
        return {
            "terminal": terminal,
            "zone": terminal.work_center.area.site.time_zone if terminal is not None else "",
            "operator": active.user if active is not None else None,
            "others": self.presence.others,
            "hand": active.user.hand if active is not None else "right",
            "switch_url": self.sign_on_url,
            "lock_url": reverse("terminal:lock", args=[self.kwargs["terminal"]]),
            "idle_lock_seconds": terminal.idle_lock_seconds if terminal is not None else 180,
            "scan_url": reverse("terminal:scan", args=[self.kwargs["terminal"]]),
            "station_url": reverse("terminal:station", args=[self.kwargs["terminal"]]),
            **more,
        }


class SignOnForm(Form):
    """Badge and PIN."""

    badge = forms.CharField(
        label=gettext_lazy("Badge or user name"),
        max_length=64,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "data-accepts-scan": "", "autofocus": True}
        ),
    )
    pin = forms.CharField(
        label=gettext_lazy("PIN"),
        max_length=12,
        strip=False,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class SignOn(TerminalPage):
    """Badge and PIN; the person becomes the one whose entries are made here."""

    needs_operator = False
    access = Access.PUBLIC

    def _show(self, form: SignOnForm, blockers: Any = (), status: int = 200) -> HttpResponse:
        context = self.terminal_context(title=_("Sign on"), form=form, blockers=blockers, following=self._following())
        return render(self.request, "core/organization/terminal_sign_on.html", context, status=status)

    def _following(self) -> str:
        wanted = self.request.POST.get("next") or self.request.GET.get("next") or ""
        home = f"/t/{self.kwargs['terminal']}/"
        safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith(home)
        return wanted if safe else home

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self._show(SignOnForm(initial={"badge": request.GET.get("badge", "")}))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = SignOnForm(request.POST)
        if self.terminal is None or not form.is_valid():
            return self._show(form, status=422)
        try:
            signing_on.sign_on(terminal=self.terminal, **form.cleaned_data)
        except Blocked as refused:
            return self._show(
                SignOnForm(initial={"badge": form.cleaned_data["badge"]}), blockers=refused.blockers, status=409
            )
        return HttpResponseRedirect(self._following())


class Lock(TerminalPage):
    """Lock now; the person stays clocked on. The idle clock of the page posts here too."""

    needs_operator = False
    access = Access.PUBLIC

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        active = self.presence.active
        if active is not None:
            if request.POST.get("leave"):
                signing_on.sign_off(session=active, why="signed off")
            else:
                signing_on.lock(session=active)
        if request.headers.get("HX-Request"):
            response = HttpResponse(status=204)
            response["HX-Redirect"] = self.sign_on_url
            return response
        return HttpResponseRedirect(self.sign_on_url)


class Station(TerminalPage):
    """Try the scanner, the camera and the sound; choose the side of the hand."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return render(
            request, "core/organization/terminal_station.html", self.terminal_context(title=_("This station"))
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        hand = request.POST.get("hand", "")
        if hand not in ("right", "left"):
            return self.get(request)
        choose_hand(hand=hand, actor=request.user)
        return HttpResponseRedirect(request.path)


class ScanAtTerminal(TerminalPage):
    """Where the page-wide scanner leads at a terminal: a badge switches people, anything else is asked of the floor."""

    needs_operator = False
    access = Access.PUBLIC

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        scan = clean(request.GET.get("code", "")[:500])
        target = self._target(scan)
        if "application/json" in request.headers.get("Accept", ""):
            if target is None:
                return JsonResponse({"code": scan.text, "expected": str(EXPECTED)}, status=404)
            return JsonResponse({"url": target.url, "label": target.label, "advice": target.advice})
        if target is not None and target.url:
            return HttpResponseRedirect(target.url)
        context = self.terminal_context(
            title=_("Unknown code") if target is None else target.label,
            code=scan.text,
            expected=EXPECTED,
            target=target,
        )
        status = 404 if target is None else 200
        return render(request, "core/organization/terminal_unknown_scan.html", context, status=status)

    def _target(self, scan: Scan) -> ScanTarget | None:
        """Where the code leads, or what it is: nothing that the person may see is called unknown."""
        text = scan.text
        if not text:
            return None
        person = person_of_badge(text)
        if person is not None:
            return ScanTarget(f"{self.sign_on_url}?{urlencode({'badge': text})}", str(person))
        if self.presence.active is None:
            return None
        found = ask(TerminalScan(text=text, terminal=self.terminal, user=self.request.user))
        if found:
            return found[0]
        known = ask(ResolveScan(scan, self.request.user))
        return _named(known[0]) if known else None


def _named(found: Found) -> ScanTarget:
    """A record that is known and that nothing is done with at a station: what it is, and what to scan instead."""
    name = f"{found.kind} {found.label}"
    label = f"{name} · {found.detail}" if found.detail else name
    nothing = _("Nothing is done with it here. Scan %(expected)s.") % {"expected": EXPECTED}
    return ScanTarget("", label, str(found.warning or found.advice or nothing))
