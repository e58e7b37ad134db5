"""The API of trends, key figures and reports."""

from __future__ import annotations

from typing import Any

from core.web.api import Reading, deed, reading, records
from qms.reporting.models import ReportSchedule, ReportSubscription
from qms.reporting.serializers import KeyFigureShape, ParetoBarShape, RatePointShape, ReportSubscriptionShape
from qms.reporting.views import analysis, figures, reports, rules

ASKED = (
    "site", "first", "last", "by", "volume", "kind", "defect_code", "material", "supplier", "work_center", "cause",
    "detection",
)  # fmt: skip


class ParetoBars(Reading):
    """How often nonconformances have each value of a trait, the most frequent first; shares in per cent."""

    page, shape = analysis.Analysis, ParetoBarShape
    texts = ASKED

    def read(self, page: Any) -> list[dict[str, Any]]:
        return [
            {"name": row.bar.name, "count": row.bar.count, "share": row.share, "cumulative": row.cumulative}
            for row in page.bars()
        ]


class RatePoints(Reading):
    """Nonconformances for each thousand of what was done, month by month, with the limits of a u chart."""

    page, shape = analysis.Analysis, RatePointShape
    texts = ASKED

    def read(self, page: Any) -> list[dict[str, Any]]:
        return [
            {
                "month": one.month, "count": one.count, "volume": one.shipped, "rate": one.rate, "lower": one.lower,
                "upper": one.upper,
            }
            for one in (page.trend.points if page.trend is not None else ())
        ]  # fmt: skip


class Figures(Reading):
    """The key figures of a site in a time, of the fields that one may see."""

    page, shape = figures.KeyFigures, KeyFigureShape
    texts = ("site", "first", "last")

    def read(self, page: Any) -> list[Any]:
        return [one for group in page.groups for one in group.figures]


class Subscriptions(Reading):
    """Who is told of new reports of a schedule."""

    page, shape = reports.ScheduleDetail, ReportSubscriptionShape

    def read(self, page: Any) -> list[ReportSubscription]:
        return list(page.subscriptions)


SCHEDULE = "schedules/<int:pk>/"
urlpatterns = [
    reading("nonconformances/pareto/", ParetoBars, name="pareto"),
    reading("nonconformances/rates/", RatePoints, name="rates"),
    reading("figures/", Figures, name="figures"),
    *records(
        "rules",
        name="trendrule",
        list=rules.RuleList,
        create=rules.RuleForms,
        detail=rules.RuleDetail,
        change=rules.RuleForms,
    ),
    *records("alarms", name="trendalarm", list=rules.AlarmList, detail=rules.AlarmDetail),
    *records("reports", name="reportrun", list=reports.RunList, detail=reports.RunDetail),
    deed("reports/<int:pk>/read/", reports.RunRead, name="reportrun_read"),
    *records(
        "schedules",
        name="reportschedule",
        list=reports.ScheduleList,
        create=reports.ScheduleForms,
        detail=reports.ScheduleDetail,
        change=reports.ScheduleForms,
    ),
    reading(f"{SCHEDULE}subscriptions/", Subscriptions, name="reportsubscription_list"),
    deed(
        f"{SCHEDULE}follow/",
        reports.ScheduleFollow,
        name="reportschedule_follow",
        returns=ReportSubscription,
        status=201,
    ),
    deed(
        f"{SCHEDULE}subscribe/",
        reports.ScheduleSubscribe,
        name="reportschedule_subscribe",
        returns=ReportSubscription,
        status=201,
    ),
    deed("subscriptions/<int:pk>/end/", reports.Unsubscribe, name="reportsubscription_end", returns=ReportSchedule),
]
