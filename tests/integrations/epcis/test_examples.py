"""Every example of the standard is read or refused with the reason; what is read leaves in both forms as one event."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from integrations.formats.epcis import EpcisError, read_document
from integrations.formats.epcis.identity import digest_of
from tests.integrations.epcis import gates
from tests.support.cases import cases_directory

pytestmark = [pytest.mark.cases, pytest.mark.requirement("EPC-01", "EPC-02")]

CASES = cases_directory()
EXAMPLES = sorted((CASES / "gs1-epcis/json").rglob("*.jsonld")) if CASES else [Path("none")]
REFUSED = {
    "AssociationEvent-h.jsonld": [(0, "", "json")],
}
"""A name stands twice in one of its objects, so it is open what it says (RFC 8259 §4): event, field, code."""
NO_ORACLE = {"Example-TransactionEvents-2020_07_03y.jsonld"}
"""The independent hash fails on a business transaction without a type."""
OTHER_HASH = {"SensorDataExample12.jsonld"}
"""The independent hash does not read the prefix `cbvmda` of the standard's own context; ours is written out."""


def test_there_are_examples_of_all_kinds() -> None:
    found = {type(event).__name__ for path in EXAMPLES if path.name not in REFUSED
             for event in read_document(path.read_bytes()).events}  # fmt: skip
    assert len(EXAMPLES) == 41
    assert found == {
        f"{kind}Event" for kind in ("Object", "Aggregation", "Transaction", "Transformation", "Association")
    }


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_an_example_is_read_or_refused_with_the_reason(path: Path) -> None:
    if path.name in REFUSED:
        with pytest.raises(EpcisError) as refused:
            read_document(path.read_bytes())
        assert [(one.event, one.field, one.code) for one in refused.value.troubles] == REFUSED[path.name]
        return
    document = read_document(path.read_bytes())
    as_json, as_xml = (
        gates.json_of(document.events, document.namespaces),
        gates.xml_of(document.events, document.namespaces),
    )
    assert gates.against_json(as_json) == []
    assert gates.against_xml(as_xml) == []
    assert read_document(as_json.encode()).events == document.events
    assert read_document(as_xml.encode()).events == document.events
    if path.name in NO_ORACLE:
        return
    hashes = gates.json_hashes(as_json)
    assert hashes == gates.xml_hashes(as_xml)
    if path.name not in OTHER_HASH:
        assert hashes == gates.json_hashes(path.read_text())


@pytest.mark.parametrize("path", [path for path in EXAMPLES if path.name not in REFUSED], ids=lambda path: path.name)
def test_the_digest_tells_events_apart_as_the_independent_hash_does(path: Path) -> None:
    document = read_document(path.read_bytes())
    for event in document.events:
        bare = replace(event, event_id="urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6", record_time=event.event_time)
        moved = replace(event, event_time=event.event_time.replace(year=1999))
        assert digest_of(event) == digest_of(bare) != digest_of(moved)
