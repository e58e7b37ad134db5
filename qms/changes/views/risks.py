"""Which risk assessments a change names."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.web.views import MovePage
from qms.changes import services
from qms.changes.forms import RiskForm
from qms.changes.lifecycle import VIEW
from qms.changes.models import ChangeOrder, ChangeRisk
from qms.changes.views.deeds import ChangeDeed


class RiskName(ChangeDeed):
    """Name a risk assessment that is looked at because of the change."""

    title = _("Name a risk assessment")
    label = _("Name it")
    explanation = _("Both pages lead to each other. Those who approve the plan see that it is looked at.")
    deed_permission = VIEW
    form_class = RiskForm
    tab = "items"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def deed(self, form: Any) -> ChangeRisk:
        return services.name_risk(change=self.record, actor=self.request.user, **form.cleaned_data)


class RiskUnname(MovePage):
    """Take a risk assessment out of a change."""

    model, permission = ChangeRisk, VIEW
    deed_permission = VIEW
    list_url_name = "qms_changes:changeorder_list"
    title = label = _("Take it out of the change")

    def get_queryset(self) -> QuerySet[Any]:
        return ChangeRisk.objects.select_related("change__site", "assessment")

    def number(self) -> str:
        return str(self.record.change.number)

    def record_name(self) -> str:
        return _t("%(item)s in %(change)s") % {"item": self.record.assessment, "change": self.record.change.number}

    def deed(self, form: Any) -> ChangeOrder:
        return services.unname_risk(risk=self.record, actor=self.request.user, reason=form.cleaned_data["reason"])
