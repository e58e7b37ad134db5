"""Pages of materials, lots, units, places, holds and genealogy."""

from __future__ import annotations

from django.urls import path

from traceability.views import holds, lots, materials, measures, places, purchasing, trace, units

app_name = "traceability"

urlpatterns = [
    path("materials/", materials.MaterialList.as_view(), name="material_list"),
    path("materials/create/", materials.MaterialCreate.as_view(), name="material_create"),
    path("materials/<int:pk>/", materials.MaterialDetail.as_view(), name="material_detail"),
    path("materials/<int:pk>/change/", materials.MaterialChange.as_view(), name="material_change"),
    path("materials/<int:pk>/revise/", materials.RevisionCreate.as_view(), name="materialrevision_create"),
    path("materials/<int:pk>/structure/", materials.BillOfMaterialCreate.as_view(), name="billofmaterial_create"),
    path("revisions/<int:pk>/use-up/", materials.RevisionUseUp.as_view(), name="materialrevision_use_up"),
    path(
        "revisions/<int:pk>/make-effective/",
        materials.RevisionMove.as_view(move="make_effective"),
        name="materialrevision_make_effective",
    ),
    path(
        "revisions/<int:pk>/make-obsolete/",
        materials.RevisionMove.as_view(move="make_obsolete"),
        name="materialrevision_make_obsolete",
    ),
    path("structures/<int:pk>/", materials.BillOfMaterialDetail.as_view(), name="billofmaterial_detail"),
    path("structures/<int:pk>/add/", materials.BomLineCreate.as_view(), name="billofmaterialline_create"),
    path("structure-lines/<int:pk>/end/", materials.BomLineEnd.as_view(), name="billofmaterialline_end"),
    path("purchase-orders/", purchasing.PurchaseOrderList.as_view(), name="purchaseorder_list"),
    path("purchase-orders/<int:pk>/", purchasing.PurchaseOrderDetail.as_view(), name="purchaseorder_detail"),
    path("expected-receipts/", purchasing.ExpectedReceiptList.as_view(), name="purchaseorderline_list"),
    path("lots/", lots.LotList.as_view(), name="lot_list"),
    path("lots/hold/", lots.LotHoldMany.as_view(), name="lot_hold_many"),
    path("lots/labels/", lots.LotLabels.as_view(), name="lot_labels"),
    path("lots/receive/", lots.LotReceive.as_view(), name="lot_create"),
    path("lots/<int:pk>/", lots.LotDetail.as_view(), name="lot_detail"),
    path("lots/<int:pk>/trace/", trace.LotTrace.as_view(), name="lot_trace"),
    path("lots/<int:pk>/hold/", lots.LotHold.as_view(), name="lot_hold"),
    path("lots/<int:pk>/transfer/", lots.LotTransfer.as_view(), name="lot_transfer"),
    path("lots/<int:pk>/scrap/", lots.LotScrap.as_view(), name="lot_scrap"),
    path("lots/<int:pk>/count/", lots.LotCount.as_view(), name="lot_count"),
    path("lots/<int:pk>/<slug:move>/", lots.LotMove.as_view(), name="lot_move"),
    path("units/", units.UnitList.as_view(), name="serializedunit_list"),
    path("units/<int:pk>/", units.UnitDetail.as_view(), name="serializedunit_detail"),
    path("units/<int:pk>/trace/", trace.UnitTrace.as_view(), name="serializedunit_trace"),
    path("units/<int:pk>/hold/", units.UnitHold.as_view(), name="serializedunit_hold"),
    path("units/<int:pk>/release/", units.UnitMove.as_view(move="release"), name="serializedunit_release"),
    path("units/<int:pk>/scrap/", units.UnitMove.as_view(move="scrap"), name="serializedunit_scrap"),
    path("locations/", places.LocationList.as_view(), name="storagelocation_list"),
    path("locations/create/", places.LocationCreate.as_view(), name="storagelocation_create"),
    path("locations/<int:pk>/", places.LocationDetail.as_view(), name="storagelocation_detail"),
    path("units-of-measure/", measures.UnitOfMeasureList.as_view(), name="unitofmeasure_list"),
    path("units-of-measure/create/", measures.UnitOfMeasureCreate.as_view(), name="unitofmeasure_create"),
    path("units-of-measure/<int:pk>/", measures.UnitOfMeasureDetail.as_view(), name="unitofmeasure_detail"),
    path("units-of-measure/<int:pk>/change/", measures.UnitOfMeasureChange.as_view(), name="unitofmeasure_change"),
    path("holds/", holds.HoldList.as_view(), name="hold_list"),
    path("holds/<int:pk>/", holds.HoldDetail.as_view(), name="hold_detail"),
    path("holds/<int:pk>/release/", holds.HoldRelease.as_view(), name="hold_release"),
]
