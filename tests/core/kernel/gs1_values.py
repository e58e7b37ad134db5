"""Values that the GS1 syntax dictionary allows, made from its own format of each application identifier."""

from __future__ import annotations

import datetime as dt

from hypothesis import strategies as st

from core.kernel.gs1 import Identifier, check_digit, identifiers
from core.kernel.gs1.dictionary import Component, matches
from core.kernel.gs1.linters.content import ALPHABETS, PRIMES, SET_32, SET_82, code_list

Pair = tuple[str, str]
DAYS = st.dates(dt.date(2001, 1, 1), dt.date(2049, 12, 31))


def digits(length: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=length, max_size=length)


def numbers(most: int, *, least: int = 0) -> st.SearchStrategy[int]:
    return st.integers(min_value=least, max_value=most)


def _pair(body: str) -> str:
    total = sum(SET_82.index(one) * prime for one, prime in zip(reversed(body), PRIMES, strict=False)) % 1021
    return body + SET_32[total >> 5] + SET_32[total & 31]


def _text(part: Component) -> st.SearchStrategy[str]:
    return st.text(ALPHABETS[part.kind].removesuffix("="), min_size=part.least, max_size=part.most)


def _checked(length: int) -> st.SearchStrategy[str]:
    return digits(length - 1).map(lambda body: body + check_digit(body))


def _prefixed(part: Component) -> st.SearchStrategy[str]:
    rest = st.text(ALPHABETS[part.kind], max_size=part.most - 6)
    return st.tuples(digits(4), rest).map("".join)


SPECIAL = {
    "yymmd0": lambda part: st.one_of(DAYS.map(lambda day: f"{day:%y%m%d}"), DAYS.map(lambda day: f"{day:%y%m}00")),
    "yymmdd": lambda part: DAYS.map(lambda day: f"{day:%y%m%d}"),
    "yyyymmdd": lambda part: DAYS.map(lambda day: f"{day:%Y%m%d}"),
    "hh": lambda part: numbers(23).map("{:02d}".format),
    "mi": lambda part: numbers(59).map("{:02d}".format),
    "ss": lambda part: numbers(59).map("{:02d}".format),
    "hhmi": lambda part: st.times().map(lambda at: f"{at:%H%M}"),
    "zero": lambda part: st.just("0" * part.most),
    "nonzero": lambda part: numbers(10**part.most - 1, least=1).map(f"{{:0{part.most}d}}".format),
    "nozeroprefix": lambda part: numbers(10**part.most - 1, least=1).map(str),
    "pieceoftotal": lambda part: st.tuples(numbers(99, least=1), numbers(99, least=1)).map(
        lambda two: f"{min(two):02d}{max(two):02d}"
    ),
    "posinseqslash": lambda part: st.sampled_from(["1/1", "1/2", "3/9"]),
    "latitude": lambda part: numbers(1_800_000_000).map("{:010d}".format),
    "longitude": lambda part: numbers(3_600_000_000).map("{:010d}".format),
    "hyphen": lambda part: st.just("-"),
    "importeridx": lambda part: st.sampled_from("-0_AZaz"),
    "pcenc": lambda part: st.sampled_from(["Plain", "A%20B", "%C3%9Cber"]),
    "iban": lambda part: st.sampled_from(["DE89370400440532013000", "GB82WEST12345698765432"]),
    "iso5218": lambda part: st.sampled_from("0129"),
    "mediatype": lambda part: st.sampled_from(["01", "10", "80", "99"]),
    "winding": lambda part: st.sampled_from("019"),
    "yesno": lambda part: st.sampled_from("01"),
    "iso3166999": lambda part: st.sampled_from(["999", "276"]),
    "csum": lambda part: _checked(part.most),
    "csumalpha": lambda part: _prefixed(part).map(lambda body: _pair(body if not body.isdigit() else body + "A")),
    "gcppos1": _prefixed,
    "couponcode": lambda part: st.sampled_from(
        [
            "012345612345611110123",
            "012345612345611110123101101230123456",
            "01234561234561111012321101239",
            "0123456123456111101233200229",
        ]
    ),
    "couponposoffer": lambda part: st.sampled_from(["001234561234560123456", "101234561234560123456"]),
}


def component(part: Component) -> st.SearchStrategy[str]:
    """Values of one component, by the first of its rules that says how it is made."""
    for rule in part.linters:
        if rule in SPECIAL:
            return SPECIAL[rule](part)  # type: ignore[no-untyped-call]
        if codes := code_list(rule):
            return st.sampled_from(sorted(codes))
    return _text(part)


@st.composite
def values(draw: st.DrawFn, one: Identifier) -> str:
    """A value of an application identifier; optional components are there or not, from the right."""
    made = ""
    for part in one.components:
        if part.optional and not draw(st.booleans()):
            break
        made += draw(component(part))
    return made


def _named(pattern: str) -> str:
    return next(ai for ai in identifiers() if matches(pattern, ai))


def companions(ai: str, taken: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Identifiers that make a whole of this one: the alternative of what each needs that needs the least more."""
    taken = (*taken, ai)
    for alternatives in identifiers()[ai].required:
        missing = [[p for p in group if not any(matches(p, one) for one in taken)] for group in alternatives]
        for pattern in min(missing, key=len):
            if not any(matches(pattern, one) for one in taken):
                taken = companions(_named(pattern), taken)
    return taken


@st.composite
def labels(draw: st.DrawFn, ai: str) -> list[Pair]:
    """An identifier with a value, among all that must stand beside it, in any order."""
    names = draw(st.permutations(companions(ai)))
    return [(name, draw(values(identifiers()[name]))) for name in names]
