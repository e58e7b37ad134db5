"""What all pages of one record share: finding it within the visitor's rights, and naming it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.kernel.records import TrailedModel
from core.web.access import PageMixin, scoped
from core.web.context import shell_of
from core.web.links import reachable
from core.web.markup import url_of

Text = str | Promise
M = TypeVar("M", bound=Model)


class Page(PageMixin):
    """A page with a title, a template and breadcrumbs."""

    template_name: ClassVar[str] = ""
    title: ClassVar[Text] = ""

    def page_title(self) -> Text:
        """The heading of the page, also the window's title."""
        return self.title

    def crumbs(self) -> list[tuple[Text, str]]:
        """The way here as (label, address); the last one has no address."""
        return [(self.page_title(), "")]

    def overwritten(self) -> TrailedModel | None:
        """The record that the deed of the page overwrites or moves: whoever does it names the version they saw."""
        return None

    def context(self, **more: Any) -> dict[str, Any]:
        """What the template gets; extend with `super().context(**more)`."""
        way = [(label, reachable(self.request, url)) for label, url in self.crumbs()]
        return {"page": self, "title": self.page_title(), "crumbs": way, **more}

    def render(self, *, status: int = 200, **more: Any) -> HttpResponse:
        """The page, with `more` in its context."""
        return render(self.request, self.template_name, self.context(**more), status=status)


def found_in(
    rows: QuerySet[M], key: Any, missing: Text = "", *, allowed: Callable[[M], bool] = lambda found: True
) -> M:
    """The row with this key, or 404 in these words: the one look-up behind every address that names a row.

    `rows` are those that the visitor may see; where no query can say that, `allowed` is asked about the row.
    """
    found = rows.filter(pk=key).first()
    if found is None or not allowed(found):
        raise Http404(missing or _("There is no such record here."))
    return found


class RecordPage(Page):
    """A page about one record. `record` is read once, scoped by `view_permission` (default: `permission`)."""

    model: ClassVar[type[Model]]
    view_permission: ClassVar[str] = ""
    pk_url_kwarg: ClassVar[str] = "pk"
    list_url_name: ClassVar[str] = ""

    def get_queryset(self) -> QuerySet[Any]:
        """Where the record is looked for; add `select_related` here."""
        return self.model._default_manager.all()

    @cached_property
    def record(self) -> Any:
        """The record, or 404 when it is not there for this visitor."""
        return self.find(self.view_permission or self.permission)

    def find(self, permission: str) -> Any:
        """The record of the address among those that `permission` shows."""
        rows = scoped(self.get_queryset(), self.request.user, permission)
        return found_in(rows, self.kwargs[self.pk_url_kwarg])

    def number(self) -> str:
        """The record's number, as people say it."""
        return str(getattr(self.record, "number", "") or getattr(self.record, "code", "") or "")

    def record_name(self) -> str:
        """The record as people say it: its number, and what it is called where that says more."""
        number, name = self.number(), str(getattr(self.record, "title", "") or self.record)
        return name if not number or number in name else f"{number} · {name}"

    def page_title(self) -> Text:
        return self.title or str(getattr(self.record, "title", "") or self.record)

    def record_url(self) -> str:
        """The address of the record's own page, or empty."""
        return url_of(self.record)

    def list_url(self) -> str:
        """The address of the list that the record stands in, by `list_url_name` or `<app>:<model>_list`."""
        name = self.list_url_name or f"{self.model._meta.app_label}:{self.model._meta.model_name}_list"
        try:
            return reverse(name)
        except NoReverseMatch:
            return ""

    def crumbs(self) -> list[tuple[Text, str]]:
        listed: list[tuple[Text, str]] = [(capfirst(str(self.model._meta.verbose_name_plural)), self.list_url())]
        return [*listed, (self.number() or self.page_title(), "")]


def zone_of(request: HttpRequest) -> Any:
    """The zone in which this visitor reads and enters times."""
    return shell_of(request).zone
