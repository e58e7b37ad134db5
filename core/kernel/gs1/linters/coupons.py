"""Coupons of North America, AI 8110 and 8112: numbers in numbers, each told in length by a digit before it.

North American Coupon Application Guideline; GS1 General Specifications 3.9 of the AIs 8110 and 8112.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.kernel.gs1.linters.content import is_number, yymmdd
from core.kernel.gs1.linters.registry import linter


class _WrongCoupon(Exception):
    """The digits end too early, or a digit is none of those that may stand there."""


class _Digits:
    """The digits of a coupon, taken from the left."""

    def __init__(self, value: str) -> None:
        self.rest = value

    def take(self, count: int) -> str:
        if len(self.rest) < count:
            raise _WrongCoupon
        taken, self.rest = self.rest[:count], self.rest[count:]
        return taken

    def one_of(self, allowed: str) -> str:
        digit = self.take(1)
        if digit not in allowed:
            raise _WrongCoupon
        return digit

    def counted(self, allowed: str, more: int = 0) -> str:
        """A number whose length is told by the digit before it, plus `more`."""
        return self.take(int(self.one_of(allowed)) + more)

    def begins(self, field: str) -> bool:
        """Whether the optional field of this number comes next; its number is taken."""
        if not self.rest.startswith(field):
            return False
        self.rest = self.rest[1:]
        return True

    def day(self) -> str:
        value = self.take(6)
        if yymmdd(value):
            raise _WrongCoupon
        return value


def _purchase(digits: _Digits) -> None:
    """What must be bought: how much, counted how, of which family."""
    digits.counted("12345")
    digits.one_of("012349")
    digits.take(3)


def _further_purchase(digits: _Digits) -> None:
    """A second or third purchase may be another company's; 9 says that it is the same one's."""
    _purchase(digits)
    length = digits.one_of("01234569")
    if length != "9":
        digits.take(int(length) + 6)


def _offer(digits: _Digits) -> None:
    digits.counted("0123456", 6)
    digits.take(6)
    digits.counted("12345")
    _purchase(digits)
    if digits.begins("1"):
        digits.one_of("0123")
        _further_purchase(digits)
    if digits.begins("2"):
        _further_purchase(digits)
    ends = digits.day() if digits.begins("3") else ""
    if digits.begins("4") and digits.day() > (ends or "999999"):
        raise _WrongCoupon
    if digits.begins("5"):
        digits.counted("0123456789", 6)
    if digits.begins("6"):
        digits.counted("1234567", 6)
    if digits.begins("9"):
        digits.one_of("01256")
        digits.one_of("012")
        digits.take(1)
        digits.one_of("01")


def _point_of_sale_offer(digits: _Digits) -> None:
    digits.one_of("01")
    digits.counted("0123456", 6)
    digits.take(6)
    digits.counted("0123456789", 6)


@linter
def couponcode(value: str) -> str:
    digits = _Digits(value)
    try:
        _offer(digits)
    except _WrongCoupon:
        return _("it is no coupon code.")
    return "" if is_number(value) and not digits.rest else _("it is no coupon code.")


@linter
def couponposoffer(value: str) -> str:
    digits = _Digits(value)
    try:
        _point_of_sale_offer(digits)
    except _WrongCoupon:
        return _("it is no offer file code of a coupon.")
    return "" if is_number(value) and not digits.rest else _("it is no offer file code of a coupon.")
