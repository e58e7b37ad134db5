from django.urls import path

from mes.production_record import views

app_name = "mes_production_record"

urlpatterns = [
    path("production-records/", views.ProductionRecordList.as_view(), name="productionrecord_list"),
    path("production-records/<int:pk>/", views.ProductionRecordDetail.as_view(), name="productionrecord_detail"),
    path("production-records/<int:pk>/review/", views.ProductionRecordReview.as_view(), name="productionrecord_review"),
    path("production-records/<int:pk>/print/", views.ProductionRecordPrint.as_view(), name="productionrecord_print"),
]
