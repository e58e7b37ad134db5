"""Forms of label templates and their elements, of printing labels and of accounting for them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.organization.models import Site
from core.printing.models import Printer
from core.web.forms import Form, ReasonField
from traceability.forms import SiteForm
from traceability.models import LabelTemplate
from traceability.queries.label_texts import STANDARDS, templates_for, vocabulary
from traceability.services.labels import MOST_COPIES

RESOLUTIONS = [
    (8, _("8 dots in a millimetre (203 dpi)")),
    (12, _("12 dots in a millimetre (300 dpi)")),
    (24, _("24 dots in a millimetre (600 dpi)")),
]


def resolution_field() -> forms.TypedChoiceField:
    """The print head that the layout is tried for."""
    return forms.TypedChoiceField(label=_("Resolution"), coerce=int, choices=RESOLUTIONS, initial=8)


def millimetres(label: Any, **kwargs: Any) -> forms.FloatField:
    """A length on the label."""
    widget = forms.NumberInput(attrs={"step": "0.1", "inputmode": "decimal"})
    field = forms.FloatField(label=label, min_value=0, max_value=300, widget=widget, **kwargs)
    field.unit = "mm"  # type: ignore[attr-defined]
    return field


class LabelTemplateForm(SiteForm):
    """A new label template, from one of the layouts that the product brings."""

    code = forms.CharField(label=_("Code"), max_length=40, help_text=_("Short and lasting, such as LOT-100x50."))
    name = forms.CharField(label=_("Name"), max_length=120)
    standard = forms.ChoiceField(label=_("Begin with"), choices=[(key, one.label) for key, one in STANDARDS.items()])
    dpmm = resolution_field()
    field_order = ("code", "name", "standard", "dpmm", "site")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["site"]
        field.required, field.help_text = False, _("Empty: for all sites.")
        field.empty_label = _("All sites")
        self.initial.pop("site", None)


class LabelTemplateChangeForm(Form):
    """Name, size and resolution of a draft."""

    name = forms.CharField(label=_("Name"), max_length=120)
    width_mm = forms.DecimalField(label=_("Width, mm"), min_value=5, max_value=300, max_digits=6, decimal_places=2)
    height_mm = forms.DecimalField(label=_("Height, mm"), min_value=5, max_value=300, max_digits=6, decimal_places=2)
    dpmm = resolution_field()


class ElementForm(Form):
    """Base: where an element stands."""

    kind = ""
    x = millimetres(_("From the left"), initial=2)
    y = millimetres(_("From the top"), initial=2)
    width = millimetres(_("Width"), initial=40)
    height = millimetres(_("Height"), initial=5)

    def __init__(self, *args: Any, template: LabelTemplate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = vocabulary(template.kind)

    def element(self) -> dict[str, Any]:
        """The element as layouts keep it."""
        values = {name: value for name, value in self.cleaned_data.items() if name in self.base_fields}
        return {"kind": self.kind, **values}


class TextElementForm(ElementForm):
    """A text: a field of the record, or fixed words."""

    kind = "text"
    field = forms.ChoiceField(label=_("Field"), required=False)
    text = forms.CharField(label=_("Or fixed words"), max_length=120, required=False)
    size = millimetres(_("Height of the letters"), initial=3)
    is_bold = forms.BooleanField(label=_("Bold"), required=False)
    align = forms.ChoiceField(
        label=_("Aligned"),
        initial="left",
        choices=[("left", _("at the left")), ("center", _("in the middle")), ("right", _("at the right"))],
    )
    lines = forms.IntegerField(label=_("Lines at most"), min_value=1, max_value=10, initial=1)
    shorten = forms.BooleanField(
        label=_("Shorten what is too long"),
        required=False,
        help_text=_("Only for what describes, such as a name. What identifies is refused instead."),
    )
    field_order = ("field", "text", "x", "y", "width", "height", "size", "lines", "align", "is_bold", "shorten")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["field"]
        field.choices = [("", _("Fixed words")), *((key, word.label) for key, word in self.words.fields.items())]


class CodeElementForm(ElementForm):
    """A symbol."""

    kind = "code"
    symbology = forms.ChoiceField(
        label=_("Symbol"),
        initial="datamatrix",
        choices=[("datamatrix", _("Data Matrix")), ("qr", _("QR")), ("code128", _("Code 128, GS1-128"))],
    )
    content = forms.ChoiceField(label=_("What it says"))
    field_order = ("symbology", "content", "x", "y", "width", "height")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["content"].choices = [  # type: ignore[attr-defined]
            (key, word.label) for key, word in self.words.contents.items()
        ]
        self.fields["width"].help_text = _("Its white border included. It becomes as large as whole dots allow.")


class BoxElementForm(ElementForm):
    """A frame, or a line where it is as high or wide as it is thick."""

    kind = "box"
    thickness = millimetres(_("Thickness"), initial=0.3)


class PrintLabelForm(Form):
    """Where, by which template, how often, and why again."""

    printer = forms.ModelChoiceField(
        label=_("Printer"),
        queryset=Printer.objects.none(),
        required=False,
        empty_label=_("PDF, to be opened here"),
    )
    template = forms.ModelChoiceField(
        label=_("Label"), queryset=LabelTemplate.objects.none(), required=False, empty_label=_("As usual")
    )
    copies = forms.IntegerField(label=_("Copies"), min_value=1, max_value=MOST_COPIES, initial=1)

    def __init__(self, *args: Any, record: Any, site: Site | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["printer"].queryset = Printer.objects.filter(site=site, is_active=True)
        found = templates_for(record) if record is not None else []
        fields["template"].queryset = LabelTemplate.objects.filter(pk__in=[one.pk for one in found])
        fields["template"].empty_label = str(found[0]) if found else _("Sheet of Trueline")


class ReconcileForm(Form):
    """What became of the printed labels."""

    used = forms.IntegerField(label=_("Used"), min_value=0, max_value=1_000_000)
    spoiled = forms.IntegerField(label=_("Spoiled and destroyed"), min_value=0, max_value=1_000_000)
    returned = forms.IntegerField(label=_("Returned"), min_value=0, max_value=1_000_000)
    remark = forms.CharField(
        label=_("Remark"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed where the numbers do not add up to what was printed."),
    )


def reason_field(*, is_needed: bool) -> ReasonField:
    """Why labels are printed again; needed where one of them was printed before."""
    return ReasonField(required=is_needed)
