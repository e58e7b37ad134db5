"""The import screen's form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.organization.models import Site
from core.web.forms import Form
from integrations.services.kinds import KINDS


class ImportForm(Form):
    """What is imported, from which file, by which mapping."""

    kind = forms.ChoiceField(label=_("What"), choices=[(kind.name, kind.label) for kind in KINDS.values()])
    site = forms.ModelChoiceField(
        label=_("Site"), queryset=Site.objects.none(), required=False, help_text=_("For places and stock.")
    )
    file = forms.FileField(label=_("File"), required=False, help_text=_("Text with separated columns, UTF-8."))
    mapping = forms.CharField(
        label=_("Mapping"),
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false"}),
        help_text=_("YAML: which column feeds which field. Nothing is guessed: an unmapped word is an error."),
    )

    def __init__(self, *args: Any, sites: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]


class CheckForm(ImportForm):
    """What a program asks a dry run of: always with the file."""

    file = forms.FileField(label=_("File"), help_text=_("Text with separated columns, UTF-8."))


class ApplyForm(Form):
    """Why the rows are imported: asked beside the result of the dry run."""

    reason = forms.CharField(label=_("Reason, for the trail"), max_length=300, required=False)


class ConfirmForm(ApplyForm):
    """The dry run that is applied."""

    confirm = forms.CharField(label=_("Confirmed dry run"), max_length=4000)
