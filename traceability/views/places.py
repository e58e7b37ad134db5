"""Pages of storage locations."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.organization.queries import sites_of
from core.web.views import DetailPage, Fact, FormPage, ListPage
from traceability import forms, services
from traceability.filters import StorageLocationFilters
from traceability.models import StorageLocation
from traceability.queries import contents
from traceability.tables import StorageLocationTable

ROWS_SHOWN = 200


class LocationList(ListPage):
    """All storage locations."""

    model = StorageLocation
    permission = "traceability.view_storagelocation"
    table_class = StorageLocationTable
    filterset_class = StorageLocationFilters
    search_fields = ("code", "name")
    order = ("code",)
    create_url_name = "traceability:storagelocation_create"
    create_permission = "traceability.change_storagelocation"
    empty_title = gettext_lazy("No storage locations yet")
    empty_text = gettext_lazy("Create one for goods that arrive (quarantine), one for stock and one for production.")
    empty_icon = "map-pin"

    def get_queryset(self) -> QuerySet[StorageLocation]:
        return StorageLocation.objects.select_related("site")


class LocationDetail(DetailPage):
    """One storage location and what lies in it."""

    model = StorageLocation
    permission = "traceability.view_storagelocation"
    timeline_later = True
    template_name = "traceability/storagelocation_detail.html"

    def get_queryset(self) -> QuerySet[StorageLocation]:
        return StorageLocation.objects.select_related("site")

    def page_title(self) -> str:
        return str(self.record.name)

    def facts(self) -> list[Fact]:
        return [
            Fact(_("Kind"), self.record.get_kind_display()),
            Fact(_("Site"), self.record.site),
            Fact(_("In use"), _("yes") if self.record.is_active else _("no")),
        ]

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(lots=contents(self.record)[:ROWS_SHOWN], rows_shown=ROWS_SHOWN, **more)


class LocationCreate(FormPage):
    """A new storage location."""

    model = StorageLocation
    permission = "traceability.change_storagelocation"
    form_class = forms.LocationForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "sites": sites_of(self.request.user, self.permission)}

    def deed(self, form: Any) -> StorageLocation:
        return services.create_location(**form.cleaned_data, actor=self.request.user)
