"""The API of materials, lots, units, places and holds."""

from __future__ import annotations

from typing import Any

from core.web.api import Reading, deed, moves, reading, records
from traceability.models import BillOfMaterial, MaterialRevision
from traceability.queries import movements_of, state_of, stock_by_place
from traceability.serializers import PlaceShape, PurchaseOrderLineShape, StockMovementShape, TraceRowShape
from traceability.views import holds, lots, materials, measures, places, purchasing, trace, units


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


class PurchaseOrderLines(Reading):
    """What was ordered, and what arrived of it."""

    page, shape = purchasing.PurchaseOrderDetail, PurchaseOrderLineShape

    def read(self, page: Any) -> list[Any]:
        return list(page.record.lines.all())


class Trace(Reading):
    """What went in, or where it went, at any depth."""

    shape = TraceRowShape
    query = {"direction": ("backward", "forward")}

    def read(self, page: Any) -> list[Any]:
        self.asked("direction")
        return list(page.shown_rows()[: trace.ROWS_SHOWN])


class LotTrace(Trace):
    """The genealogy of a lot."""

    page = trace.LotTrace


class UnitTrace(Trace):
    """The genealogy of a serialized unit."""

    page = trace.UnitTrace


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
    reading("lots/<int:pk>/trace/", LotTrace, name="lot_trace"),
    deed("lots/<int:pk>/hold/", lots.LotHold, name="lot_hold"),
    deed("lots/<int:pk>/transfer/", lots.LotTransfer, name="lot_transfer"),
    deed("lots/<int:pk>/scrap/", lots.LotScrap, name="lot_scrap"),
    deed("lots/<int:pk>/count/", lots.LotCount, name="lot_count"),
    *moves("lots/<int:pk>/", lots.LotMove, name="lot"),
    *records("units", name="serializedunit", list=units.UnitList, detail=units.UnitDetail),
    reading("units/<int:pk>/movements/", UnitMovements, name="serializedunit_movements"),
    reading("units/<int:pk>/trace/", UnitTrace, name="serializedunit_trace"),
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
    *records("holds", name="hold", list=holds.HoldList, detail=holds.HoldDetail),
    deed("holds/<int:pk>/release/", holds.HoldRelease, name="hold_release"),
]
