from django.urls import path

from integrations import views

app_name = "integrations"

urlpatterns = [
    path("imports/", views.ImportBatchList.as_view(), name="importbatch_list"),
    path("imports/create/", views.ImportBatchCreate.as_view(), name="importbatch_create"),
    path("imports/<int:pk>/", views.ImportBatchDetail.as_view(), name="importbatch_detail"),
]
