"""Set-based import of opening stock: one lot per line with its receipt."""

from __future__ import annotations

from django.db import connection
from django.utils.translation import gettext as _

from core.trail.services.sets import Stage, literal
from traceability.models import Lot, Material, MaterialRevision, StockMovement, StorageLocation, UnitOfMeasure
from traceability.queries import open_containments
from traceability.services.catching import catch
from traceability.services.imports import ORIGIN, Compared, judge, resolve, table_of

LOT_VALUES = {"expires_on": "s.expires_on::date", "supplier_lot": "coalesce(s.supplier_lot, '')", **ORIGIN}
BOOKED = f"SELECT FROM {StockMovement._meta.db_table} m WHERE m.lot_id = b.id"
EMPTIED = (
    f"(s.quantity::numeric > 0 AND EXISTS ({BOOKED}) AND NOT EXISTS ({BOOKED} AND m.reverses_id IS NULL"
    f" AND NOT EXISTS (SELECT FROM {StockMovement._meta.db_table} r WHERE r.reverses_id = m.id)))"
)
"""Whether everything that was ever booked into the lot was taken back."""


def check_lots(stage: Stage) -> None:
    """Material and location exist, quantities are not negative; a lot that is here already is left alone.

    The quantity of a known lot is what its movements say, so a second import never changes it. A lot whose only
    bookings were taken back with their import gets its opening receipt again.
    """
    resolve(
        stage,
        "material",
        Material,
        "number",
        site=False,
        message=_("there is no material “{value}”; import materials first"),
    )
    resolve(
        stage,
        "location",
        StorageLocation,
        "code",
        site=True,
        message=_("there is no storage location “{value}” at this site"),
    )
    stage.error("quantity", _("“{value}” is less than zero"), "s.quantity::numeric < 0")
    stage.error(
        "quantity",
        _("“{value}” is no whole number, and the material is counted in whole pieces"),
        "u.whole_only AND s.quantity::numeric <> floor(s.quantity::numeric)",
        joins=f"JOIN {table_of(Material)} m ON m.id = s.material_id"
        f" JOIN {table_of(UnitOfMeasure)} u ON u.id = m.uom_id",
    )
    stage.duplicate(["material", "number"], _("“{value}” stands on line {line} already"))
    compared = [Compared("quantity", "0", "s.quantity", EMPTIED)]
    for column, expression in LOT_VALUES.items():
        differs = f'{EMPTIED} AND b."{column}" IS DISTINCT FROM ({expression})'
        compared.append(Compared(column, f'b."{column}"', expression, differs))
    judge(stage, Lot, "b.number = s.number AND b.material_id = s.material_id", compared)


def write_lots(stage: Stage) -> None:
    """Released lots with their opening receipt; a line without quantity gives a lot without stock."""
    stage.insert(
        Lot,
        {
            "site_id": "%(site)s",
            "material_id": "s.material_id",
            "revision_id": "r.id",
            "number": "s.number",
            "status": "'released'",
            # What is taken over counts as tested on that day.
            "retest_on": "current_date + m.retest_days",
            **LOT_VALUES,
        },
        joins=(
            f"JOIN {table_of(Material)} m ON m.id = s.material_id"
            f" LEFT JOIN {table_of(MaterialRevision)} r ON r.material_id = s.material_id AND r.status = 'effective'"
        ),
        where="s.verdict = 'created'",
    )
    stage.update(Lot, LOT_VALUES, where="s.verdict = 'changed'")
    stage.insert(
        StockMovement,
        {
            "kind": "'receipt'",
            "lot_id": "l.id",
            "quantity": "s.quantity::numeric",
            "uom_id": "m.uom_id",
            "to_location_id": "s.location_id",
            "note": "%(_reason)s",
        },
        joins=(
            f"JOIN {table_of(Lot)} l ON l.material_id = s.material_id AND l.number = s.number"
            f" JOIN {table_of(Material)} m ON m.id = s.material_id"
        ),
        where="s.verdict IN ('created', 'changed') AND s.quantity::numeric > 0",
    )
    if open_containments():
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT l.id FROM {stage.table} s JOIN {table_of(Lot)} l"
                " ON l.material_id = s.material_id AND l.number = s.number WHERE s.verdict IN ('created', 'changed')"
            )
            written = [pk for (pk,) in cursor.fetchall()]
        catch(lots=Lot.objects.filter(pk__in=written))


def used_since(stage: Stage) -> list[tuple[int, int]]:
    """Opening receipts (their keys in the stage) whose lot was booked since, with the booking that was."""
    movement = table_of(StockMovement)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT ON (s.key) s.key, later.id FROM {stage.table} s JOIN {movement} m ON m.id = s.key"
            f" JOIN {movement} later ON later.lot_id = m.lot_id AND later.id > m.id"
            f" WHERE s.model = %s AND NOT EXISTS (SELECT FROM {stage.table} o WHERE o.model = s.model"
            " AND o.key = later.id) ORDER BY s.key, later.id",
            [StockMovement._meta.label],
        )
        return [(int(receipt), int(booking)) for receipt, booking in cursor.fetchall()]


def reverse_receipts(stage: Stage) -> int:
    """Take the opening receipts of the stage back by movements in the opposite direction; the first stay readable."""
    return stage.insert(
        StockMovement,
        {
            "kind": "'adjust'",
            "lot_id": "m.lot_id",
            "quantity": "m.quantity",
            "uom_id": "m.uom_id",
            "from_location_id": "m.to_location_id",
            "note": "%(_reason)s",
            "reverses_id": "m.id",
        },
        joins=f"JOIN {table_of(StockMovement)} m ON m.id = s.key",
        where=f"s.model = {literal(StockMovement._meta.label)}",
    )
