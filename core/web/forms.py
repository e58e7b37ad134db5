"""Bases of every form: rendered by templates/ui/, with units, limits, reason and signature."""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.forms.renderers import DjangoTemplates
from django.template import loader
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

MOST = 2**31 - 1
"""The largest whole number that a column keeps."""
LONGEST_TEXT = 100_000
"""Characters of a text whose field sets no limit of its own: an instruction of forty pages."""
ECHOED = 1_000
"""Characters beyond the limit that are shown again, for shortening."""


NO_NUL = {
    "null_characters_not_allowed": _(
        "There is an invisible character in the text (NUL, often from a copied or scanned text) that cannot be kept. "
        "Empty the field and type the text."
    )
}
"""What a field says to the one character that the database cannot keep."""


ZONES = [(zone, zone) for zone in sorted(zoneinfo.available_timezones()) if "/" in zone or zone == "UTC"]


def row_id(text: str) -> int:
    """The id of a row as somebody sent it; 0, which no row has, for everything that can be none.

    Python refuses to read a number of some thousand digits, PostgreSQL one of more than 18.
    """
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


class KitRenderer(DjangoTemplates):
    """Renders forms and fields with the kit's templates, widgets with Django's own."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"

    def get_template(self, template_name: str) -> Any:
        return (
            loader.get_template(template_name)
            if template_name.startswith("ui/")
            else super().get_template(template_name)
        )


class KitBoundField(forms.BoundField):
    """A field as it is shown: nothing is chosen for anybody, and what is far too long to be a slip is cut."""

    def as_widget(self, *args: Any, **kwargs: Any) -> SafeString:
        """The widget. A choice that somebody has to make begins with none made, unless the form proposes one."""
        widget = self.field.widget
        is_of_records = isinstance(self.field, forms.ModelChoiceField)  # it has an empty choice of its own
        if isinstance(widget, forms.Select) and not widget.allow_multiple_selected and not is_of_records:
            choices = list(widget.choices)
            if self.field.required and len(choices) > 1 and self.initial is None and choices[0][0] not in ("", None):
                widget.choices = [("", gettext("– choose –")), *choices]
        return super().as_widget(*args, **kwargs)

    def value(self) -> Any:
        """What was entered, of a text beyond its limit no more than somebody could shorten by hand."""
        value, limit = super().value(), getattr(self.field, "max_length", None)
        return value[: limit + ECHOED] if isinstance(value, str) and limit else value


class LongestText(MaxLengthValidator):
    """The limit of a text; a field that turns its text into a record has found it already."""

    def clean(self, x: Any) -> int:
        return len(x) if isinstance(x, str) else 0


def limit_texts(form: forms.BaseForm) -> None:
    """Give every text of a form a limit and plain words, so that no field takes whatever a request may carry."""
    for field in form.fields.values():
        if not isinstance(field, forms.CharField):
            continue
        field.error_messages |= NO_NUL
        if field.max_length is None:
            field.max_length = LONGEST_TEXT
            field.validators = [*field.validators, LongestText(LONGEST_TEXT)]


def keep_moments(form: forms.BaseForm) -> None:
    """Give a moment that was sent back as it was shown the seconds again that the browser does not show."""
    for name, field in form.fields.items():
        shown, sent = form.initial.get(name, field.initial), form.cleaned_data.get(name)
        if not isinstance(field, MomentField) or not isinstance(shown, dt.datetime):
            continue
        if shown.replace(second=0, microsecond=0) == sent:
            form.cleaned_data[name] = shown


class Form(forms.Form):
    """Base of every plain form. Pages call `deed()`; `save(actor)` may be defined instead."""

    default_renderer = KitRenderer()
    bound_field_class = KitBoundField
    use_required_attribute = False
    """The server judges, and says so at the field and in the summary; a browser bubble would hide the rest."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit_texts(self)

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        keep_moments(self)


class ModelForm(forms.ModelForm):  # type: ignore[type-arg]
    """Base of forms over a model's fields. It is never saved as such: the page calls a service with its values."""

    default_renderer = KitRenderer()
    bound_field_class = KitBoundField
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit_texts(self)

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        keep_moments(self)

    def save(self, commit: bool = True) -> Any:
        """Refused: writes go through services."""
        raise TypeError(f"{type(self).__name__}: call a service with cleaned_data")


_MAYBE_GROUPED = re.compile(r"-?[1-9]\d{0,2},\d{3}")


class QuantityField(forms.DecimalField):
    """A decimal number with its unit beside it; a comma is taken as the decimal sign, grouping is refused.

    `1,250` is refused too: it means two different weights in two countries. A point is always the decimal sign, as
    programs and scanners write it.
    """

    def __init__(self, *, unit: str = "", **kwargs: Any) -> None:
        self.unit = unit
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if isinstance(value, str):
            text = value.replace("\u2212", "-").strip()
            if sum(text.count(sign) for sign in ",.' \u00a0\u202f") > 1:
                raise ValidationError(
                    _("Write the number without grouping, with one decimal sign: 1250.5 or 1250,5."), code="grouped"
                )
            if _MAYBE_GROUPED.fullmatch(text):
                raise ValidationError(
                    _("“%(text)s” can be read as %(large)s and as %(small)s: write one of these."),
                    params={"text": text, "large": text.replace(",", ""), "small": text.replace(",", ".")},
                    code="grouped",
                )
            value = text.replace(",", ".")
        number = super().to_python(value)
        return abs(number) if number is not None and number.is_zero() else number  # "-0" is no quantity; decimals stay

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No min and max attributes: a value outside the limits is for the server to judge, in words."""
        return {"data-quantity": ""}


class DayField(forms.DateField):
    """A day, picked in the browser's calendar.

    `at` (`dt.time.min`, `dt.time.max`): it stands for that day's first or last moment in the visitor's zone.
    """

    def __init__(self, *, at: dt.time | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**kwargs)
        self.at = at

    def clean(self, value: Any) -> dt.date | None:
        day: dt.date | None = super().clean(value)
        if day is None or self.at is None:
            return day
        return dt.datetime.combine(day, self.at, tzinfo=timezone.get_current_timezone())


class MomentField(forms.DateTimeField):
    """A day with its time to the minute, entered and shown in the site's zone.

    What nobody changed keeps its seconds (`keep_moments`).
    """

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        kwargs.setdefault("widget", widget)
        super().__init__(**kwargs)


class TypedList(forms.TextInput):
    """A field to type into that offers the choices containing what is typed; for long lists, which nobody scrolls."""

    template_name = "ui/typed_list.html"

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = ()) -> None:
        super().__init__({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", **(attrs or {})})
        self.choices = choices

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        made = context["widget"]["attrs"]
        made["list"] = f"{made.get('id') or name}_list"
        return {**context, "offered": [str(key) for key, _label in self.choices]}


class ZoneField(forms.ChoiceField):
    """A time zone by its name: typed, with suggestions; an empty field takes the zone of the browser (kit.js)."""

    default_error_messages = {
        "invalid_choice": _("“%(value)s” is no known time zone. Choose one of the list, such as Europe/Vienna.")
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Time zone"))
        kwargs.setdefault("widget", TypedList(attrs={"data-browser-zone": ""}))
        kwargs.setdefault("help_text", _("Type a part of its name, such as the nearest large city: “Vienna”."))
        super().__init__(choices=ZONES, **kwargs)

    def to_python(self, value: Any) -> str:
        """The name as it is written in the list, however it was typed."""
        typed = super().to_python(value).strip()
        return next((zone for zone, _label in ZONES if zone.lower() == typed.lower()), typed)


class NamedChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of several records, each by its sign and its name: “mm · Millimeter”."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} · {obj.name}"


class ReasonField(forms.CharField):
    """Why a recorded thing is changed; shown with the mark of a thing that will be kept for good."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Reason"))
        kwargs.setdefault("help_text", _("Kept in the trail with your name and the time."))
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 2}))
        kwargs.setdefault("min_length", 3)
        kwargs.setdefault("max_length", LONGEST_TEXT)  # it joins a form that is already made
        super().__init__(**kwargs)


class SignatureForm(Form):
    """Who signs: the user id, and the code of their app, the first time in a signing session; the secret each time."""

    user_id = forms.CharField(
        label=_("User name or badge"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    secret = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    code = forms.CharField(
        label=_("Code of your app"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, first: bool, with_code: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not first:
            del self.fields["user_id"]
        if not with_code:
            del self.fields["code"]
