"""What physically exists: materials and their structure, lots and units, the ledgers about them, and holds.

Bulk imports write these rows directly, in one transaction inside a service, set-based; PostgreSQL checks them:

- every record (UnitOfMeasure, Material, MaterialRevision, BillOfMaterial, BillOfMaterialLine, StorageLocation, Lot,
  SerializedUnit) starts with `row_version = 1` and has one history row with type '+', the same tracked columns, the
  same `row_version` and the acting user, written in the same transaction;
- a record with a status (MaterialRevision, Lot, SerializedUnit) needs one Transition from null into its birth state:
  `MaterialRevision` draft or effective (one effective per material at most), `Lot` quarantine, released or
  in_production, `SerializedUnit` in_process, completed or released;
- opening stock is one `StockMovement` of kind `receipt` per lot with a `to_location` at the lot's site, in the
  material's own unit of measure; a fact needs `actor_id` only, PostgreSQL stamps the rest. On-hand quantities are never
  stored anywhere else;
- a bill of material needs no draft: it is dated by its lines (`valid_to` is the last day on which a line is valid).
"""

from traceability.models.containers import (
    CompanyPrefix,
    Container,
    ContainerEntry,
)
from traceability.models.containment import (
    Containment,
    StockRemoval,
)
from traceability.models.counting import (
    StockCount,
    StockCountLine,
)
from traceability.models.labels import (
    Label,
    LabelReconciliation,
    LabelTemplate,
)
from traceability.models.ledgers import (
    GenealogyLink,
    StockMovement,
)
from traceability.models.masters import (
    BillOfMaterial,
    BillOfMaterialLine,
    Material,
    MaterialRevision,
    StorageLocation,
    UnitOfMeasure,
)
from traceability.models.purchasing import (
    PurchaseOrder,
    PurchaseOrderLine,
)
from traceability.models.recalls import (
    Recall,
    RecallDecision,
    RecallLetter,
    RecallLine,
    RecallOrder,
    RecallOrigin,
    RecallReport,
)
from traceability.models.receiving import (
    Receipt,
)
from traceability.models.shelf_life import (
    LotRetest,
)
from traceability.models.shipping import (
    CustomerReturn,
    Shipment,
    ShipmentLine,
)
from traceability.models.stock import (
    Hold,
    Lot,
    SerializedUnit,
)
from traceability.models.transformations import (
    Transformation,
)

__all__ = [
    "BillOfMaterial",
    "BillOfMaterialLine",
    "CompanyPrefix",
    "Container",
    "ContainerEntry",
    "Containment",
    "CustomerReturn",
    "GenealogyLink",
    "Hold",
    "Label",
    "LabelReconciliation",
    "LabelTemplate",
    "Lot",
    "LotRetest",
    "Material",
    "MaterialRevision",
    "PurchaseOrder",
    "PurchaseOrderLine",
    "Recall",
    "RecallDecision",
    "RecallLetter",
    "RecallLine",
    "RecallOrder",
    "RecallOrigin",
    "RecallReport",
    "Receipt",
    "SerializedUnit",
    "Shipment",
    "ShipmentLine",
    "StockCount",
    "StockCountLine",
    "StockMovement",
    "StockRemoval",
    "StorageLocation",
    "Transformation",
    "UnitOfMeasure",
]
