"""XML: an EPCISDocument of EPCIS 2.0. No document type, no entity, no network; anything else is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from integrations.formats.epcis.problems import refuse
from integrations.formats.epcis.reading_json import COMMENT, DEEPEST, Unreadable
from integrations.formats.epcis.values import shown

EPCIS = "urn:epcglobal:epcis:xsd:2"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
WRAPPERS = ("extension", "baseExtension")
"""Elements of EPCIS 1.2 that only wrap others."""


def _parser() -> Any:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, attribute_defaults=False,
        huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip


def read(data: bytes) -> tuple[list[Any], Mapping[str, str]]:
    """The events as plain fields, foreign ones as `{namespace}name`, and the prefixes. Raises `EpcisError`."""
    try:
        root = etree.fromstring(data, _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise refuse("xml", _("It is no XML: %(why)s") % {"why": str(error)[:200]}) from error
    if root.getroottree().docinfo.doctype:
        raise refuse("doctype", _("A document type (DOCTYPE) is not allowed in it."))
    if etree.QName(root).localname == "EPCISQueryDocument":
        raise refuse("query", _("The answer to a query is not captured; send an EPCISDocument."))
    if root.tag != f"{{{EPCIS}}}EPCISDocument":
        said = _("It begins with “%(name)s”; wanted is EPCISDocument of the namespace %(namespace)s.")
        raise refuse("root", said % {"name": shown(root.tag), "namespace": EPCIS})
    for name in ("schemaVersion", "creationDate"):
        if root.get(name) is None:
            raise refuse("missing", _("It must be given."), field=name)
    if root.get("schemaVersion").partition(".")[0] != "2":
        said = _("“%(version)s” is not read here: the version of EPCIS is 2.0.")
        raise refuse("version", said % {"version": shown(root.get("schemaVersion"))}, field="schemaVersion")
    listed = root.find("EPCISBody/EventList")
    if listed is None:
        raise refuse("body", _("It must hold the list of events."), field="EPCISBody/EventList")
    namespaces: dict[str, str] = {}
    for element in listed.iter():
        namespaces |= {prefix: uri for prefix, uri in element.nsmap.items() if prefix}
    return [_event(element) for element in _unwrapped(listed)], namespaces


class _Odd(Exception):
    """An element that has no place."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def _unwrapped(parent: Any) -> Iterator[Any]:
    for element in parent:
        if element.tag in WRAPPERS:
            yield from _unwrapped(element)
        else:
            yield element


def _event(element: Any) -> Any:
    try:
        found: dict[str, Any] = {"type": element.tag}
        for name in element.attrib:
            if not name.startswith(XSI):
                raise _Odd(name, _("There is no such attribute."))
        for child in _unwrapped(element):
            _add(found, child)
        found.pop(COMMENT, None)
        return found
    except _Odd as odd:
        return Unreadable(shown(odd.field), "unknown", str(odd))


def _add(found: dict[str, Any], child: Any) -> None:
    name = child.tag
    if name.startswith("{"):
        _more(found, name, _foreign(child, 0))
    elif name in found:
        raise _Odd(name, _("It stands there twice."))
    else:
        found[name] = _shape(name)(child)


def _shape(name: str) -> Callable[[Any], Any]:
    return SHAPES.get(name, _text)


def _more(found: dict[str, Any], name: str, value: Any) -> None:
    """A repeated name is a list."""
    if name not in found:
        found[name] = value
    elif isinstance(found[name], list):
        found[name].append(value)
    else:
        found[name] = [found[name], value]


def _text(element: Any) -> str:
    if len(element):
        raise _Odd(element.tag, _("Only a text may stand in it."))
    return (element.text or "").strip()


def _texts(element: Any) -> list[str]:
    return [_text(child) for child in element]


def _foreign(element: Any, depth: int) -> Any:
    if depth > DEEPEST:
        raise _Odd(element.tag, _("It is nested too deep."))
    if any(not name.startswith(XSI) for name in element.attrib):
        raise _Odd(element.tag, _("Attributes of foreign elements have no place in the JSON form."))
    if not len(element):
        return element.text or ""
    found: dict[str, Any] = {}
    for child in element:
        _more(found, child.tag, _foreign(child, depth + 1))
    return found


def _fields(element: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for child in _unwrapped(element):
        _add(found, child)
    return found


def _quantities(element: Any) -> list[dict[str, Any]]:
    return [_fields(child) for child in element]


def _typed(element: Any) -> list[dict[str, Any]]:
    return [{**dict(child.attrib), child.tag: _text(child)} for child in element]


def _dispositions(element: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for child in element:
        found.setdefault(child.tag, []).append(_text(child))
    return found


def _sensors(element: Any) -> list[dict[str, Any]]:
    found = []
    for one in element:
        values: dict[str, Any] = {}
        for child in _unwrapped(one):
            if child.tag == "sensorReport":
                values.setdefault("sensorReport", []).append(dict(child.attrib))
            elif child.tag == "sensorMetadata":
                values["sensorMetadata"] = dict(child.attrib)
            else:
                _add(values, child)
        found.append(values)
    return found


SHAPES: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("epcList", "childEPCs", "inputEPCList", "outputEPCList", "correctiveEventIDs"), _texts),
    **dict.fromkeys(("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"), _quantities),
    **dict.fromkeys(("bizTransactionList", "sourceList", "destinationList"), _typed),
    **dict.fromkeys(("readPoint", "bizLocation", "errorDeclaration", "ilmd"), _fields),
    "persistentDisposition": _dispositions,
    "sensorElementList": _sensors,
}
"""How the content of an element of the standard is told apart; any other holds a text."""
