"""EPCIS 2.0 (GS1, also ISO/IEC 19987): events read and written as JSON-LD and as XML.

- `read_document` reads either form and says in words, per event and field, what is wrong;
- `write_json` and `write_xml` write the same events; both forms of one event have the same CBV hash;
- what is accepted can be written in both forms and passes the standard's own JSON Schema and XSD.

The schemas themselves are not part of this product (their licence does not allow it); the tests hold this code against
them. The words of the Core Business Vocabulary are data in `vocabulary.py`.
"""

from integrations.formats.epcis.documents import Document, read_document
from integrations.formats.epcis.events import (
    AggregationEvent,
    AssociationEvent,
    ErrorDeclaration,
    Event,
    Extension,
    ObjectEvent,
    PersistentDisposition,
    Quantity,
    SensorElement,
    TransactionEvent,
    TransformationEvent,
    Typed,
)
from integrations.formats.epcis.problems import EpcisError, Trouble
from integrations.formats.epcis.writing_json import event_text, write_json
from integrations.formats.epcis.writing_xml import write_xml

__all__ = (
    "AggregationEvent",
    "AssociationEvent",
    "Document",
    "EpcisError",
    "ErrorDeclaration",
    "Event",
    "Extension",
    "ObjectEvent",
    "PersistentDisposition",
    "Quantity",
    "SensorElement",
    "TransactionEvent",
    "TransformationEvent",
    "Trouble",
    "Typed",
    "event_text",
    "read_document",
    "write_json",
    "write_xml",
)
