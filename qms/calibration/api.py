"""The API of gauges and calibrations."""

from __future__ import annotations

from typing import Any

from core.files.models import Attachment
from core.jobs.models import BackgroundJob
from core.web.api import Reading, deed, moves, reading, records
from qms.calibration import views
from qms.calibration.models import (
    CalibrationPlan,
    CalibrationPoint,
    CalibrationReading,
    CalibrationRecord,
    ImpactAnswer,
    PlannedStandard,
    StandardUse,
)
from qms.calibration.serializers import (
    CalibrationPointShape,
    CalibrationReadingShape,
    ImpactAnswerShape,
    MeasuredValueShape,
    StandardUseShape,
)


class Points(Reading):
    """The points at which a gauge is calibrated."""

    page, shape = views.CalibrationPlanDetail, CalibrationPointShape

    def read(self, page: Any) -> list[CalibrationPoint]:
        return list(page.record.points.filter(is_active=True).order_by("sequence", "pk"))


class Values(Reading):
    """Every value that was measured with a gauge."""

    page, shape = views.GaugeValues, MeasuredValueShape

    def read(self, page: Any) -> list[Any]:
        return list(page.seen.values)


class ReadingsOf(Reading):
    """What the gauge showed, replaced readings too."""

    page, shape = views.CalibrationRecordDetail, CalibrationReadingShape

    def read(self, page: Any) -> list[CalibrationReading]:
        return list(page.record.readings.order_by("pk"))


class Standards(Reading):
    """The standards that were used, each with its own calibration at that moment."""

    page, shape = views.CalibrationRecordDetail, StandardUseShape

    def read(self, page: Any) -> list[StandardUse]:
        return list(page.record.standards.order_by("pk"))


class InQuestion(Reading):
    """The values measured since the last good calibration of a gauge that failed."""

    page, shape = views.LookBack, MeasuredValueShape

    def read(self, page: Any) -> list[Any]:
        return list(page.seen.values)


class Answers(Reading):
    """What is said about each of these values, earlier answers too."""

    page, shape = views.CalibrationRecordDetail, ImpactAnswerShape

    def read(self, page: Any) -> list[ImpactAnswer]:
        return list(page.record.answers.order_by("pk"))


GAUGE = "gauges/<int:pk>/"
ONE = "calibrations/<int:pk>/"
urlpatterns = [
    *records(
        "gauges",
        name="calibrationplan",
        list=views.CalibrationPlanList,
        create=views.CalibrationPlanCreate,
        detail=views.CalibrationPlanDetail,
        change=views.CalibrationPlanChange,
    ),
    reading(f"{GAUGE}points/", Points, name="calibrationpoint_list"),
    deed(
        f"{GAUGE}points/new/", views.PointCreate, name="calibrationpoint_create", returns=CalibrationPoint, status=201
    ),
    reading(f"{GAUGE}values/", Values, name="calibrationplan_values"),
    deed(
        f"{GAUGE}standards/new/",
        views.PlannedStandardCreate,
        name="plannedstandard_create",
        returns=PlannedStandard,
        status=201,
    ),
    deed(
        f"{GAUGE}calibrate/",
        views.CalibrationRequest,
        name="calibrationrecord_create",
        returns=CalibrationRecord,
        status=201,
    ),
    *moves(GAUGE, views.CalibrationPlanMove, name="calibrationplan"),
    deed("points/<int:pk>/change/", views.PointChange, name="calibrationpoint_change"),
    deed("points/<int:pk>/remove/", views.PointRemove, name="calibrationpoint_remove", returns=CalibrationPlan),
    deed(
        "standards/<int:pk>/remove/",
        views.PlannedStandardRemove,
        name="plannedstandard_remove",
        returns=CalibrationPlan,
    ),
    *records(
        "calibrations",
        name="calibrationrecord",
        list=views.CalibrationRecordList,
        detail=views.CalibrationRecordDetail,
    ),
    reading(f"{ONE}readings/", ReadingsOf, name="calibrationreading_list"),
    reading(f"{ONE}standards/", Standards, name="standarduse_list"),
    reading(f"{ONE}look-back/", InQuestion, name="calibrationrecord_look_back"),
    reading(f"{ONE}answers/", Answers, name="impactanswer_list"),
    deed(f"{ONE}answer-values/", views.ValuesAnswer, name="calibrationrecord_answer"),
    deed(f"{ONE}enter-readings/", views.Readings, name="calibrationrecord_readings"),
    deed(f"{ONE}use-standard/", views.UseStandard, name="calibrationrecord_standard", returns=StandardUse, status=201),
    deed(f"{ONE}describe/", views.Describe, name="calibrationrecord_describe"),
    deed(f"{ONE}attach/", views.CertificateAttach, name="calibrationrecord_attach", returns=Attachment, status=201),
    deed(f"{ONE}finish/", views.Finish, name="calibrationrecord_finish"),
    deed(f"{ONE}certificate/", views.CertificateSeal, name="calibrationrecord_certificate", returns=BackgroundJob),
    *moves(ONE, views.CalibrationRecordMove, name="calibrationrecord", without=("close",)),
    *moves(ONE, views.CalibrationRecordClose, name="calibrationrecord", only=("close",)),
]
