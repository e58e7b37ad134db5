"""A trace as a picture: one column a level, material flows to the right, what is alike stands together.

Boxes are ordered within their columns by the mean place of their neighbours (barycenter), which keeps most lines from
crossing. Lots and units of one material at one level become one counted box from `GROUP_FROM` on, and what does not
fit into a column or beyond the last one becomes one more: the picture's size is bounded whatever the trace holds. A box
of one material leads to the table with exactly its rows, one of further materials to that of its level, one of what
lies beyond the last column to that of the whole direction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.web.markup import number
from traceability.queries import TraceRow

BOX_WIDTH, BOX_HEIGHT = 212, 64
GAP_X, GAP_Y, MARGIN = 68, 14, 16
GROUP_FROM = 6
"""So many lots or units of one material at one level become one counted box."""
MOST_IN_COLUMN = 24
"""Boxes in one column; the rest of the level becomes one counted box."""
MOST_COLUMNS = 16
"""Levels to each side; what lies beyond becomes one counted box."""
LETTERS = 27
"""Letters that fit into a line of a box."""
SWEEPS = 4

Key = tuple[Any, ...]
START: Key = ("start",)


@dataclass
class Box:
    """One box: a lot or unit, or a counted group of them; `lines` are what it says, `words` all of it."""

    key: Key
    column: int
    lines: tuple[str, ...]
    words: str
    url: str
    count: int = 1
    is_held: bool = False
    x: int = 0
    y: int = 0

    @property
    def is_group(self) -> bool:
        """Whether it stands for several."""
        return self.count > 1

    @property
    def classes(self) -> str:
        """How it looks."""
        looks = {"tg-start": self.key == START, "tg-group": self.is_group, "tg-held": self.is_held}
        return " ".join(["tg-box", *(name for name, so in looks.items() if so)])

    @property
    def texts(self) -> list[tuple[int, int, str]]:
        """The lines with their places."""
        return [(self.x + 12, self.y + 20 + 17 * place, shortened(line)) for place, line in enumerate(self.lines)]


@dataclass(frozen=True)
class Line:
    """What one box gave to another; `is_gap` says that something between is not shown."""

    path: str
    is_gap: bool


@dataclass
class Picture:
    """Boxes and lines with their places, and what the picture shows in words."""

    boxes: list[Box]
    lines: list[Line] = field(default_factory=list)
    width: int = 0
    height: int = 0
    text: str = ""


def shortened(text: str) -> str:
    """A text as it fits into a box."""
    return text if len(text) <= LETTERS else f"{text[: LETTERS - 1]}…"


@dataclass(frozen=True)
class Addresses:
    """Where the boxes lead: a lot or unit to its page, a group to the table with its rows."""

    record: Callable[[TraceRow], str]
    rows: Callable[..., str]


def picture(name: str, material: str, rows: Sequence[TraceRow], addresses: Addresses) -> Picture:
    """The picture of a trace; `name` and `material` are those of the record that it begins with."""
    boxes, owners = _boxes(rows, addresses)
    boxes[START] = Box(START, 0, (name, material), f"{name}, {material}", "")
    joined = _joined(rows, owners)
    _place(boxes, joined)
    found = Picture(list(boxes.values()))
    found.width = max(box.x for box in found.boxes) + BOX_WIDTH + MARGIN
    found.height = max(box.y for box in found.boxes) + BOX_HEIGHT + MARGIN
    found.lines = [Line(_path(boxes[a], boxes[b]), is_gap) for (a, b), is_gap in joined.items()]
    nodes = len(owners)
    found.text = ngettext(
        "%(count)s lot or unit in %(boxes)s boxes; the table says the same in words.",
        "%(count)s lots and units in %(boxes)s boxes; the table says the same in words.",
        nodes,
    ) % {"count": nodes, "boxes": len(found.boxes) - 1}
    return found


def _boxes(rows: Sequence[TraceRow], addresses: Addresses) -> tuple[dict[Key, Box], dict[Key, Key]]:
    """The boxes by their keys, and the box of each node (direction, node)."""
    first: dict[Key, TraceRow] = {}
    for row in rows:
        known = first.get((row.direction, row.node))
        if known is None or row.level < known.level:
            first[row.direction, row.node] = row
    boxes: dict[Key, Box] = {}
    owners: dict[Key, Key] = {}
    levels: dict[Key, list[Key]] = defaultdict(list)
    for node, row in first.items():
        levels[row.direction, min(row.level, MOST_COLUMNS + 1)].append(node)
    for (direction, level), nodes in levels.items():
        column = -level if direction == "backward" else level
        groups: dict[Key, list[Key]] = defaultdict(list)
        for node in nodes:
            groups["material", direction, level, first[node].material_number].append(node)
        if level > MOST_COLUMNS:
            rest = [("rest", direction, level, nodes)]
        else:
            parts = [
                part
                for key, members in groups.items()
                for part in ([(*key, members)] if len(members) >= GROUP_FROM else [(*m, [m]) for m in members])
            ]
            # What is on hold, then what stands for most, keeps its own box.
            parts.sort(key=lambda part: (not any(first[n].holds for n in part[-1]), -len(part[-1])))
            kept = parts if len(parts) <= MOST_IN_COLUMN else parts[: MOST_IN_COLUMN - 1]
            others = [node for part in parts[len(kept) :] for node in part[-1]]
            rest = [*kept, *([("rest", direction, level, others)] if others else [])]
        for part in rest:
            key, members = tuple(part[:-1]), [first[node] for node in part[-1]]
            boxes[key] = _box(key, column, members, addresses)
            owners |= dict.fromkeys(part[-1], key)
    return boxes, owners


def _box(key: Key, column: int, rows: Sequence[TraceRow], addresses: Addresses) -> Box:
    row, held = rows[0], sum(1 for row in rows if row.holds)
    if len(rows) == 1:
        amount = f"{number(row.quantity)} {row.uom}" if row.quantity is not None else ""
        states = (_("On hold"), row.state_label) if held else (row.state_label,)
        last = " · ".join(part for part in (amount, states[0]) if part)
        words = ", ".join(part for part in (row.number, row.material, amount, *states) if part)
        return Box(key, column, (row.number, row.material, last), words, addresses.record(row), 1, bool(held))
    count = len(rows)
    counted = _("%(count)s lots and units") % {"count": count}
    if len({row.lot_id is None for row in rows}) == 1:
        counted = (_("%(count)s units") if row.lot_id is None else _("%(count)s lots")) % {"count": count}
    of = row.material if key[0] == "material" else _("of further materials")
    if row.level > MOST_COLUMNS:
        of = _("beyond level %(level)s") % {"level": MOST_COLUMNS}
    last = ngettext("%(count)s on hold", "%(count)s on hold", held) % {"count": held} if held else _("Open as a table")
    asked: dict[str, str] = {"direction": row.direction}
    if row.level <= MOST_COLUMNS:
        asked["level"] = str(row.level)
    if key[0] == "material":
        asked["material"] = row.material_number
    words = f"{counted}, {of}, {last}"
    return Box(key, column, (counted, of, last), words, addresses.rows(**asked), count, bool(held))


def _joined(rows: Iterable[TraceRow], owners: dict[Key, Key]) -> dict[tuple[Key, Key], bool]:
    """Which box gave to which, and whether only by what is not shown."""
    found: dict[tuple[Key, Key], bool] = {}
    for row in rows:
        near = owners.get((row.direction, row.parent), START)
        far = owners[row.direction, row.node]
        ends = (far, near) if row.direction == "backward" else (near, far)
        if near != far:
            found[ends] = row.skips and found.get(ends, True)
    return found


def _place(boxes: dict[Key, Box], joined: Iterable[tuple[Key, Key]]) -> None:
    """Give each box its column and its place in it."""
    columns: dict[int, list[Key]] = defaultdict(list)
    for key, box in boxes.items():
        columns[box.column].append(key)
    for keys in columns.values():
        keys.sort(key=lambda key: boxes[key].lines[1::-1])
    neighbours: dict[Key, list[Key]] = defaultdict(list)
    for a, b in joined:
        neighbours[a].append(b)
        neighbours[b].append(a)
    order = sorted(columns)
    place = {key: (at + 0.5) / len(keys) for keys in columns.values() for at, key in enumerate(keys)}
    for sweep in range(SWEEPS):
        for column in order if sweep % 2 == 0 else reversed(order):
            keys = columns[column]
            mean = {}
            for key in keys:
                beside = [place[other] for other in neighbours[key] if boxes[other].column != column]
                mean[key] = sum(beside) / len(beside) if beside else place[key]
            keys.sort(key=mean.__getitem__)
            place |= {key: (at + 0.5) / len(keys) for at, key in enumerate(keys)}
    tallest = max(len(keys) for keys in columns.values())
    for at, column in enumerate(order):  # a level of which nothing is asked for takes no room
        keys = columns[column]
        top = MARGIN + (tallest - len(keys)) * (BOX_HEIGHT + GAP_Y) // 2
        for row, key in enumerate(keys):
            boxes[key].x = MARGIN + at * (BOX_WIDTH + GAP_X)
            boxes[key].y = top + row * (BOX_HEIGHT + GAP_Y)


def _path(a: Box, b: Box) -> str:
    """The curve from one box to another, in the words of SVG."""
    y1, y2 = a.y + BOX_HEIGHT // 2, b.y + BOX_HEIGHT // 2
    if a.x < b.x:
        x1, x2 = a.x + BOX_WIDTH, b.x
        bend = max(GAP_X // 2, (x2 - x1) // 3)
        return f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"
    if a.x == b.x:
        x = a.x + BOX_WIDTH
        return f"M{x} {y1}C{x + GAP_X // 2} {y1} {x + GAP_X // 2} {y2} {x} {y2}"
    x1, x2 = a.x, b.x + BOX_WIDTH
    bend = max(GAP_X // 2, (x1 - x2) // 3)
    return f"M{x1} {y1}C{x1 - bend} {y1} {x2 + bend} {y2} {x2} {y2}"
