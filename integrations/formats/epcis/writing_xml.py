"""Events as XML of EPCIS 2.0, one after the other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lxml import etree

from integrations.formats.epcis import vocabulary as cbv
from integrations.formats.epcis.building import REPORT, VOCABULARIES
from integrations.formats.epcis.events import (
    ErrorDeclaration,
    Event,
    Extension,
    PersistentDisposition,
    Quantity,
    SensorElement,
)
from integrations.formats.epcis.tree import NAMES, entries, given, moment
from integrations.formats.epcis.values import plain
from integrations.formats.epcis.writing_json import namespaces_of

EPCIS, QUERY = "urn:epcglobal:epcis:xsd:2", "urn:epcglobal:epcis-query:xsd:2"
TYPES = {
    "bizTransactionList": cbv.TRANSACTION_TYPE, "sourceList": cbv.PARTY_TYPE, "destinationList": cbv.PARTY_TYPE,
}  # fmt: skip
LIST_OF = {"epcList": "epc", "childEPCs": "epc", "inputEPCList": "epc", "outputEPCList": "epc"}


def event_element(event: Event, preferred: Mapping[str, str] | None = None) -> Any:
    """The element of an event."""
    names = namespaces_of([event], preferred)
    root = etree.Element(event.type, nsmap={prefix: uri for uri, prefix in names.items()})
    for key, value in given(event):
        _field(root, key, value)
    _foreign(root, event.extensions)
    return root


def _add(parent: Any, name: str, text: str) -> Any:
    child = etree.SubElement(parent, name)
    child.text = text
    return child


def _field(root: Any, key: str, value: Any) -> None:
    if isinstance(value, dt.datetime):
        _add(root, key, moment(value))
    elif key in ("bizStep", "disposition"):
        _add(root, key, (cbv.BIZ_STEP if key == "bizStep" else cbv.DISPOSITION).address(value))
    elif key in ("readPoint", "bizLocation"):
        _add(etree.SubElement(root, key), "id", value)
    elif isinstance(value, str):
        _add(root, key, value)
    else:
        _inside(etree.SubElement(root, key), key, value)


def _inside(parent: Any, key: str, value: Any) -> None:
    """The content of an element that holds others."""
    if isinstance(value, ErrorDeclaration):
        _add(parent, "declarationTime", moment(value.declared_at))
        if value.reason:
            _add(parent, "reason", cbv.ERROR_REASON.address(value.reason))
        if value.corrective_event_ids:
            ids = etree.SubElement(parent, "correctiveEventIDs")
            for one in value.corrective_event_ids:
                _add(ids, "correctiveEventID", one)
        _foreign(parent, value.extensions)
    elif isinstance(value, PersistentDisposition):
        for name, words in (("unset", value.unset), ("set", value.set)):
            for word in words:
                _add(parent, name, cbv.DISPOSITION.address(word))
    elif key == "ilmd":
        _foreign(parent, value)
    elif key in NAMES:
        for name, kind, uri in entries(key, value):
            child = _add(parent, name, uri)
            if kind:
                child.set("type", TYPES[key].address(kind))
    else:
        for one in value:
            _listed(parent, key, one)


def _listed(parent: Any, key: str, value: Any) -> None:
    if isinstance(value, Quantity):
        element = etree.SubElement(parent, "quantityElement")
        _add(element, "epcClass", value.epc_class)
        if value.quantity is not None:
            _add(element, "quantity", plain(value.quantity))
        if value.uom:
            _add(element, "uom", value.uom)
    elif isinstance(value, SensorElement):
        element = etree.SubElement(parent, "sensorElement")
        if value.metadata or value.metadata_extensions:
            about = etree.SubElement(element, "sensorMetadata")
            _attributes(about, value.metadata, value.metadata_extensions)
        for report in value.reports:
            values = tuple((name, _address(name, text)) for name, text in report.values)
            _attributes(etree.SubElement(element, "sensorReport"), values, report.extensions)
        _foreign(element, value.extensions)
    else:
        _add(parent, LIST_OF[key], value)


def _address(name: str, text: str) -> str:
    kind = REPORT[name]
    return VOCABULARIES[kind].address(text) if kind in VOCABULARIES else text


def _attributes(element: Any, values: tuple[tuple[str, str], ...], foreign: tuple[Extension, ...]) -> None:
    for name, text in values:
        element.set(name, text)
    for one in foreign:
        element.set(one.name, str(one.value))


def _foreign(parent: Any, extensions: tuple[Extension, ...]) -> None:
    for one in extensions:
        child = etree.SubElement(parent, one.name)
        if isinstance(one.value, str):
            child.text = one.value
        else:
            _foreign(child, one.value)


def listed(events: Iterable[Event], preferred: Mapping[str, str] | None = None) -> Iterator[str]:
    """The elements of a list of events."""
    for event in events:
        yield "\n" + etree.tostring(event_element(event, preferred), encoding="unicode")


def write_xml(
    events: Iterable[Event], *, created: dt.datetime, preferred: Mapping[str, str] | None = None
) -> Iterator[str]:
    """An EPCISDocument."""
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<epcis:EPCISDocument xmlns:epcis="{EPCIS}" schemaVersion="2.0" creationDate="{moment(created)}">'
        "<EPCISBody><EventList>"
    )
    yield from listed(events, preferred)
    yield "</EventList></EPCISBody></epcis:EPCISDocument>\n"


def write_query(
    events: Iterable[Event], *, created: dt.datetime, preferred: Mapping[str, str] | None = None
) -> Iterator[str]:
    """An EPCISQueryDocument: the events as the answer to a query."""
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<query:EPCISQueryDocument xmlns:query="{QUERY}" schemaVersion="2.0" creationDate="{moment(created)}">'
        "<EPCISBody><query:QueryResults><queryName>SimpleEventQuery</queryName><resultsBody><EventList>"
    )
    yield from listed(events, preferred)
    yield "</EventList></resultsBody></query:QueryResults></EPCISBody></query:EPCISQueryDocument>\n"
