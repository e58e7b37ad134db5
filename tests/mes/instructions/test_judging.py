"""Judging: at, below and above every limit, in any notation and unit, exactly."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from hypothesis import assume, given
from hypothesis import strategies as st

from core.kernel.errors import Blocked
from mes.instructions.models import DataPoint
from mes.instructions.queries import Verdict, judge, limits_text, parse_number
from traceability.models import UnitOfMeasure

NUMBERS = st.decimals(-10_000, 10_000, places=3)


def point(**values: object) -> DataPoint:
    return DataPoint(code="T", label="Torque", **{"kind": "number", "decimals": 3, **values})


@st.composite
def limited(draw: st.DrawFn) -> DataPoint:
    """A data point with all four limits, ascending."""
    low, low_warning, high_warning, high = sorted(draw(NUMBERS) for _ in range(4))
    return point(lower_limit=low, lower_warning=low_warning, upper_warning=high_warning, upper_limit=high)


@given(limited(), NUMBERS)
def test_the_verdict_follows_the_limits(data_point: Any, value: Any) -> None:
    found = judge(data_point, value)
    if value < data_point.lower_limit:
        expected, distance = Verdict.OUT, data_point.lower_limit - value
    elif value > data_point.upper_limit:
        expected, distance = Verdict.OUT, value - data_point.upper_limit
    elif value < data_point.lower_warning:
        expected, distance = Verdict.WARNING, data_point.lower_warning - value
    elif value > data_point.upper_warning:
        expected, distance = Verdict.WARNING, value - data_point.upper_warning
    else:
        expected, distance = Verdict.IN, None
    assert (found.verdict, found.distance, found.number) == (expected, distance, value)


@given(limited())
def test_a_value_at_a_limit_is_not_out_and_one_step_beyond_is(data_point: Any) -> None:
    step = Decimal("0.001")
    assert judge(data_point, data_point.lower_limit).verdict is not Verdict.OUT
    assert judge(data_point, data_point.upper_limit).verdict is not Verdict.OUT
    below, above = judge(data_point, data_point.lower_limit - step), judge(data_point, data_point.upper_limit + step)
    assert (below.verdict, below.distance) == (Verdict.OUT, step)
    assert (above.verdict, above.distance) == (Verdict.OUT, step)
    assert judge(data_point, data_point.lower_warning).verdict is Verdict.IN
    assert judge(data_point, data_point.upper_warning).verdict is Verdict.IN


@given(NUMBERS, NUMBERS)
def test_one_sided_limits_leave_the_other_side_open(limit: Any, value: Any) -> None:
    assert judge(point(lower_limit=limit), value).is_out == (value < limit)
    assert judge(point(upper_limit=limit), value).is_out == (value > limit)
    assert judge(point(), value).verdict is Verdict.IN


@given(limited(), NUMBERS)
def test_comma_point_and_decimal_judge_alike(data_point: Any, value: Any) -> None:
    text = format(value, "f")
    typed = {judge(data_point, entry) for entry in (value, text, text.replace(".", ","), f"  {text} ")}
    assert len({(found.verdict, found.number, found.distance, found.text) for found in typed}) == 1


@given(NUMBERS)
def test_what_is_typed_is_what_is_kept(value: Any) -> None:
    text = format(value, "f").replace(".", ",")
    found = judge(point(), text)
    assert found.entered == (text.lstrip("-") if value.is_zero() else text)
    assert found.number == value


@pytest.mark.parametrize(
    ("typed", "kept"), [("-0", "0"), ("-0,00", "0,00"), ("\N{MINUS SIGN}0.0", "0.0"), ("-.0", ".0"), ("-0.5", "-0.5")]
)
def test_a_zero_has_no_sign_and_keeps_its_decimals(typed: str, kept: str) -> None:
    found = judge(point(lower_limit=Decimal(-5)), typed)
    assert found.entered == kept and found.number is not None
    assert found.number.is_signed() is (kept == "-0.5")
    assert ("-0" in found.text) is (kept == "-0.5")


@pytest.mark.parametrize(
    ("text", "number"),
    [("12,5", "12.5"), ("12.5", "12.5"), ("−3", "-3"), ("+0,10", "0.10"), (".5", "0.5"), ("5,", "5"), ("007", "7")],
)
def test_notations(text: Any, number: Any) -> None:
    assert parse_number(text) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    ["", " ", "1.234,5", "1,234.5", "1,2,3", "1 234", "1e3", "NaN", "inf", "-", ".", ",", "0x1F", "١٢", "12 N", "--1"],
)
def test_what_is_no_number(text: Any) -> None:
    with pytest.raises(Blocked, match="value_not_a_number"):
        judge(point(), text)


@given(st.text())
def test_no_text_crashes_the_judge(text: Any) -> None:
    try:
        assert judge(point(), text).number is not None
    except Blocked as refused:
        assert set(refused.codes) <= {"value_not_a_number", "too_many_decimals", "value_too_large"}


@given(st.integers(0, 6), NUMBERS.map(lambda n: n + Decimal("0.0000001")))
def test_nothing_is_rounded_silently(decimals: Any, value: Any) -> None:
    with pytest.raises(Blocked, match="too_many_decimals"):
        judge(point(decimals=decimals), value)


def test_zeros_at_the_end_are_no_decimals() -> None:
    assert judge(point(decimals=1), "12.500").number == Decimal("12.5")
    with pytest.raises(Blocked, match="too_many_decimals"):
        judge(point(decimals=1), "12.51")


def test_numbers_beyond_the_column_are_refused_and_floats_are_a_mistake() -> None:
    with pytest.raises(Blocked, match="value_too_large"):
        judge(point(), Decimal(10) ** 12)
    with pytest.raises(Blocked, match="value_too_large"):
        judge(point(), Decimal("NaN"))
    with pytest.raises(TypeError):
        judge(point(), 12.5)  # type: ignore[arg-type]


def test_the_words_name_value_distance_and_limit() -> None:
    torque = point(lower_limit=Decimal(11), upper_limit=Decimal(13), decimals=1)
    torque.unit = UnitOfMeasure(code="N·m")
    assert judge(torque, "13,4").text == "13.4 N·m is 0.4 N·m above the upper limit of 13.0 N·m."
    assert judge(torque, "12").text == "12 N·m is within 11.0 to 13.0 N·m."
    assert limits_text(torque) == "11.0 to 13.0 N·m"
    with translation.override("de"):
        assert "13,4 N·m" in judge(torque, "13.4").text


def test_a_unit_is_converted_before_judging() -> None:
    newton = UnitOfMeasure(pk=1, code="N·m", pint_unit="newton * meter")
    pound = UnitOfMeasure(pk=2, code="lbf·ft", pint_unit="force_pound * foot")
    kilogram = UnitOfMeasure(pk=3, code="kg", pint_unit="kilogram")
    torque = point(lower_limit=Decimal(11), upper_limit=Decimal(13))
    torque.unit = newton
    found = judge(torque, "9", pound)
    assert found.number == Decimal("12.202362")
    assert (found.verdict, found.entered) == (Verdict.IN, "9 lbf·ft")
    assert judge(torque, "10", pound).is_out
    with pytest.raises(Blocked, match="uom"):
        judge(torque, "12", kilogram)
    with pytest.raises(Blocked, match="uom"):
        judge(point(), "12", newton)


def test_choices() -> None:
    surface = point(kind="choice", choices=["clean", "scratched", "dented"], choices_rejected=["scratched", "dented"])
    assert judge(surface, "clean").verdict is Verdict.IN
    assert judge(surface, "dented").is_out
    assert limits_text(surface) == "Expected: clean"
    for wrong in ("Clean", "rusty"):
        with pytest.raises(Blocked, match="value_not_a_choice"):
            judge(surface, wrong)


def test_confirmations_and_texts() -> None:
    check = point(kind="check")
    assert judge(check, True).verdict is judge(check, "yes").verdict is Verdict.IN
    assert judge(check, False).is_out
    assert judge(check, "no").is_out
    with pytest.raises(Blocked, match="value_not_a_choice"):
        judge(check, "maybe")
    text = point(kind="text")
    assert judge(text, " heat 4711 ").entered == "heat 4711"
    for empty in (check, text, point(kind="choice", choices=["a", "b"])):
        with pytest.raises(Blocked, match="value_missing"):
            judge(empty, "  ")


@given(NUMBERS, NUMBERS)
def test_judging_is_monotonic(first: Any, second: Any) -> None:
    """What lies further out is never judged better."""
    assume(first <= second)
    upper = point(upper_warning=Decimal(1), upper_limit=Decimal(2))
    order = [Verdict.IN, Verdict.WARNING, Verdict.OUT]
    assert order.index(judge(upper, first).verdict) <= order.index(judge(upper, second).verdict)
