"""Types of changes, what needs a change, and the switch of production mode."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.web.markup import Text
from core.web.views import Fact, FormPage, ListPage, MovePage
from qms.changes import services
from qms.changes.filters import ChangeTypeFilters
from qms.changes.forms import ChangeTypeForm, PolicyForm, SwitchForm
from qms.changes.lifecycle import CONFIGURE, SWITCH, VIEW_TYPE
from qms.changes.models import ChangePolicy, ChangeType, ConfigurationControl
from qms.changes.queries import configuration_switch
from qms.changes.tables import ChangePolicyTable, ChangeTypeTable


class ChangeTypeList(ListPage):
    """Every type of change."""

    model, permission = ChangeType, VIEW_TYPE
    table_class, filterset_class = ChangeTypeTable, ChangeTypeFilters
    search_fields = ("code", "name")
    order = ("code",)
    create_url_name, create_permission = "qms_changes:changetype_create", CONFIGURE
    create_label = _("New type of change")
    empty_title = _("No types of changes yet")
    empty_text = _("A type says which functions assess a change and which approve its plan.")
    empty_icon = "git-branch"


class ChangeTypeForms(FormPage):
    """Create a type of change, or change one with a reason."""

    model, permission, form_class = ChangeType, CONFIGURE, ChangeTypeForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "change_type": self.instance}

    def deed(self, form: Any) -> ChangeType:
        values = dict(form.cleaned_data)
        if self.is_change:
            values.pop("code")
            return services.set_change_type(change_type=self.record, actor=self.request.user, **values)
        return services.create_change_type(actor=self.request.user, **values)

    def success_url(self, result: Any) -> str:
        return self.list_url()

    def cancel_url(self) -> str:
        return self.list_url()


class ChangePolicyList(ListPage):
    """What needs a change."""

    model, permission = ChangePolicy, VIEW_TYPE
    table_class = ChangePolicyTable
    order = ("pk",)
    title = _("What needs a change")
    lead = _("Revisions of these kinds are submitted, approved and made effective only through an approved change.")
    create_url_name, create_permission = "qms_changes:changepolicy_create", CONFIGURE
    create_label = _("Add a kind")
    empty_title = _("Nothing needs a change yet")
    empty_text = _("Name the kinds of documents, or routings, that only a change brings into force.")
    empty_icon = "lock"

    def get_queryset(self) -> QuerySet[Any]:
        return ChangePolicy.objects.select_related("revision_type")


class ChangePolicyForms(FormPage):
    """Say that a kind of revision needs a change, or that it does not any more."""

    model, permission, form_class = ChangePolicy, CONFIGURE, PolicyForm
    title = _("What needs a change")

    def get_queryset(self) -> QuerySet[Any]:
        return ChangePolicy.objects.select_related("revision_type")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "policy": self.instance}

    def deed(self, form: Any) -> ChangePolicy:
        revision_type, kind = form.revision_kind()
        return services.set_policy(
            revision_type=revision_type,
            kind=kind,
            is_active=form.cleaned_data["is_active"],
            reason=form.cleaned_data.get("reason", ""),
            actor=self.request.user,
        )

    def success_url(self, result: Any) -> str:
        return self.list_url()

    def cancel_url(self) -> str:
        return self.list_url()


class ConfigurationSwitch(MovePage):
    """Put configuration under change control, or take it out."""

    model, permission = ConfigurationControl, VIEW_TYPE
    title = _("Configuration under change control")
    label = _("Sign and switch")
    meaning = "approved"
    asks_reason = True
    deed_permission = SWITCH
    form_class = SwitchForm
    explanation = _(
        "In production mode roles, escalation rules, defect codes, scrap reasons, label templates and the rules of"
        " changes are altered only for a change that is being implemented and names them. The change shows what was"
        " altered, value by value."
    )

    @cached_property
    def record(self) -> ConfigurationControl:
        return configuration_switch()

    def record_name(self) -> str:
        return str(self.record)

    def record_url(self) -> str:
        return reverse("qms_changes:changepolicy_list")

    def already_signed(self) -> Sequence[Any]:
        return super().already_signed() if self.record.pk is not None else ()

    def digest(self) -> str:
        return super().digest() if self.record.pk is not None else ""

    def crumbs(self) -> list[tuple[Text, str]]:
        return [(_t("What needs a change"), self.record_url()), (self.title, "")]

    def get_initial(self) -> dict[str, Any]:
        return {"is_on": "yes" if self.record.is_on else "no"}

    def covered(self) -> Sequence[Fact]:
        return [Fact(_("Now"), self.record)]

    def deed(self, form: Any) -> Any:
        return services.switch_control(
            is_on=form.cleaned_data["is_on"],
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            signature=self.proof(),
        )

    def success_url(self, result: Any) -> str:
        return self.record_url()
