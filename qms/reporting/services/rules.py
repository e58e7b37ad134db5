"""Rules of trends are set, and what breaks them opens the way to a CAPA."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.deeds import service
from core.lifecycle.services import attempt
from core.organization.models import Partner, Site, WorkCenter
from core.organization.services import next_number, require
from core.web.markup import number as shown
from core.worklist.models import Kind as Work
from core.worklist.services import assign
from qms.capa.lifecycle import TRIAGE
from qms.capa.models import CapaSource
from qms.capa.services import raise_capa
from qms.nonconformance.models import DefectCode
from qms.reporting.lifecycle import CHANGE_RULE
from qms.reporting.models import TrendAlarm, TrendRule
from qms.reporting.queries.charts import volume_kinds
from qms.reporting.queries.rules import MonthFound, broken, found_by
from qms.reporting.services.common import judged_new
from traceability.models import Material
from traceability.queries import day_at

DECIDE_WITHIN = dt.timedelta(days=5)
"""By when somebody decides whether an alarm needs a CAPA."""


@service
def create_rule(
    *,
    site: Site,
    name: str,
    judged: str,
    limit: Decimal | None = None,
    volume: str = "",
    months: int = 12,
    kind: str = "",
    defect_code: DefectCode | None = None,
    material: Material | None = None,
    supplier: Partner | None = None,
    work_center: WorkCenter | None = None,
    starts_on: dt.date | None = None,
    actor: Any,
    reason: str = "",
) -> TrendRule:
    """Watch a trend from a month on (this one where none is named). Raises `Blocked`."""
    require(actor, CHANGE_RULE, site)
    rule = TrendRule(
        site=site, name=name.strip()[:120], judged=judged, limit=limit, volume=volume, months=months, kind=kind,
        defect_code=defect_code, material=material, supplier=supplier, work_center=work_center,
        starts_on=starts_on or day_at(site),
    )  # fmt: skip
    judged_new(rule, "watch", actor)
    rule.save()
    return rule


@service
def change_rule(
    *,
    rule: TrendRule,
    name: str,
    judged: str,
    limit: Decimal | None = None,
    volume: str = "",
    months: int = 12,
    kind: str = "",
    defect_code: DefectCode | None = None,
    material: Material | None = None,
    supplier: Partner | None = None,
    work_center: WorkCenter | None = None,
    is_active: bool = True,
    actor: Any,
    reason: str,
) -> TrendRule:
    """Watch otherwise, or not any more; alarms that were raised stay. Raises `Blocked`."""
    require(actor, CHANGE_RULE, rule)
    found = TrendRule.objects.select_for_update(of=("self",)).select_related("site").get(pk=rule.pk)
    found.name, found.judged, found.limit, found.volume = name.strip()[:120], judged, limit, volume
    found.months, found.kind, found.is_active = months, kind, is_active
    found.defect_code, found.material = defect_code, material
    found.supplier, found.work_center = supplier, work_center
    attempt(found, "watch", actor=actor, reason=reason)
    found.save()
    return found


@service
def judge_rule(*, rule: TrendRule, actor: Any) -> list[TrendAlarm]:
    """Raise an alarm for every month that breaks a rule and has none yet; returns the new ones.

    The rule is locked meanwhile: whoever runs the clock twice finds the alarms of the first.
    """
    rows = TrendRule.objects.select_for_update(of=("self",)).filter(pk=rule.pk, is_active=True)
    found = rows.select_related("site", "defect_code", "material", "supplier", "work_center").first()
    if found is None:
        return []
    judged = broken(found_by(found))
    known = set(found.alarms.filter(month__in=[one.month for one in judged]).values_list("month", flat=True))
    return [_alarm(found, one, actor) for one in judged if one.month not in known]


def _alarm(rule: TrendRule, found: MonthFound, actor: Any) -> TrendAlarm:
    alarm = TrendAlarm(
        site=rule.site,
        number=next_number(rule.site, "TA"),
        rule=rule,
        month=found.month,
        count=found.count,
        volume=found.volume,
        rate=None if found.rate is None else Decimal(f"{found.rate:.6f}"),
        limit=Decimal(f"{found.limit:.6f}"),
    )
    alarm.save()
    capa = raise_capa(
        site=rule.site,
        title=_("%(rule)s: limit reached in %(month)s") % {"rule": rule.name, "month": date_format(found.month, "F Y")},
        problem=words_of(rule, found),
        source=alarm,
        source_kind=CapaSource.Kind.TREND,
        actor=actor,
    )
    assign(
        subject=capa,
        kind=Work.ACTION,
        title=_("Decide whether trend alarm %(alarm)s needs a CAPA") % {"alarm": alarm},
        to_permission=TRIAGE,
        due_at=now() + DECIDE_WITHIN,
        actor=actor,
    )
    return alarm


def words_of(rule: TrendRule, found: MonthFound) -> str:
    """What was found, in words."""
    values = {
        "count": found.count, "month": date_format(found.month, "F Y"), "site": rule.site,
        "limit": shown(round(found.limit, 3)),
    }  # fmt: skip
    if found.rate is None:
        said = _("%(count)s nonconformances were reported in %(month)s at %(site)s; the limit is %(limit)s.")
    else:
        values |= {"rate": shown(round(found.rate, 3)), "volume": volume_kinds()[rule.volume].label}
        said = _(
            "%(count)s nonconformances were reported in %(month)s at %(site)s: %(rate)s per 1,000 %(volume)s;"
            " the limit is %(limit)s."
        )
    only = [str(one) for one in (rule.defect_code, rule.material, rule.supplier, rule.work_center) if one is not None]
    return (said % values) + (f"\n{_('Counted: %(what)s') % {'what': '; '.join(only)}}" if only else "")
