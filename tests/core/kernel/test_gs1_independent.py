"""What we build is read by biip, another implementation of the GS1 rules, and the other way round."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.kernel.gs1 import build, check_digit, identifiers, parse
from tests.core.kernel.gs1_values import DAYS, labels

biip: Any = pytest.importorskip("biip")

pytestmark = pytest.mark.requirement("GS1-01")

SERIAL = st.text("ABCXYZabcxyz0123456789-/.()_", min_size=1, max_size=20)
GTIN = st.from_regex("0[1-9][0-9]{11}", fullmatch=True).map(lambda body: body + check_digit(body))


def message(raw: str) -> Any:
    """What biip reads, as it comes out of a GS1 Data Matrix."""
    return biip.parse(f"]d2{raw}").gs1_message


def pairs_of(read: Any) -> dict[str, str]:
    """Identifiers and values as biip sees them."""
    return {one.ai.ai: one.value for one in read.element_strings}


@given(GTIN, DAYS, DAYS, SERIAL, SERIAL)
@settings(max_examples=100, deadline=None)
def test_a_udi_says_the_same_to_both(gtin: str, made: Any, until: Any, lot: str, serial: str) -> None:
    """Device identifier 01, production identifiers 11, 17, 10 and 21 (21 CFR 830.3; EU 2017/745 annex VI part C)."""
    pairs = [("01", gtin), ("11", f"{made:%y%m%d}"), ("17", f"{until:%y%m%d}"), ("10", lot), ("21", serial)]
    label = build(pairs)
    read = message(label.raw())
    assert pairs_of(read) == dict(label.pairs)
    assert read.element_strings[0].gtin.value == gtin
    assert [one.date for one in read.element_strings[1:3]] == [made, until]
    address = biip.parse(label.link()).gs1_digital_link_uri
    assert pairs_of(address) == dict(label.pairs)
    assert parse(address.as_uri()) == parse(label.link())


@pytest.mark.parametrize("ai", ["00", "01", "02", "10", "11", "17", "21", "240", "3103", "410", "414", "422", "8003"])
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_labels_of_logistics_say_the_same_to_both(ai: str, data: st.DataObject) -> None:
    label = build(data.draw(labels(ai)))
    assert pairs_of(message(label.raw())) == dict(label.pairs)


@given(GTIN, st.integers(1, 9))
def test_both_refuse_a_wrong_check_digit(gtin: str, off: int) -> None:
    wrong = gtin[:-1] + str((int(gtin[-1]) + off) % 10)
    with pytest.raises(ValueError):
        parse(f"01{wrong}")
    refused = biip.parse(f"]d201{wrong}")
    assert refused.gs1_message is None or refused.gs1_message.element_strings[0].gtin is None


def test_both_know_which_identifiers_need_no_separator() -> None:
    known = biip.gs1_application_identifiers.GS1ApplicationIdentifier
    compared = 0
    for ai, one in identifiers().items():
        try:
            theirs = known.extract(ai)
        except biip.ParseError:
            continue  # Newer than biip.
        assert one.predefined == (not theirs.separator_required), ai
        compared += 1
    assert compared > 500
