"""Pages about sites, work centers, terminals and equipment."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.deeds import acting
from core.organization import forms, tables
from core.organization.models import Area, Equipment, EquipmentClass, Partner, Site, Terminal, WorkCenter
from core.organization.services import places
from core.organization.views.middleware import DEVICE_COOKIE, device_cookie
from core.web.cookies import cookie_name
from core.web.views import Action, DetailPage, Fact, FormPage, ListPage, MovePage, Related, Tab

SEE, CHANGE = "core_organization.view_site", "core_organization.change_site"
SEE_TERMINAL, ENROL = "core_organization.view_terminal", "core_organization.enrol_terminal"
YEARS = 60 * 60 * 24 * 365 * 2


class SiteList(ListPage):
    """Every site that the visitor may see."""

    model, permission = Site, SEE
    table_class = tables.SiteTable
    search_fields = ("code", "name")
    order = ("code",)
    title = _("Sites")
    create_url_name, create_permission = "core_organization:site_create", CHANGE
    empty_title, empty_text = _("No sites"), _("Add the first plant.")

    def get_queryset(self) -> Any:
        return Site.objects.all()


class SiteDetail(DetailPage):
    """One site with its areas and work centers."""

    model, permission = Site, SEE

    def facts(self) -> list[Fact]:
        return [Fact(_("Code"), self.record.code), Fact(_("Time zone"), self.record.time_zone)]

    def actions(self) -> list[Action]:
        def to(name: str) -> str:
            return reverse(f"core_organization:{name}", args=[self.record.pk])

        return [
            Action(_("Change"), to("site_change"), "pencil", permission=CHANGE),
            Action(_("Add an area"), to("area_create"), "plus", permission=CHANGE),
        ]

    def tabs(self) -> list[Tab]:
        return [Tab("areas", _("Areas and work centers"), "core/organization/_site_areas.html")]

    def context(self, **more: Any) -> dict[str, Any]:
        areas = self.record.areas.prefetch_related("work_centers")
        return super().context(areas=areas, **more)


class SiteCreate(FormPage):
    """Add a site."""

    model, permission, form_class = Site, CHANGE, forms.SiteCreateForm
    title = _("Add a site")

    def deed(self, form: Any) -> Site:
        return places.create_site(**form.cleaned_data, actor=self.request.user)


class SiteChange(FormPage):
    """Change a site."""

    model, permission, form_class = Site, CHANGE, forms.SiteChangeForm

    def get_initial(self) -> dict[str, Any]:
        site = self.record
        return {
            "name": site.name,
            "time_zone": site.time_zone,
            "is_active": site.is_active,
            "requires_second_factor": site.requires_second_factor,
        }

    def deed(self, form: Any) -> Site:
        return places.change_site(site=self.record, **form.cleaned_data, actor=self.request.user)


class _Below(FormPage):
    """Adds something below the place in the address."""

    change_needs_reason = False
    changes_record = False


class AreaCreate(_Below):
    """Add an area to a site."""

    model, permission, form_class = Site, CHANGE, forms.PlaceForm
    title = _("Add an area")

    def deed(self, form: Any) -> Area:
        values = form.cleaned_data
        return places.create_area(site=self.record, code=values["code"], name=values["name"], actor=self.request.user)


class WorkCenterCreate(_Below):
    """Add a work center to an area."""

    model, permission, form_class = Area, CHANGE, forms.PlaceForm
    title = _("Add a work center")

    def deed(self, form: Any) -> WorkCenter:
        values = form.cleaned_data
        return places.create_work_center(
            area=self.record, code=values["code"], name=values["name"], actor=self.request.user
        )


class WorkCenterList(ListPage):
    """Where operations run."""

    model, permission = WorkCenter, SEE
    table_class = tables.WorkCenterTable
    search_fields = ("code", "name", "area__name")
    order = ("code",)
    title = _("Work centers")
    empty_title, empty_text = _("No work centers"), _("Import them, or add them on the page of a site.")
    empty_offers = ((_("See the sites"), "core_organization:site_list"),)

    def get_queryset(self) -> Any:
        return WorkCenter.objects.select_related("area__site")


class PartnerList(ListPage):
    """Suppliers and customers."""

    model, permission = Partner, "core_organization.view_partner"
    table_class = tables.PartnerTable
    search_fields = ("code", "name")
    order = ("code",)
    title = _("Partners")
    create_url_name, create_permission = "core_organization:partner_create", "core_organization.change_partner"
    empty_title, empty_text = _("No partners yet"), _("Import suppliers and customers from your ERP, or add them.")

    def get_queryset(self) -> Any:
        return Partner.objects.all()


class PartnerDetail(DetailPage):
    """One supplier or customer."""

    model, permission = Partner, "core_organization.view_partner"
    timeline_later = True

    def page_title(self) -> str:
        return str(self.record.name)

    def actions(self) -> list[Action]:
        if self.record.origin:
            return []
        address = reverse("core_organization:partner_change", args=[self.record.pk])
        return [Action(_("Change"), address, "pencil", permission="core_organization.change_partner")]

    def facts(self) -> list[Fact]:
        partner = self.record
        return [
            Fact(_("Supplier"), _("yes") if partner.is_supplier else _("no")),
            Fact(_("Customer"), _("yes") if partner.is_customer else _("no")),
            Fact(_("In use"), _("yes") if partner.is_active else _("no")),
            Fact(_("From"), " ".join(filter(None, (partner.origin, partner.external_id))) or "–"),
        ]


class WorkCenterDetail(DetailPage):
    """One work center with its terminals and equipment."""

    model, permission = WorkCenter, SEE

    def get_queryset(self) -> Any:
        return WorkCenter.objects.select_related("area__site")

    def facts(self) -> list[Fact]:
        area = self.record.area
        return [
            Fact(_("Area"), area.name),
            Fact(_("Site"), area.site, area.site.get_absolute_url()),
            Fact(_("From"), self.record.origin),
        ]

    def actions(self) -> list[Action]:
        def to(name: str) -> str:
            return reverse(f"core_organization:{name}", args=[self.record.pk])

        return [
            Action(_("Add a terminal"), to("terminal_create"), "plus", permission=ENROL),
            Action(_("Add equipment"), to("equipment_create"), "plus", permission="core_organization.change_equipment"),
        ]

    def related(self) -> list[Related]:
        found = [Related(str(t), t.get_absolute_url(), _("Terminal")) for t in self.record.terminals.all()]
        return found + [Related(str(e), "", _("Equipment")) for e in self.record.equipment.all()]


class EquipmentCreate(_Below):
    """Add equipment to a work center."""

    model, permission, form_class = WorkCenter, "core_organization.change_equipment", forms.EquipmentForm
    title = _("Add equipment")

    def deed(self, form: Any) -> Equipment:
        return places.create_equipment(work_center=self.record, **form.cleaned_data, actor=self.request.user)


class EquipmentClassList(ListPage):
    """The kinds of equipment that operations and values may ask for."""

    model, permission = EquipmentClass, "core_organization.view_equipment"
    table_class = tables.EquipmentClassTable
    search_fields = ("code", "name")
    order = ("code",)
    title = _("Equipment classes")
    create_url_name = "core_organization:equipmentclass_create"
    create_permission = "core_organization.change_equipment"
    empty_title, empty_text = _("No equipment classes"), _("Name the kinds of equipment that operations ask for.")


class EquipmentClassCreate(FormPage):
    """Name a kind of equipment."""

    model, permission, form_class = EquipmentClass, "core_organization.change_equipment", forms.PlaceForm
    title = _("New equipment class")

    def deed(self, form: Any) -> EquipmentClass:
        return places.create_equipment_class(**form.cleaned_data, actor=self.request.user)

    def success_url(self, result: Any) -> str:
        return self.list_url()


class TerminalList(ListPage):
    """Every terminal."""

    model, permission = Terminal, SEE_TERMINAL
    table_class = tables.TerminalTable
    search_fields = ("code", "name")
    order = ("code",)
    title = _("Terminals")
    empty_title, empty_text = _("No terminals"), _("Add one on the page of a work center.")
    empty_offers = ((_("See the work centers"), "core_organization:workcenter_list"),)

    def get_queryset(self) -> Any:
        return Terminal.objects.select_related("work_center")


class TerminalCreate(_Below):
    """Add a terminal to a work center; a device becomes it when it is enrolled there."""

    model, permission, form_class = WorkCenter, ENROL, forms.TerminalForm
    title = _("Add a terminal")

    def deed(self, form: Any) -> Terminal:
        return places.create_terminal(work_center=self.record, **form.cleaned_data, actor=self.request.user)


class TerminalDetail(DetailPage):
    """One terminal."""

    model, permission = Terminal, SEE_TERMINAL

    def get_queryset(self) -> Any:
        return Terminal.objects.select_related("work_center__area__site")

    def facts(self) -> list[Fact]:
        terminal = self.record
        return [
            Fact(_("Address"), f"/t/{terminal.code}/"),
            Fact(_("Work center"), terminal.work_center, terminal.work_center.get_absolute_url()),
            Fact(_("Enrolled"), terminal.enrolled_at or _("no device yet")),
            Fact(_("Idle lock"), f"{terminal.idle_lock_seconds} s"),
        ]

    def actions(self) -> list[Action]:
        def to(name: str) -> str:
            return reverse(f"core_organization:terminal_{name}", args=[self.record.pk])

        found = [Action(_("Enrol this device"), to("enrol"), "device-desktop", permission=ENROL)]
        if self.record.enrolled_at is not None:
            found.append(Action(_("Withdraw"), to("withdraw"), "ban", permission=ENROL))
        return found


class TerminalEnrol(MovePage):
    model, permission, deed_permission = Terminal, SEE_TERMINAL, ENROL
    label = _("Enrol this device")
    explanation = _(
        "The browser you are using now becomes this terminal, and you are signed out in it. A device that was it"
        " before is one no longer."
    )
    token = ""

    def deed(self, form: Any) -> str:
        self.token = places.enrol_terminal(
            terminal=self.record, reason=form.cleaned_data["reason"], actor=self.request.user
        )
        messages.success(self.request, _("This device is the terminal now."))
        return f"/t/{self.record.code}/"

    def redirect(self, url: str) -> HttpResponse:
        response = super().redirect(url)
        if self.token:
            # Whoever stands at the station would otherwise be the administrator on every page beside /t/.
            with transaction.atomic(), acting(self.request.user):
                get_adapter().logout(self.request)
            response.set_cookie(
                cookie_name(DEVICE_COOKIE),
                device_cookie(self.record.code, self.token),
                max_age=YEARS,
                httponly=True,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        return response


class TerminalWithdraw(MovePage):
    """Make a device no terminal any more."""

    model, permission, deed_permission = Terminal, SEE_TERMINAL, ENROL
    label = _("Withdraw")
    asks_reason = True
    explanation = _("The device is no terminal from now on; whoever is signed on there is signed off.")

    def deed(self, form: Any) -> Terminal:
        return places.withdraw_terminal(
            terminal=self.record, reason=form.cleaned_data["reason"], actor=self.request.user
        )
