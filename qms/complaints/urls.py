from django.urls import path

from qms.complaints.views import deciding, deeds, records, reports, trees, trend

app_name = "qms_complaints"

ONE = "complaints/<int:pk>/"
urlpatterns = [
    path("complaints/", records.ComplaintList.as_view(), name="complaint_list"),
    path("complaints/new/", records.ComplaintCreate.as_view(), name="complaint_create"),
    path("complaints/trend/", trend.ComplaintTrend.as_view(), name="complaint_trend"),
    path(ONE, records.ComplaintDetail.as_view(), name="complaint_detail"),
    path(f"{ONE}change/", records.ComplaintChange.as_view(), name="complaint_change"),
    path(f"{ONE}triage/", deeds.ComplaintTriage.as_view(), name="complaint_triage"),
    path(f"{ONE}waive/", deeds.ComplaintWaive.as_view(), name="complaint_waive"),
    path(f"{ONE}reopen/", deeds.ComplaintReopen.as_view(), name="complaint_reopen"),
    path(f"{ONE}judge/<int:part>/", deciding.ComplaintJudge.as_view(), name="complaint_judge"),
    path(f"{ONE}findings/", deeds.ComplaintFindings.as_view(), name="complaint_findings"),
    path(f"{ONE}reply/", deeds.ComplaintReply.as_view(), name="complaint_reply"),
    path(f"{ONE}similar/", deeds.ComplaintSimilar.as_view(), name="complaint_similar"),
    path(f"{ONE}file/", deeds.ComplaintFile.as_view(), name="complaint_file"),
    path(f"{ONE}raise/", deeds.ComplaintRaise.as_view(), name="complaint_raise"),
    path(f"{ONE}print/", deeds.ComplaintPrint.as_view(), name="complaint_print"),
    path(f"{ONE}letter/", deeds.ComplaintLetter.as_view(), name="complaint_letter"),
    path(f"{ONE}<slug:move>/", deeds.ComplaintMove.as_view(), name="complaint_move"),
    path("reports/", reports.ReportList.as_view(), name="regulatoryreport_list"),
    path("reports/<int:pk>/", reports.ReportDetail.as_view(), name="regulatoryreport_detail"),
    path("reports/<int:pk>/change/", reports.ReportChange.as_view(), name="regulatoryreport_change"),
    path("reports/<int:pk>/submit/", reports.ReportSubmit.as_view(), name="regulatoryreport_submit"),
    path("reports/<int:pk>/acknowledge/", reports.ReportAcknowledge.as_view(), name="regulatoryreport_acknowledge"),
    path("reports/<int:pk>/supplement/", reports.ReportSupplement.as_view(), name="regulatoryreport_supplement"),
    path("reports/<int:pk>/export/", reports.ReportExport.as_view(), name="regulatoryreport_export"),
    path("reports/<int:pk>/<slug:move>/", reports.ReportMove.as_view(), name="regulatoryreport_move"),
    path("trees/", trees.TreeList.as_view(), name="decisiontree_list"),
    path("trees/new/", trees.TreeCreate.as_view(), name="decisiontree_create"),
    path("trees/examples/", trees.TreeExamples.as_view(), name="decisiontree_examples"),
    path("trees/<int:pk>/", trees.TreeDetail.as_view(), name="decisiontree_detail"),
    path("trees/<int:pk>/revise/", trees.TreeRevise.as_view(), name="decisiontree_revise"),
    path("versions/<int:pk>/", trees.VersionDetail.as_view(), name="decisiontreeversion_detail"),
    path("versions/<int:pk>/change/", trees.VersionChange.as_view(), name="decisiontreeversion_change"),
    path("versions/<int:pk>/<slug:move>/", trees.VersionMove.as_view(), name="decisiontreeversion_move"),
    path("codes/", trees.CodeList.as_view(), name="complaintcode_list"),
    path("codes/new/", trees.CodeForms.as_view(), name="complaintcode_create"),
    path("codes/<int:pk>/change/", trees.CodeForms.as_view(), name="complaintcode_change"),
]
