"""Rules of trends: what breaks them opens a draft of a CAPA, once for each rule and month."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from core.kernel.errors import Blocked
from core.organization.services import system_user
from core.worklist.models import Assignment
from qms.capa.models import Capa, CapaSource
from qms.reporting import services
from qms.reporting.models import TrendAlarm, TrendRule
from qms.reporting.queries import found_by
from qms.reporting.tasks import watch_trends
from tests.mes.execution.floor import make_floor
from tests.qms.reporting.conftest import Figures
from tests.support.people import make_user
from tests.traceability import goods
from tests.traceability.world import make_world


def _rule(figures: Figures, **values: Any) -> TrendRule:
    return services.create_rule(
        **{
            "site": figures.site,
            "name": "Dimensions",
            "judged": "count",
            "limit": Decimal(3),
            "defect_code": figures.case.code,
            "actor": figures.setter,
            **values,
        }
    )


@pytest.mark.requirement("TRD-03")
def test_a_number_that_is_reached_opens_a_draft_once(figures: Figures) -> None:
    rule = _rule(figures)
    figures.found(figures.today)
    figures.found(figures.today)
    figures.found(figures.today, defect_code=None)
    watch_trends()
    assert not TrendAlarm.objects.exists()
    figures.found(figures.today)
    watch_trends()
    watch_trends()
    alarm = TrendAlarm.objects.get()
    assert (alarm.rule, alarm.month, alarm.count, alarm.limit) == (rule, figures.months[-1], 3, 3)
    capa = Capa.objects.get()
    assert (capa.status, capa.site, capa.raised_by) == ("draft", figures.site, system_user("reporting"))
    assert "3 nonconformances" in capa.problem
    assert figures.case.code.code in capa.problem
    source = capa.sources.get()
    assert (source.kind, source.source) == (CapaSource.Kind.TREND, alarm)
    asked = Assignment.objects.get(subject_label=str(capa))
    assert (asked.to_permission, asked.status) == ("qms_capa.triage_capa", "open")
    figures.found(figures.today)
    watch_trends()
    assert TrendAlarm.objects.count() == Capa.objects.count() == 1


@pytest.mark.requirement("TRD-03")
def test_a_rate_is_judged_when_the_month_is_over(figures: Figures) -> None:
    before = figures.months[-2]
    rule = _rule(figures, judged="rate", limit=Decimal("4"), volume="shipped", starts_on=before, defect_code=None)
    world = figures.case.world
    goods.shipped(world, goods.leads(world), world.lot(900), 500)
    for _number in range(3):
        figures.found(figures.today)
    assert [(one.month, one.rate) for one in found_by(rule)] == [(before, None)]
    later = figures.months[-1] + dt.timedelta(days=40)
    judged = found_by(rule, later.replace(day=1))
    assert [(one.month, one.count, one.rate, one.is_broken) for one in judged] == [
        (before, 0, None, False),
        (figures.months[-1], 3, pytest.approx(6.0), True),
    ]


@pytest.mark.requirement("TRD-03")
def test_statistics_judge_by_the_limits_of_the_chart(figures: Figures) -> None:
    rule = _rule(
        figures, judged="alarm", limit=None, volume="shipped", months=6, starts_on=figures.months[0], defect_code=None
    )
    world = figures.case.world
    goods.shipped(world, goods.leads(world), world.lot(9000), 5000)
    for _number in range(4):
        figures.found(figures.today)
    judged = found_by(rule, (figures.months[-1] + dt.timedelta(days=40)).replace(day=1))[-1]
    mean = 4 / 5
    assert judged.rate == pytest.approx(mean)
    assert judged.limit == pytest.approx(mean + 3 * (mean / 5) ** 0.5)
    assert judged.is_broken is False


@pytest.mark.requirement("TRD-03")
@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"limit": None}, "no_limit"),
        ({"judged": "rate"}, "no_volume"),
        ({"judged": "rate", "volume": "moon"}, "no_volume"),
        ({"judged": "alarm", "volume": "made"}, "limit"),
        ({"volume": "made"}, "volume"),
    ],
)
def test_what_makes_no_rule_is_refused_and_nothing_is_kept(figures: Figures, values: Any, code: str) -> None:
    with pytest.raises(Blocked) as refused:
        _rule(figures, **values)
    assert code in {one.code for one in refused.value.blockers}
    assert not TrendRule.objects.exists()


@pytest.mark.requirement("TRD-03")
def test_a_name_and_a_work_center_are_of_the_site(figures: Figures) -> None:
    rule = _rule(figures)
    with pytest.raises(Blocked) as refused:
        _rule(figures)
    assert {one.code for one in refused.value.blockers} == {"taken"}
    elsewhere = make_floor(world=make_world()).work_center
    with pytest.raises(Blocked) as refused:
        services.change_rule(
            rule=rule, name=rule.name, judged="count", limit=Decimal(9), work_center=elsewhere, actor=figures.setter,
            reason="Narrower",
        )  # fmt: skip
    assert {one.code for one in refused.value.blockers} == {"other_site"}
    rule.refresh_from_db()
    assert (rule.limit, rule.work_center) == (3, None)


@pytest.mark.requirement("TRD-03")
def test_nobody_sets_a_rule_without_the_right(figures: Figures) -> None:
    with pytest.raises(Blocked):
        _rule(figures, actor=figures.reader)
    stranger = make_user(site=make_world().site, permissions=("qms_reporting.change_trendrule",))
    with pytest.raises(Blocked):
        _rule(figures, actor=stranger)
    assert not TrendRule.objects.exists()


@pytest.mark.requirement("TRD-03")
def test_a_rule_that_is_switched_off_raises_nothing(figures: Figures) -> None:
    rule = _rule(figures, limit=Decimal(1))
    figures.found(figures.today)
    services.change_rule(
        rule=rule, name=rule.name, judged="count", limit=Decimal(1), is_active=False, actor=figures.setter,
        reason="Under repair",
    )  # fmt: skip
    watch_trends()
    assert services.judge_rule(rule=rule, actor=system_user("reporting")) == []
    assert not TrendAlarm.objects.exists()


@pytest.mark.requirement("TRD-03")
def test_rules_are_set_and_alarms_read_on_their_pages(figures: Figures) -> None:
    desk = figures.visit(figures.setter)
    sent = desk.post(
        reverse("qms_reporting:trendrule_create"),
        {
            "site": figures.site.pk, "name": "All", "judged": "count", "limit": "1", "months": "12", "volume": "",
            "kind": "", "defect_code": "", "material": "", "supplier": "", "work_center": "", "starts_on": "",
        },
    )  # fmt: skip
    assert sent.status_code == 302, sent.content.decode()[-3000:]
    rule = TrendRule.objects.get()
    figures.found(figures.today)
    watch_trends()
    alarm = TrendAlarm.objects.get()
    page = desk.get(rule.get_absolute_url()).content.decode()
    assert "Limit reached" in page
    assert alarm.number in page
    shown = desk.get(alarm.get_absolute_url()).content.decode()
    assert Capa.objects.get().number in shown
    assert alarm.number in desk.get(reverse("qms_reporting:trendalarm_list")).content.decode()
    refused = desk.post(reverse("qms_reporting:trendrule_change", args=[rule.pk]), {"name": "All", "judged": "rate"})
    assert refused.status_code == 422
