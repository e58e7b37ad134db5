"""What was filled into a form, beside what the form asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qms.documents.models import FilledForm

FIELD_KINDS: Mapping[str, str | Promise] = {
    "text": gettext_lazy("Text"),
    "number": gettext_lazy("Number"),
    "date": gettext_lazy("Day"),
    "choice": gettext_lazy("One of several"),
    "check": gettext_lazy("Yes, checked"),
}
"""The kinds of values that a field of a form may ask for."""


@dataclass(frozen=True)
class FilledLine:
    """One field of a filled form: what is asked, what was written, and whether that is outside the limits."""

    code: str
    label: str
    shown: str
    limits: str
    is_outside: bool


def limits_of(field: Mapping[str, Any]) -> str:
    """The limits of a field in words, empty where it has none."""
    low, high, unit = field["low"], field["high"], field["unit"]
    if low and high:
        return f"{low} – {high} {unit}".strip()
    return f"≥ {low} {unit}".strip() if low else f"≤ {high} {unit}".strip() if high else ""


def filled_lines(form: FilledForm) -> list[FilledLine]:
    """Every field of the form's revision, in its order."""
    return [
        FilledLine(
            field["code"], field["label"], _shown(field, form.values.get(field["code"])), limits_of(field),
            _is_outside(field, form.values.get(field["code"])),
        )
        for field in form.revision.form_fields or ()
    ]  # fmt: skip


def _shown(field: Mapping[str, Any], value: Any) -> str:
    if value in (None, ""):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return f"{value} {field['unit']}".strip()


def _is_outside(field: Mapping[str, Any], value: Any) -> bool:
    if field["kind"] != "number" or value in (None, ""):
        return False
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return False
    return bool(
        (field["low"] and number < Decimal(field["low"])) or (field["high"] and number > Decimal(field["high"]))
    )
