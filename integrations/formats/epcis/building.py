"""From the plain fields of an event, as either form holds them, to the event: every rule in one place.

The forms differ in spelling only: JSON has numbers where XML has texts. What one of the two forms could not hold is
refused, so that whatever was taken in can leave in both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from integrations.formats.epcis import vocabulary as cbv
from integrations.formats.epcis.events import (
    ATTRIBUTES,
    KINDS,
    ErrorDeclaration,
    Event,
    Extension,
    PersistentDisposition,
    Quantity,
    SensorElement,
    SensorReport,
    Typed,
)
from integrations.formats.epcis.values import NAME, UOM, URI, Values, plain, shown

METADATA: Mapping[str, str] = {
    "time": "time", "startTime": "time", "endTime": "time", "deviceID": "uri", "deviceMetadata": "uri",
    "rawData": "uri", "dataProcessingMethod": "uri", "bizRules": "uri",
}  # fmt: skip
REPORT: Mapping[str, str] = {
    "type": "measurement", "exception": "alert", "deviceID": "uri", "deviceMetadata": "uri", "rawData": "uri",
    "dataProcessingMethod": "uri", "bizRules": "uri", "time": "time", "microorganism": "uri",
    "chemicalSubstance": "uri", "coordinateReferenceSystem": "uri", "value": "number", "component": "component",
    "stringValue": "text", "booleanValue": "boolean", "hexBinaryValue": "hex", "uriValue": "uri", "minValue": "number",
    "maxValue": "number", "meanValue": "number", "sDev": "number", "percRank": "number", "percValue": "number",
    "uom": "text",
}  # fmt: skip
"""The attributes of sensor data and what each holds."""
VOCABULARIES = {"measurement": cbv.MEASUREMENT, "alert": cbv.ALERT, "component": cbv.COMPONENT}


class Builder(Values):
    """Builds one event of the document; what is wrong is added to `troubles`."""

    def build(self, given: Mapping[str, Any]) -> Event | None:
        """The event; None when something is wrong."""
        name = given.get("type")
        kind = KINDS.get(name) if isinstance(name, str) else None
        if kind is None:
            self.wrong("type", "type", _("“%(value)s” is none of the five kinds of events.") % {"value": shown(name)})
            return None
        values: dict[str, Any] = {}
        for key, value in given.items():
            if key == "type" or key.startswith("{"):
                continue
            if key not in kind.keys:
                self.wrong(key, "unknown", _("Such an event has no field of this name."))
            elif value not in ([], {}):  # §7.4: an empty list is the same as none
                values[ATTRIBUTES[key]] = READERS[key](self, key, value)
        extensions = self.extensions("", {key: value for key, value in given.items() if key.startswith("{")})
        for key in ("eventTime", "eventTimeZoneOffset", *(("action",) if "action" in kind.keys else ())):
            if ATTRIBUTES[key] not in values:
                self.wrong(key, "missing", _("It must be given."))
        if self.troubles:
            return None
        event = kind(extensions=extensions, **values)
        self.check(event)
        return None if self.troubles else event

    # --- Rules between fields ----------------------------------------------------------------------------------------

    def check(self, event: Event) -> None:
        """What the fields must be together."""
        value: Any = event
        if event.type == "ObjectEvent":
            if not (value.epcs or value.quantities or (event.sensors and event.read_point)):
                self.wrong("epcList", "nothing", _("It names no thing: give epcList or quantityList."))
            if value.ilmd and value.action != "ADD":
                self.wrong("ilmd", "action", _("Only an event with the action ADD may have it."))
        elif event.type in ("AggregationEvent", "AssociationEvent"):
            needs_parent = event.type == "AssociationEvent" or value.action in ("ADD", "DELETE")
            if needs_parent and not value.parent:
                self.wrong("parentID", "missing", _("It must be given."))
            if value.action != "DELETE" and not (value.children or value.child_quantities):
                self.wrong("childEPCs", "nothing", _("It names no thing: give childEPCs or childQuantityList."))
        elif event.type == "TransactionEvent":
            if not event.transactions:
                self.wrong("bizTransactionList", "missing", _("It must be given."))
            if not (value.epcs or value.quantities or value.parent):
                self.wrong("epcList", "nothing", _("It names no thing: give epcList or quantityList."))
            elif not (value.epcs or value.quantities):
                self.wrong("epcList", "nothing", _("A parent alone is not enough: give epcList or quantityList."))
        else:
            into, out = value.inputs or value.input_quantities, value.outputs or value.output_quantities
            if not (into and out) and not (value.transformation_id and (into or out)):
                said = _("Give inputs and outputs, or one of them with a transformationID.")
                self.wrong("inputEPCList", "nothing", said)

    # --- Fields ------------------------------------------------------------------------------------------------------

    def uris(self, field: str, value: Any) -> tuple[str, ...]:
        """A list of URIs, none twice."""
        found = tuple(self.uri(f"{field}[{n}]", one) for n, one in enumerate(self.listed(field, value)))
        if len(set(found)) != len(found):
            self.wrong(field, "twice", _("The same thing stands there twice."))
        return found

    def quantities(self, field: str, value: Any) -> tuple[Quantity, ...]:
        """A list of quantities of classes."""
        return tuple(self._quantity(f"{field}[{n}]", one) for n, one in enumerate(self.listed(field, value)))

    def _quantity(self, field: str, value: Any) -> Quantity:
        given = self.fields(field, value, ("epcClass", "quantity", "uom"))
        uom = self.text(f"{field}.uom", given["uom"], 40) if "uom" in given else ""
        if "uom" in given and not UOM.fullmatch(uom):
            said = _("“%(value)s” is no code of UN/CEFACT Recommendation 20, such as KGM.") % {"value": shown(uom)}
            self.wrong(f"{field}.uom", "uom", said)
        quantity = self.number(f"{field}.quantity", given["quantity"]) if "quantity" in given else None
        if uom and quantity is None:
            self.wrong(f"{field}.quantity", "missing", _("A unit without a quantity says nothing."))
        elif quantity is not None and quantity <= 0:
            self.wrong(f"{field}.quantity", "positive", _("A quantity is more than zero."))
        return Quantity(self.uri(f"{field}.epcClass", given.get("epcClass", "")), quantity, uom)

    def typed(self, field: str, value: Any, name: str, vocabulary: cbv.Vocabulary) -> tuple[Typed, ...]:
        """Business transactions, sources, destinations."""
        found = []
        for n, one in enumerate(self.listed(field, value)):
            place = f"{field}[{n}]"
            given = self.fields(place, one, ("type", name))
            kind = self.word(f"{place}.type", given["type"], vocabulary) if "type" in given else ""
            if "type" not in given and name != "bizTransaction":
                self.wrong(f"{place}.type", "missing", _("It must be given."))
            found.append(Typed(kind, self.uri(f"{place}.{name}", given.get(name, ""))))
        return tuple(found)

    def place(self, field: str, value: Any) -> str:
        """A read point or business location."""
        return self.uri(f"{field}.id", self.fields(field, value, ("id",)).get("id", ""))

    def certification(self, field: str, value: Any) -> str:
        """The address of a certificate: one, as the XML form holds no more."""
        many = value if isinstance(value, list) else [value]
        if len(many) > 1:
            self.wrong(field, "many", _("The XML form of an event holds one certificate only."))
        return self.uri(field, many[0])

    def persistent(self, field: str, value: Any) -> PersistentDisposition:
        """Dispositions that hold from now on."""
        given = self.fields(field, value, ("set", "unset"))
        found = {
            name: tuple(
                self.word(f"{field}.{name}[{n}]", one, cbv.DISPOSITION)
                for n, one in enumerate(self.listed(f"{field}.{name}", given[name]))
            )
            for name in ("set", "unset")
            if name in given
        }
        for name, words in found.items():
            if not words or len(set(words)) != len(words):
                self.wrong(f"{field}.{name}", "twice", _("It is empty, or the same word stands there twice."))
        return PersistentDisposition(**found)

    def error(self, field: str, value: Any) -> ErrorDeclaration:
        """The declaration that an event was a mistake."""
        known = ("declarationTime", "reason", "correctiveEventIDs")
        given: Mapping[str, Any] = value if isinstance(value, dict) else {}
        own = {key: one for key, one in given.items() if key.startswith("{")}
        given = self.fields(field, {k: v for k, v in given.items() if k not in own} if given else value, known)
        if "declarationTime" not in given:
            self.wrong(f"{field}.declarationTime", "missing", _("It must be given."))
        return ErrorDeclaration(
            self.moment(f"{field}.declarationTime", given.get("declarationTime", "")),
            self.word(f"{field}.reason", given["reason"], cbv.ERROR_REASON) if "reason" in given else "",
            self.uris(f"{field}.correctiveEventIDs", given.get("correctiveEventIDs", [])),
            self.extensions(field, own),
        )

    # --- Sensors -----------------------------------------------------------------------------------------------------

    def sensors(self, field: str, value: Any) -> tuple[SensorElement, ...]:
        """Sensor data."""
        found = []
        for n, one in enumerate(self.listed(field, value)):
            place = f"{field}[{n}]"
            given, own = self._apart(place, one, ("sensorMetadata", "sensorReport"))
            meta, about = self._apart(f"{place}.sensorMetadata", given.get("sensorMetadata", {}), tuple(METADATA))
            reports = []
            for m, report in enumerate(self.listed(f"{place}.sensorReport", given.get("sensorReport", []))):
                at = f"{place}.sensorReport[{m}]"
                values, more = self._apart(at, report, tuple(REPORT))
                if "type" not in values:
                    self.wrong(f"{at}.type", "missing", _("It must be given."))
                reports.append(SensorReport(self._attributes(at, values, REPORT), self._flat(at, more)))
            if not reports:
                self.wrong(f"{place}.sensorReport", "missing", _("It must be given."))
            metadata = self._attributes(f"{place}.sensorMetadata", meta, METADATA)
            flat = self._flat(f"{place}.sensorMetadata", about)
            found.append(SensorElement(tuple(reports), metadata, flat, self.extensions(place, own)))
        return tuple(found)

    def _apart(self, field: str, value: Any, known: tuple[str, ...]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """The standard's own fields, and those of somebody else's."""
        given = value if isinstance(value, dict) else {}
        own = {key: one for key, one in given.items() if key.startswith("{")}
        rest = {key: one for key, one in given.items() if key not in own} if isinstance(value, dict) else value
        return self.fields(field, rest, known), own

    def _attributes(
        self, field: str, given: Mapping[str, Any], kinds: Mapping[str, str]
    ) -> tuple[tuple[str, str], ...]:
        return tuple(
            (name, self._attribute(f"{field}.{name}", given[name], kind))
            for name, kind in kinds.items()
            if name in given
        )

    def _attribute(self, field: str, value: Any, kind: str) -> str:
        """A value as text in one form, whichever form it came in."""
        if kind in VOCABULARIES:
            return self.word(field, value, VOCABULARIES[kind])
        if kind == "number":
            return plain(self.number(field, value))
        if kind == "boolean":
            known: Mapping[Any, str] = {"true": "true", "1": "true", "false": "false", "0": "false"}
            found = known.get(value) if self.is_xml else {True: "true", False: "false"}.get(value)
            if found is None or (not self.is_xml and not isinstance(value, bool)):
                self.wrong(field, "boolean", _("true or false is wanted."))
            return found or ""
        if kind == "time":
            return self.moment(field, value).isoformat(timespec="microseconds")
        if kind == "hex":
            text = self.text(field, value)
            if not re.fullmatch(r"(?:[0-9A-Fa-f]{2})+", text):
                self.wrong(field, "hex", _("Pairs of hexadecimal digits are wanted."))
            return text
        return self.uri(field, value) if kind == "uri" else self.text(field, value)

    # --- Extensions --------------------------------------------------------------------------------------------------

    def extensions(self, field: str, given: Mapping[str, Any], depth: int = 0) -> tuple[Extension, ...]:
        """Fields of somebody else's, in the order of their names."""
        found: list[Extension] = []
        for name, value in given.items():
            place = f"{field}.{name}" if field else name
            namespace, local = name[1:].partition("}")[::2]
            if not name.startswith("{") or not NAME.fullmatch(local) or not URI.fullmatch(namespace):
                said = _("“%(name)s” stands in no namespace, or XML has no such name.") % {"name": shown(name)}
                self.wrong(place, "name", said)
                continue
            many = value if isinstance(value, list) else [value]
            found += [Extension(name, self._content(place, one, depth)) for one in many]
        return tuple(sorted(found, key=lambda one: one.name))

    def ilmd(self, field: str, value: Any) -> tuple[Extension, ...]:
        """Instance and lot master data."""
        return self.extensions(field, self.fields(field, value, tuple(value)) if isinstance(value, dict) else {})

    def _content(self, field: str, value: Any, depth: int) -> str | tuple[Extension, ...]:
        if isinstance(value, dict):
            return self.extensions(field, value, depth + 1)
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int | Decimal):
            return plain(self.number(field, value))
        return self.text(field, value)

    def _flat(self, field: str, given: Mapping[str, Any]) -> tuple[Extension, ...]:
        """Fields that XML writes as attributes: texts, each once."""
        found = self.extensions(field, given)
        if any(not isinstance(one.value, str) for one in found) or len({one.name for one in found}) != len(found):
            self.wrong(field, "flat", _("Here the XML form holds only texts, each once."))
        return found


Reader = Callable[[Builder, str, Any], Any]
READERS: Mapping[str, Reader] = {
    "eventTime": Builder.moment,
    "recordTime": Builder.moment,
    "eventTimeZoneOffset": Builder.offset,
    "eventID": Builder.uri,
    "errorDeclaration": Builder.error,
    "certificationInfo": Builder.certification,
    "action": Builder.action,
    "bizStep": lambda self, field, value: self.word(field, value, cbv.BIZ_STEP),
    "disposition": lambda self, field, value: self.word(field, value, cbv.DISPOSITION),
    "readPoint": Builder.place,
    "bizLocation": Builder.place,
    "bizTransactionList": lambda self, f, v: self.typed(f, v, "bizTransaction", cbv.TRANSACTION_TYPE),
    "sourceList": lambda self, field, value: self.typed(field, value, "source", cbv.PARTY_TYPE),
    "destinationList": lambda self, field, value: self.typed(field, value, "destination", cbv.PARTY_TYPE),
    "sensorElementList": Builder.sensors,
    "persistentDisposition": Builder.persistent,
    "ilmd": Builder.ilmd,
    "parentID": Builder.uri,
    "transformationID": Builder.uri,
    **dict.fromkeys(("epcList", "childEPCs", "inputEPCList", "outputEPCList"), Builder.uris),
    **dict.fromkeys(
        ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"), Builder.quantities
    ),
}
"""How each field is read."""
