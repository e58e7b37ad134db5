"""A document of events in either form: recognised by its first character, read whole, refused whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from integrations.formats.epcis import reading_json, reading_xml
from integrations.formats.epcis.building import Builder
from integrations.formats.epcis.events import Event
from integrations.formats.epcis.problems import EpcisError, Trouble, refuse

MAX_BYTES = 5 * 1024 * 1024
MAX_EVENTS = 1_000
TOLD = 100
"""Reasons that a refusal names."""
JSON_TYPE, XML_TYPE = "application/ld+json", "application/xml"


@dataclass(frozen=True)
class Document:
    """The events of a document, the form it had, and the prefixes by which it called foreign namespaces."""

    events: tuple[Event, ...]
    media_type: str
    namespaces: Mapping[str, str]


def read_document(data: bytes, *, max_events: int = MAX_EVENTS) -> Document:
    """The events of an EPCIS 2.0 document, or of one event by itself. Raises `EpcisError` with every reason.

    Nothing is fetched, no entity is expanded, and more than `MAX_BYTES` bytes or `max_events` events are refused.
    """
    if len(data) > MAX_BYTES:
        raise refuse("large", _("It is larger than %(size)s MB.") % {"size": MAX_BYTES // 1024 // 1024})
    start = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start == b"{":
        given, namespaces, media_type = *reading_json.read(data), JSON_TYPE
    elif start == b"<":
        given, namespaces, media_type = *reading_xml.read(data), XML_TYPE
    else:
        raise refuse("form", _("It is neither JSON-LD (it would begin with “{”) nor XML (with “<”)."))
    if not given:
        raise refuse("empty", _("There is no event in it."), field="eventList")
    if len(given) > max_events:
        said = _("It has %(count)s events; one document may have %(most)s. Send them in parts.")
        raise refuse("many", said % {"count": f"{len(given):,}", "most": f"{max_events:,}"}, field="eventList")
    return Document(_built(given, is_xml=media_type == XML_TYPE), media_type, namespaces)


def _built(given: list[Any], *, is_xml: bool) -> tuple[Event, ...]:
    events: list[Event] = []
    troubles: list[Trouble] = []
    for number, one in enumerate(given, 1):
        if isinstance(one, reading_json.Unreadable):
            troubles.append(Trouble(number, one.field, one.code, one.message))
            continue
        builder = Builder(number, is_xml=is_xml)
        event = builder.build(one)
        troubles += builder.troubles
        if event is not None:
            events.append(event)
    if troubles:
        raise EpcisError(troubles[:TOLD])
    return tuple(events)
