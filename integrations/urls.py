from django.urls import path

from integrations.views import dry_run, epcis, epcis_captures, records

app_name = "integrations"

urlpatterns = [
    path("imports/", records.ImportBatchList.as_view(), name="importbatch_list"),
    path("imports/create/", dry_run.ImportBatchCreate.as_view(), name="importbatch_create"),
    path("imports/map/", dry_run.ImportBatchMap.as_view(), name="importbatch_map"),
    path("imports/check/", dry_run.ImportBatchCheck.as_view(), name="importbatch_check"),
    path("imports/apply/", dry_run.ImportBatchApply.as_view(), name="importbatch_apply"),
    path("imports/mappings/", records.ImportMappingList.as_view(), name="importmapping_list"),
    path("imports/mappings/<int:pk>/", records.ImportMappingDetail.as_view(), name="importmapping_detail"),
    path("imports/<int:pk>/", records.ImportBatchDetail.as_view(), name="importbatch_detail"),
    path("imports/<int:pk>/undo/", records.ImportBatchUndo.as_view(), name="importbatch_undo"),
    path("imports/<int:pk>/sheet/", records.ImportBatchSheet.as_view(), name="importbatch_sheet"),
    path("epcis/", epcis.EpcisEvents.as_view(), name="epcisevent_list"),
    path("epcis/own/<uuid:event>/", epcis.EpcisOwn.as_view(), name="epcis_own"),
    path("epcis/<int:pk>/", epcis.EpcisEventDetail.as_view(), name="epcisevent_detail"),
    path("epcis/captures/create/", epcis_captures.EpcisCaptureCreate.as_view(), name="epciscapture_create"),
    path("epcis/captures/check/", epcis_captures.EpcisCaptureCheck.as_view(), name="epciscapture_check"),
    path("epcis/captures/<int:pk>/", epcis_captures.EpcisCaptureDetail.as_view(), name="epciscapture_detail"),
    path("epcis/lots/<int:pk>/events.<str:kind>", epcis.LotTraceEvents.as_view(), name="epcis_lot_trace"),
    path("epcis/units/<int:pk>/events.<str:kind>", epcis.UnitTraceEvents.as_view(), name="epcis_unit_trace"),
]
