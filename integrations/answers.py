"""What imports tell the pages: which lists can be filled by one, and that a new plant begins with them.

And what others told of our lots (EPCIS), and the trace as a document of events.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from core.kernel.wiring import answers
from core.organization.queries import may, scoped
from core.web.questions import FirstStep, FirstStepsOf, Offer, OffersFor
from integrations.models import EpcisEvent
from integrations.queries import read_content, things_named
from integrations.queries.telling import headline
from traceability.models import Lot, Material
from traceability.questions import AboutLot, LotLine, LotPart, TraceFile, TraceFiles

KIND_OF = {
    "core_organization.partner": "partners",
    "core_organization.workcenter": "work_centers",
    "mes_routing.scrapreason": "scrap_reasons",
    "qms_calibration.calibrationplan": "gauges",
    "qms_nonconformance.defectcode": "defect_codes",
    "traceability.lot": "lots",
    "traceability.material": "materials",
    "traceability.purchaseorder": "purchase_orders",
    "traceability.storagelocation": "locations",
    "traceability.unitofmeasure": "units",
}
"""Which kind of import fills the list of a model."""


def import_address(kind: str) -> str:
    """The page that begins an import of this kind."""
    return f"{reverse('integrations:importbatch_create')}?{urlencode({'kind': kind})}"


@answers(OffersFor)
def import_fills_it(question: OffersFor) -> Iterator[Offer]:
    """An import, for the lists that one can fill."""
    kind = KIND_OF.get(question.model._meta.label_lower)
    if kind is not None:
        yield Offer(_("Import from a file"), import_address(kind))


@answers(FirstStepsOf)
def masters_are_imported(question: FirstStepsOf) -> Iterator[FirstStep]:
    """Without materials nothing can be received, made or released."""
    yield FirstStep(
        order=30,
        title=_("Materials"),
        text=_("Import units of measure first, then materials and bills of material, as your ERP exports them."),
        url=import_address("units"),
        permission="integrations.apply_importbatch",
        done=Material.objects.all(),
    )


SEE_EVENTS = "integrations.view_epcisevent"


@answers(AboutLot)
def events_that_others_told(question: AboutLot) -> Iterator[LotPart]:
    """What suppliers, customers and carriers told of the lot or of a unit of it."""
    if not may(question.user, SEE_EVENTS, question.lot):
        return
    rows = scoped(EpcisEvent.objects.filter(site=question.lot.site_id), question.user, SEE_EVENTS)
    rows = rows.filter(pk__in=things_named(question.lot)).select_related("capture")
    lines = [
        LotLine(headline(read_content(row)), row.get_absolute_url(), str(row.capture), row.event_time)
        for row in rows[: question.limit + 1]
    ]
    more = f"{reverse('integrations:epcisevent_list')}?{urlencode({'thing': question.lot.number})}"
    yield LotPart("events", _("What others told of it"), 70, _("Nobody told of it."), lines, more)


@answers(TraceFiles)
def trace_as_events(question: TraceFiles) -> Iterator[TraceFile]:
    """The trace as EPCIS 2.0 events, in both forms."""
    if not may(question.user, SEE_EVENTS, question.record):
        return
    name = "integrations:epcis_lot_trace" if isinstance(question.record, Lot) else "integrations:epcis_unit_trace"
    for kind, label in (("jsonld", _("EPCIS events, JSON-LD")), ("xml", _("EPCIS events, XML"))):
        yield TraceFile(label, f"{reverse(name, args=[question.record.pk, kind])}?{question.query}")
