"""Pages that add and change suppliers and customers."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.organization import forms
from core.organization.models import Partner
from core.organization.services import partners
from core.web.views import FormPage


class PartnerCreate(FormPage):
    """Add a supplier or customer."""

    model, permission, form_class = Partner, partners.CHANGE_PARTNER, forms.PartnerForm
    title = _("Add a partner")

    def deed(self, form: Any) -> Partner:
        return partners.create_partner(**form.cleaned_data, actor=self.request.user)


class PartnerChange(FormPage):
    """Change a supplier or customer."""

    model, permission, form_class = Partner, partners.CHANGE_PARTNER, forms.PartnerChangeForm

    def get_initial(self) -> dict[str, Any]:
        fields = ("name", "is_supplier", "is_customer", "is_active")
        return {name: getattr(self.record, name) for name in fields}

    def deed(self, form: Any) -> Partner:
        return partners.change_partner(partner=self.record, **form.cleaned_data, actor=self.request.user)
