"""Events as JSON-LD, one after the other: a document of any size is written piece by piece."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from integrations.formats.epcis.building import REPORT
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

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
Names = Mapping[str, str]
"""The prefix of each foreign namespace."""


def encoded(value: Any) -> str:
    """JSON with numbers exactly as they are: a quantity never passes through a binary fraction."""
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, dict):
        return (
            "{"
            + ", ".join(f"{json.dumps(key, ensure_ascii=False)}: {encoded(one)}" for key, one in value.items())
            + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(map(encoded, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def namespaces_of(events: Iterable[Event], preferred: Mapping[str, str] | None = None) -> dict[str, str]:
    """A prefix for each foreign namespace: the one it had where it came from, else `ns1`, `ns2` …"""
    liked = {uri: prefix for prefix, uri in (preferred or {}).items()}
    found: dict[str, str] = {}
    for event in events:
        for uri in _namespaces(event):
            if uri not in found:
                prefix = liked.get(uri, "")
                found[uri] = prefix if prefix and prefix not in found.values() else f"ns{len(found) + 1}"
    return found


def _namespaces(event: Event) -> Iterator[str]:
    own = [event.extensions, getattr(event, "ilmd", ()), event.error.extensions if event.error else ()]
    for sensor in event.sensors:
        own += [sensor.extensions, sensor.metadata_extensions, *(report.extensions for report in sensor.reports)]
    waiting = [one for part in own for one in part]
    while waiting:
        one = waiting.pop(0)
        yield one.namespace
        if not isinstance(one.value, str):
            waiting += one.value


def event_fields(event: Event, names: Names) -> dict[str, Any]:
    """The event as a JSON object, without its context."""
    found: dict[str, Any] = {"type": event.type}
    for key, value in given(event):
        found[key] = _field(key, value, names)
    return found | _foreign(event.extensions, names)


def _field(key: str, value: Any, names: Names) -> Any:
    if isinstance(value, dt.datetime):
        return moment(value)
    if key in ("readPoint", "bizLocation"):
        return {"id": value}
    if key in NAMES:
        return [({"type": kind} if kind else {}) | {name: uri} for name, kind, uri in entries(key, value)]
    if key == "ilmd":
        return _foreign(value, names)
    if isinstance(value, ErrorDeclaration):
        said: dict[str, Any] = {"declarationTime": moment(value.declared_at)}
        if value.reason:
            said["reason"] = value.reason
        if value.corrective_event_ids:
            said["correctiveEventIDs"] = list(value.corrective_event_ids)
        return said | _foreign(value.extensions, names)
    if isinstance(value, PersistentDisposition):
        return {name: list(words) for name, words in (("set", value.set), ("unset", value.unset)) if words}
    if isinstance(value, tuple):
        return [_listed(one, names) for one in value]
    return value


def _listed(value: Any, names: Names) -> Any:
    if isinstance(value, Quantity):
        found: dict[str, Any] = {"epcClass": value.epc_class}
        if value.quantity is not None:
            found["quantity"] = value.quantity
        return found | ({"uom": value.uom} if value.uom else {})
    if isinstance(value, SensorElement):
        about = dict(value.metadata) | _foreign(value.metadata_extensions, names)
        reports = [
            {name: _typed(name, text) for name, text in report.values} | _foreign(report.extensions, names)
            for report in value.reports
        ]
        return (
            ({"sensorMetadata": about} if about else {}) | {"sensorReport": reports} | _foreign(value.extensions, names)
        )
    return value


def _typed(name: str, text: str) -> Any:
    kind = REPORT[name]
    return Decimal(text) if kind == "number" else text == "true" if kind == "boolean" else text


def _foreign(given: tuple[Extension, ...], names: Names) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in given:
        key = f"{names[one.namespace]}:{one.local}"
        value = one.value if isinstance(one.value, str) else _foreign(one.value, names)
        if key not in found:
            found[key] = value
        elif isinstance(found[key], list):
            found[key].append(value)
        else:
            found[key] = [found[key], value]
    return found


def context_of(names: Names) -> list[Any]:
    """The context: the standard's own, then foreign prefixes."""
    return [CONTEXT, *({prefix: uri} for uri, prefix in names.items())]


def event_text(event: Event, preferred: Mapping[str, str] | None = None) -> str:
    """One event as a document of its own: the form in which it is kept."""
    names = namespaces_of([event], preferred)
    return encoded({"@context": context_of(names), **event_fields(event, names)})


def names_for(events: Iterable[Event], preferred: Mapping[str, str] | None) -> dict[str, str]:
    """The prefixes that a document names at its head: of all events where they are all there, else those preferred."""
    if isinstance(events, Sequence):
        return namespaces_of(events, preferred)
    return {uri: prefix for prefix, uri in (preferred or {}).items()}


def write_json(
    events: Iterable[Event], *, created: dt.datetime, preferred: Mapping[str, str] | None = None
) -> Iterator[str]:
    """An EPCISDocument."""
    names = names_for(events, preferred)
    yield (
        f'{{"@context": {encoded(context_of(names))}, "type": "EPCISDocument", "schemaVersion": "2.0", '
        f'"creationDate": "{moment(created)}", "epcisBody": {{"eventList": ['
    )
    yield from listed(events, names)
    yield "]}}"


def listed(events: Iterable[Event], names: Names) -> Iterator[str]:
    """The events of a list, with their commas; one with a namespace that the document does not name names it itself."""
    separator = ""
    for event in events:
        own = {uri: prefix for uri, prefix in namespaces_of([event]).items() if uri not in names}
        context = {"@context": context_of(own)[1:]} if own else {}
        yield f"{separator}\n{encoded({**context, **event_fields(event, {**names, **own})})}"
        separator = ","


def write_query(
    events: Iterable[Event], *, created: dt.datetime, preferred: Mapping[str, str] | None = None
) -> Iterator[str]:
    """An EPCISQueryDocument: the events as the answer to a query."""
    names = names_for(events, preferred)
    yield (
        f'{{"@context": {encoded(context_of(names))}, "type": "EPCISQueryDocument", "schemaVersion": "2.0", '
        f'"creationDate": "{moment(created)}", "epcisBody": {{"queryResults": {{"queryName": "SimpleEventQuery", '
        '"resultsBody": {"eventList": ['
    )
    yield from listed(events, names)
    yield "]}}}}"
