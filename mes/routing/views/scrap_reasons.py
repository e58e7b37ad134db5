"""Scrap reasons: the list and the form."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.web.views import FormPage, ListPage
from mes.routing import services
from mes.routing.filters import ScrapReasonFilters
from mes.routing.forms import ScrapReasonForm
from mes.routing.models import ScrapReason
from mes.routing.tables import ScrapReasonTable

CHANGE = "mes_routing.change_scrapreason"


class ScrapReasonList(ListPage):
    """Every scrap reason, active or not."""

    model, permission = ScrapReason, "mes_routing.view_scrapreason"
    table_class, filterset_class = ScrapReasonTable, ScrapReasonFilters
    search_fields = ("code", "name")
    order = ("code",)
    create_url_name, create_permission = "mes_routing:scrapreason_create", CHANGE
    lead = _("What operators choose from when they report scrap.")
    empty_title = _("No scrap reasons yet")
    empty_text = _("Create them, or import them from the ERP.")
    empty_icon = "recycle"


class ScrapReasonForms(FormPage):
    """Create a scrap reason, or change one with a reason."""

    model, permission, form_class = ScrapReason, CHANGE, ScrapReasonForm

    def deed(self, form: Any) -> ScrapReason:
        values = form.cleaned_data
        if self.is_change:
            return services.change_scrap_reason(scrap_reason=self.record, **values, actor=self.request.user)
        return services.create_scrap_reason(**values, actor=self.request.user)

    def success_url(self, result: Any) -> str:
        return self.list_url()

    def cancel_url(self) -> str:
        return self.list_url()
