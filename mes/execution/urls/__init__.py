from django.urls import path

from mes.execution.views import desk, training

app_name = "mes_execution"

urlpatterns = [
    path("production-orders/", desk.ProductionOrderList.as_view(), name="productionorder_list"),
    path("production-orders/create/", desk.ProductionOrderCreate.as_view(), name="productionorder_create"),
    path("production-orders/<int:pk>/", desk.ProductionOrderDetail.as_view(), name="productionorder_detail"),
    path("production-orders/<int:pk>/traveler/", desk.Traveler.as_view(), name="productionorder_traveler"),
    path("production-orders/<int:pk>/barcodes/", desk.BarcodeSheet.as_view(), name="productionorder_barcodes"),
    path("production-orders/<int:pk>/<slug:move>/", desk.ProductionOrderMove.as_view(), name="productionorder_move"),
    path("order-operations/<int:pk>/", desk.OrderOperationDetail.as_view(), name="orderoperation_detail"),
    path("order-operations/<int:pk>/reopen/", desk.OrderOperationReopen.as_view(), name="orderoperation_reopen"),
    path("order-operations/<int:pk>/adopt/", desk.OrderOperationAdopt.as_view(), name="orderoperation_adopt"),
    path("order-operations/<int:pk>/train/", training.OrderOperationTrain.as_view(), name="orderoperation_train"),
    path("order-operations/<int:pk>/staff/", training.OrderOperationStaff.as_view(), name="orderoperation_staff"),
    path(
        "order-operations/<int:pk>/override/", training.OrderOperationOverride.as_view(), name="orderoperation_override"
    ),
    path("routing-revisions/<int:pk>/try/", desk.SandboxCreate.as_view(), name="sandbox_create"),
    path("andons/", desk.AndonList.as_view(), name="andon_list"),
    path("andons/acknowledge/", desk.AndonAcknowledge.as_view(), name="andon_acknowledge"),
    path("andons/<int:pk>/", desk.AndonDetail.as_view(), name="andon_detail"),
    path("andons/<int:pk>/<slug:move>/", desk.AndonMove.as_view(), name="andon_move"),
]
