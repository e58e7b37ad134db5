"""JSON-LD: the part of it that EPCIS 2.0 documents use. Contexts give names to namespaces; none is ever fetched."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from integrations.formats.epcis.problems import EpcisError, refuse
from integrations.formats.epcis.values import URI, shown

CONTEXTS = ("https://ref.gs1.org/standards/epcis/", "https://gs1.github.io/EPCIS/", "https://ref.gs1.org/epcis/")
"""What the addresses of the standard's own context begin with."""
KNOWN = {
    "epcis": "https://ref.gs1.org/epcis/",
    "cbv": "https://ref.gs1.org/cbv/",
    "cbvmda": "urn:epcglobal:cbv:mda:",
    "gs1": "https://gs1.org/voc/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dcterms": "http://purl.org/dc/terms/",
}
"""Prefixes that the standard's own context gives."""
COMMENT = "{http://www.w3.org/2000/01/rdf-schema#}comment"
"""A remark for people: it belongs to no event, and its hash leaves it out (CBV 2.0 §8.9.2)."""
DEEPEST = 32
LONGEST_NUMBER = 60
DOCUMENT = (
    "@context", "id", "type", "schemaVersion", "creationDate", "instanceIdentifier", "sender", "receiver",
    "epcisHeader", "epcisBody",
)  # fmt: skip


@dataclass(frozen=True)
class Unreadable:
    """An event that cannot be told apart into fields."""

    field: str
    code: str
    message: str


def _number(text: str) -> Decimal | int:
    if len(text) > LONGEST_NUMBER:
        raise ValueError(_("a number has too many digits"))
    return int(text) if text.lstrip("-").isdigit() else Decimal(text)


def _constant(text: str) -> Any:
    raise ValueError(_("%(text)s is no JSON number") % {"text": text})


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError(_("a name stands twice in an object"))
    return found


def _deep(value: Any, depth: int = 0) -> None:
    if depth > DEEPEST:
        raise ValueError(_("it is nested too deep"))
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _deep(one, depth + 1)


def read(data: bytes) -> tuple[list[Any], Mapping[str, str]]:
    """The events with their foreign fields as `{namespace}name`, and the prefixes. Raises `EpcisError`."""
    try:
        document = json.loads(
            data.decode("utf-8-sig"), parse_float=_number, parse_int=_number, parse_constant=_constant,
            object_pairs_hook=_object,
        )  # fmt: skip
        _deep(document)
    except (ValueError, RecursionError) as error:
        raise refuse("json", _("It is no JSON: %(why)s") % {"why": str(error)[:200]}) from error
    namespaces = _context(document.get("@context"))
    kind = document.get("type")
    if kind == "EPCISDocument":
        _check_document(document, namespaces)
        body = document["epcisBody"]
        given = body.get("eventList", [body["event"]] if "event" in body else None) if isinstance(body, dict) else None
        if not isinstance(given, list):
            raise refuse("body", _("It must hold the list of events."), field="epcisBody.eventList")
    elif kind == "EPCISQueryDocument":
        raise refuse("query", _("The answer to a query is not captured; send an EPCISDocument."), field="type")
    else:
        given = [{key: value for key, value in document.items() if key != "@context"}]
    return [_event(one, namespaces) for one in given], namespaces


def _check_document(document: Mapping[str, Any], namespaces: Mapping[str, str]) -> None:
    for key in document:
        if key not in DOCUMENT and ":" not in key:
            raise refuse("unknown", _("A document has no field of this name."), field=shown(key))
    for key in ("schemaVersion", "creationDate", "epcisBody"):
        if key not in document:
            raise refuse("missing", _("It must be given."), field=key)
    version = document["schemaVersion"]
    if not isinstance(version, str) or version.partition(".")[0] != "2":
        said = _("“%(version)s” is not read here: the version of EPCIS is 2.0.") % {"version": shown(version)}
        raise refuse("version", said, field="schemaVersion")


def _context(given: Any) -> dict[str, str]:
    """Prefixes and their namespaces. The standard's own context must be named; terms with rules of their own give none.

    Raises `EpcisError` for a context that would have to be fetched.
    """
    found = dict(KNOWN)
    parts = given if isinstance(given, list) else [given]
    if not any(isinstance(part, str) and part.startswith(CONTEXTS) for part in parts):
        said = _(
            "It must name the context of EPCIS 2.0: https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
        )
        raise refuse("context", said, field="@context")
    for part in parts:
        if isinstance(part, dict):
            found.update(_prefixes(part))
        elif not (isinstance(part, str) and part.startswith(CONTEXTS)):
            said = _("“%(context)s” is not fetched: give its prefixes here.") % {"context": shown(part)}
            raise refuse("context", said, field="@context")
    return found


def _prefixes(part: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for prefix, namespace in part.items():
        if isinstance(namespace, dict) or prefix.startswith("@"):
            continue
        if not isinstance(namespace, str) or not URI.fullmatch(namespace) or ":" in prefix or not prefix:
            said = _("“%(prefix)s” does not stand for a namespace.") % {"prefix": shown(prefix)}
            raise refuse("context", said, field="@context")
        yield prefix, namespace


def _event(given: Any, namespaces: Mapping[str, str]) -> Any:
    if not isinstance(given, dict):
        return Unreadable("", "kind", _("An object is wanted."))
    try:
        own = namespaces
        if "@context" in given:
            own = {**namespaces, **_context_of_event(given["@context"])}
        found = _resolved({key: value for key, value in given.items() if key != "@context"}, own)
    except EpcisError as error:
        first = error.troubles[0]
        return Unreadable(first.field, first.code, first.message)
    found.pop(COMMENT, None)
    return found


def _context_of_event(given: Any) -> dict[str, str]:
    parts = given if isinstance(given, list) else [given]
    own = [part for part in parts if not (isinstance(part, str) and part.startswith(CONTEXTS))]
    return _context([CONTEXTS[0], *own])


def _resolved(value: Any, namespaces: Mapping[str, str]) -> Any:
    """The same with names and short addresses (`example:field`) written out."""
    if isinstance(value, dict):
        return {_name(key, namespaces): _resolved(one, namespaces) for key, one in value.items()}
    if isinstance(value, list):
        return [_resolved(one, namespaces) for one in value]
    return _address(value, namespaces) if isinstance(value, str) else value


def _name(key: str, namespaces: Mapping[str, str]) -> str:
    prefix, colon, local = key.partition(":")
    if not colon:
        return key
    if local.startswith("//") or prefix == "urn":
        cut = max(key.rfind("/"), key.rfind("#"), key.rfind(":")) + 1
        return f"{{{key[:cut]}}}{key[cut:]}"
    if prefix not in namespaces:
        said = _("“%(prefix)s” is a prefix that no context explains.") % {"prefix": shown(prefix)}
        raise refuse("prefix", said, field=shown(key))
    return f"{{{namespaces[prefix]}}}{local}"


def _address(text: str, namespaces: Mapping[str, str]) -> str:
    """A value such as `example:thing` as the whole address; any other text as it is."""
    prefix, colon, local = text.partition(":")
    if not colon or prefix not in namespaces or local.startswith("//") or any(one.isspace() for one in text):
        return text
    return namespaces[prefix] + local
