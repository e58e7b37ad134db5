"""Where a lot comes from: what whoever decides about it has to know, and what stands on the page of everything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.html import format_html
from django.utils.translation import gettext as _

from core.files.queries import attachments_of
from core.web.markup import quantity, site_time
from core.web.views import Fact
from traceability.models import Lot
from traceability.queries import Arrival, arrivals_of
from traceability.questions import LotLine


def how_much(lot: Lot, arrival: Arrival) -> Any:
    """What arrived, for which order, and why it was more than ordered."""
    told = quantity(arrival.quantity, lot.material.uom.symbol)
    if arrival.order:
        told = format_html("{} · {}", told, arrival.order)
    if arrival.over_reason:
        told = format_html("{} · {}", told, _("more than ordered: %(reason)s") % {"reason": arrival.over_reason})
    return told


def arrival_facts(lot: Lot) -> list[Fact]:
    """Supplier, supplier's lot, what arrived and its certificates; nothing for what was made here."""
    arrivals = arrivals_of(lot)
    if not arrivals and not lot.supplier_lot:
        return []
    suppliers = {arrival.supplier: arrival.supplier_url for arrival in arrivals}
    papers = attachments_of(lot)
    return [
        *(Fact(_("Supplier"), name, url) for name, url in suppliers.items()),
        *([] if suppliers else [Fact(_("Supplier"), _("no delivery is recorded"), tone="warn")]),
        Fact(_("Supplier's lot number"), lot.supplier_lot or "–"),
        *(Fact(_("Received"), received(lot, arrival), arrival.order_url) for arrival in arrivals),
        *(Fact(_("Certificate"), paper, paper.get_absolute_url()) for paper in papers),
        *([] if papers else [Fact(_("Certificate"), _("none is attached"), tone="warn")]),
    ]


def received(lot: Lot, arrival: Arrival) -> Any:
    """What arrived and when, in the time of the plant."""
    return format_html("{} · {}", how_much(lot, arrival), site_time(arrival.at, ZoneInfo(lot.site.time_zone)))


def arrival_lines(lot: Lot, most: int) -> Sequence[LotLine]:
    """The same as lines: the deliveries, the latest first, then the papers that lie at the lot."""
    said = _("From %(supplier)s, their lot %(lot)s")
    came = [
        LotLine(
            said % {"supplier": arrival.supplier, "lot": lot.supplier_lot},
            arrival.order_url or arrival.supplier_url,
            how_much(lot, arrival),
            arrival.at,
        )
        for arrival in arrivals_of(lot)
    ]
    papers = [
        LotLine(str(paper), paper.get_absolute_url(), paper.name, paper.stamped_at)
        for paper in attachments_of(lot)[:most]
    ]
    return [*came, *papers]
