"""Types of changes, what needs a change, and which configuration a change may alter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext_lazy as _

from core.web.forms import Form
from qms.changes.models import ChangePolicy, ChangeType
from qms.changes.models.configuration import Function
from qms.changes.queries import configuration_types, controlled_kinds


class ChangeTypeForm(Form):
    """A type of change and whom it asks."""

    code = forms.CharField(label=_("Code"), max_length=24)
    name = forms.CharField(label=_("Name"), max_length=120)
    category = forms.ChoiceField(label=_("Category"), choices=ChangeType.Category.choices)
    assess = forms.MultipleChoiceField(
        label=_("Assess it"), choices=Function.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    approve = forms.MultipleChoiceField(
        label=_("Assess it and approve the plan"), choices=Function.choices, widget=forms.CheckboxSelectMultiple
    )
    retrospective_days = forms.IntegerField(
        label=_("Working days for the retrospective approval"), min_value=1, max_value=60, initial=5
    )
    is_active = forms.BooleanField(label=_("Active"), required=False, initial=True)

    def __init__(self, *args: Any, change_type: ChangeType | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if change_type is None:
            del self.fields["is_active"]
            return
        self.fields["code"].disabled = True
        functions = list(change_type.functions.all())
        for name in ("code", "name", "category", "retrospective_days", "is_active"):
            self.initial[name] = getattr(change_type, name)
        self.initial["assess"] = [one.function for one in functions if not one.approves]
        self.initial["approve"] = [one.function for one in functions if one.approves]


class PolicyForm(Form):
    """Which kind of revision needs a change."""

    what = forms.ChoiceField(label=_("Kind of revision"))
    is_active = forms.BooleanField(label=_("Needs a change"), required=False, initial=True)

    def __init__(self, *args: Any, policy: ChangePolicy | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found: dict[str, tuple[ContentType, str]] = {}
        choices = []
        for kind in controlled_kinds():
            content_type = ContentType.objects.get_for_model(kind.model)
            for code, label in (("", _("every kind")), *kind.kinds):
                key = f"{kind.model._meta.label_lower}:{code}"
                self.found[key] = (content_type, code)
                choices.append((key, f"{kind.label}: {label}"))
        if policy is not None:
            asked = (policy.revision_type, policy.kind)
            key = next((key for key, pair in self.found.items() if pair == asked), "")
            if not key:  # A kind that is no longer offered keeps its policy.
                key = "kept"
                self.found[key] = asked
                choices.append((key, str(policy)))
            self.initial.update(what=key, is_active=policy.is_active)
            self.fields["what"].disabled = True
        self.fields["what"].choices = choices  # type: ignore[attr-defined]

    def revision_kind(self) -> tuple[ContentType, str]:
        """Model and kind that were chosen."""
        return self.found[self.cleaned_data["what"]]


class ScopesForm(Form):
    """Which configuration a change may alter."""

    configuration = forms.ModelMultipleChoiceField(
        label=_("Configuration"),
        queryset=ContentType.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("In production mode it changes only while this change is being implemented."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["configuration"]
        field.queryset = configuration_types()
        field.label_from_instance = lambda kind: str(kind.model_class()._meta.verbose_name_plural).capitalize()


class SwitchForm(Form):
    """On or off."""

    is_on = forms.TypedChoiceField(
        label=_("Configuration changes"),
        choices=[("yes", _("only for an approved change (production mode)")), ("no", _("freely (being set up)"))],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
    )
