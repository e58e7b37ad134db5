"""The forms of imports: upload, how the file is written, which column feeds which field, and why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.organization.models import Site
from core.web.forms import Form
from integrations.services.kinds import KINDS

DELIMITERS = ((",", _("comma ,")), (";", _("semicolon ;")), ("\t", _("tabulator")), ("|", _("bar |")))
ENCODINGS = (("utf-8-sig", _("UTF-8")), ("cp1252", _("Windows, Western Europe")), ("latin-1", _("Latin-1")))
FILE_HELP = _("CSV (text with separated columns) or an Excel workbook (.xlsx); for documents also a folder as .zip.")


class ImportForm(Form):
    """What is imported, and from which file."""

    kind = forms.ChoiceField(
        label=_("What"), choices=[("", _("– choose –")), *((kind.name, kind.label) for kind in KINDS.values())]
    )
    site = forms.ModelChoiceField(
        label=_("Site"), queryset=Site.objects.none(), required=False, help_text=_("For places, stock and orders.")
    )
    file = forms.FileField(label=_("File"), help_text=FILE_HELP)
    mapping = forms.CharField(
        label=_("Mapping in YAML"),
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        help_text=_("For experts and programs. Left empty, the next page asks which column feeds which field."),
    )

    def __init__(self, *args: Any, sites: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]


class CheckForm(ImportForm):
    """What a program asks a dry run of: always with the mapping."""

    mapping = forms.CharField(
        label=_("Mapping"),
        max_length=100_000,
        help_text=_("YAML: which column feeds which field. Nothing is guessed: an unmapped word is an error."),
    )


class FormatForm(Form):
    """How the file is written: the page shows its columns by this."""

    header = forms.BooleanField(label=_("The first row holds the names of the columns"), required=False)
    delimiter = forms.ChoiceField(label=_("Columns are separated by"), choices=DELIMITERS, required=False)
    quoting = forms.BooleanField(label=_("Cells may stand in quotation marks"), required=False)
    encoding = forms.ChoiceField(label=_("Characters"), choices=ENCODINGS, required=False)
    sheet = forms.CharField(label=_("Sheet"), max_length=31, required=False)

    def __init__(self, *args: Any, sheets: Any = (), is_workbook: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("delimiter", "quoting", "encoding") if is_workbook else ("sheet",):
            del self.fields[name]
        if is_workbook:
            self.fields["sheet"].widget = forms.Select(choices=[(name, name) for name in sheets])


class ApplyForm(Form):
    """Why the rows are imported: asked with the signature."""

    reason = forms.CharField(label=_("Reason, for the trail"), max_length=300, required=False)


class ConfirmForm(ApplyForm):
    """The dry run that is applied."""

    confirm = forms.CharField(label=_("Confirmed dry run"), max_length=4000)
