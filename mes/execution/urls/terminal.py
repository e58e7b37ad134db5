"""The floor's pages under /t/<terminal>/."""

from django.urls import path, re_path

from mes.execution.views import floor, floor_notes

urlpatterns = [
    path("", floor.Dispatch.as_view(), name="dispatch"),
    path("notes/", floor_notes.Notes.as_view(), name="notes"),
    path("handover/", floor_notes.HandOver.as_view(), name="handover"),
    path("operations/<int:pk>/", floor.Operation.as_view(), name="operation"),
    re_path(
        r"^operations/(?P<pk>[0-9]+)/dialog/(?P<dialog>consume|output|unit|defect|complete|sign|override)/$",
        floor.OperationDialog.as_view(),
        name="dialog",
    ),
    path("operations/<int:pk>/train/", floor.TrainNow.as_view(), name="train"),
    path("operations/<int:pk>/<slug:deed>/", floor.OperationDeed.as_view(), name="deed"),
]
