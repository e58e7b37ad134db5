"""The file somebody wants to have judged; printers, and who prints to them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.organization.models import Site, Terminal, WorkCenter
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


class PrinterChangeForm(Form):
    """What may change about a printer. Its code stays: people know it by that."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    address = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=253,
        help_text=gettext_lazy("IP address or host name, such as 192.168.10.21."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "url"}),
    )
    port = forms.IntegerField(
        label=gettext_lazy("Port"),
        min_value=1,
        max_value=65535,
        initial=9100,
        help_text=gettext_lazy("Where it takes ZPL; 9100 on almost every printer."),
    )
    dpmm = forms.TypedChoiceField(
        label=gettext_lazy("Resolution"),
        coerce=int,
        choices=[
            (8, gettext_lazy("8 dots in a millimetre (203 dpi)")),
            (12, gettext_lazy("12 dots in a millimetre (300 dpi)")),
            (24, gettext_lazy("24 dots in a millimetre (600 dpi)")),
        ],
        initial=8,
    )
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)


class PrinterForm(PrinterChangeForm):
    """A new printer."""

    site = forms.ModelChoiceField(label=gettext_lazy("Site"), queryset=Site.objects.none())
    code = forms.CharField(label=gettext_lazy("Code"), max_length=24, help_text=gettext_lazy("As it stands on it: P1."))
    is_active = None  # type: ignore[assignment]
    field_order = ("site", "code", "name", "address", "port", "dpmm")

    def __init__(self, *args: Any, sites: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]
        if len(sites) == 1:
            self.initial.setdefault("site", sites[0].pk)


class PrinterUseForm(Form):
    """Who prints to this printer unless told otherwise."""

    work_center = forms.ModelChoiceField(
        label=gettext_lazy("Work center"), queryset=WorkCenter.objects.none(), required=False
    )
    terminal = forms.ModelChoiceField(label=gettext_lazy("Terminal"), queryset=Terminal.objects.none(), required=False)

    def __init__(self, *args: Any, site: Site, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["work_center"].queryset = WorkCenter.objects.filter(area__site=site, is_active=True)
        fields["terminal"].queryset = Terminal.objects.filter(work_center__area__site=site, is_active=True)
        fields["terminal"].help_text = _("With neither, everybody at %(site)s prints here.") % {"site": site}

    def clean(self) -> dict[str, Any]:
        """One place at a time."""
        values = super().clean() or self.cleaned_data
        if values.get("work_center") is not None and values.get("terminal") is not None:
            self.add_error("terminal", _("Choose a work center or a terminal."))
        return values
