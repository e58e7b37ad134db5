"""Parts of a page that the browser asks for once the page is shown.

What costs much, or is not seen at first glance, does not hold up the rest: the page has `{% later "key" %}` where the
part will stand, and the same address with `?part=key` answers it. Asked for by itself (no scripts, or slow ones) it is
a page of its own. A part decides nothing: what it tells is asked again by the service that does the deed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from core.web.markup import Text
from core.web.views.record import Page

PART = "part"


@dataclass(frozen=True)
class Part:
    """One such part: its template, what that is given, and the words that stand in its place until it comes.

    `label` is its heading where it is a page of its own. `is_announced`: a screen reader reads it out when it comes;
    for what is short. `holds_form`: the page's form is not sent before the part was there to be read.
    """

    key: str
    label: Text
    template_name: str
    context: Callable[[], dict[str, Any]]
    waiting: Text
    is_announced: bool = False
    holds_form: bool = False


class PartsMixin(Page):
    """A page with parts that come later."""

    def parts(self) -> Sequence[Part]:
        """Every part that this page may show later, whether or not it does so now."""
        return ()

    def wanted_part(self) -> str:
        """The part that the request asks for; empty for the page itself."""
        return self.request.GET.get(PART, "")

    def answer_part(self) -> HttpResponse | None:
        """The part that was asked for, alone or as a page; None when the page itself was."""
        key = self.wanted_part()
        if not key:
            return None
        found = next((part for part in self.parts() if part.key == key), None)
        if found is None:
            raise Http404(_("This page has no such part."))
        given = {"page": self, "part": found, **found.context()}
        if self.request.headers.get("HX-Request"):
            return render(self.request, found.template_name, given)
        *before, (here, _address) = self.crumbs()
        crumbs = [*before, (here, self.request.path), (found.label, "")]
        return render(self.request, "generic/part.html", {**Page.context(self), "crumbs": crumbs, **given})
