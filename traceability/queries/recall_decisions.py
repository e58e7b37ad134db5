"""What may be decided about lines of a recall: nothing that the ledger does not say too."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.kernel.errors import Blocker
from traceability.models import CustomerReturn, Recall, RecallDecision, RecallLine, StockMovement, StorageLocation

Where = RecallLine.Where
Disposition = RecallDecision.Disposition

HERE = (Where.SITE, Where.PRODUCTION)
OF_PLACES = {
    Where.CUSTOMER.value: {
        Disposition.CONFIRMED, Disposition.RETURNED, Disposition.WITH_CUSTOMER, Disposition.DESTROYED,
        Disposition.CORRECTED, Disposition.EXPLAINED, Disposition.NOT_FOUND,
    },
    Where.UNKNOWN.value: {Disposition.CORRECTED, Disposition.EXPLAINED, Disposition.NOT_FOUND},
}  # fmt: skip
ELSEWHERE = set(Disposition) - {Disposition.RETURNED, Disposition.WITH_CUSTOMER}
WITHOUT_NOTE = (Disposition.CONFIRMED, Disposition.QUARANTINED, Disposition.RETURNED)
"""The records say them too; everything else needs the words of whoever decides."""

_QUANTITY = DecimalField(max_digits=18, decimal_places=6)
_NOTHING = Value(0, output_field=_QUANTITY)


def fitting(recall: Recall, where: str) -> list[str]:
    """The dispositions that may be chosen for lines at one kind of place, or at any for an empty one."""
    found = set(Disposition) if not where else OF_PLACES.get(where, ELSEWHERE)
    return [one.value for one in Disposition if one in found and (one != Disposition.CONFIRMED or recall.is_drill)]


def disposition_blockers(recall: Recall, disposition: str, note: str, lines: QuerySet[RecallLine]) -> Iterator[Blocker]:
    """Whether this may be decided about these lines: by their places, and by what is booked of them."""
    wheres = set(lines.order_by().values_list("where", flat=True).distinct())
    yield from _against_places(recall, disposition, wheres)
    if not note.strip() and disposition not in WITHOUT_NOTE:
        yield Blocker(
            "note",
            _("This needs a note."),
            record=recall,
            remedy=_("Write the evidence: where it was looked for, where it is, or who attests it."),
        )
    if disposition in _UNBOOKED:
        yield from _against_ledger(recall, disposition, lines)


def _against_places(recall: Recall, disposition: str, wheres: set[str]) -> Iterator[Blocker]:
    if disposition == Disposition.CONFIRMED and not recall.is_drill:
        yield Blocker(
            "only_drill",
            _("That something was found is enough in a drill only."),
            record=recall,
            remedy=_("Decide what becomes of it."),
        )
    if Where.UNKNOWN.value in wheres and disposition not in OF_PLACES[Where.UNKNOWN.value]:
        yield Blocker(
            "unresolved",
            _("The records do not say where this is; it cannot be “%(decision)s”.")
            % {"decision": Disposition(disposition).label},
            record=recall,
            remedy=_("Put the records right and trace anew; or explain it, or say that it was not found."),
        )
    if disposition in (Disposition.RETURNED, Disposition.WITH_CUSTOMER) and wheres - {Where.CUSTOMER.value}:
        yield Blocker(
            "not_shipped",
            _("Only what went to a customer is returned or stays there."),
            record=recall,
            remedy=_("Choose the lines with customers, or another disposition."),
        )
    if disposition == Disposition.QUARANTINED and Where.CUSTOMER.value in wheres:
        yield Blocker(
            "not_here",
            _("What is with a customer is not quarantined on site."),
            record=recall,
            remedy=_("Take it back first, then trace anew; or choose another disposition."),
        )


def _not_quarantined(lines: QuerySet[RecallLine]) -> QuerySet[RecallLine]:
    """Lines here that do not lie in a quarantine."""
    return lines.filter(where__in=HERE).exclude(location__kind=StorageLocation.Kind.QUARANTINE)


def _still_out(lines: QuerySet[RecallLine]) -> QuerySet[RecallLine]:
    """Lines with customers of which something did not come back by a booking."""
    back = CustomerReturn.objects.filter(line=OuterRef("shipment_line")).order_by().values("line")
    returned = Subquery(back.annotate(sum=Sum("movement__quantity")).values("sum"), output_field=_QUANTITY)
    lines = lines.filter(where=Where.CUSTOMER).alias(returned=Coalesce(returned, _NOTHING))
    return lines.filter(shipment_line__quantity__gt=F("returned"))


def _not_scrapped(lines: QuerySet[RecallLine]) -> QuerySet[RecallLine]:
    """Lines here that were not scrapped since they were found: units by their state, lots by what left their place."""
    gone = StockMovement.objects.filter(
        Q(kind=StockMovement.Kind.SCRAP) | Q(to_location__kind=StorageLocation.Kind.SCRAP),
        lot=OuterRef("lot"),
        unit__isnull=True,
        from_location=OuterRef("location"),
        stamped_at__gt=OuterRef("stamped_at"),
        reverses__isnull=True,
        reversed_by__isnull=True,
    )
    total = gone.order_by().values("lot").annotate(sum=Sum("quantity")).values("sum")
    lines = lines.filter(where__in=HERE).alias(gone=Coalesce(Subquery(total, output_field=_QUANTITY), _NOTHING))
    of_lots = Q(lot__isnull=False) & (Q(gone__lt=F("quantity")) | Q(location__isnull=True))
    return lines.filter(of_lots | (Q(unit__isnull=False) & ~Q(unit__status="scrapped")))


_UNBOOKED = {
    Disposition.QUARANTINED.value: _not_quarantined,
    Disposition.RETURNED.value: _still_out,
    Disposition.DESTROYED.value: _not_scrapped,
}
"""The lines of which the ledger does not say what is decided."""


def _against_ledger(recall: Recall, disposition: str, lines: QuerySet[RecallLine]) -> Iterator[Blocker]:
    unfit = _UNBOOKED[disposition](lines)
    first = unfit.select_related("lot", "unit").order_by("pk").first()
    if first is None:
        return
    count = unfit.count()
    code, text, remedy = {
        Disposition.QUARANTINED.value: (
            "not_quarantined",
            ngettext(
                "%(goods)s does not lie in a quarantine.",
                "%(goods)s and others, %(count)s lines, do not lie in a quarantine.",
                count,
            ),
            _("Move it into a quarantine, then trace anew."),
        ),
        Disposition.RETURNED.value: (
            "not_returned",
            ngettext(
                "%(goods)s is still with the customer: no return is booked.",
                "%(goods)s and others, %(count)s lines, are still with the customer: no return is booked.",
                count,
            ),
            _("Book the return on the shipment, then trace anew."),
        ),
        Disposition.DESTROYED.value: (
            "not_scrapped",
            ngettext(
                "%(goods)s is still in the stock: nothing says that it was destroyed.",
                "%(goods)s and others, %(count)s lines, are still in the stock: nothing says that they were destroyed.",
                count,
            ),
            _("Destroy it on its hold with a signature, or book the scrap; then trace anew."),
        ),
    }[disposition]
    yield Blocker(
        code,
        text % {"goods": first.goods, "count": count},
        record=first,
        remedy=remedy,
        remedy_url=first.goods.get_absolute_url(),
    )
