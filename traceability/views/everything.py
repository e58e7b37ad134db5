"""Everything about one lot on one page: what it is, where it is, what stands against it, what happened to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from core.kernel.wiring import ask
from core.organization.queries import held_at
from core.signing.queries import manifest
from core.web.access import Forbidden, may, scoped
from core.web.links import reachable
from core.web.markup import quantity, state_of
from core.web.views import RecordPage
from core.web.views.parts import Part, PartsMixin
from traceability.models import Hold, Lot
from traceability.queries import LotState, TraceRow, movements_of, shipped_lines, stock_by_place, trace_for
from traceability.queries import state_of as stock_of
from traceability.questions import AboutLot, LotLine, LotPart
from traceability.tables import address_of, amount_of
from traceability.views.arrivals import arrival_lines
from traceability.views.lots import facts_of

LINES = 50
"""Lines of a part that are shown; what is beyond them is behind its link."""
TRACE, SHIPMENTS = "traceability.view_genealogylink", "traceability.view_shipment"


class LotEverything(PartsMixin, RecordPage):
    """What this storey knows of a lot, and what the apps above answer when they are asked about it."""

    model = Lot
    permission = "traceability.view_lot"
    template_name = "traceability/lot_everything.html"

    def get_queryset(self) -> QuerySet[Lot]:
        return Lot.objects.select_related("material__uom", "site", "revision__material")

    def page_title(self) -> str:
        return _("Everything on lot %(lot)s") % {"lot": self.record}

    def crumbs(self) -> list[tuple[Any, str]]:
        listed = str(self.model._meta.verbose_name_plural).capitalize()
        return [(listed, self.list_url()), (str(self.record), self.record_url()), (_("Everything"), "")]

    @cached_property
    def state(self) -> LotState:
        """Stock and holds of the lot now."""
        return stock_of(self.record)

    def parts(self) -> list[Part]:
        """What others tell comes later, and so do its neighbours: a lot may have gone into thousands."""
        return [
            Part(
                "told",
                _("What else is known of it"),
                "traceability/_told_of_lot.html",
                lambda: {"parts_told": self.told, "record": self.record},
                _("Asking for nonconformances, orders, values, records…"),
            ),
            Part(
                "neighbours",
                _("What went into it, and where it went"),
                "traceability/_about_lot.html",
                lambda: {"about": cut(self.neighbours()), "record": self.record},
                _("Reading what stands beside it…"),
            ),
        ]

    @cached_property
    def own(self) -> list[LotPart]:
        """What this storey keeps of it, cut to what is shown."""
        return [cut(part) for part in self.own_parts()]

    @cached_property
    def told(self) -> list[LotPart]:
        """What is answered when everybody is asked about it, cut to what is shown."""
        asked = ask(AboutLot(self.record, self.request.user, LINES))
        return [cut(part) for part in sorted(asked, key=lambda part: part.order)]

    @property
    def about(self) -> list[LotPart]:
        """Every part but its neighbours, for a reader that has no page."""
        return sorted([*self.own, *self.told], key=lambda part: part.order)

    def own_parts(self) -> Iterator[LotPart]:
        """What this storey keeps of it: where it came from, places, holds, signatures, movements."""
        lot, uom = self.record, self.record.material.uom.symbol
        places = [
            LotLine(str(place.location), place.location.get_absolute_url(), quantity(place.quantity, uom))
            for place in stock_by_place(self.state)
        ]
        yield LotPart("arrivals", _("Receipts and certificates"), 5, _("No delivery of it is recorded."),
                      arrival_lines(lot, LINES + 1))  # fmt: skip
        yield LotPart("places", _("Where it lies"), 10, _("Nothing on hand."), places)
        if may(self.request.user, "traceability.view_hold", lot):
            yield LotPart("holds", _("Holds"), 20, _("Nothing of it was ever on hold."), self.holds())
        yield LotPart("signatures", _("Signatures on the lot"), 30, _("Nobody has signed it yet."), self.signatures())
        moved = [
            LotLine(format_html("{} {}", movement, uom), "", self.between(movement), movement.stamped_at)
            for movement in movements_of(lot)[: LINES + 1]
        ]
        more = f"{lot.get_absolute_url()}?tab=movements"
        yield LotPart("movements", _("Movements"), 60, _("No movements yet."), moved, more)

    def holds(self) -> list[LotLine]:
        """Holds on it and on its units, the newest first."""
        holds = scoped(
            Hold.objects.filter(Q(lot=self.record) | Q(unit__lot=self.record)),
            self.request.user,
            "traceability.view_hold",
        )
        found = holds.select_related("lot__material__uom", "unit__material__uom").order_by("-pk")[: LINES + 1]
        return [
            LotLine(f"{hold} · {hold.covers} · {hold.reason}", hold.get_absolute_url(), state_of(hold), hold.placed_at)
            for hold in found
        ]

    def signatures(self) -> list[LotLine]:
        """Who signed it as what and why, the newest first, and whether it still is what was signed."""
        found = []
        for state in reversed(manifest(self.record)):
            one = state.signature
            stands = _("intact") if state.intact else _("changed since it was signed")
            what = f"{one.printed_name} · {one.get_meaning_display()}"
            found.append(LotLine(what, "", " · ".join(filter(None, (one.reason, stands))), one.signed_at))
        return found

    def shipped(self) -> list[LotLine]:
        """What of it left for customers, the latest first, and how much came back."""
        uom = self.record.material.uom.symbol
        found = []
        for line in shipped_lines(self.record)[: LINES + 1]:
            goods = line.unit if line.unit is not None else self.record
            note: str = quantity(line.quantity, uom)
            if line.returned:
                note = format_html(_("{shipped}, {back} came back"), shipped=note, back=quantity(line.returned, uom))
            said = _("%(goods)s went to %(customer)s by %(shipment)s")
            what = said % {"goods": goods, "customer": line.shipment.customer.name, "shipment": line.shipment}
            at = line.movement.stamped_at if line.movement else None
            found.append(LotLine(what, line.shipment.get_absolute_url(), note, at))
        return found

    @staticmethod
    def between(movement: Any) -> str:
        """From where to where something moved, and for what."""
        ends = [str(place) if place else "–" for place in (movement.from_location, movement.to_location)]
        return " · ".join(filter(None, [" → ".join(ends), movement.source_label]))

    def neighbours(self) -> LotPart:
        """What went into it and where it went, one level to each side, customers among it."""
        if not may(self.request.user, TRACE, self.record):
            raise Forbidden(TRACE)
        found = trace_for(self.record, "both", depth=1, sites=held_at(self.request.user, TRACE).sites)
        # A unit of the lot stands on both sides: things go into it, and it goes on.
        rows = [row for row in found.rows if row.relation != "unit" or row.direction == "forward"]
        lines = [self.neighbour(row) for row in rows]
        if may(self.request.user, SHIPMENTS, self.record):
            lines += self.shipped()
        if found.is_partial:
            lines.insert(0, LotLine(_("A part of its neighbours lies at a site that you may not see.")))
        more = f"{reverse('traceability:lot_trace', args=[self.record.pk])}?direction=both"
        title = _("What went into it, and where it went")
        return LotPart("neighbours", title, 70, _("Nothing is recorded."), lines, more)

    def neighbour(self, row: TraceRow) -> LotLine:
        """A lot or unit beside it."""
        said = _("%(number)s went into it") if row.direction == "backward" else _("it went into %(number)s")
        if row.relation == "unit":
            said = _("%(number)s is a unit of it")
        what = f"{said % {'number': row.number}} · {row.material}"
        return LotLine(what, address_of(row, self.request), amount_of(row) if row.quantity else row.state_label, row.at)

    def lines(self) -> Iterator[tuple[LotPart, LotLine]]:
        """Every line with its part, for a reader that has no page."""
        beside = [self.neighbours()] if may(self.request.user, TRACE, self.record) else []
        for part in [*self.about, *map(cut, beside)]:
            for line in part.lines:
                yield part, line

    def trail_url(self) -> str:
        """The trail of the lot's record, where the visitor may read trails."""
        query = urlencode({"kind": "traceability.lot", "number": self.record.number})
        return reachable(self.request, f"{reverse('core_oversight:trail')}?{query}")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.answer_part() or self.render(
            record=self.record,
            facts=facts_of(self.record, self.state),
            parts_told=self.own,
            trail_url=self.trail_url(),
            may_trace=may(request.user, TRACE, self.record),
        )


def cut(part: LotPart) -> LotPart:
    """A part with as many lines as the page shows; its link is for the others."""
    return replace(part, lines=part.lines[:LINES], more_url=part.more_url if len(part.lines) > LINES else "")
