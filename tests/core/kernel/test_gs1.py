"""GS1 element strings and Digital Link, by the rules of the syntax dictionary."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.kernel import gs1
from core.kernel.gs1 import GS, LINTERS, Gs1Error, build, identifiers, parse
from core.kernel.gs1.dictionary import FILE, matches
from tests.core.kernel.gs1_values import labels
from tests.support.cases import cases_directory

pytestmark = pytest.mark.requirement("GS1-01")

GTIN = "09506000134352"
SSCC = "106141412345678908"


def rules(text: str) -> tuple[str, ...]:
    """The rules that a text breaks, with what must stand beside it."""
    try:
        return tuple(problem.rule for problem in parse(text).problems())
    except Gs1Error as error:
        return error.rules


# --- The dictionary --------------------------------------------------------------------------------------------------


def test_every_rule_that_the_dictionary_names_is_done_here() -> None:
    named = {rule for one in identifiers().values() for part in one.components for rule in part.linters}
    assert named == set(LINTERS)


def test_every_pattern_of_the_dictionary_means_an_identifier() -> None:
    for one in identifiers().values():
        groups = [*(group for alternatives in one.required for group in alternatives), *(one.keys or ())]
        for pattern in {*one.excluded, *(name for group in groups for name in group)}:
            assert any(matches(pattern, ai) for ai in identifiers()), (one.ai, pattern)


@pytest.mark.cases
def test_the_dictionary_is_that_of_gs1() -> None:
    cases = cases_directory()
    assert cases is not None
    assert FILE.read_bytes() == (cases / "gs1-syntax" / "gs1-syntax-dictionary.txt").read_bytes()
    assert len(identifiers()) == 541


def test_no_identifier_begins_like_another() -> None:
    for ai in identifiers():
        assert [other for other in identifiers() if other.startswith(ai)] == [ai]


# --- Built and read again --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ai", list(identifiers()))
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_what_is_built_is_read_again(ai: str, data: st.DataObject) -> None:
    pairs = data.draw(labels(ai))
    made = build(pairs)
    assert made.pairs == tuple(pairs)
    assert parse(made.raw()) == parse(f"]d2{made.raw()}") == made
    assert parse(made.bracketed()) == made
    assert made.problems() == []
    if identifiers()[ai].keys is not None and len(pairs) == 1:
        assert parse(made.link()) == made


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        assert parse(text).raw()
    except Gs1Error as error:
        assert all(str(problem) for problem in error.problems)


# --- The forms of a label --------------------------------------------------------------------------------------------

LABEL = (("01", GTIN), ("17", "270131"), ("10", "AB-7"), ("21", "S(9)"))


@pytest.mark.parametrize(
    "text",
    [
        f"01{GTIN}1727013110AB-7{GS}21S(9)",
        f"]d201{GTIN}1727013110AB-7{GS}21S(9)",
        f"]C101{GTIN}1727013110AB-7{GS}21S(9)",
        f"]Q301{GTIN}1727013110AB-7{GS}21S(9)",
        f"{GS}01{GTIN}{GS}17270131{GS}10AB-7{GS}21S(9){GS}",
        rf"(01){GTIN}(17)270131(10)AB-7(21)S\(9)",
        rf"(01) {GTIN} (17) 270131 (10) AB-7 (21) S\(9)",
    ],
)
def test_one_label_in_its_forms(text: str) -> None:
    read = parse(text)
    assert read.pairs == LABEL
    assert (read.get("10"), read.get("11")) == ("AB-7", "")
    assert read.raw() == f"01{GTIN}1727013110AB-7{GS}21S(9)"
    assert read.bracketed() == rf"(01){GTIN}(17)270131(10)AB-7(21)S\(9)"


@pytest.mark.parametrize(
    "address",
    [
        f"https://id.gs1.org/01/{GTIN}/10/AB-7/21/S%289%29?17=270131",
        f"HTTPS://example.com/a/b/01/{GTIN}/10/AB-7/21/S(9)/?17=270131&linkType=gs1:pip#top",
        f"]Q1http://example.com/01/{GTIN}/10/AB-7/21/S(9)?17=270131",
    ],
)
def test_a_digital_link_says_the_same(address: str) -> None:
    read = parse(address)
    assert dict(read.pairs) == dict(LABEL)
    assert read.link() == f"https://id.gs1.org/01/{GTIN}/10/AB-7/21/S%289%29?17=270131"
    assert read.link("https://example.com/") == f"https://example.com/01/{GTIN}/10/AB-7/21/S%289%29?17=270131"


def test_a_value_of_open_length_ends_at_its_separator_only() -> None:
    assert parse(f"01{GTIN}10AB21X").pairs == (("01", GTIN), ("10", "AB21X"))


# --- What is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("", ("empty",)),
        ("]d2", ("empty",)),
        (f"]d101{GTIN}", ("symbology",)),
        (f"]C001{GTIN}", ("symbology",)),
        ("05123", ("unknown",)),
        ("(05)123", ("unknown",)),
        (f"(01){GTIN}10AB(", ("brackets",)),
        (f"x(01){GTIN}", ("unknown",)),
        ("(01)09506000134353", ("csum",)),
        ("(01)950600013435", ("length",)),
        (f"(01){GTIN}0", ("length",)),
        (f"01{GTIN[:9]}{GS}10AB", ("length",)),
        ("(01)0950600013435X", ("characters",)),
        (f"(01){GTIN}(10)" + "A" * 21, ("length",)),
        (f"(01){GTIN}(10)", ("length",)),
        (f"(01){GTIN}(10)A B", ("characters",)),
        (f"(01){GTIN}(10)Ä", ("characters",)),
        (f"(01){GTIN}(10)A[B]", ("characters",)),
        (f"(01){GTIN}(17)271301", ("yymmd0",)),
        (f"(01){GTIN}(17)270230", ("yymmd0",)),
        (f"(01){GTIN}(10)A(10)B", ("repeated",)),
        (f"(01){GTIN}(10)A(10)A", ()),
        ("(10)A", ("req",)),
        ("(37)5", ("req",)),
        (f"(02){GTIN}", ("req",)),
        (f"(02){GTIN}(37)5(00){SSCC}", ()),
        (f"(01){GTIN}(02){GTIN}(37)5(00){SSCC}", ("ex", "ex")),
        (f"(01){GTIN}(3100)000500(3101)000500", ("ex", "ex")),
        (f"(01){GTIN}(235)TPX(21)S", ("ex",)),
        (f"(01){GTIN}(250)X", ("req",)),
        (f"(01){GTIN}(21)S(250)X", ()),
        ("(01)09506000134353(17)279999", ("csum", "yymmd0")),
    ],
)
def test_each_broken_rule_is_named(text: str, broken: tuple[str, ...]) -> None:
    assert rules(text) == broken


def test_a_refusal_says_which_identifier_and_why() -> None:
    with pytest.raises(Gs1Error) as wrong:
        parse("(01)09506000134353(17)279999")
    assert str(wrong.value) == (
        "(01) GTIN “09506000134353”: the check digit is 3; to the digits before it belongs 2. "
        "(17) USE BY or EXPIRY “279999”: there is no month 99."
    )
    with pytest.raises(Gs1Error) as short:
        parse("(01)123")
    assert str(short.value) == "(01) GTIN “123” is too short: it has 3 characters, 14 are needed."
    with pytest.raises(Gs1Error) as alone:
        build([("10", "A")])
    assert str(alone.value) == "(10) BATCH/LOT needs (01) or (02) or (03) or (8006) or (8026) beside it."
    with pytest.raises(Gs1Error) as both:
        build([("01", GTIN), ("255", "9501101020917")])
    assert "(01) GTIN may not stand beside (255)." in str(both.value)


WRONG = {
    "csum": ("09506000134353", "0950600013435X", ""),
    "csumalpha": ("1987654Ad4X4bL5ttr2310cXK", "A", "A B22", "A" * 24 + "22"),
    "gcppos1": ("A234567", "123"),
    "gcppos2": ("1A23456", "0123"),
    "iban": ("DE88370400440532013000", "XX89370400440532013000", "DE89", "de89370400440532013000"),
    "yymmd0": ("271301", "270230", "2701", "27010X"),
    "yymmdd": ("270100", "270001", "2701"),
    "yyyymmdd": ("20270100", "20230229", "00000101", "2027"),
    "hh": ("24", "1"),
    "mi": ("60",),
    "ss": ("60",),
    "hhmi": ("2400", "1260", "12"),
    "zero": ("1", ""),
    "nonzero": ("000", "0A0"),
    "nozeroprefix": ("012", "0"),
    "pieceoftotal": ("0302", "0002", "0000", "010", "0A02"),
    "posinseqslash": ("2/1", "0/1", "1/0", "1-2", "/1"),
    "latitude": ("1800000001", "18"),
    "longitude": ("3600000001", "36"),
    "hasnondigit": ("123", ""),
    "hyphen": ("+", ""),
    "pcenc": ("A%2", "%GG"),
    "importeridx": ("+", "AB"),
    "iso3166": ("000", "999"),
    "iso3166999": ("998",),
    "iso3166alpha2": ("XX", "de"),
    "iso4217": ("000",),
    "packagetype": ("QX", ""),
    "iso5218": ("3",),
    "mediatype": ("00", "11", "79", "AA"),
    "winding": ("2",),
    "yesno": ("2",),
    "couponcode": (
        "", "7", "01234561234561111012", "0123456123456111101230", "012345612345611115123",
        "0123456123456111101233271301", "01234561234561111012332701014270201", "01234561234561111012393000",
    ),
    "couponposoffer": ("", "201234561234560123456", "0012345612345601234567", "0712345612345601234567"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(LINTERS))
def test_each_rule_refuses_what_it_should(name: str) -> None:
    for value in WRONG[name]:
        assert LINTERS[name](value), value


@pytest.mark.parametrize(
    ("path", "broken"),
    [
        # The examples at the head of the dictionary, about "dlpkey=22,10,21|235".
        (f"01/{GTIN}/22/A/10/B/21/C", ()),
        (f"01/{GTIN}/22/A/21/C", ()),
        (f"01/{GTIN}/10/B", ()),
        (f"01/{GTIN}/10/B/22/A", ("order",)),
        (f"01/{GTIN}/235/X", ()),
        (f"01/{GTIN}/22/A/10/B/235/X", ("order",)),
        (f"00/{SSCC}", ()),
        (f"00/{SSCC}/10/B", ("order",)),
        (f"01/{GTIN}?21=S", ("attribute",)),
        (f"01/{GTIN}?05=S", ("unknown",)),
        (f"01/{GTIN}?17=270230", ("yymmd0",)),
        (f"01/{GTIN}?10=A%20B", ("characters",)),
        ("01/9506000134352", ("length",)),
        ("10/B", ("dlpkey",)),
        ("about/us", ("dlpkey",)),
        ("", ("dlpkey",)),
    ],
)
def test_the_order_of_a_digital_link(path: str, broken: tuple[str, ...]) -> None:
    assert rules(f"https://id.gs1.org/{path}") == broken


def test_what_is_no_address_is_refused_as_one() -> None:
    for text in ("https://", "https:///01/x", "http://[x/01/y"):
        assert rules(text) == ("address",)


def test_what_no_address_may_hold_is_not_written_as_one() -> None:
    for pairs, rule in (([("400", "ORDER")], "dlpkey"), ([("01", GTIN), ("21", "S"), ("235", "X")], "ex")):
        with pytest.raises(Gs1Error) as refused:
            build(pairs).link()
        assert rule in refused.value.rules
    with pytest.raises(Gs1Error) as refused:
        build([("01", GTIN), ("10", "A"), ("21", "S"), ("8200", "http:")]).link()
    assert refused.value.rules == ("attribute",)


@time_machine.travel("2026-11-29")
@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("270131", dt.date(2027, 1, 31)),
        ("280200", dt.date(2028, 2, 29)),
        ("760101", dt.date(2076, 1, 1)),
        ("770101", dt.date(1977, 1, 1)),
        ("991231", dt.date(1999, 12, 31)),
    ],
)
def test_two_digits_of_a_year_are_the_nearest_one(value: str, day: dt.date) -> None:
    assert gs1.date_of(value) == day


def test_what_is_no_day_is_no_date() -> None:
    for value in ("271301", "27", "", "abcdef"):
        with pytest.raises(ValueError):
            gs1.date_of(value)
