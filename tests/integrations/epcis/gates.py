"""What others say of an event: the standard's JSON Schema with its formats, its XSDs, and an independent hash.

The schemas are read from the case files; the hash is GS1 Germany's reference implementation (PyPI
`epcis-event-hash-generator`). It is no oracle for two things that it does not read: a business transaction without a
type, and JSON's true and false, which it writes as Python does.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jsonschema_rs
from epcis_event_hash_generator import hash_generator, json_to_py, xml_to_py
from lxml import etree

from integrations.formats.epcis import Event, write_json, write_xml
from tests.support.cases import cases_directory

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def folder() -> Path:
    """Where the standard's files are."""
    found = cases_directory()
    assert found is not None
    return found / "gs1-epcis"


@functools.cache
def schema() -> Any:
    """The JSON Schema, formats and all."""
    text = (folder() / "schema/EPCIS-JSON-Schema.json").read_text()
    return jsonschema_rs.Draft7Validator(json.loads(text), validate_formats=True)


@functools.cache
def xsd(name: str = "EPCglobal-epcis-2_0.xsd") -> Any:
    """An XSD of the standard."""
    return etree.XMLSchema(etree.parse(str(folder() / "xsd" / name)))


def json_of(events: Sequence[Event], namespaces: Any = None) -> str:
    """The events as JSON-LD."""
    return "".join(write_json(events, created=NOW, preferred=namespaces))


def xml_of(events: Sequence[Event], namespaces: Any = None) -> str:
    """The events as XML."""
    return "".join(write_xml(events, created=NOW, preferred=namespaces))


def against_json(text: str) -> list[str]:
    """What the JSON Schema says against a document."""
    return [error.message for error in schema().iter_errors(json.loads(text))]


def against_xml(text: str, name: str = "EPCglobal-epcis-2_0.xsd") -> list[str]:
    """What the XSD says against a document."""
    gate = xsd(name)
    return [] if gate.validate(etree.fromstring(text.encode())) else [str(error) for error in gate.error_log]


def json_hashes(text: str) -> list[str]:
    """The hashes of the events of a JSON-LD document, by the independent program."""
    json_to_py._namespaces.clear()  # it keeps them from one document to the next
    quoted = text.replace('"booleanValue": true', '"booleanValue": "true"')
    quoted = quoted.replace('"booleanValue": false', '"booleanValue": "false"')
    return _quietly(
        lambda: hash_generator.epcis_hashes_from_events(json_to_py.event_list_from_epcis_document_str(quoted))
    )


def xml_hashes(text: str) -> list[str]:
    """The hashes of the events of an XML document, by the independent program."""
    return _quietly(lambda: hash_generator.epcis_hashes_from_events(xml_to_py.event_list_from_epcis_document_str(text)))


def _quietly(run: Any) -> list[str]:
    logging.disable(logging.CRITICAL)
    try:
        found: list[str] = run()
    finally:
        logging.disable(logging.NOTSET)
    return found


def assert_passes(events: Sequence[Event], namespaces: Any = None) -> None:
    """All gates: both schemas, and one hash for both forms of each event."""
    as_json, as_xml = json_of(events, namespaces), xml_of(events, namespaces)
    assert against_json(as_json) == []
    assert against_xml(as_xml) == []
    hashes = json_hashes(as_json)
    assert len(hashes) == len(events) and hashes == xml_hashes(as_xml)
