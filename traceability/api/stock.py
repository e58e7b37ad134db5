"""The API of materials, lots, units, places, goods and counts."""

from __future__ import annotations

from html import unescape
from typing import Any

from django.utils.html import strip_tags

from core.web.api import Reading, deed, moves, reading, records
from core.web.api.problems import of_form
from core.web.links import reachable
from traceability.forms import TraceForm
from traceability.models import (
    BillOfMaterial,
    CustomerReturn,
    Lot,
    MaterialRevision,
    Shipment,
    ShipmentLine,
    StockCountLine,
)
from traceability.queries import (
    built_into,
    goods_of,
    lines_of,
    movements_of,
    own_label,
    state_of,
    stock_by_place,
)
from traceability.serializers import (
    AboutLotShape,
    BuiltInShape,
    LabelShape,
    PlaceShape,
    PurchaseOrderLineShape,
    ShipmentLineShape,
    StockCountLineShape,
    StockMovementShape,
    TraceRowShape,
)
from traceability.views import (
    counting,
    everything,
    lots,
    materials,
    measures,
    places,
    purchasing,
    receiving,
    shelf_life,
    shipping,
    trace,
    transforming,
    units,
)


class LotStock(Reading):
    """Where a lot lies."""

    page, shape = lots.LotDetail, PlaceShape

    def read(self, page: Any) -> list[Any]:
        return stock_by_place(state_of(page.record))


class Movements(Reading):
    """What came, went and moved of a lot or unit, the newest rows the page shows."""

    shape = StockMovementShape

    def read(self, page: Any) -> list[Any]:
        return list(movements_of(page.record)[: lots.ROWS_SHOWN])


class LotMovements(Movements):
    """What came, went and moved of a lot."""

    page = lots.LotDetail


class UnitMovements(Movements):
    """What came, went and moved of a unit."""

    page = units.UnitDetail


class Label(Reading):
    """What the label of it says: GS1 element string, the same in words, and Digital Link."""

    shape = LabelShape

    def read(self, page: Any) -> list[Any]:
        return [own_label(page.record)]


class LotLabel(Label):
    """What the label of a lot says."""

    page = lots.LotDetail


class UnitLabel(Label):
    """What the label of a unit says."""

    page = units.UnitDetail


class PurchaseOrderLines(Reading):
    """What was ordered, and what arrived of it."""

    page, shape = purchasing.PurchaseOrderDetail, PurchaseOrderLineShape

    def read(self, page: Any) -> list[Any]:
        return list(page.record.lines.all())


class ShipmentLines(Reading):
    """What is on a shipment, and what came back of it."""

    page, shape = shipping.ShipmentDetail, ShipmentLineShape

    def read(self, page: Any) -> list[Any]:
        return goods_of(page.record)


class StockCountLines(Reading):
    """What was counted; what the ledger said only once all is counted."""

    page, shape = counting.StockCountDetail, StockCountLineShape

    def read(self, page: Any) -> list[Any]:
        return lines_of(page.record)


class Trace(Reading):
    """What went in, or where it went, at any depth."""

    shape = TraceRowShape
    query = {"direction": ("backward", "forward", "both")}
    texts = TraceForm.FILTERS
    is_paged = True
    beside = {"is_partial": "boolean"}

    def read(self, page: Any) -> list[Any]:
        self.asked("direction")
        if not page.form.is_valid():
            problem = of_form(page.form)
            problem.status = 400
            raise problem
        return list(page.rows)

    def said(self, page: Any) -> dict[str, Any]:
        """Whether a part of it lies where its reader may not look."""
        return {"is_partial": page.found.is_partial}


class LotTrace(Trace):
    """The genealogy of a lot."""

    page = trace.LotTrace


class UnitTrace(Trace):
    """The genealogy of a serialized unit."""

    page = trace.UnitTrace


class LotEverything(Reading):
    """What every part of the system keeps of a lot, the newest lines of each part."""

    page, shape = everything.LotEverything, AboutLotShape

    def read(self, page: Any) -> list[Any]:
        return [
            {
                "part": part.key,
                "what": str(line.what),
                "note": words_of(line.note),
                "url": reachable(page.request, line.url),
                "at": line.at,
            }
            for part, line in page.lines()
        ]


class UnitComponents(Reading):
    """What a unit is made of and was made of, each lot and unit by itself with its dates."""

    page, shape = units.UnitDetail, BuiltInShape

    def read(self, page: Any) -> list[Any]:
        return built_into(page.record)


def words_of(note: Any) -> str:
    """What is shown beside a line, without its marks."""
    return " ".join(unescape(strip_tags(str(note))).split())


urlpatterns = [
    *records(
        "materials",
        name="material",
        list=materials.MaterialList,
        create=materials.MaterialCreate,
        detail=materials.MaterialDetail,
        change=materials.MaterialChange,
    ),
    deed(
        "materials/<int:pk>/revise/",
        materials.RevisionCreate,
        name="materialrevision_create",
        returns=MaterialRevision,
        status=201,
    ),
    deed(
        "materials/<int:pk>/structure/",
        materials.BillOfMaterialCreate,
        name="billofmaterial_create",
        returns=BillOfMaterial,
        status=201,
    ),
    deed("revisions/<int:pk>/use-up/", materials.RevisionUseUp, name="materialrevision_use_up"),
    *moves(
        "revisions/<int:pk>/",
        materials.RevisionMove,
        name="materialrevision",
        only=("make_effective", "make_obsolete"),
    ),
    *records("structures", name="billofmaterial", detail=materials.BillOfMaterialDetail),
    deed("structures/<int:pk>/add/", materials.BomLineCreate, name="billofmaterialline_create"),
    deed("structure-lines/<int:pk>/end/", materials.BomLineEnd, name="billofmaterialline_end"),
    *records("lots", name="lot", list=lots.LotList, create=lots.LotReceive, detail=lots.LotDetail),
    reading("lots/<int:pk>/stock/", LotStock, name="lot_stock"),
    reading("lots/<int:pk>/movements/", LotMovements, name="lot_movements"),
    reading("lots/<int:pk>/everything/", LotEverything, name="lot_everything"),
    reading("lots/<int:pk>/trace/", LotTrace, name="lot_trace"),
    reading("lots/<int:pk>/label/", LotLabel, name="lot_label"),
    deed("lots/<int:pk>/hold/", lots.LotHold, name="lot_hold"),
    deed("lots/<int:pk>/transfer/", lots.LotTransfer, name="lot_transfer"),
    deed("lots/<int:pk>/scrap/", lots.LotScrap, name="lot_scrap"),
    deed("lots/<int:pk>/open/", shelf_life.LotOpen, name="lot_open"),
    deed("lots/<int:pk>/retest/", shelf_life.LotRetest, name="lot_retest"),
    deed("lots/<int:pk>/count/", lots.LotCount, name="lot_count"),
    deed("lots/<int:pk>/split/", transforming.LotSplit, name="lot_split", returns=Lot, status=201),
    deed("lots/<int:pk>/merge/", transforming.LotMerge, name="lot_merge", returns=Lot, status=201),
    deed("transformations/<int:pk>/undo/", transforming.TransformationUndo, name="transformation_undo"),
    *moves("lots/<int:pk>/", lots.LotMove, name="lot"),
    *records("units", name="serializedunit", list=units.UnitList, detail=units.UnitDetail),
    reading("units/<int:pk>/movements/", UnitMovements, name="serializedunit_movements"),
    reading("units/<int:pk>/trace/", UnitTrace, name="serializedunit_trace"),
    reading("units/<int:pk>/label/", UnitLabel, name="serializedunit_label"),
    reading("units/<int:pk>/components/", UnitComponents, name="serializedunit_components"),
    deed("units/<int:pk>/replace/", transforming.ComponentReplace, name="serializedunit_replace"),
    deed("units/<int:pk>/build-in/", transforming.ComponentBuildIn, name="serializedunit_build_in"),
    deed("units/<int:pk>/hold/", units.UnitHold, name="serializedunit_hold"),
    deed("units/<int:pk>/release/", units.UnitMove, name="serializedunit_release", move="release"),
    deed("units/<int:pk>/scrap/", units.UnitMove, name="serializedunit_scrap", move="scrap"),
    *records(
        "locations",
        name="storagelocation",
        list=places.LocationList,
        create=places.LocationCreate,
        detail=places.LocationDetail,
    ),
    *records(
        "units-of-measure",
        name="unitofmeasure",
        list=measures.UnitOfMeasureList,
        create=measures.UnitOfMeasureCreate,
        detail=measures.UnitOfMeasureDetail,
        change=measures.UnitOfMeasureChange,
    ),
    *records(
        "purchase-orders",
        name="purchaseorder",
        list=purchasing.PurchaseOrderList,
        detail=purchasing.PurchaseOrderDetail,
    ),
    *records("expected-receipts", name="purchaseorderline", list=purchasing.ExpectedReceiptList),
    reading("purchase-orders/<int:pk>/lines/", PurchaseOrderLines, name="purchaseorder_lines"),
    *records(
        "counts",
        name="stockcount",
        list=counting.StockCountList,
        create=counting.StockCountCreate,
        detail=counting.StockCountDetail,
    ),
    reading("counts/<int:pk>/lines/", StockCountLines, name="stockcount_lines"),
    deed(
        "counts/<int:pk>/add/",
        counting.StockCountLineCreate,
        name="stockcountline_create",
        returns=StockCountLine,
        status=201,
    ),
    *moves("counts/<int:pk>/", counting.StockCountMove, name="stockcount"),
    *records("receipts", name="receipt", list=receiving.ReceiptList, create=receiving.GoodsReceive),
    deed("receipts/<int:pk>/take-back/", receiving.ReceiptTakeBack, name="receipt_take_back"),
    *records(
        "shipments",
        name="shipment",
        list=shipping.ShipmentList,
        create=shipping.ShipmentCreate,
        detail=shipping.ShipmentDetail,
    ),
    *moves("shipments/<int:pk>/", shipping.ShipmentMove, name="shipment"),
    reading("shipments/<int:pk>/lines/", ShipmentLines, name="shipment_lines"),
    deed(
        "shipments/<int:pk>/add/",
        shipping.ShipmentLineCreate,
        name="shipmentline_create",
        returns=ShipmentLine,
        status=201,
    ),
    deed("shipment-lines/<int:pk>/remove/", shipping.ShipmentLineRemove, name="shipmentline_remove", returns=Shipment),
    deed(
        "shipment-lines/<int:pk>/return/",
        shipping.GoodsReturn,
        name="shipmentline_return",
        returns=CustomerReturn,
        status=201,
    ),
]
