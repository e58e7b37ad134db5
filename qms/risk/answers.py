"""What risks tell the pages of the apps below: search, scans, the story of the parts of an assessment."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _

from core.kernel.wiring import answers
from core.organization.queries import scoped
from core.web.questions import FindRecords, Found
from qms.risk.lifecycle import VIEW
from qms.risk.models import RiskAssessment


@answers(FindRecords)
def assessments_found(question: FindRecords) -> Iterator[Found]:
    """Numbers first, then titles and hazards."""
    words = question.words.strip()
    wanted = Q(number__iexact=words) | Q(title__icontains=words) | Q(items__hazard__icontains=words)
    found = scoped(RiskAssessment.objects.filter(wanted), question.user, VIEW).distinct()
    for one in found.order_by("-pk")[: question.limit]:
        yield Found(
            kind=_("Risk assessment"),
            label=one.number,
            url=one.get_absolute_url(),
            detail=f"{one.title} · {one.get_status_display()}",
            rank=0 if one.number.lower() == words.lower() else 2,
        )
