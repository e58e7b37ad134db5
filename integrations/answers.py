"""What imports tell the pages: which lists can be filled by one, and that a new plant begins with them."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from core.kernel.wiring import answers
from core.web.questions import FirstStep, FirstStepsOf, Offer, OffersFor
from traceability.models import Material

KIND_OF = {
    "core_organization.partner": "partners",
    "core_organization.workcenter": "work_centers",
    "mes_routing.scrapreason": "scrap_reasons",
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
