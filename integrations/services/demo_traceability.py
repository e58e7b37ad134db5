"""What the demonstration plant shows of traceability: a page for each kind of record is not empty."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from core.jobs.queries import jobs_of
from core.jobs.services import cancel_job
from core.organization.models import Site, User
from core.signing.services import Proof
from traceability import services
from traceability.models import Hold, Lot, StorageLocation
from traceability.queries import Scope, holds_of, state_of

GS1_PREFIX = "9506000"
"""A prefix that GS1 keeps for examples."""
CHAIN, REFLECTOR = "CH-0234", "RF-9198"
Sign = Callable[[User, str], Proof]


def show_traceability(site: Site, users: dict[str, User], made: Lot, sign: Sign) -> None:
    """Containers with an SSCC, split and merged lots, a containment, a count that waits, a drill that is closed."""
    chain, reflector = (_opening_lot(site, number) for number in (CHAIN, REFLECTOR))
    _split_and_merged(users["leo"], chain)
    _packed(site, users, reflector)
    _contained(site, users, chain, sign)
    _counted(users["anna"], reflector)
    _drilled(site, users, made, sign)


def _opening_lot(site: Site, number: str) -> Lot:
    lots = Lot.objects.filter(site=site, material__number=number, status="released")
    return lots.select_related("material__uom", "site").order_by("number")[0]


def _place_of(lot: Lot) -> StorageLocation:
    places = state_of(lot).places
    return StorageLocation.objects.get(pk=max(places, key=lambda pk: places[pk]))


def _split_and_merged(leo: User, lot: Lot) -> None:
    place = _place_of(lot)
    parts = [
        services.split_lot(lot=lot, quantity=Decimal(quantity), location=place, reason=reason, actor=leo)
        for quantity, reason in ((20, "For the second line"), (15, "For the fair"), (10, "Left over from the fair"))
    ]
    services.merge_lots(lots=parts[1:], reason="Back into one box", actor=leo)


def _packed(site: Site, users: dict[str, User], lot: Lot) -> None:
    services.set_company_prefix(site=site, company_prefix=GS1_PREFIX, actor=users["petra"])
    leo, place = users["leo"], _place_of(lot)
    pallet, box = (
        services.create_container(site=site, location=place, kind=kind, actor=leo) for kind in ("pallet", "box")
    )
    services.pack(container=box, lot=lot, quantity=Decimal(12), actor=leo)
    services.pack(container=pallet, lot=lot, quantity=Decimal(6), actor=leo)
    services.nest_container(container=pallet, child=box, actor=leo)


def _contained(site: Site, users: dict[str, User], lot: Lot, sign: Sign) -> None:
    """Two sublots of a delivery are held; one was looked at and released."""
    marta, place = users["marta"], _place_of(lot)
    doubtful = [
        services.split_lot(lot=lot, quantity=Decimal(5), location=place, reason="Put aside", actor=users["leo"])
        for _part in range(2)
    ]
    containment = services.place_containment(
        scope=Scope("chosen", site, lots=doubtful), reason="Stiff links found in one box", actor=marta
    )
    first: Hold = holds_of(containment)[0]
    services.release_hold(
        hold=first, reason="All links move freely", actor=marta, signature=sign(marta, "hold_released")
    )


def _counted(anna: User, lot: Lot) -> None:
    place = _place_of(lot)
    there = state_of(lot).places[place.pk]
    services.count_lot(lot=lot, location=place, counted=there - 2, reason="Two reflectors were broken", actor=anna)


def _drilled(site: Site, users: dict[str, User], made: Lot, sign: Sign) -> None:
    quinn = users["quinn"]
    drill = services.create_recall(
        site=site,
        kind="drill",
        title="Yearly recall drill",
        reason="Can we find everything within the day?",
        goods=[made],
        actor=quinn,
    )
    services.trace_recall(recall=drill, actor=quinn)
    for job in jobs_of(drill):
        cancel_job(job=job, actor=quinn)
    drill.refresh_from_db()
    services.decide_lines(recall=drill, disposition="confirmed", note="Found where the records say", actor=quinn)
    services.close_recall(
        recall=drill, conclusion="Everything was found.", signature=sign(quinn, "closed"), actor=quinn
    )
