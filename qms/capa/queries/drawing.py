"""Causes laid out to be drawn: a tree of whys, or a fishbone. Figures only; templates draw them."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from qms.capa.models import RootCause

BOX_WIDTH, BOX_HEIGHT, GAP_X, GAP_Y = 210, 78, 46, 16
LINE_LENGTH, LINES = 28, 3
MARKS = {"suspected": "?", "confirmed": "✓", "ruled_out": "✗"}


def lines_of(words: str, length: int = LINE_LENGTH, most: int = LINES) -> list[str]:
    """Words in so many lines of a box, shortened where they do not fit."""
    found = textwrap.wrap(words, length) or [""]
    return found if len(found) <= most else [*found[: most - 1], found[most - 1][: length - 1] + "…"]


@dataclass(frozen=True)
class Line:
    """One line of text at its place."""

    x: int
    y: int
    words: str


@dataclass(frozen=True)
class Node:
    """A box with its text; `verdict` is empty for the problem itself."""

    x: int
    y: int
    width: int
    height: int
    lines: Sequence[Line]
    verdict: str
    mark: str
    label: str
    is_root: bool

    @property
    def verdict_x(self) -> int:
        """Where the judgement is written."""
        return self.x + 12

    @property
    def verdict_y(self) -> int:
        """At the foot of the box."""
        return self.y + self.height - 8


@dataclass(frozen=True)
class Edge:
    """A line between two places."""

    x1: int
    y1: int
    x2: int
    y2: int


@dataclass(frozen=True)
class Drawing:
    """What is drawn, and how large it is."""

    width: int
    height: int
    nodes: Sequence[Node]
    edges: Sequence[Edge]


def _node(x: int, y: int, words: str, cause: RootCause | None, root: bool, height: int = BOX_HEIGHT) -> Node:
    texts = [Line(x + 12, y + 22 + 16 * index, text) for index, text in enumerate(lines_of(words))]
    verdict = cause.verdict if cause is not None else ""
    label = str(cause.get_verdict_display()) if cause is not None else ""
    return Node(x, y, BOX_WIDTH, height, texts, verdict, MARKS.get(verdict, ""), label, root)


def why_tree(problem: str, causes: Sequence[RootCause], roots: Sequence[RootCause]) -> Drawing:
    """Each cause right of what it explains, the problem at the left."""
    below: dict[int | None, list[RootCause]] = {}
    known = {one.pk for one in causes}
    for one in causes:
        below.setdefault(one.parent_id if one.parent_id in known else None, []).append(one)
    nodes: list[Node] = []
    edges: list[Edge] = []
    root_ids = {one.pk for one in roots}
    row = 0

    def put(cause: RootCause | None, depth: int) -> tuple[int, int]:
        """Place a cause and everything that explains it; the middle of its box."""
        nonlocal row
        inner = [put(one, depth + 1) for one in below.get(cause.pk if cause else None, [])]
        if inner:
            middle = (inner[0][1] + inner[-1][1]) // 2
        else:
            middle = row * (BOX_HEIGHT + GAP_Y) + BOX_HEIGHT // 2 + 4
            row += 1
        x = 4 + depth * (BOX_WIDTH + GAP_X)
        words = cause.statement if cause is not None else problem
        nodes.append(_node(x, middle - BOX_HEIGHT // 2, words, cause, cause is not None and cause.pk in root_ids))
        edges.extend(Edge(x + BOX_WIDTH, middle, x + BOX_WIDTH + GAP_X, y) for _x, y in inner)
        return x, middle

    put(None, 0)
    width = max(node.x for node in nodes) + BOX_WIDTH + 4
    return Drawing(width, row * (BOX_HEIGHT + GAP_Y) + 8, nodes, edges)


def fishbone(problem: str, causes: Sequence[RootCause], roots: Sequence[RootCause]) -> Drawing:
    """The six branches along a spine that leads to the problem, each with its causes."""
    branches = [choice for choice in RootCause.Branch.choices if choice[0]]
    on = {code: [one for one in causes if one.branch == code] for code, _label in branches}
    most = max([1, *(len(found) for found in on.values())])
    column, head = BOX_WIDTH + GAP_X, 34
    half = head + most * (BOX_HEIGHT + GAP_Y) + 12
    spine = half + 4
    nodes: list[Node] = []
    edges: list[Edge] = []
    root_ids = {one.pk for one in roots}
    for index, (code, label) in enumerate(branches):
        above, x = index < 3, 4 + (index % 3) * column
        title_y = 4 if above else 2 * half - head + 4
        nodes.append(Node(x, title_y, BOX_WIDTH, head, [Line(x + 12, title_y + 22, str(label))], "", "", "", False))
        for place, cause in enumerate(on[code]):
            y = title_y + head + 8 + place * (BOX_HEIGHT + GAP_Y)
            if not above:
                y = title_y - 8 - BOX_HEIGHT - place * (BOX_HEIGHT + GAP_Y)
            nodes.append(_node(x, y, cause.statement, cause, cause.pk in root_ids))
        edges.append(Edge(x + BOX_WIDTH, title_y + (head if above else 0), x + BOX_WIDTH + GAP_X, spine))
    end = 4 + 3 * column
    edges.append(Edge(4, spine, end, spine))
    nodes.append(_node(end, spine - BOX_HEIGHT // 2, problem, None, False))
    return Drawing(end + BOX_WIDTH + 4, 2 * half + 8, nodes, edges)
