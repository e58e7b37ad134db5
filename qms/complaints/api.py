"""The API of complaints, decision trees and reports."""

from __future__ import annotations

from typing import Any

from core.files.models import Attachment
from core.jobs.models import BackgroundJob
from core.web.api import Reading, deed, download, moves, reading, records
from qms.complaints.models import ComplaintAssessment, DecisionTreeVersion, RegulatoryReport, ReportabilityDecision
from qms.complaints.queries import exposure_of, reports_of
from qms.complaints.serializers import (
    ComplaintAssessmentShape,
    DecisionTreeVersionShape,
    ExposureShape,
    RegulatoryReportShape,
    ReportabilityDecisionShape,
    TrendPointShape,
)
from qms.complaints.views import deciding, deeds, reports, trees, trend
from qms.complaints.views import records as pages
from qms.nonconformance.models import NonConformance


class Assessments(Reading):
    """How a complaint was triaged, in each cycle."""

    page, shape = pages.ComplaintDetail, ComplaintAssessmentShape

    def read(self, page: Any) -> list[ComplaintAssessment]:
        return list(page.record.assessments.order_by("pk"))


class Decisions(Reading):
    """Whether a complaint has to be reported, by which answers, until when."""

    page, shape = pages.ComplaintDetail, ReportabilityDecisionShape

    def read(self, page: Any) -> list[ReportabilityDecision]:
        return list(page.record.decisions.order_by("pk"))


class Reports(Reading):
    """The reports of a complaint."""

    page, shape = pages.ComplaintDetail, RegulatoryReportShape

    def read(self, page: Any) -> list[RegulatoryReport]:
        return reports_of(page.record)


class Exposure(Reading):
    """What else of the same lot there is; nothing while the lot is not known."""

    page, shape = pages.ComplaintDetail, ExposureShape

    def read(self, page: Any) -> list[dict[str, Any]]:
        found = exposure_of(page.record)
        if found is None:
            return []
        return [
            {
                "on_hand": found.on_hand,
                "with_customers": found.with_customers,
                "made_of_it": found.made_of_it,
                "holds": [one.pk for one in found.holds],
                "nonconformances": [one.pk for one in found.nonconformances],
                "complaints": [one.pk for one in found.complaints],
            }
        ]


class Trend(Reading):
    """Complaints per 1,000 shipped, month by month, with the limits of a u chart."""

    page, shape = trend.ComplaintTrend, TrendPointShape
    texts = ("site", "code", "material", "months")

    def read(self, page: Any) -> list[Any]:
        return list(page.found.trend.points) if page.found is not None else []


class Versions(Reading):
    """The versions of a decision tree."""

    page, shape = trees.TreeDetail, DecisionTreeVersionShape

    def read(self, page: Any) -> list[DecisionTreeVersion]:
        return list(page.record.versions.order_by("number"))


ONE, REPORT, VERSION = "complaints/<int:pk>/", "reports/<int:pk>/", "versions/<int:pk>/"
urlpatterns = [
    reading("complaints/trend/", Trend, name="complaint_trend"),
    *records(
        "complaints",
        name="complaint",
        list=pages.ComplaintList,
        create=pages.ComplaintCreate,
        detail=pages.ComplaintDetail,
        change=pages.ComplaintChange,
    ),
    reading(f"{ONE}assessments/", Assessments, name="complaint_assessments"),
    reading(f"{ONE}decisions/", Decisions, name="complaint_decisions"),
    reading(f"{ONE}reports/", Reports, name="complaint_reports"),
    reading(f"{ONE}exposure/", Exposure, name="complaint_exposure"),
    deed(f"{ONE}triage/", deeds.ComplaintTriage, name="complaint_triage"),
    deed(f"{ONE}waive/", deeds.ComplaintWaive, name="complaint_waive"),
    deed(f"{ONE}reopen/", deeds.ComplaintReopen, name="complaint_reopen"),
    deed(
        f"{ONE}judge/<int:part>/",
        deciding.ComplaintJudge,
        name="complaint_judge",
        returns=ReportabilityDecision,
        status=201,
    ),
    deed(f"{ONE}findings/", deeds.ComplaintFindings, name="complaint_findings"),
    deed(f"{ONE}reply/", deeds.ComplaintReply, name="complaint_reply"),
    deed(f"{ONE}similar/", deeds.ComplaintSimilar, name="complaint_similar"),
    deed(f"{ONE}file/", deeds.ComplaintFile, name="complaint_file", returns=Attachment, status=201),
    deed(f"{ONE}raise/", deeds.ComplaintRaise, name="complaint_raise", returns=NonConformance, status=201),
    deed(f"{ONE}print/", deeds.ComplaintPrint, name="complaint_print", returns=BackgroundJob, status=202),
    deed(f"{ONE}letter/", deeds.ComplaintLetter, name="complaint_letter", returns=BackgroundJob, status=202),
    *moves(ONE, deeds.ComplaintMove, name="complaint", without=("triage", "waive", "reopen")),
    *records(
        "reports",
        name="regulatoryreport",
        list=reports.ReportList,
        detail=reports.ReportDetail,
        change=reports.ReportChange,
    ),
    deed(f"{REPORT}submit/", reports.ReportSubmit, name="regulatoryreport_submit"),
    deed(f"{REPORT}acknowledge/", reports.ReportAcknowledge, name="regulatoryreport_acknowledge"),
    deed(
        f"{REPORT}supplement/",
        reports.ReportSupplement,
        name="regulatoryreport_supplement",
        returns=RegulatoryReport,
        status=201,
    ),
    *moves(REPORT, reports.ReportMove, name="regulatoryreport", without=("submit", "acknowledge")),
    download(f"{REPORT}export/", reports.ReportExport, name="regulatoryreport_export", media_type="application/json"),
    *records("trees", name="decisiontree", list=trees.TreeList, create=trees.TreeCreate, detail=trees.TreeDetail),
    deed("trees/examples/", trees.TreeExamples, name="decisiontree_examples"),
    deed(
        "trees/<int:pk>/revise/", trees.TreeRevise, name="decisiontree_revise", returns=DecisionTreeVersion, status=201
    ),
    reading("trees/<int:pk>/versions/", Versions, name="decisiontree_versions"),
    *records("versions", name="decisiontreeversion", detail=trees.VersionDetail, change=trees.VersionChange),
    *moves(VERSION, trees.VersionMove, name="decisiontreeversion"),
    *records("codes", name="complaintcode", list=trees.CodeList, create=trees.CodeForms, change=trees.CodeForms),
]
