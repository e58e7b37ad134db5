from django.urls import path

from integrations.views import dry_run, records

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
]
