"""Action priority of a process FMEA (AIAG-VDA 2019): by table, never by a product of the three figures."""

from __future__ import annotations

HIGH, MEDIUM, LOW = "H", "M", "L"
RANKS = range(1, 11)
SEVERITIES = ((9, 10), (7, 8), (4, 6), (2, 3), (1, 1))
OCCURRENCES = ((8, 10), (6, 7), (4, 5), (2, 3), (1, 1))
DETECTIONS = ((7, 10), (5, 6), (2, 4), (1, 1))
TABLE = (
    ("HHHH", "HHHH", "HHHM", "HMLL", "LLLL"),
    ("HHHH", "HHHM", "HMMM", "MMLL", "LLLL"),
    ("HHMM", "MMML", "MLLL", "LLLL", "LLLL"),
    ("MMLL", "LLLL", "LLLL", "LLLL", "LLLL"),
    ("LLLL", "LLLL", "LLLL", "LLLL", "LLLL"),
)
"""A row for each band of severity, in it a word for each band of occurrence, in it a letter for each of detection."""


def action_priority(severity: int, occurrence: int, detection: int) -> str:
    """High, medium or low: how soon something has to be done. Each rank is 1 to 10; `ValueError` otherwise."""
    row = TABLE[_band(SEVERITIES, severity)][_band(OCCURRENCES, occurrence)]
    return row[_band(DETECTIONS, detection)]


def _band(bands: tuple[tuple[int, int], ...], rank: int) -> int:
    for index, (lowest, highest) in enumerate(bands):
        if lowest <= rank <= highest:
            return index
    raise ValueError(f"a rank is 1 to 10, not {rank}")
