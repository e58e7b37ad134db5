"""What calibration tells the pages of the apps below: search, scans, counts, where a procedure is used."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.wiring import answers
from core.organization.models import Site
from core.organization.queries import known_rights, scoped, sites_of
from core.web.questions import Count, FindRecords, Found, NavigationCount, ResolveScan
from qms.calibration.lifecycle import VERIFY, VIEW
from qms.calibration.models import CalibrationPlan, CalibrationRecord
from qms.calibration.queries import gauges, records, site_of, standing, today_at
from qms.capa.models import CapaSource
from qms.capa.questions import BoundKind, BoundKinds, Reached, SourceKind, SourceKinds
from qms.documents.questions import Use, WhereUsed


def _found(plan: CalibrationPlan, rank: int) -> Found:
    return Found(
        kind=_("Gauge"),
        label=plan.equipment.code,
        url=plan.get_absolute_url(),
        detail=f"{plan.equipment.name} · {standing(plan, today_at(site_of(plan))).label}",
        rank=rank,
    )


@answers(FindRecords)
def gauges_and_calibrations_found(question: FindRecords) -> Iterator[Found]:
    """Gauges by code and name, calibrations by number."""
    words = question.words.strip()
    wanted = Q(equipment__code__icontains=words) | Q(equipment__name__icontains=words)
    for plan in scoped(gauges().filter(wanted), question.user, VIEW)[: question.limit]:
        yield _found(plan, 0 if plan.equipment.code.lower() == words.lower() else 2)
    for record in scoped(records().filter(number__iexact=words), question.user, VIEW)[: question.limit]:
        yield Found(_("Calibration"), record.number, record.get_absolute_url(), str(record.plan), rank=0)


@answers(ResolveScan)
def gauge_scanned(question: ResolveScan) -> Iterator[Found]:
    """The gauge whose code was scanned."""
    for plan in scoped(gauges().filter(equipment__code__iexact=question.scan.text), question.user, VIEW)[:2]:
        yield _found(plan, 0)


@answers(NavigationCount)
def calibrations_to_verify(question: NavigationCount) -> Iterator[Count]:
    """How many wait for a second person, at the sites where the user may verify."""
    user = question.user

    def waiting() -> QuerySet[CalibrationRecord]:
        return CalibrationRecord.objects.filter(
            status__in=("passed", "failed"), plan__equipment__work_center__area__site__in=sites_of(user, VERIFY)
        )

    yield Count("qms_calibration:calibrationrecord_list", waiting, known_rights(user))


@answers(WhereUsed)
def gauges_calibrated_by_it(question: WhereUsed) -> Iterator[Use]:
    """The gauges that are calibrated by the procedure."""
    plans = gauges().filter(procedure=question.document_revision.document_id).exclude(status="retired")
    for plan in plans:
        yield Use(_("Calibration of %(gauge)s") % {"gauge": plan}, plan.get_absolute_url())


def _by_number(site: Site, number: str) -> list[CalibrationRecord]:
    at_site = records().filter(plan__equipment__work_center__area__site=site)
    return list(at_site.filter(number__iexact=number.strip())[:5])


@answers(SourceKinds)
def failed_calibrations_raise_capas(question: SourceKinds) -> Iterator[SourceKind]:
    """A gauge out of tolerance may have a cause that others share."""
    yield SourceKind(CapaSource.Kind.CALIBRATION, gettext_lazy("Calibration"), CalibrationRecord, _by_number)


@answers(BoundKinds)
def calibrations_bind_actions(question: BoundKinds) -> Iterator[BoundKind]:
    """An action on equipment that is a gauge is done when its calibration is closed."""
    yield BoundKind(
        "calibration",
        gettext_lazy("Calibration of equipment"),
        CalibrationRecord,
        _by_number,
        lambda one: Reached(one.status in ("closed", "taken_over"), one.get_status_display()),
        gettext_lazy("the calibration is closed"),
    )
