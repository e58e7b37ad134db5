"""The pages of risks, their controls, and what they are about."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.web.markup import Text
from core.web.views import FormPage, MovePage
from qms.risk import services
from qms.risk.forms import ControlForm, ItemForm, LinkForm
from qms.risk.lifecycle import CHANGE, VIEW
from qms.risk.models import RiskAssessment, RiskControl, RiskItem, RiskLink

LIST = "qms_risk:riskassessment_list"


class RiskItemCreate(FormPage):
    """A further risk."""

    model, permission, form_class = RiskAssessment, CHANGE, ItemForm
    change_needs_reason = changes_record = False
    title = _("Add a risk")
    list_url_name = LIST

    def get_queryset(self) -> QuerySet[RiskAssessment]:
        return RiskAssessment.objects.select_related("matrix", "site")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "assessment": self.record}

    def deed(self, form: Any) -> RiskItem:
        return services.add_item(assessment=self.record, **form.values(), actor=self.request.user)


class _ItemPage(FormPage):
    """A form about a risk."""

    model, permission = RiskItem, CHANGE
    change_needs_reason = False
    list_url_name = LIST

    def get_queryset(self) -> QuerySet[Any]:
        return RiskItem.objects.select_related("assessment__matrix", "assessment__site")

    def number(self) -> str:
        return str(self.record.assessment.number)


class RiskItemChange(_ItemPage):
    """Change a risk, or estimate it after its controls."""

    form_class = ItemForm

    def get_initial(self) -> dict[str, Any]:
        return ItemForm.values_of(self.record)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "assessment": self.record.assessment}

    def deed(self, form: Any) -> RiskItem:
        return services.change_item(item=self.record, **form.values(), actor=self.request.user)


class RiskControlCreate(_ItemPage):
    """What is done about a risk."""

    form_class = ControlForm
    changes_record = False
    title = _("Add a control")

    def deed(self, form: Any) -> RiskControl:
        return services.add_control(item=self.record, **form.cleaned_data, actor=self.request.user)


class RiskLinkCreate(_ItemPage):
    """What a risk is about."""

    form_class = LinkForm
    changes_record = False
    title = _("Link to a record")
    submit_label = _("Link")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def deed(self, form: Any) -> RiskLink:
        return services.link_item(item=self.record, record=form.cleaned_data["record"], actor=self.request.user)


class RiskControlChange(FormPage):
    """Change a control, or write what verifies it."""

    model, permission, form_class = RiskControl, CHANGE, ControlForm
    change_needs_reason = False
    list_url_name = LIST

    def get_queryset(self) -> QuerySet[RiskControl]:
        return RiskControl.objects.select_related("item__assessment__site")

    def get_initial(self) -> dict[str, Any]:
        return ControlForm.values_of(self.record)

    def deed(self, form: Any) -> RiskControl:
        return services.change_control(control=self.record, **form.cleaned_data, actor=self.request.user)


class _Remove(MovePage):
    """Take a part out of a draft."""

    permission, deed_permission = VIEW, CHANGE
    explanation = _("Its history stays.")
    asks_reason = True
    list_url_name = LIST

    def page_title(self) -> Text:
        return _t("Remove “%(part)s”") % {"part": self.record}


class RiskItemRemove(_Remove):
    """Take a risk out, with its controls."""

    model = RiskItem
    label = _("Remove the risk")

    def get_queryset(self) -> QuerySet[RiskItem]:
        return RiskItem.objects.select_related("assessment__site")

    def deed(self, form: Any) -> RiskAssessment:
        return services.remove_item(item=self.record, reason=form.cleaned_data["reason"], actor=self.request.user)


class RiskControlRemove(_Remove):
    """Take a control out."""

    model = RiskControl
    label = _("Remove the control")

    def get_queryset(self) -> QuerySet[RiskControl]:
        return RiskControl.objects.select_related("item__assessment__site")

    def deed(self, form: Any) -> RiskAssessment:
        return services.remove_control(control=self.record, reason=form.cleaned_data["reason"], actor=self.request.user)


class RiskLinkRemove(_Remove):
    """A risk is no longer about a record."""

    model = RiskLink
    label = _("Remove the link")

    def get_queryset(self) -> QuerySet[RiskLink]:
        return RiskLink.objects.select_related("item__assessment__site")

    def deed(self, form: Any) -> RiskAssessment:
        return services.unlink_item(link=self.record, reason=form.cleaned_data["reason"], actor=self.request.user)
