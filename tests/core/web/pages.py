"""A small app of pages over people and places, and their addresses, for the tests of the generic pages."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.generic import View

from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.organization.models import Partner, WorkCenter
from core.web.access import Access, PageMixin
from core.web.filters import Filters
from core.web.forms import Form, QuantityField
from core.web.tables import LinkColumn, Table
from core.web.views import Action, DetailPage, Fact, FormPage, ListPage, MovePage


class WorkCenterTable(Table):
    code = LinkColumn(url="page_url")
    name = django_tables2.Column()
    area = django_tables2.Column(accessor="area__name")
    external_id = django_tables2.Column()
    shout = django_tables2.Column(accessor="name", orderable=False)

    def render_code(self, value: str) -> str:
        return value.upper()

    def value_code(self, value: str) -> str:
        return value


WorkCenter.page_url = lambda self: f"/places/{self.pk}/"  # type: ignore[attr-defined]


class WorkCenterFilters(Filters):
    is_active = django_filters.BooleanFilter()
    number = django_filters.NumberFilter(field_name="pk")

    class Meta:
        model = WorkCenter
        fields = ("area",)


class WorkCenterList(ListPage):
    model = WorkCenter
    permission = "core_organization.view_site"
    table_class = WorkCenterTable
    filterset_class = WorkCenterFilters
    search_fields = ("code", "name")
    order = ("code",)
    page_size = 10
    create_url_name = "places_create"
    create_permission = "core_organization.change_site"

    def get_queryset(self) -> Any:
        return WorkCenter.objects.select_related("area__site")


class WorkCenterDetail(DetailPage):
    model = WorkCenter
    permission = "core_organization.view_site"

    def facts(self) -> list[Fact]:
        return [Fact("Area", self.record.area)]

    def actions(self) -> list[Action]:
        return [Action("Rename", f"/places/{self.record.pk}/rename/", "edit", "core_organization.change_site")]


class RenameForm(Form):
    name = forms.CharField(max_length=40)
    weight = QuantityField(unit="kg", required=False, min_value=0, max_value=100)


@service
def rename_work_center(*, work_center: WorkCenter, name: str, actor: Any, reason: str = "") -> WorkCenter:
    """Rename, unless the name is forbidden."""
    work_center.name = name
    work_center.save()
    if name == "Forbidden":
        raise Blocked(Blocker("name", "This name is reserved.", remedy="Take another one", remedy_url="/help/"))
    if name == "Wrong":
        raise ValidationError({"name": "Not this name."})
    return work_center


class Rename(FormPage):
    model = WorkCenter
    permission = "core_organization.change_site"
    form_class = RenameForm

    def deed(self, form: Any) -> Any:
        values = form.cleaned_data
        rename_work_center(
            work_center=self.record, name=values["name"], actor=self.request.user, reason=values["reason"]
        )
        return f"/places/{self.record.pk}/"


class Close(MovePage):
    model = WorkCenter
    permission = "core_organization.view_site"
    deed_permission = "core_organization.change_site"
    label = "Close the work center"
    meaning = "approved"

    def deed(self, form: Any) -> Any:
        self.proof()
        rename_work_center(
            work_center=self.record, name="Closed", actor=self.request.user, reason=form.cleaned_data["reason"]
        )
        return f"/places/{self.record.pk}/"


class PartnerList(ListPage):
    model = Partner
    permission = "core_organization.view_partner"
    table_class = WorkCenterTable


class Refusing(PageMixin):
    access = Access.PUBLIC

    def get(self, request: HttpRequest) -> HttpResponse:
        raise Blocked(Blocker("never", "Never on Sundays.", remedy="Come back tomorrow."))


class Broken(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        raise RuntimeError("broken on purpose")


urlpatterns = [
    path("places/", WorkCenterList.as_view(), name="places"),
    path("places/new/", Rename.as_view(), name="places_create"),
    path("places/<int:pk>/", WorkCenterDetail.as_view(), name="place"),
    path("places/<int:pk>/rename/", Rename.as_view(), name="place_rename"),
    path("places/<int:pk>/close/", Close.as_view(), name="place_close"),
    path("refusing/", Refusing.as_view(), name="refusing"),
    path("broken/", Broken.as_view(), name="broken"),
    path("", include("config.urls")),
]

handler403 = "core.web.views.errors.permission_denied"
handler404 = "core.web.views.errors.page_not_found"
handler500 = "core.web.failures.server_error"
