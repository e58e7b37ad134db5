"""Every record and fact as it is stored, read-only: one class for all of them, registered by `tables_site()`.

Django's own permissions count for nothing here: the right is `core_organization.view_tables`, which scopes the rows.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext_lazy as _

from core.kernel.records import GLOBAL, FactModel, RecordClass, models_of
from core.organization.models import Site
from core.organization.queries import scoped, sites_of
from core.web.access import Forbidden, may, sign_in

VIEW_TABLES = "core_organization.view_tables"
COLUMNS = 6
WITHOUT_PAGES = frozenset(
    {"login", "logout", "password_change", "password_change_done", "autocomplete", "view_on_site"}
)
"""Django admin's pages about accounts: signing in and passwords are elsewhere, with their own rules."""


def secret_columns(model: type[models.Model]) -> tuple[str, ...]:
    """Columns that are never shown: what history leaves out, hashes of passwords, PINs and device tokens."""
    return tuple(getattr(model, "trail_excludes", ()))


def may_see(request: HttpRequest) -> bool:
    """Whether the visitor holds the right; each page asks it five times for each table."""
    found: bool | None = getattr(request, "_may_see_tables", None)
    if found is None:
        found = may(request.user, VIEW_TABLES)
        request._may_see_tables = found  # type: ignore[attr-defined]
    return found


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A table: its rows as far as the visitor's right reaches, and each row; nothing is added, changed or deleted."""

    actions = None
    list_per_page = 50
    show_full_result_count = False
    view_on_site = False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Rows of the visitor's sites; global facts name records of any site, so they take the right at all of them."""
        model: Any = self.model
        rows = scoped(model._base_manager.all(), request.user, VIEW_TABLES)
        beyond = Site.objects.exclude(pk__in=sites_of(request.user, VIEW_TABLES).values("pk"))
        if issubclass(model, FactModel) and model.scope_path == GLOBAL and beyond.exists():
            return rows.none()
        return rows.order_by("-pk")

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("-pk",)

    def _columns(self) -> list[str]:
        hidden = secret_columns(self.model)
        return [field.name for field in self.model._meta.concrete_fields if field.name not in hidden]

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        plain = [name for name in self._columns() if not isinstance(self.model._meta.get_field(name), models.JSONField)]
        return plain[:COLUMNS]

    def get_list_select_related(self, request: HttpRequest) -> list[str]:
        shown = (self.model._meta.get_field(name) for name in self.get_list_display(request))
        return [field.name for field in shown if field.is_relation] or False  # type: ignore[return-value]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return self._columns()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return self._columns()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_see(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_see(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class TablesSite(admin.AdminSite):
    """Django admin without its accounts: who is signed in and holds the right sees tables."""

    site_header = site_title = _("Tables, read-only")
    index_title = _("Every record and fact as it is stored")
    enable_nav_sidebar = False
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        return may_see(request)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Whoever may not: to the sign-in page, or, signed in, the page that says which right is missing."""
        if request.user.is_authenticated:
            raise Forbidden(VIEW_TABLES)
        return sign_in(request)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not self.has_permission(request):
                return self.login(request)
            found: HttpResponseBase = inner(request, *args, **kwargs)
            return found

        return guarded

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [found for found in super().get_urls() if getattr(found, "name", "") not in WITHOUT_PAGES]


def tables_site() -> TablesSite:
    """The site with every record and fact registered; called by the URLconf, when all apps are known."""
    site = TablesSite(name="admin")
    site.final_catch_all_view = False
    for kind in (RecordClass.RECORD, RecordClass.FACT):
        for model in models_of(kind):
            site.register(model, ReadOnlyAdmin)
    return site
