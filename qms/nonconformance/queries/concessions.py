"""How often one material was used as it is with one defect."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from core.kernel.errors import Blocker
from qms.nonconformance.models import Concession, Disposition


def months_before(moment: dt.datetime, months: int) -> dt.datetime:
    """So many calendar months earlier, on the last day of a shorter month."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, calendar.monthrange(year, month + 1)[1]))


def counted_before(line: Disposition, moment: dt.datetime) -> QuerySet[Concession]:
    """Concessions of other nonconformances of the same site, material and defect within the defect's window."""
    record = line.nonconformance
    if record.defect_code is None:
        return Concession.objects.none()
    since = months_before(moment, record.defect_code.concession_months)
    return Concession.objects.filter(
        site=record.site_id,
        material=line.affected_item.material,
        defect_code=record.defect_code_id,
        stamped_at__gt=since,
        stamped_at__lte=moment,
    ).exclude(nonconformance=record.pk)


def counter_of(line: Disposition, moment: dt.datetime) -> int:
    """The how manieth nonconformance this would be that is used as it is."""
    return counted_before(line, moment).values("nonconformance").distinct().count() + 1


def against_use_as_is(line: Disposition, moment: dt.datetime) -> Iterator[Blocker]:
    """At the defect's first limit somebody decides about a CAPA; at the second nothing is used as it is any more."""
    record = line.nonconformance
    code = record.defect_code
    if line.kind != Disposition.Kind.USE_AS_IS or code is None:
        return
    counter = counter_of(line, moment)
    words = {
        "number": counter,
        "material": line.affected_item.material,
        "code": code,
        "months": code.concession_months,
        "limit": code.concession_stop_at,
    }
    if counter >= code.concession_stop_at:
        yield Blocker(
            "concession_stop",
            _(
                "This would be use-as-is number %(number)s of %(material)s with %(code)s in %(months)s months;"
                " number %(limit)s is refused."
            )
            % words,
            record=record,
            remedy=_(
                "Rework, repair, scrap or return it. If the product is good all the same, change its specification"
                " through a change order; the concessions before this one show what to write."
            ),
            remedy_url=f"{reverse('qms_nonconformance:concession_list')}?material={line.affected_item.material.pk}",
        )
    elif counter >= code.concession_triage_at and not record.capa_decision:
        yield Blocker(
            "capa_triage",
            _("This is use-as-is number %(number)s of %(material)s with %(code)s in %(months)s months.") % words,
            record=record,
            remedy=_("Decide first whether a CAPA is needed, and write why."),
            remedy_url=reverse("qms_nonconformance:nonconformance_capa", args=[record.pk]),
        )
