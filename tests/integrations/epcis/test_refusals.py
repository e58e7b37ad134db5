"""What is refused, with which reason, at which field; and bodies that mean harm."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from typing import Any

import pytest

from integrations.formats.epcis import EpcisError, read_document
from integrations.formats.epcis.documents import MAX_BYTES

pytestmark = pytest.mark.requirement("EPC-02")

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
EVENT: dict[str, Any] = {
    "type": "ObjectEvent",
    "eventTime": "2026-02-03T10:00:00.000+01:00",
    "eventTimeZoneOffset": "+01:00",
    "epcList": ["https://id.gs1.org/01/09506000134352/21/A1"],
    "action": "OBSERVE",
    "bizStep": "shipping",
}
HEAD = {"@context": [CONTEXT], "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-02-03T10:00:00Z"}
XML = (
    '<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:2" schemaVersion="2.0"'
    ' creationDate="2026-02-03T10:00:00Z"><EPCISBody><EventList>{events}</EventList></EPCISBody></epcis:EPCISDocument>'
)
XML_EVENT = (
    "<ObjectEvent><eventTime>2026-02-03T10:00:00.000+01:00</eventTime>"
    "<eventTimeZoneOffset>+01:00</eventTimeZoneOffset><epcList><epc>https://id.gs1.org/01/09506000134352/21/A1</epc>"
    "</epcList><action>OBSERVE</action><bizStep>https://ref.gs1.org/cbv/BizStep-shipping</bizStep></ObjectEvent>"
)


def document(*events: Any, **more: Any) -> bytes:
    """A document of these events."""
    return json.dumps({**HEAD, **more, "epcisBody": {"eventList": list(events)}}).encode()


def reasons(data: bytes) -> list[tuple[int, str, str]]:
    """Event, field and code of every reason against a document."""
    with pytest.raises(EpcisError) as refused:
        read_document(data)
    assert all(one.message and str(one) for one in refused.value.troubles)
    return [(one.event, one.field, one.code) for one in refused.value.troubles]


def test_both_forms_of_the_plain_event_are_read_as_one() -> None:
    assert read_document(document(EVENT)).events == read_document(XML.format(events=XML_EVENT).encode()).events
    assert read_document(json.dumps({"@context": CONTEXT, **EVENT}).encode()).events[0].biz_step == "shipping"


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"eventTime": "2020-13-45T10:00:00Z"}, "eventTime", "time"),
        ({"eventTime": "2026-02-30T10:00:00Z"}, "eventTime", "time"),
        ({"eventTime": "2026-02-03T10:00:00"}, "eventTime", "time"),
        ({"eventTime": None}, "eventTime", "kind"),
        ({"eventTimeZoneOffset": "+15:00"}, "eventTimeZoneOffset", "offset"),
        ({"bizStep": "sipping"}, "bizStep", "vocabulary"),
        ({"bizStep": "urn:epcglobal:cbv:bizstep:sipping"}, "bizStep", "vocabulary"),
        ({"bizStep": "https://ref.gs1.org/cbv/Disp-in_transit"}, "bizStep", "vocabulary"),
        ({"disposition": "shipping"}, "disposition", "vocabulary"),
        ({"action": "CHANGE"}, "action", "action"),
        ({"epcList": ["https://id.gs1.org/01/09506000134353/21/A1"]}, "epcList[0]", "epc"),
        ({"epcList": ["https://example.com/01/09506000134353/21/A1"]}, "epcList[0]", "epc"),
        ({"epcList": ["urn:epc:id:sgtin:9506000.13435.A1"]}, "epcList[0]", "epc"),
        ({"epcList": ["urn:epc:id:sscc:9506000.123456789"]}, "epcList[0]", "epc"),
        ({"epcList": ["urn:epc:id:sgtin:9506000.013435." + "A" * 21]}, "epcList[0]", "epc"),
        ({"epcList": ["not an address"]}, "epcList[0]", "uri"),
        ({"epcList": ["https://"]}, "epcList[0]", "uri"),
        ({"epcList": EVENT["epcList"] * 2}, "epcList", "twice"),
        ({"epcList": []}, "epcList", "nothing"),
        ({"quantityList": [{"epcClass": "urn:epc:class:lgtin:9506000.013435.L", "uom": "KGM"}]},
         "quantityList[0].quantity", "missing"),
        ({"quantityList": [{"epcClass": "urn:epc:class:lgtin:9506000.013435.L", "quantity": "5"}]},
         "quantityList[0].quantity", "number"),
        ({"quantityList": [{"epcClass": "urn:epc:class:lgtin:9506000.013435.L", "quantity": -5}]},
         "quantityList[0].quantity", "positive"),
        ({"quantityList": [{"epcClass": "urn:epc:class:lgtin:9506000.013435.L", "quantity": 5, "uom": "kilo"}]},
         "quantityList[0].uom", "uom"),
        ({"bizTransactionList": [{"type": "order", "bizTransaction": "urn:uuid:1"}]}, "bizTransactionList[0].type",
         "vocabulary"),
        ({"sourceList": [{"source": "urn:uuid:1"}]}, "sourceList[0].type", "missing"),
        ({"ilmd": {}, "parentID": "urn:uuid:1"}, "parentID", "unknown"),
        ({"ilmd": {"gs1:lot": "L"}}, "ilmd", "action"),
        ({"note": "x"}, "note", "unknown"),
        ({"persistentDisposition": {"set": ["gone"]}}, "persistentDisposition.set[0]", "vocabulary"),
        ({"errorDeclaration": {"reason": "because"}}, "errorDeclaration.declarationTime", "missing"),
        ({"sensorElementList": [{"sensorReport": [{"value": 1}]}]}, "sensorElementList[0].sensorReport[0].type",
         "missing"),
        ({"sensorElementList": [{"sensorReport": [{"type": "Warmth", "value": 1}]}]},
         "sensorElementList[0].sensorReport[0].type", "vocabulary"),
        ({"certificationInfo": ["urn:uuid:1", "urn:uuid:2"]}, "certificationInfo", "many"),
        ({"readPoint": "urn:uuid:1"}, "readPoint", "kind"),
        ({"gs1:a": {"bare": "x"}}, "{https://gs1.org/voc/}a.bare", "name"),
        ({"gs1:a": "tab\u0001"}, "{https://gs1.org/voc/}a", "characters"),
        ({"nobody:a": "x"}, "nobody:a", "prefix"),
        ({"type": "QuantityEvent"}, "type", "type"),
    ],
    ids=str,
)  # fmt: skip
def test_each_wrong_field_is_named(change: dict[str, Any], field: str, code: str) -> None:
    found = reasons(document(EVENT, {**EVENT, **change}))
    assert (2, field, code) in found
    assert {event for event, _field, _code in found} == {2}


def test_every_reason_of_every_event_is_told_at_once() -> None:
    wrong = {**EVENT, "bizStep": "x", "action": "y"}
    assert reasons(document(wrong, EVENT, wrong)) == [
        (1, "action", "action"), (1, "bizStep", "vocabulary"), (3, "action", "action"), (3, "bizStep", "vocabulary"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (b"", "form"),
        (b"Not a document", "form"),
        (b"\xff\xfe{\x00}\x00", "form"),
        (b'{"a": ', "json"),
        (b'{"a": NaN}', "json"),
        (b'{"type": "A", "type": "B"}', "json"),
        (b'{"a": ' + b"[" * 100 + b"]" * 100 + b"}", "json"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "json"),
        (b'{"a": 1' + b"0" * 5_000 + b"}", "json"),
        (b"{" + b" " * MAX_BYTES + b"}", "large"),
        (document(EVENT, **{"@context": ["https://evil.example.org/context.jsonld"]}), "context"),
        (document(EVENT, **{"@context": [CONTEXT, "file:///etc/passwd"]}), "context"),
        (document(EVENT, schemaVersion="1.2"), "version"),
        (document(), "empty"),
        (document(*[EVENT] * 1_001), "many"),
        (json.dumps({**HEAD, "type": "EPCISQueryDocument"}).encode(), "query"),
        (b"<a", "xml"),
        (b"<a/>", "root"),
        (XML.format(events="").encode(), "empty"),
        (b"<epcis:EPCISDocument xmlns:epcis='urn:epcglobal:epcis:xsd:1'/>", "root"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_document_that_is_none_is_refused_in_words(given: bytes, code: str) -> None:
    assert [(event, found) for event, _field, found in reasons(given)] == [(0, code)]


BILLION = (
    '<!DOCTYPE lolz [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)


@pytest.mark.parametrize(
    "head",
    [
        BILLION,
        '<!DOCTYPE a [<!ENTITY i SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:1/evil.dtd">',
        "<!DOCTYPE a>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_and_document_types_are_never_expanded_nor_fetched(head: str, encoding: str) -> None:
    body = XML.format(events=XML_EVENT.replace("OBSERVE", "&i;" if "ENTITY" in head else "OBSERVE"))
    data = (f'<?xml version="1.0" encoding="{encoding}"?>' + head + body).encode(encoding)
    found = reasons(data)
    assert [code for _event, _field, code in found] in (["doctype"], ["xml"], ["form"])
    assert not any("root:" in str(one) for one in found)


def test_a_packed_document_is_no_document() -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("events.json", b"0" * 10_000_000)
    assert reasons(packed.getvalue()) == [(0, "", "form")]


def test_deep_xml_is_refused() -> None:
    deep = '<x:a xmlns:x="urn:x:y">' * 200 + "</x:a>" * 200
    event = XML_EVENT.replace("</ObjectEvent>", deep + "</ObjectEvent>")
    assert [code for _event, _field, code in reasons(XML.format(events=event).encode())] == ["unknown"]
    deeper = '<x:a xmlns:x="urn:x:y">' * 5_000 + "</x:a>" * 5_000
    assert reasons(XML.format(events=deeper).encode())[0][2] in ("xml", "type")


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("<action>OBSERVE</action>", "<action>OBSERVE</action><action>ADD</action>", "action"),
        ("<action>", '<action a="b">', ""),
        ("OBSERVE</action>", "<b/></action>", "action"),
        ("<ObjectEvent>", '<ObjectEvent odd="1">', "odd"),
    ],
)
def test_odd_elements_of_xml_are_named(old: str, new: str, field: str) -> None:
    data = XML.format(events=XML_EVENT.replace(old, new)).encode()
    if not field:
        assert read_document(data).events  # an attribute without a meaning changes none
        return
    assert reasons(data) == [(1, field, "unknown")]
