"""Pages that the shell itself needs: search, scan, preferences."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language, gettext_lazy
from django.utils.translation import gettext as _

from core.kernel.wiring import ask
from core.web.access import Access, PageMixin
from core.web.context import SITE_KEY, THEME_COOKIE, THEMES, shell_of
from core.web.cookies import cookie_name
from core.web.questions import FindRecords, Found, ResolveScan
from core.web.scan import clean
from core.web.views.record import Page, Text
from core.web.words import words_of

YEAR = 365 * 24 * 3600


class SearchPage(Page):
    """Global search: numbers first, then words. One exact number opens its record at once."""

    access = Access.SIGNED_IN
    template_name = "generic/search.html"
    title = gettext_lazy("Search")

    def get(self, request: HttpRequest) -> HttpResponseBase:
        words = words_of(request)
        found: list[Found] = sorted(ask(FindRecords(words, request.user)), key=lambda f: f.rank) if words else []
        exact = [item for item in found if item.rank == 0]
        if len(exact) == 1:
            return HttpResponseRedirect(exact[0].url)
        return self.render(found=found, search_words=words)


class ScanPage(Page):
    """Where the page-wide scanner leads: to the record of the code, else to what was expected.

    What does not fit on a label is read first: then nothing is opened by itself. `Accept: application/json` answers
    `{"url": …}` or 404, for pages that handle a scan themselves.
    """

    access = Access.SIGNED_IN
    template_name = "generic/search.html"
    title = gettext_lazy("Unknown code")
    is_known = False

    def get(self, request: HttpRequest) -> HttpResponseBase:
        scan = clean(request.GET.get("code", "")[:500])
        found = ask(ResolveScan(scan, request.user)) if scan.text else []
        opens = len(found) == 1 and bool(found[0].url) and not found[0].warning
        if "application/json" in request.headers.get("Accept", ""):
            if opens:
                return JsonResponse({"url": found[0].url, "label": found[0].label, "kind": str(found[0].kind)})
            warnings = [str(item.warning) for item in found if item.warning]
            matches = sum(bool(item.url) for item in found)
            return JsonResponse({"code": scan.text, "matches": matches, "warnings": warnings}, status=404)
        if opens:
            return HttpResponseRedirect(found[0].url)
        self.is_known = bool(found)
        return self.render(found=found, search_words=scan.text, scanned="" if found else scan.text, status=200)

    def page_title(self) -> Text:
        return _("Scanned code") if self.is_known else self.title


class PreferencesPage(PageMixin):
    """Keeps the visitor's theme, language and site; each is a button of the user menu."""

    access = Access.PUBLIC
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        following = request.POST.get("next", "/")
        if not url_has_allowed_host_and_scheme(following, {request.get_host()}, request.is_secure()):
            following = "/"
        response = HttpResponseRedirect(following)
        theme = request.POST.get("theme", "")
        if theme in THEMES:
            response.set_cookie(
                cookie_name(THEME_COOKIE),
                theme,
                YEAR,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
            )
        elif theme == "auto":
            response.delete_cookie(cookie_name(THEME_COOKIE))
        language = request.POST.get("language", "")
        if language in dict(settings.LANGUAGES) and check_for_language(language):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                language,
                YEAR,
                samesite="Lax",
                httponly=True,
                secure=settings.SESSION_COOKIE_SECURE,
            )
        site = request.POST.get("site", "")
        if site and site in {str(choice.pk) for choice in shell_of(request).sites}:
            request.session[SITE_KEY] = int(site)
        return response
