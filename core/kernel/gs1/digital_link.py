"""GS1 Digital Link addresses, uncompressed (GS1 Digital Link Standard: URI Syntax 1.4).

`https://id.gs1.org/01/09506000134352/10/ABC?17=270131`: the primary key and its qualifiers in the path, in the order
that the dictionary tells, whatever else the label says in the query.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote, unquote, unquote_plus, urlsplit

from django.utils.translation import gettext as _

from core.kernel.gs1.dictionary import Identifier, identifiers
from core.kernel.gs1.problems import Gs1Error, Problem

DOMAIN = "https://id.gs1.org"
Pair = tuple[str, str]


def read(address: str) -> list[Pair]:
    """The identifiers and values of an address, unchecked. Raises `Gs1Error` where no primary key is found in it."""
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise Gs1Error(Problem("", "address", _("This is no web address."))) from error
    if not parts.netloc:
        raise Gs1Error(Problem("", "address", _("This is no web address.")))
    return _path(parts.path) + _query(parts.query)


def write(pairs: Sequence[Pair], domain: str = DOMAIN) -> str:
    """The address of identifiers and values. Raises `Gs1Error` without a primary key, or for what it may not hold."""
    known, values = identifiers(), dict(pairs)
    key = next((ai for ai, _value in pairs if known[ai].keys is not None), None)
    if key is None:
        raise Gs1Error(Problem("", "dlpkey", _("Nothing in it is a primary key of a Digital Link.")))
    path = max((_in_order(values, group) for group in known[key].keys or ()), key=len)
    rest = [pair for pair in pairs if pair[0] not in (key, *path)]
    for ai, _value in rest:
        if not known[ai].link_attribute:
            raise Gs1Error(_not_in_query(known[ai]))
    segments = "".join(f"/{ai}/{quote(values[ai], safe='')}" for ai in (key, *path))
    query = "&".join(f"{ai}={quote(value, safe='')}" for ai, value in rest)
    return f"{domain.rstrip('/')}{segments}" + (f"?{query}" if query else "")


def _in_order(values: dict[str, str], group: Sequence[str]) -> list[str]:
    return [ai for ai in group if ai in values]


def _path(path: str) -> list[Pair]:
    """The primary key nearest to the end of the path, and its qualifiers."""
    segments = path.rstrip("/").split("/")
    pairs: list[Pair] = []
    for start in range(len(segments) - 2, 0, -2):
        one = identifiers().get(segments[start])
        if one is None:
            break
        pairs.insert(0, (one.ai, unquote(segments[start + 1])))
        if one.keys is not None:
            _check_order(one, [ai for ai, _value in pairs[1:]])
            return pairs
    raise Gs1Error(Problem("", "dlpkey", _("This web address is no GS1 Digital Link: no primary key is in it.")))


def _check_order(key: Identifier, qualifiers: Sequence[str]) -> None:
    for group in key.keys or ():
        # Each qualifier is looked for behind the one before it.
        left = iter(group)
        if all(ai in left for ai in qualifiers):
            return
    allowed = _(" or ").join("".join(f"({ai})" for ai in group) for group in key.keys or () if group) or _("nothing")
    said = _("behind %(title)s only %(allowed)s may follow, in this order.")
    raise Gs1Error(Problem(key.ai, "order", said % {"title": key.title, "allowed": allowed}))


def _query(query: str) -> list[Pair]:
    """The identifiers of the query; words in it such as linkType are for web servers and are passed over."""
    pairs: list[Pair] = []
    for one in filter(None, query.replace(";", "&").split("&")):
        name, _equals, value = one.partition("=")
        if not name.isdecimal():
            continue
        found = identifiers().get(name)
        if found is None:
            said = _("“%(text)s” is no application identifier of GS1.") % {"text": name}
            raise Gs1Error(Problem("", "unknown", said))
        if not found.link_attribute:
            raise Gs1Error(_not_in_query(found))
        pairs.append((name, unquote_plus(value)))
    return pairs


def _not_in_query(one: Identifier) -> Problem:
    said = _("%(title)s may not stand in the query of a Digital Link.")
    return Problem(one.ai, "attribute", said % {"title": one.title or one.ai})
