"""The file somebody wants to have judged."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.web.forms import Form

LARGEST = 60 * 1024 * 1024


class VerifyForm(Form):
    """One PDF."""

    file = forms.FileField(
        label=gettext_lazy("PDF file"),
        help_text=gettext_lazy("The file is compared and not kept."),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,.pdf"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError(
                _("The file is larger than %(limit)s; check it with “manage.py verify_pdf”.")
                % {"limit": filesizeformat(LARGEST)}
            )
        return file
