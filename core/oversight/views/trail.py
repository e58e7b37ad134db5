"""The trail as one timeline."""

from __future__ import annotations

from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.oversight.forms import FIELDS, TrailForm
from core.trail.queries.browsing import BadPlace, Search, TooLong, TrailPage, page_of_trail
from core.trail.queries.sealed import sealed_until
from core.trail.queries.sources import VIEW_TRAIL, Reach
from core.trail.queries.telling import Told, tell
from core.web.access import held
from core.web.markup import offset_of
from core.web.views.record import Page, zone_of

EXPORT = "core_oversight.export_trail"
KNOWN = {*FIELDS, "after", "before"}


class Trail(Page):
    """Every change of every record and every fact, as far as the visitor may see them; the address is the state."""

    permission = VIEW_TRAIL
    template_name = "core/oversight/trail.html"
    title = gettext_lazy("Trail")
    page_size: ClassVar[int] = 50

    @cached_property
    def reach(self) -> Reach:
        """What the visitor may see."""
        return Reach(self.request.user)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone of the visitor's site."""
        found: ZoneInfo = zone_of(self.request)
        return found

    @cached_property
    def form(self) -> TrailForm:
        """What is asked."""
        return TrailForm(self.request.GET, reach=self.reach)

    def found(self, search: Search) -> TrailPage:
        """One page of what is asked for."""
        after, before = (self.request.GET.get(name, "") for name in ("after", "before"))
        return page_of_trail(self.reach, search, size=self.page_size, after=after, before=before)

    def told(self, page: TrailPage) -> list[Told]:
        """The rows of a page in words."""
        return tell(self.reach, page.keys, self.zone)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with timezone.override(self.zone):
            notices, page = self.looked_up()
            return self.render(
                entries=self.told(page),
                page_of_rows=page,
                form=self.form,
                notices=notices,
                active=[name for name in FIELDS if request.GET.get(name)],
                zone_name=self.zone.key,
                zone_offset=offset_of(timezone.localtime()),
                export_url=self.export_url(),
                sealed_until=sealed_until(),
            )

    def looked_up(self) -> tuple[list[str], TrailPage]:
        """The page that the address names, and what the visitor must know about it."""
        unknown = sorted(set(self.request.GET) - KNOWN)
        names = {"names": ", ".join(unknown)[:200]}
        notices = [_("Not a filter of this list, so ignored: %(names)s.") % names] if unknown else []
        if not self.form.is_valid():
            return notices, TrailPage()
        search = self.form.search()
        try:
            return notices, self.found(search)
        except TooLong:
            said = _("This search goes through too many rows. Name a shorter time, a kind or a record number.")
            return [*notices, said], TrailPage()
        except BadPlace:
            said = _("That page of the list no longer exists; this is the first one.")
            return [*notices, said], page_of_trail(self.reach, search, size=self.page_size)

    def export_url(self) -> str:
        """Where what is asked for can be exported; empty for who may not."""
        if EXPORT not in held(self.request):
            return ""
        kept = self.request.GET.copy()
        for name in set(kept) - set(FIELDS):
            del kept[name]
        return f"{reverse('core_oversight:trail_export')}?{kept.urlencode()}"
