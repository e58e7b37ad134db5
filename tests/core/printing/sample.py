"""A record as it could be printed: every block of the shell, any length."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

AT = dt.datetime(2026, 11, 20, 9, 14, 5, tzinfo=dt.UTC)


def content(operations: int = 4, rows: int = 9, trail: int = 40) -> dict[str, Any]:
    """The context of `sample_record.html`."""
    return {
        "facts": [
            ("Material", "FR-M94B-42 · HL Mountain Frame, Black, 42"),
            ("Lot", "L-2026-004711"),
            ("Quantity", "24 good, 1 scrap"),
            ("Order", "PO-000123"),
            ("Routing", "RT-0017 rev. C"),
            ("Work center", "Frame welding"),
            ("Started", "2026-11-18 06:02 +01:00"),
            ("Released", "2026-11-20 10:14 +01:00"),
        ],
        "operations": [
            {
                "number": 10 * (number + 1),
                "name": ("Cut tubes", "Weld main triangle", "Bore head tube", "Final inspection")[number % 4],
                "rows": [_row(number, row) for row in range(rows)],
            }
            for number in range(operations)
        ],
        "genealogy": [
            (0, "FR-M94B-42 HL Mountain Frame", "L-2026-004711", "24"),
            (1, "MT-1000 Metal Sheet 2", "L-2026-001200", "48"),
            (1, "RM-R800 Rim tube", "L-2026-001317", "24"),
            (2, "BA-8327 Bar stock", "L-2025-220019", "31.5 kg"),
        ],
        "states": [
            _signature("performed", "Tomás Ortega", ""),
            _signature("released", "Dr. Anna Kowalska", "Complete."),
        ],
        "entries": [_entry(number) for number in range(trail)],
    }


def _row(number: int, row: int) -> dict[str, Any]:
    out = number == 2 and row == 3
    return {
        "name": ("Length", "Bore diameter", "Runout", "Wall thickness")[row % 4],
        "value": "12.061" if out else f"12.0{row:02d}",
        "low": "11.980",
        "high": "12.020",
        "out": out,
        "at": AT + dt.timedelta(minutes=7 * row + 60 * number),
        "by": "T. Ortega",
    }


def _signature(meaning: str, name: str, reason: str) -> SimpleNamespace:
    signature = SimpleNamespace(
        get_meaning_display=meaning.capitalize(), printed_name=name, reason=reason, signed_at=AT,
        time_zone="Europe/Vienna", method="identification and password", digest="3f2a91bc" * 8,
    )  # fmt: skip
    return SimpleNamespace(signature=signature, intact=True)


def _entry(number: int) -> SimpleNamespace:
    return SimpleNamespace(
        at=AT + dt.timedelta(minutes=number),
        title=("Started", "Value recorded", "Paused", "Quantity changed")[number % 4],
        who="Tomás Ortega",
        reason="Counted again" if number % 4 == 3 else "",
        changes=(SimpleNamespace(label="Good", old="23", new="24"),) if number % 4 == 3 else (),
    )
