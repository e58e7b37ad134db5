"""Tests of keys, days, numbers, characters and codes. Those of coupons are in a file of their own."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from functools import cache
from itertools import cycle
from pathlib import Path

from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.gs1.linters.registry import linter

CODE_LISTS = Path(__file__).with_name("code-lists.txt")

SET_82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
SET_39 = "#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SET_64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_="
ALPHABETS = {"N": "0123456789", "X": SET_82, "Y": SET_39, "Z": SET_64}
"""The characters of each kind of component (GS1 General Specifications 7.11; RFC 4648 section 5 for Z)."""
SET_32 = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83)
"""Weights of the check characters of a GMN, enough for its 25 characters (GS1 General Specifications 7.9.5)."""
SHORTEST_PREFIX = 4
"""Digits of the shortest GS1 company prefix."""


@cache
def code_list(name: str) -> frozenset[str]:
    """The codes of one list of `code-lists.txt`."""
    lines = (line.split() for line in CODE_LISTS.read_text(encoding="utf-8").splitlines())
    return frozenset(code for words in lines if words and words[0] == name for code in words[1:])


def is_number(value: str) -> bool:
    """Whether there is nothing but the digits 0 to 9, at least one."""
    return value.isascii() and value.isdigit()


# --- Check digits and keys -------------------------------------------------------------------------------------------


def check_digit(digits: str) -> str:
    """The modulo-10 check digit that follows these digits (GS1 General Specifications 7.9.1)."""
    return str(-sum(int(digit) * weight for digit, weight in zip(reversed(digits), cycle((3, 1)), strict=False)) % 10)


@linter
def csum(value: str) -> str:
    if not is_number(value):
        return _("only digits are allowed.")
    right = check_digit(value[:-1])
    if value[-1] == right:
        return ""
    return _("the check digit is %(found)s; to the digits before it belongs %(right)s.") % {
        "found": value[-1],
        "right": right,
    }


@linter
def csumalpha(value: str) -> str:
    wrong = _("the two check characters at the end do not fit.")
    body, pair = value[:-2], value[-2:]
    if len(value) < 2 or len(body) > len(PRIMES) or any(character not in SET_82 for character in body):
        return wrong
    weighted = zip(reversed(body), PRIMES, strict=False)
    total = sum(SET_82.index(character) * prime for character, prime in weighted) % 1021
    return "" if pair == SET_32[total >> 5] + SET_32[total & 31] else wrong


@linter
def gcppos1(value: str) -> str:
    if is_number(value[:SHORTEST_PREFIX]) and len(value) >= SHORTEST_PREFIX:
        return ""
    return _("it does not begin with a GS1 company prefix.")


@linter
def gcppos2(value: str) -> str:
    return gcppos1(value[1:])


@linter
def iban(value: str) -> str:
    if not 10 < len(value) <= 34 or re.fullmatch("[0-9A-Z]+", value) is None:
        return _("it is no IBAN.")
    if value[:2] not in code_list("iso3166alpha2"):
        return _("%(code)s is no country of an IBAN.") % {"code": value[:2]}
    number = "".join(str(int(character, 36)) for character in value[4:] + value[:4])
    return "" if int(number) % 97 == 1 else _("the check digits of the IBAN do not fit.")


# --- Days and times --------------------------------------------------------------------------------------------------


def _full_year(short: str) -> int:
    """The year of two digits: the one nearest to now (GS1 General Specifications 7.12)."""
    this = now().year
    year = this - this % 100 + int(short)
    if year - this > 50:
        return year - 100
    return year + 100 if year - this < -49 else year


def _day(year: int, month_day: str, *, whole_month: bool) -> str:
    month, day = int(month_day[:2]), int(month_day[2:])
    if not 1 <= month <= 12:
        return _("there is no month %(month)s.") % {"month": month_day[:2]}
    if (day == 0 and not whole_month) or day > calendar.monthrange(year, month)[1]:
        return _("month %(month)s has no day %(day)s.") % {"month": month_day[:2], "day": month_day[2:]}
    return ""


def date_of(value: str) -> dt.date:
    """The day of six digits YYMMDD; 00 for the day is the last of the month. Raises `ValueError` for no such day."""
    if wrong := yymmd0(value):
        raise ValueError(wrong)
    year, month, day = _full_year(value[:2]), int(value[2:4]), int(value[4:])
    return dt.date(year, month, day or calendar.monthrange(year, month)[1])


@linter
def yymmd0(value: str) -> str:
    if len(value) != 6 or not is_number(value):
        return _("a day is written as YYMMDD.")
    return _day(_full_year(value[:2]), value[2:], whole_month=True)


@linter
def yymmdd(value: str) -> str:
    if len(value) != 6 or not is_number(value):
        return _("a day is written as YYMMDD.")
    return _day(_full_year(value[:2]), value[2:], whole_month=False)


@linter
def yyyymmdd(value: str) -> str:
    if len(value) != 8 or not is_number(value) or value[:4] == "0000":
        return _("a day is written as YYYYMMDD.")
    return _day(int(value[:4]), value[4:], whole_month=False)


def _two_digits(value: str, below: int, wrong: str) -> str:
    return "" if len(value) == 2 and is_number(value) and int(value) < below else wrong % {"value": value}


@linter
def hh(value: str) -> str:
    return _two_digits(value, 24, _("there is no hour %(value)s."))


@linter
def mi(value: str) -> str:
    return _two_digits(value, 60, _("there is no minute %(value)s."))


@linter
def ss(value: str) -> str:
    return _two_digits(value, 60, _("there is no second %(value)s."))


@linter
def hhmi(value: str) -> str:
    return hh(value[:2]) or mi(value[2:])


# --- Numbers ---------------------------------------------------------------------------------------------------------


@linter
def zero(value: str) -> str:
    return "" if value and not value.strip("0") else _("%(value)s must be 0.") % {"value": value}


@linter
def nonzero(value: str) -> str:
    return "" if is_number(value) and value.strip("0") else _("%(value)s must be a number above 0.") % {"value": value}


@linter
def nozeroprefix(value: str) -> str:
    if is_number(value) and not value.startswith("0"):
        return ""
    return _("%(value)s must be a number without zeros before it.") % {"value": value}


@linter
def pieceoftotal(value: str) -> str:
    piece, total = value[: len(value) // 2], value[len(value) // 2 :]
    if len(piece) == len(total) and is_number(value) and 1 <= int(piece) <= int(total):
        return ""
    return _("there is no piece %(piece)s of %(total)s.") % {"piece": piece, "total": total}


@linter
def posinseqslash(value: str) -> str:
    found = re.fullmatch(r"([1-9][0-9]*)/([1-9][0-9]*)", value)
    if found and int(found[1]) <= int(found[2]):
        return ""
    return _("a place in a sequence is written as 1/3.")


@linter
def latitude(value: str) -> str:
    if len(value) == 10 and is_number(value) and int(value) <= 1_800_000_000:
        return ""
    return _("there is no latitude %(value)s.") % {"value": value}


@linter
def longitude(value: str) -> str:
    if len(value) == 10 and is_number(value) and int(value) <= 3_600_000_000:
        return ""
    return _("there is no longitude %(value)s.") % {"value": value}


# --- Characters ------------------------------------------------------------------------------------------------------


@linter
def hasnondigit(value: str) -> str:
    return _("at least one character must be no digit.") if not value or is_number(value) else ""


@linter
def hyphen(value: str) -> str:
    return "" if value and not value.strip("-") else _("only a hyphen may stand at the end.")


@linter
def pcenc(value: str) -> str:
    rest = re.sub("%[0-9A-Fa-f]{2}", "", value)
    return _("two hexadecimal digits must follow each percent sign.") if "%" in rest else ""


@linter
def importeridx(value: str) -> str:
    if re.fullmatch("[-0-9A-Z_a-z]", value):
        return ""
    return _("%(value)s is no importer index.") % {"value": value}


# --- Codes -----------------------------------------------------------------------------------------------------------


def _one_of(value: str, codes: frozenset[str] | tuple[str, ...], what: str) -> str:
    return "" if value in codes else _("%(value)s is no %(what)s.") % {"value": value, "what": what}


@linter
def iso3166(value: str) -> str:
    return _one_of(value, code_list("iso3166"), _("country of ISO 3166-1"))


@linter
def iso3166999(value: str) -> str:
    return "" if value == "999" else iso3166(value)


@linter
def iso3166alpha2(value: str) -> str:
    return _one_of(value, code_list("iso3166alpha2"), _("country of ISO 3166-1"))


@linter
def iso4217(value: str) -> str:
    return _one_of(value, code_list("iso4217"), _("currency of ISO 4217"))


@linter
def packagetype(value: str) -> str:
    return _one_of(value, code_list("packagetype"), _("type of package"))


@linter
def iso5218(value: str) -> str:
    return _one_of(value, ("0", "1", "2", "9"), _("sex of ISO/IEC 5218"))


@linter
def mediatype(value: str) -> str:
    assigned = len(value) == 2 and is_number(value) and (1 <= int(value) <= 10 or int(value) >= 80)
    return "" if assigned else _one_of(value, (), _("type of AIDC medium"))


@linter
def winding(value: str) -> str:
    return _one_of(value, ("0", "1", "9"), _("direction of winding"))


@linter
def yesno(value: str) -> str:
    return _one_of(value, ("0", "1"), _("answer of yes (1) or no (0)"))
