"""EPC URIs (GS1 EPC Tag Data Standard 2.0, §6 and §7): read with their rules, and as the GS1 keys that they stand for.

`urn:epc:id:sgtin:9506000.013435.AB1` and `https://id.gs1.org/01/09506000134352/21/AB1` name one thing: `read_epc` says
which. An EPC URN is never written here: its company prefix has a length that a GTIN alone does not tell.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext as _

from core.kernel.gs1.elements import ElementString, build, parse
from core.kernel.gs1.linters import check_digit
from core.kernel.gs1.problems import Gs1Error, Problem

GS1_HOST = "id.gs1.org"
SHORTEST_PREFIX, LONGEST_PREFIX = 6, 12
_TEXT = r"(?:[A-Za-z0-9!'()*+,\-.:;=_]|%(?:22|25|26|2F|3C|3E|3F|2f|3c|3e|3f))"
_KEY_IN_PATH = re.compile(r"/(?:00/\d{18}|01/\d{8,14}|41[47]/\d{13}|8003/\d{14}[^/?]*|8018/\d{18})(?:/|$|\?)")


@dataclass(frozen=True)
class Epc:
    """What a URI names: the kind of its key (sgtin, lgtin, gtin, sscc, sgln …) and, for trade items, the parts."""

    kind: str
    key: str = ""
    """The GS1 key with its check digit, where it has one."""
    gtin: str = ""
    lot: str = ""
    serial: str = ""


@dataclass(frozen=True)
class Scheme:
    """The form of an EPC scheme: digits of prefix and reference together, and the form of what follows them."""

    digits: int
    suffix: str = ""
    longest: int = 0


_SCHEMES = {
    "sgtin": Scheme(13, _TEXT, 20),
    "lgtin": Scheme(13, _TEXT, 20),
    "sscc": Scheme(17),
    "sgln": Scheme(12, _TEXT, 20),
    "pgln": Scheme(12),
    "grai": Scheme(12, _TEXT, 16),
    "gdti": Scheme(12, _TEXT, 17),
    "gsrn": Scheme(17),
    "gsrnp": Scheme(17),
    "sgcn": Scheme(12, r"\d", 12),
    "gsin": Scheme(16),
}
_OPEN = {"giai": 30, "ginc": 30}
"""Schemes whose reference is text: the longest key, prefix and all."""
_OTHER = frozenset({"cpi", "itip", "upui", "gid", "usdod", "adi", "bic", "imovn"})
"""Schemes without a key of trade items, places or parties: their form is taken as it is."""


def _wrong(text: str) -> Gs1Error:
    return Gs1Error(Problem("", "epc", text))


def read_epc(uri: str) -> Epc | None:
    """What an EPC URI or a GS1 Digital Link names; None for a URI of another kind. Raises `Gs1Error` in words."""
    if uri.startswith("urn:epc:"):
        return _urn(uri)
    if uri.startswith(("http://", "https://")):
        parts = urlsplit(uri)
        if parts.hostname == GS1_HOST or _KEY_IN_PATH.search(parts.path):
            return _of_elements(parse(uri))
    return None


def _urn(uri: str) -> Epc:
    found = re.fullmatch(r"urn:epc:(id|class|idpat):([a-z]+):(.+)", uri)
    if found is None:
        raise _wrong(_("“%(uri)s” is no EPC URI.") % {"uri": uri})
    space, scheme, rest = found.groups()
    if space == "idpat":
        return _pattern(uri, scheme, rest)
    if (scheme == "lgtin") != (space == "class"):
        raise _wrong(_("“%(uri)s”: there is no scheme “%(scheme)s” here.") % {"uri": uri, "scheme": scheme})
    if scheme in _OPEN:
        return _open(uri, scheme, rest)
    if scheme in _OTHER:
        return Epc(scheme, rest)
    if scheme not in _SCHEMES:
        raise _wrong(_("“%(uri)s”: there is no scheme “%(scheme)s” here.") % {"uri": uri, "scheme": scheme})
    form = _SCHEMES[scheme]
    pieces = rest.split(".", 2 if form.suffix else 1)
    if len(pieces) != (3 if form.suffix else 2):
        raise _wrong(_("“%(uri)s” has too few parts.") % {"uri": uri})
    prefix, reference = _digits(uri, pieces[0], pieces[1], form.digits)
    suffix = pieces[2] if form.suffix else ""
    if form.suffix and not re.fullmatch(f"{form.suffix}+", suffix):
        raise _wrong(_("“%(uri)s”: “%(part)s” may not stand there.") % {"uri": uri, "part": suffix})
    suffix = unquote(suffix)
    if len(suffix) > form.longest:
        raise _wrong(
            _("“%(uri)s”: “%(part)s” has more than %(most)s characters.")
            % {"uri": uri, "part": suffix, "most": form.longest}
        )
    return _made(scheme, prefix, reference, suffix)


def _digits(uri: str, prefix: str, reference: str, digits: int) -> tuple[str, str]:
    if not (prefix.isascii() and prefix.isdecimal() and SHORTEST_PREFIX <= len(prefix) <= LONGEST_PREFIX):
        raise _wrong(_("“%(uri)s”: a company prefix has 6 to 12 digits.") % {"uri": uri})
    if reference and not (reference.isascii() and reference.isdecimal()):
        raise _wrong(_("“%(uri)s”: “%(part)s” may not stand there.") % {"uri": uri, "part": reference})
    if len(prefix) + len(reference) != digits:
        raise _wrong(
            _("“%(uri)s”: prefix and reference have %(count)s digits together, it must be %(wanted)s.")
            % {"uri": uri, "count": len(prefix) + len(reference), "wanted": digits}
        )
    return prefix, reference


def _made(scheme: str, prefix: str, reference: str, suffix: str) -> Epc:
    if scheme in ("sgtin", "lgtin"):
        body = f"{reference[0]}{prefix}{reference[1:]}"
        gtin = body + check_digit(body)
        return Epc(scheme, gtin, gtin, **{"serial" if scheme == "sgtin" else "lot": suffix})
    if scheme == "sscc":
        body = f"{reference[0]}{prefix}{reference[1:]}"
        return Epc(scheme, body + check_digit(body))
    body = prefix + reference
    return Epc(scheme, body + check_digit(body), serial="" if scheme == "sgln" and suffix == "0" else suffix)


def _open(uri: str, scheme: str, rest: str) -> Epc:
    prefix, _dot, reference = rest.partition(".")
    if not (prefix.isascii() and prefix.isdecimal() and SHORTEST_PREFIX <= len(prefix) <= LONGEST_PREFIX):
        raise _wrong(_("“%(uri)s”: a company prefix has 6 to 12 digits.") % {"uri": uri})
    if not re.fullmatch(f"{_TEXT}+", reference) or len(prefix) + len(unquote(reference)) > _OPEN[scheme]:
        raise _wrong(_("“%(uri)s”: “%(part)s” may not stand there.") % {"uri": uri, "part": reference})
    return Epc(scheme, prefix + unquote(reference))


def _pattern(uri: str, scheme: str, rest: str) -> Epc:
    """All serial numbers of a class: `urn:epc:idpat:sgtin:9506000.013435.*`."""
    pieces = rest.split(".")
    if scheme not in _SCHEMES or len(pieces) != 3 or pieces[2] != "*":
        raise _wrong(_("“%(uri)s” is no pattern of one class of things.") % {"uri": uri})
    if pieces[1] == "*":
        return Epc(f"{scheme}-pattern")
    prefix, reference = _digits(uri, pieces[0], pieces[1], _SCHEMES[scheme].digits)
    if scheme != "sgtin":
        return Epc(f"{scheme}-pattern", _made(scheme, prefix, reference, "").key)
    gtin = _made(scheme, prefix, reference, "").gtin
    return Epc("gtin", gtin, gtin)


_KINDS: tuple[tuple[str, Callable[[ElementString], Epc]], ...] = (
    ("00", lambda one: Epc("sscc", one.get("00"))),
    ("01", lambda one: _trade_item(one)),
    ("414", lambda one: Epc("sgln", one.get("414"), serial=one.get("254"))),
    ("417", lambda one: Epc("pgln", one.get("417"))),
    ("8003", lambda one: Epc("grai", one.get("8003"))),
    ("8004", lambda one: Epc("giai", one.get("8004"))),
    ("253", lambda one: Epc("gdti", one.get("253"))),
    ("8018", lambda one: Epc("gsrn", one.get("8018"))),
)


def _trade_item(one: ElementString) -> Epc:
    gtin, lot, serial = one.get("01"), one.get("10"), one.get("21")
    return Epc("sgtin" if serial else "lgtin" if lot else "gtin", gtin, gtin, lot, serial)


def _of_elements(elements: ElementString) -> Epc:
    for ai, make in _KINDS:
        if elements.get(ai):
            return make(elements)
    return Epc("other")


def item_link(gtin: str, *, lot: str = "", serial: str = "") -> str:
    """The Digital Link of a trade item, of its lot or of one unit. Raises `Gs1Error` for what it may not hold."""
    pairs = [("01", gtin), *([("21", serial)] if serial else [("10", lot)] if lot else [])]
    return build(pairs).link()
