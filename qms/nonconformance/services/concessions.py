"""Writing the concession ledger."""

from __future__ import annotations

from core.kernel.deeds import Deed
from core.organization.services import next_number
from qms.nonconformance.models import Concession, Disposition
from qms.nonconformance.queries import counter_of
from traceability.models import Lot


def write_concession(line: Disposition, deed: Deed) -> Concession | None:
    """The fact that a quantity is used as it is, with its number within the window; None without a defect code."""
    item, record = line.affected_item, line.nonconformance
    if record.defect_code is None:
        return None
    thing = item.thing
    return Concession.objects.create(
        site=record.site,
        number=next_number(record.site, "CON"),
        nonconformance=record,
        disposition=line,
        material=item.material,
        lot=thing if isinstance(thing, Lot) else thing.lot,
        unit=None if isinstance(thing, Lot) else thing,
        defect_code=record.defect_code,
        quantity=line.quantity,
        uom=item.uom,
        counter=counter_of(line, deed.at),
        window_months=record.defect_code.concession_months,
    )
