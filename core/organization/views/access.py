"""Pages about roles and grants."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.permissions import catalogue
from core.organization import forms, tables
from core.organization.models import Grant, Role, User
from core.organization.queries import scoped, sites_of
from core.organization.services import people
from core.web.views import Action, DetailPage, Fact, FormPage, ListPage, MovePage, Tab

SEE, GRANT = "core_organization.view_user", "core_organization.grant_role"


class RoleList(ListPage):
    """Every role."""

    model, permission = Role, SEE
    table_class = tables.RoleTable
    search_fields = ("name", "code")
    order = ("name",)
    title = _("Roles")
    empty_title, empty_text = _("No roles yet"), _("The first run makes one of each template.")

    def get_queryset(self) -> Any:
        return Role.objects.all()


class RoleDetail(DetailPage):
    """One role: the permissions it gives, and who holds it where."""

    model, permission = Role, SEE

    def facts(self) -> list[Fact]:
        return [Fact(_("Code"), self.record.code), Fact(_("Made from template"), self.record.template)]

    def actions(self) -> list[Action]:
        address = reverse("core_organization:role_change", args=[self.record.pk])
        return [Action(_("Change rights"), address, "pencil", permission=GRANT)]

    def tabs(self) -> list[Tab]:
        return [Tab("rights", _("Rights"), "core/organization/_role_rights.html")]

    @property
    def rights(self) -> list[tuple[str, Any]]:
        """The permissions of the role with their words."""
        known = catalogue()
        return [
            (code, known[code].label if code in known else _("no longer known"))
            for code in self.record.permissions.values_list("permission", flat=True)
        ]

    def context(self, **more: Any) -> dict[str, Any]:
        running = Grant.objects.filter(role=self.record, ends__isnull=True)
        holders = scoped(running, self.request.user, SEE).select_related("user", "site", "area", "work_center")
        return super().context(rights=self.rights, holders=holders, **more)


class RoleChange(FormPage):
    """Give a role exactly these permissions."""

    model, permission, form_class = Role, GRANT, forms.RoleForm

    def get_initial(self) -> dict[str, Any]:
        return {
            "permissions": list(self.record.permissions.values_list("permission", flat=True)),
            "requires_second_factor": self.record.requires_second_factor,
        }

    def deed(self, form: Any) -> Role:
        return people.change_role(role=self.record, **form.cleaned_data, actor=self.request.user)


class GrantCreate(FormPage):
    """Give a person a role at a site, an area or a work center (`site-3`, `area-5`, `work_center-7`)."""

    model, permission, form_class = User, GRANT, forms.GrantForm
    changes_record = False
    title = _("Give a role")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "sites": sites_of(self.request.user, GRANT)}

    def deed(self, form: Any) -> Grant:
        return people.grant_role(user=self.record, **form.cleaned_data, actor=self.request.user)


class GrantEnd(MovePage):
    """End a role that a person holds."""

    model, permission, deed_permission = Grant, SEE, GRANT
    label = _("End this role")
    asks_reason = True
    explanation = _("The person loses the rights of this role at this place now.")

    def deed(self, form: Any) -> Grant:
        return people.end_grant(grant=self.record, reason=form.cleaned_data["reason"], actor=self.request.user)

    def success_url(self, result: Any) -> str:
        return str(result.user.get_absolute_url())
