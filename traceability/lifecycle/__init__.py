"""States, moves and permissions of what physically exists."""

from traceability.lifecycle.goods import CONTAINER, SHIPMENT, STOCK_COUNT
from traceability.lifecycle.holding import CONTAINMENT, HOLD, RECALL
from traceability.lifecycle.labels import LABEL_TEMPLATE
from traceability.lifecycle.stock import LOT, MATERIAL_REVISION, SERIALIZED_UNIT

__all__ = [
    "CONTAINER",
    "CONTAINMENT",
    "HOLD",
    "LABEL_TEMPLATE",
    "LOT",
    "MATERIAL_REVISION",
    "RECALL",
    "SERIALIZED_UNIT",
    "SHIPMENT",
    "STOCK_COUNT",
]
