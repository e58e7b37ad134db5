"""What every page's shell needs, as the context variable `shell`."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, get_language_info

from core.kernel.wiring import ask
from core.web.access import held
from core.web.cookies import cookie_name
from core.web.navigation import Group, navigation
from core.web.questions import SiteChoice, SitesOf, Warned, WarningsFor

THEMES = ("light", "dark")
THEME_COOKIE = "trueline_theme"
SITE_KEY = "trueline_site"


class Shell:
    """Navigation, sites, theme and language of one request; everything is read only when a template asks."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @property
    def is_demo(self) -> bool:
        return bool(getattr(settings, "DEMO", False))

    @cached_property
    def navigation(self) -> list[Group]:
        """Groups of links; none for an anonymous visitor."""
        if not self.request.user.is_authenticated:
            return []
        return navigation(self.request.user, self.request.path, held(self.request))

    @cached_property
    def sites(self) -> list[SiteChoice]:
        """The sites the user may choose from."""
        return ask(SitesOf(self.request.user)) if self.request.user.is_authenticated else []

    @cached_property
    def site(self) -> SiteChoice | None:
        """The site that the user chose, else the first of theirs."""
        chosen = self.request.session.get(SITE_KEY)
        return next((site for site in self.sites if site.pk == chosen), self.sites[0] if self.sites else None)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone in which times are shown where a record does not say its own."""
        return ZoneInfo(self.site.time_zone if self.site else timezone.get_default_timezone_name())

    @cached_property
    def warnings(self) -> list[Warned]:
        """What the user must know on every page."""
        return ask(WarningsFor(self.request.user)) if self.request.user.is_authenticated else []

    @property
    def theme(self) -> str:
        """`light`, `dark`, or empty: the system's."""
        theme = self.request.COOKIES.get(cookie_name(THEME_COOKIE), "")
        return theme if theme in THEMES else ""

    @property
    def language(self) -> str:
        return get_language() or settings.LANGUAGE_CODE

    @cached_property
    def languages(self) -> list[Any]:
        """The languages of the product, each by its own name."""
        return [get_language_info(code) for code, _ in settings.LANGUAGES]


def shell_of(request: HttpRequest) -> Shell:
    """The shell of this request, made once."""
    made: Shell | None = getattr(request, "_trueline_shell", None)
    if made is None:
        made = Shell(request)
        request._trueline_shell = made  # type: ignore[attr-defined]
    return made


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor."""
    return {"shell": shell_of(request)}
