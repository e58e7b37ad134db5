from django.urls import path

from mes.routing.views import builder, deeds, revisions, routings, scrap_reasons, staffing

app_name = "mes_routing"

DRAFT = "revisions/<int:pk>/build/"

urlpatterns = [
    path("routings/", routings.RoutingList.as_view(), name="routing_list"),
    path("routings/new/", routings.RoutingCreate.as_view(), name="routing_create"),
    path("routings/options/<slug:kind>/", routings.RoutingOptions.as_view(), name="routing_options"),
    path("routings/<int:pk>/", routings.RoutingPage.as_view(), name="routing_detail"),
    path("routings/<int:pk>/change/", routings.RoutingChange.as_view(), name="routing_change"),
    path("routings/<int:pk>/revise/", routings.RoutingRevise.as_view(), name="routing_revise"),
    path("revisions/<int:pk>/", revisions.RevisionPage.as_view(), name="routingrevision_detail"),
    path("revisions/<int:pk>/compare/", revisions.RevisionCompare.as_view(), name="routingrevision_compare"),
    path(DRAFT, builder.BuilderPage.as_view(), name="routingrevision_build"),
    path(f"{DRAFT}checks/", builder.BuilderChecks.as_view(), name="routingrevision_checks"),
    *(
        path(f"{DRAFT}{deed.address}/", deed.as_view(), name=f"routingrevision_{deed.name}")
        for deed in deeds.DEEDS
        if not deed.about
    ),
    *(
        path(f"{DRAFT}{deed.about}/<int:part>/{deed.address}/", deed.as_view(), name=f"{deed.about}_{deed.name}")
        for deed in deeds.DEEDS
        if deed.about
    ),
    path("revisions/<int:pk>/staffing/", staffing.RoutingRevisionStaffing.as_view(), name="routingrevision_staffing"),
    path("revisions/<int:pk>/<slug:move>/", revisions.RevisionMove.as_view(), name="routingrevision_move"),
    path("scrap-reasons/", scrap_reasons.ScrapReasonList.as_view(), name="scrapreason_list"),
    path("scrap-reasons/new/", scrap_reasons.ScrapReasonForms.as_view(), name="scrapreason_create"),
    path("scrap-reasons/<int:pk>/change/", scrap_reasons.ScrapReasonForms.as_view(), name="scrapreason_edit"),
]
