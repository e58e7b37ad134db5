"""Element strings: read as a scanner sends them or as people write them, built, and written again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.kernel.gs1 import digital_link
from core.kernel.gs1.dictionary import Alternatives, Component, Identifier, identifier, identifiers, matches
from core.kernel.gs1.linters import ALPHABETS, LINTERS, is_number
from core.kernel.gs1.problems import Gs1Error, Problem

GS = "\x1d"
"""The group separator: how a reader tells the FNC1 that ends a value."""
CARRIERS = frozenset({"]C1", "]e0", "]d2", "]Q3", "]J1"})
"""Symbology identifiers of symbols that say they hold an element string (GS1 General Specifications 5.1.2)."""
GTIN_LENGTHS = (8, 12, 13, 14)
"""GTIN-8, GTIN-12 (UPC), GTIN-13 (EAN) and GTIN-14: the shorter ones are written with zeros before them."""
_SYMBOLOGY = re.compile(r"^\][A-Za-z][0-9A-Za-z]")
_BRACKETED = re.compile(r"\((\d{2,4})\)((?:\\\(|[^(])*)")

Pair = tuple[str, str]


@dataclass(frozen=True)
class ElementString:
    """Application identifiers with their values, each right by its own rules, in the order of the label."""

    pairs: tuple[Pair, ...]

    def get(self, ai: str) -> str:
        """The value of an application identifier; empty where the label has none."""
        return next((value for name, value in self.pairs if name == ai), "")

    def raw(self) -> str:
        """As it stands in a symbol: no brackets, a group separator behind each value of open length but the last."""
        known = identifiers()
        ended = (f"{ai}{value}" + ("" if known[ai].predefined else GS) for ai, value in self.pairs)
        return "".join(ended).removesuffix(GS)

    def bracketed(self) -> str:
        r"""As people read it: `(01)09506000134352(10)AB`. A bracket in a value is written as `\(`."""
        return "".join(f"({ai})" + value.replace("(", r"\(") for ai, value in self.pairs)

    def link(self, domain: str = digital_link.DOMAIN) -> str:
        """As a GS1 Digital Link address. Raises `Gs1Error` without a primary key, or for what it may not hold."""
        return digital_link.write(self.pairs, domain)

    def problems(self) -> list[Problem]:
        """What is missing or does not go together, if this is all that marks the item (`req` and `ex`)."""
        return list(_associations([ai for ai, _value in self.pairs]))


def build(pairs: Iterable[Pair]) -> ElementString:
    """An element string of identifiers and values. Raises `Gs1Error` with every broken rule, also what is missing."""
    made = _checked(list(pairs))
    if problems := made.problems():
        raise Gs1Error(problems)
    return made


def is_gtin(text: str) -> bool:
    """Whether these are the 8, 12, 13 or 14 digits of a GTIN, as they stand under the bars."""
    return len(text) in GTIN_LENGTHS and is_number(text) and not LINTERS["csum"](text)


def gtin(text: str) -> str:
    """A GTIN of 8, 12, 13 or 14 digits (also as part of a label) as its 14 digits. Raises `Gs1Error` in words."""
    text = text.strip()
    if not is_number(text) or (text.startswith("01") and len(text) > max(GTIN_LENGTHS)):
        found = parse(text).get("01")
        if not found:
            raise Gs1Error(Problem("01", "missing", _("There is no GTIN in it.")))
        return found
    if len(text) not in GTIN_LENGTHS:
        said = _("A GTIN has 8, 12, 13 or 14 digits; these are %(count)s.") % {"count": len(text)}
        raise Gs1Error(Problem("01", "length", said))
    return _checked([("01", text.zfill(14))]).get("01")


def parse(text: str) -> ElementString:
    """What a label says. Raises `Gs1Error` that names the identifier and the rule where it says nothing right.

    Read are an element string (a group separator ends values of open length; a symbology identifier may stand before
    it), its bracketed form, and an uncompressed GS1 Digital Link address. What must stand beside what is asked for by
    `ElementString.problems`: an item may carry several symbols.
    """
    found = _SYMBOLOGY.match(text)
    symbology = found.group() if found else ""
    text = text[len(symbology) :]
    if text.lower().startswith(("http://", "https://")):
        return _checked(digital_link.read(text))
    if symbology and symbology not in CARRIERS:
        raise Gs1Error(Problem("", "symbology", _("The symbol does not say that it holds GS1 data.")))
    return _checked(_from_brackets(text) if text.startswith("(") else list(_from_symbol(text)))


# --- Reading ---------------------------------------------------------------------------------------------------------


def _unknown(text: str) -> Gs1Error:
    return Gs1Error(Problem("", "unknown", _("“%(text)s” is no application identifier of GS1.") % {"text": text[:4]}))


def _from_symbol(text: str) -> Iterator[Pair]:
    rest = text.removeprefix(GS)
    if not rest:
        raise Gs1Error(Problem("", "empty", _("There is nothing in it.")))
    while rest:
        one = identifier(rest)
        if one is None:
            raise _unknown(rest)
        value, _gs, later = rest[len(one.ai) :].partition(GS)
        rest = later
        if one.predefined and len(value) > one.most:
            # Nothing separates a value of predefined length from the next one.
            value, rest = value[: one.most], value[one.most :] + (GS + later if later else "")
        yield one.ai, value


def _from_brackets(text: str) -> list[Pair]:
    pairs = [(ai, value.replace(r"\(", "(").strip()) for ai, value in _BRACKETED.findall(text)]
    if "".join(_BRACKETED.sub("", text)).strip():
        raise Gs1Error(Problem("", "brackets", _("Each identifier must stand in brackets, such as (01).")))
    for ai, _value in pairs:
        if ai not in identifiers():
            raise _unknown(ai)
    return pairs


# --- Rules -----------------------------------------------------------------------------------------------------------


def _checked(pairs: Sequence[Pair]) -> ElementString:
    problems: list[Problem] = []
    values: dict[str, str] = {}
    for ai, value in pairs:
        one = identifiers().get(ai)
        if one is None:
            raise _unknown(ai)
        problems += _value_problems(one, value)
        if values.setdefault(ai, value) != value:
            problems.append(Problem(ai, "repeated", _("%(title)s stands there twice.") % {"title": one.title or ai}))
    if problems:
        raise Gs1Error(problems)
    return ElementString(tuple(values.items()))


def _value_problems(one: Identifier, value: str) -> Iterator[Problem]:
    """Length, characters and content of a value, component by component."""
    named = {"title": one.title or one.ai, "value": value, "least": one.least, "most": one.most, "length": len(value)}
    rest = value
    for part in one.components:
        if part.optional and not rest:
            break
        taken, rest = rest[: part.most], rest[part.most :]
        if len(taken) < part.least:
            said = _("%(title)s “%(value)s” is too short: it has %(length)s characters, %(least)s are needed.")
            needed = max(one.least, len(value) - len(taken) + part.least)
            yield Problem(one.ai, "length", said % {**named, "least": needed})
            return
        yield from _component_problems(one, part, taken)
    if rest:
        said = _("%(title)s “%(value)s” is too long: it has %(length)s characters, at most %(most)s are allowed.")
        yield Problem(one.ai, "length", said % named)


def _component_problems(one: Identifier, part: Component, taken: str) -> Iterator[Problem]:
    alphabet = ALPHABETS[part.kind]
    wrong = sorted({character for character in taken if character not in alphabet})
    title = one.title or one.ai
    if wrong:
        shown = " ".join(character if character.isprintable() else repr(character) for character in wrong)
        said = _("%(title)s “%(value)s” has characters that may not stand there: %(wrong)s")
        yield Problem(one.ai, "characters", said % {"title": title, "value": taken, "wrong": shown})
        return
    for rule in part.linters:
        if what := LINTERS[rule](taken):
            yield Problem(one.ai, rule, f"{title} “{taken}”: {what}")


def _associations(present: Sequence[str]) -> Iterator[Problem]:
    for ai in present:
        one = identifiers()[ai]
        for excluded in one.excluded:
            for other in present:
                if other != ai and matches(excluded, other):
                    said = _("%(title)s may not stand beside (%(other)s).")
                    yield Problem(ai, "ex", said % {"title": one.title or ai, "other": other})
        for alternatives in one.required:
            if not _met(alternatives, present):
                needed = _(" or ").join("".join(f"({name})" for name in group) for group in alternatives)
                said = _("%(title)s needs %(needed)s beside it.")
                yield Problem(ai, "req", said % {"title": one.title or ai, "needed": needed})


def _met(alternatives: Alternatives, present: Sequence[str]) -> bool:
    return any(all(any(matches(name, other) for other in present) for name in group) for group in alternatives)
