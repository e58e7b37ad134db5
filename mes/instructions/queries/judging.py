"""Judging a recorded value against its data point: in words, exactly, in decimals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from core.kernel.errors import Blocked, Blocker
from mes.instructions.models import DataPoint
from traceability.models import UnitOfMeasure
from traceability.queries import convert

Value = str | Decimal | int | bool
NUMBER = re.compile(r"[+-]?(\d+([.]\d*)?|[.]\d+)", re.ASCII)
LARGEST = Decimal(10) ** 12
YES, NO = "yes", "no"


class Verdict(StrEnum):
    """How a value stands to its limits. The limits themselves are in."""

    IN = "in"
    WARNING = "warning"
    OUT = "out"


@dataclass(frozen=True)
class Judgement:
    """The verdict on one value, in words for the person who entered it.

    `number` is the value in the data point's unit (numbers only), `entered` is the text as it is kept, `distance` is
    how far a number lies beyond the limit that it passed.
    """

    verdict: Verdict
    text: str
    entered: str
    number: Decimal | None = None
    distance: Decimal | None = None

    @property
    def is_out(self) -> bool:
        return self.verdict is Verdict.OUT


def parse_number(text: str) -> Decimal:
    """The decimal that a person typed, with point or comma, without thousands separators. Raises `Blocked`."""
    plain = text.strip().replace("\N{MINUS SIGN}", "-")
    if "," in plain and "." not in plain:
        plain = plain.replace(",", ".", 1)
    if not NUMBER.fullmatch(plain):
        raise _refuse(
            "value_not_a_number",
            _("“%(entry)s” is no number.") % {"entry": text.strip()},
            _("Write digits with one decimal point or comma, without spaces or thousands separators."),
        )
    return Decimal(plain)


def judge(data_point: DataPoint, value: Value, unit: UnitOfMeasure | None = None) -> Judgement:
    """Judge a value against the data point's limits; a number in another unit is converted first.

    Raises `Blocked` for what is no value of this data point at all: not a number, too many decimals, no choice of the
    list, empty. A value outside the limits is no error: it is judged `out` and kept.
    """
    if data_point.kind == DataPoint.Kind.NUMBER:
        return _judge_number(data_point, value, unit)
    entered = _yes_or_no(value) if data_point.kind == DataPoint.Kind.CHECK else str(value).strip()
    if not entered:
        raise _refuse("value_missing", _("Nothing was entered."), _("Enter a value."))
    if data_point.kind == DataPoint.Kind.CHECK:
        if entered == YES:
            return Judgement(Verdict.IN, _("Confirmed."), entered)
        return Judgement(Verdict.OUT, _("Not confirmed: %(label)s.") % {"label": data_point.label}, entered)
    if data_point.kind == DataPoint.Kind.CHOICE:
        return _judge_choice(data_point, entered)
    return Judgement(Verdict.IN, _("Recorded."), entered)


def shown(data_point: DataPoint, number: Decimal, unit: UnitOfMeasure | None = None) -> str:
    """A number as people of the present language read it, with its decimals and unit."""
    finest = max(data_point.decimals, _decimals(number))
    text = number_format(number, decimal_pos=finest, use_l10n=True)
    named = unit or data_point.unit
    return f"{text} {named.symbol}" if named is not None else text


def limits_text(data_point: DataPoint) -> str:
    """What counts as in, in words; empty when everything does."""
    if data_point.kind == DataPoint.Kind.CHOICE and data_point.choices_rejected:
        good = [choice for choice in data_point.choices if choice not in data_point.choices_rejected]
        return _("Expected: %(choices)s") % {"choices": _(" or ").join(good)}
    lower, upper = data_point.lower_limit, data_point.upper_limit
    if lower is not None and upper is not None:
        low = number_format(lower, decimal_pos=max(data_point.decimals, _decimals(lower)), use_l10n=True)
        return _("%(lower)s to %(upper)s") % {"lower": low, "upper": shown(data_point, upper)}
    if lower is not None:
        return _("at least %(lower)s") % {"lower": shown(data_point, lower)}
    if upper is not None:
        return _("at most %(upper)s") % {"upper": shown(data_point, upper)}
    return ""


def _judge_number(data_point: DataPoint, value: Value, unit: UnitOfMeasure | None) -> Judgement:
    if isinstance(value, (bool, float)):
        raise TypeError("a number is judged from text or a Decimal, which keep every digit")
    number = parse_number(value) if isinstance(value, str) else Decimal(value)
    if not number.is_finite() or abs(number) >= LARGEST:
        raise _refuse("value_too_large", _("That number is too large."), _("Check the unit and the decimal point."))
    if _decimals(number) > data_point.decimals:
        raise _refuse(
            "too_many_decimals",
            _("%(label)s is recorded with %(decimals)d decimals at most; nothing is rounded for you.")
            % {"label": data_point.label, "decimals": data_point.decimals},
            _("Enter the value with fewer decimals."),
        )
    entered = value.strip() if isinstance(value, str) else format(number, "f")
    if number.is_zero() and number.is_signed():  # No instrument reads less than nothing; the decimals stay.
        number, entered = abs(number), entered.lstrip("-\N{MINUS SIGN}")
    said = _as_entered(number, data_point.unit)
    if unit is not None and unit.pk != data_point.unit_id:
        if data_point.unit is None:
            raise _refuse("uom", _("%(label)s has no unit.") % {"label": data_point.label}, _("Enter the bare number."))
        number = convert(number, unit, data_point.unit)
        entered = f"{entered} {unit.symbol}"
        said = shown(data_point, number)
    return _place(data_point, number, entered, said)


def _as_entered(number: Decimal, unit: UnitOfMeasure | None) -> str:
    """The number with exactly the decimals that were entered: they say how finely somebody measured."""
    exponent = number.as_tuple().exponent
    text = number_format(number, decimal_pos=max(0, -exponent) if isinstance(exponent, int) else 0, use_l10n=True)
    return f"{text} {unit.symbol}" if unit is not None else text


def _place(point: DataPoint, number: Decimal, entered: str, said: str) -> Judgement:
    """Find the first limit that the number passes, the hard ones before the warnings."""
    below, above = _("below the lower limit"), _("above the upper limit")
    near_low, near_high = _("below the lower warning limit"), _("above the upper warning limit")
    for verdict, limit, is_lower, words in (
        (Verdict.OUT, point.lower_limit, True, below),
        (Verdict.OUT, point.upper_limit, False, above),
        (Verdict.WARNING, point.lower_warning, True, near_low),
        (Verdict.WARNING, point.upper_warning, False, near_high),
    ):
        if limit is None:
            continue
        distance = limit - number if is_lower else number - limit
        if distance > 0:
            text = _("%(value)s is %(distance)s %(where)s of %(limit)s.") % {
                "value": said,
                "distance": shown(point, distance),
                "where": words,
                "limit": shown(point, limit),
            }
            return Judgement(verdict, text, entered, number, distance)
    limits = limits_text(point)
    text = _("%(value)s is within %(limits)s.") % {"value": said, "limits": limits}
    return Judgement(Verdict.IN, text if limits else _("Recorded."), entered, number)


def _judge_choice(data_point: DataPoint, entered: str) -> Judgement:
    if entered not in data_point.choices:
        raise _refuse(
            "value_not_a_choice",
            _("“%(entry)s” is no choice of %(label)s.") % {"entry": entered, "label": data_point.label},
            _("Choose one of: %(choices)s.") % {"choices": ", ".join(data_point.choices)},
        )
    if entered in data_point.choices_rejected:
        return Judgement(Verdict.OUT, _("“%(entry)s” is not acceptable.") % {"entry": entered}, entered)
    return Judgement(Verdict.IN, _("Recorded."), entered)


def _yes_or_no(value: Value) -> str:
    if isinstance(value, bool):
        return YES if value else NO
    text = str(value).strip().lower()
    if text in ("", YES, NO):
        return text
    raise _refuse("value_not_a_choice", _("A confirmation is yes or no."), _("Choose yes or no."))


def _decimals(number: Decimal) -> int:
    """How many decimals the number needs; zeros at the end do not count."""
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _refuse(code: str, message: str, remedy: str) -> Blocked:
    return Blocked(Blocker(code, message, remedy=remedy))
