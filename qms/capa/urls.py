"""Addresses of CAPAs."""

from django.urls import path

from qms.capa.views import across, deeds, plan, records

app_name = "qms_capa"

ONE = "capas/<int:pk>/"
urlpatterns = [
    path("capas/", records.CapaList.as_view(), name="capa_list"),
    path("capas/new/", records.CapaRaise.as_view(), name="capa_create"),
    path(ONE, records.CapaDetail.as_view(), name="capa_detail"),
    path(f"{ONE}change/", records.CapaChange.as_view(), name="capa_change"),
    path(f"{ONE}open/", deeds.CapaOpen.as_view(), name="capa_open"),
    path(f"{ONE}decline/", deeds.CapaDecline.as_view(), name="capa_decline"),
    path(f"{ONE}hand_over/", deeds.CapaHandOver.as_view(), name="capa_hand_over"),
    path(f"{ONE}approve_plan/", deeds.CapaApprove.as_view(), name="capa_approve_plan"),
    path(f"{ONE}verify/", deeds.CapaVerify.as_view(), name="capa_verify"),
    path(f"{ONE}evaluate/", deeds.CapaEvaluate.as_view(), name="capa_evaluate"),
    path(f"{ONE}judge/", deeds.CapaJudge.as_view(), name="capa_judge"),
    path(f"{ONE}close/", deeds.CapaClose.as_view(), name="capa_close"),
    path(f"{ONE}reopen/", deeds.CapaReopen.as_view(), name="capa_reopen"),
    path(f"{ONE}print/", deeds.CapaPrint.as_view(), name="capa_print"),
    path(f"{ONE}owner/", deeds.CapaOwner.as_view(), name="capa_owner"),
    path(f"{ONE}extensions/new/", deeds.ExtensionAsk.as_view(), name="extension_create"),
    path(f"{ONE}sources/new/", deeds.SourceAdd.as_view(), name="capasource_create"),
    path(f"{ONE}team/new/", deeds.MemberAdd.as_view(), name="capamember_create"),
    path(f"{ONE}method/", plan.CapaMethod.as_view(), name="capa_method"),
    path(f"{ONE}check/", plan.CapaCheck.as_view(), name="capa_check"),
    path(f"{ONE}causes/new/", plan.CauseAdd.as_view(), name="rootcause_create"),
    path(f"{ONE}look_across/", across.LookAcross.as_view(), name="capa_look_across"),
    path(f"{ONE}across/new/", across.AcrossAdd.as_view(), name="readacross_create"),
    path(f"{ONE}actions/new/", plan.ActionAdd.as_view(), name="capaaction_create"),
    path(f"{ONE}<slug:move>/", deeds.CapaMove.as_view(), name="capa_move"),
    path("sources/<int:pk>/remove/", deeds.SourceRemove.as_view(), name="capasource_remove"),
    path("team/<int:pk>/remove/", deeds.MemberRemove.as_view(), name="capamember_remove"),
    path("extensions/<int:pk>/<slug:move>/", deeds.ExtensionMove.as_view(), name="extension_move"),
    path("causes/<int:pk>/change/", plan.CauseChange.as_view(), name="rootcause_change"),
    path("causes/<int:pk>/judge/", plan.CauseJudge.as_view(), name="rootcause_judge"),
    path("causes/<int:pk>/remove/", plan.CauseRemove.as_view(), name="rootcause_remove"),
    path("across/<int:pk>/answer/", across.AcrossAnswer.as_view(), name="readacross_answer"),
    path("actions/", plan.ActionList.as_view(), name="capaaction_list"),
    path("actions/<int:pk>/", plan.ActionDetail.as_view(), name="capaaction_detail"),
    path("actions/<int:pk>/change/", plan.ActionChange.as_view(), name="capaaction_change"),
    path("actions/<int:pk>/<slug:move>/", plan.ActionMove.as_view(), name="capaaction_move"),
]
