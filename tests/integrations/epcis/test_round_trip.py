"""Any event that can be said leaves in both forms, passes both schemas, comes back the same, and has one hash."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.formats.epcis import (
    AggregationEvent,
    AssociationEvent,
    EpcisError,
    ErrorDeclaration,
    Extension,
    ObjectEvent,
    PersistentDisposition,
    Quantity,
    SensorElement,
    TransactionEvent,
    TransformationEvent,
    Typed,
    read_document,
)
from integrations.formats.epcis import vocabulary as cbv
from integrations.formats.epcis.events import SensorReport
from integrations.formats.epcis.identity import digest_of
from tests.integrations.epcis import gates

pytestmark = [pytest.mark.cases, pytest.mark.requirement("EPC-02", "EPC-03")]

NS = "http://ns.example.com/epcis/"
words = (
    st.text("abcdefghijklmnopqrstuvwxyzäöß ABC<>&\"'", min_size=1, max_size=12)
    .map(str.strip)
    .filter(lambda text: text.upper() not in ("NAN", "INF", "INFINITY", ""))
)  # the independent hash takes some words for numbers
EARLY, LATE = dt.datetime.fromisoformat("1990-01-01"), dt.datetime.fromisoformat("2090-01-01")
zones = st.integers(-13 * 60, 13 * 60).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)))
times = st.datetimes(EARLY, LATE, timezones=zones).map(lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000))
offsets = st.integers(-13 * 60, 13 * 60).map(
    lambda minutes: f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
)
serials = st.text("ABCabc0123456789-_", min_size=1, max_size=20)
epcs = st.one_of(
    serials.map(lambda serial: f"https://id.gs1.org/01/09506000134352/21/{serial}"),
    serials.map(lambda serial: f"urn:epc:id:sgtin:9506000.013435.{serial}"),
    serials.map(lambda serial: f"https://plant.example.com/id/obj/M-1/{serial}"),
    st.integers(0, 10**9 - 1).map(lambda number: f"urn:epc:id:sscc:9506000.0{number:09d}"),
)
lists = st.lists(epcs, max_size=3).map(dict.fromkeys).map(tuple)
some = st.lists(epcs, min_size=1, max_size=3).map(dict.fromkeys).map(tuple)
numbers = st.decimals(Decimal("0.001"), Decimal(10**6), places=3, allow_nan=False).map(lambda n: n.normalize())
one_quantity = st.one_of(
    st.builds(Quantity, serials.map(lambda lot: f"urn:epc:class:lgtin:9506000.013435.{lot}")),
    st.builds(
        Quantity,
        serials.map(lambda lot: f"https://id.gs1.org/01/09506000134352/10/{lot}"),
        numbers,
        st.sampled_from(["", "KGM", "LTR", "MTR"]),
    ),
)
quantities = st.lists(one_quantity, max_size=3).map(tuple)
some_quantities = st.lists(one_quantity, min_size=1, max_size=3).map(tuple)
places = st.sampled_from(["", "urn:epc:id:sgln:9506000.00000.0", "https://plant.example.com/id/loc/WIEN/A-1"])


def in_order(found: list[Extension]) -> tuple[Extension, ...]:
    """As they are read: by their names."""
    return tuple(sorted(found, key=lambda one: one.name))


fields = words.map(lambda text: Extension(f"{{{NS}}}field", text))
groups = st.lists(fields, min_size=1, max_size=2).map(lambda found: Extension(f"{{{NS}}}group", in_order(found)))
nested = st.builds(lambda a, b: Extension(f"{{{NS}}}nested", in_order([a, b])), fields, groups)
extensions = st.lists(st.one_of(fields, groups, nested), max_size=2).map(in_order)


def typed(vocabulary: cbv.Vocabulary, least: int = 0) -> Any:
    """Some papers or parties."""
    one = st.builds(Typed, st.sampled_from(sorted(vocabulary.words)), st.uuids().map(lambda key: f"urn:uuid:{key}"))
    return st.lists(one, min_size=least, max_size=2).map(tuple)


sensors = st.lists(
    st.builds(
        SensorElement,
        reports=st.lists(
            st.builds(
                SensorReport,
                st.tuples(st.sampled_from(sorted(cbv.MEASUREMENTS)), numbers, st.booleans()).map(
                    lambda t: (("type", t[0]), ("value", f"{t[1]:f}"), ("booleanValue", str(t[2]).lower()))
                ),
            ),
            min_size=1, max_size=2,
        ).map(tuple),
        metadata=st.just((("deviceID", "urn:epc:id:giai:4000001.111"),)),
    ),
    max_size=2,
).map(tuple)  # fmt: skip
common: dict[str, Any] = {
    "event_time": times,
    "offset": offsets,
    "record_time": st.none() | times,
    "event_id": st.just("") | st.uuids().map(lambda key: f"urn:uuid:{key}"),
    "error": st.none() | st.builds(ErrorDeclaration, times, st.sampled_from(["", *sorted(cbv.ERROR_REASONS)])),
    "certification": st.sampled_from(["", "https://example.com/cert/1"]),
    "biz_step": st.sampled_from(["", "http://epcis.example.org/steps/x", *sorted(cbv.BIZ_STEPS)]),
    "disposition": st.sampled_from(["", *sorted(cbv.DISPOSITIONS)]),
    "read_point": places,
    "biz_location": places,
    "transactions": typed(cbv.TRANSACTION_TYPE),
    "sources": typed(cbv.PARTY_TYPE),
    "destinations": typed(cbv.PARTY_TYPE),
    "sensors": sensors,
    "extensions": extensions,
}
actions = st.sampled_from(["ADD", "OBSERVE", "DELETE"])
dispositions = st.lists(st.sampled_from(sorted(cbv.DISPOSITIONS)), min_size=1, max_size=2).map(dict.fromkeys).map(tuple)
persistent = st.none() | st.builds(PersistentDisposition, set=dispositions, unset=st.just(()) | dispositions)
events = st.one_of(
    st.builds(ObjectEvent, action=actions, epcs=some, quantities=quantities, persistent=persistent, **common),
    st.builds(ObjectEvent, action=st.just("ADD"), quantities=some_quantities, ilmd=extensions, **common),
    st.builds(AggregationEvent, action=actions, parent=epcs, children=some, child_quantities=quantities, **common),
    st.builds(AssociationEvent, action=actions, parent=epcs, children=some, child_quantities=quantities, **common),
    st.builds(
        TransactionEvent, action=actions, epcs=some, parent=st.just("") | epcs,
        **{**common, "transactions": typed(cbv.TRANSACTION_TYPE, 1)},
    ),
    st.builds(
        TransformationEvent, inputs=some, input_quantities=quantities, outputs=lists, output_quantities=some_quantities,
        transformation_id=st.just("") | st.just("urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"), ilmd=extensions,
        **common,
    ),
)  # fmt: skip


@given(events)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_event_is_the_same_in_both_forms(event: Any) -> None:
    found = [event]
    as_json, as_xml = gates.json_of(found), gates.xml_of(found)
    assert gates.against_json(as_json) == []
    assert gates.against_xml(as_xml) == []
    from_json, from_xml = read_document(as_json.encode()).events, read_document(as_xml.encode()).events
    assert from_json == from_xml == tuple(found)
    again = read_document(gates.json_of(from_xml).encode()).events
    assert [digest_of(one) for one in again] == [digest_of(one) for one in found]
    assert gates.json_hashes(as_json) == gates.xml_hashes(as_xml)


NAMES = (
    "type eventTime eventTimeZoneOffset epcList quantityList action bizStep disposition readPoint parentID childEPCs "
    "inputEPCList outputEPCList ilmd sensorElementList bizTransactionList persistentDisposition errorDeclaration "
    "eventID extra gs1:x"
)
INNER_NAMES = "id type epcClass quantity uom set sensorReport bizTransaction gs1:y"
KEYS = st.sampled_from(tuple(NAMES.split(" ")))
INNER_KEYS = st.sampled_from(tuple(INNER_NAMES.split(" ")))
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8)
    | epcs | st.sampled_from(["ADD", "shipping", "ObjectEvent", "2026-01-01T00:00:00Z", "+01:00", "Temperature"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(
        INNER_KEYS, inner, max_size=3
    ),
    max_leaves=5,
)  # fmt: skip


@given(events, st.dictionaries(KEYS, values, max_size=2))
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_read_of_a_spoiled_event_passes_both_schemas(event: Any, spoiled: dict[str, Any]) -> None:
    document = json.loads(gates.json_of([event]))
    document["epcisBody"]["eventList"][0].update(spoiled)
    try:
        found = read_document(json.dumps(document).encode()).events
    except EpcisError as refused:
        assert all(one.message for one in refused.troubles)
        return
    assert gates.against_json(gates.json_of(found)) == []
    assert gates.against_xml(gates.xml_of(found)) == []
