"""What differs between two texts, word by word; rows of tables cell by cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from qms.documents.models import DocumentRevision, Rendition

MOST_LINES = 4_000
"""Lines of a text that are compared; the rest is said to be left out."""
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_RULE = re.compile(r"^\|(\s*:?-+:?\s*\|)+$")


@dataclass(frozen=True)
class Piece:
    """Some words: the same in both ("same"), only in the new text ("added") or only in the old one ("removed")."""

    kind: str
    text: str


@dataclass
class Block:
    """A line of text, or the row of a table with the pieces of each cell; `kind` as of a piece, or "changed"."""

    kind: str
    cells: list[list[Piece]] = field(default_factory=list)
    is_row: bool = False

    @property
    def pieces(self) -> list[Piece]:
        """The pieces of a line that is no row of a table."""
        return self.cells[0]


@dataclass(frozen=True)
class Redline:
    """The differences of two texts; rows of a table that follow each other stand in one group."""

    groups: list[list[Block]]
    is_cut: bool = False

    @property
    def changes(self) -> int:
        """How many lines and rows differ."""
        return sum(block.kind != "same" for group in self.groups for block in group)


def compared_text(revision: DocumentRevision) -> str:
    """The text of a revision that is compared: as it is written, or what its file says."""
    if revision.file_id is None:
        return revision.body
    rendition = Rendition.objects.filter(revision=revision).first()
    return rendition.text if rendition is not None else revision.body


def redline(old: str, new: str) -> Redline:
    """What changed from one text to the other."""
    before, after = _lines(old), _lines(new)
    is_cut = len(before) > MOST_LINES or len(after) > MOST_LINES
    before, after = before[:MOST_LINES], after[:MOST_LINES]
    blocks: list[Block] = []
    for move, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if move == "equal":
            blocks += [_whole("same", line) for line in before[i:j]]
        else:
            blocks += _changed(before[i:j], after[k:m])
    return Redline(list(_grouped(blocks)), is_cut)


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines() if line.strip() and not _RULE.match(line.strip())]


def _changed(removed: Sequence[str], added: Sequence[str]) -> Iterator[Block]:
    """Lines that look like each other are one changed line; the others went or came."""
    left = list(added)
    while left and removed and _is_row(left[0]) and not _is_row(removed[0]):  # rows at the end of a table stay with it
        yield _whole("added", left.pop(0))
    for line in removed:
        like = next((other for other in left if _is_row(other) == _is_row(line) and _likeness(line, other) > 0.5), None)
        if like is None:
            yield _whole("removed", line)
            continue
        while left[0] != like:
            yield _whole("added", left.pop(0))
        left.pop(0)
        yield _words_of(line, like)
    for line in left:
        yield _whole("added", line)


def _likeness(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, _WORDS.findall(one), _WORDS.findall(other), autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() > 0.5 else 0.0


def _is_row(line: str) -> bool:
    bare = line.strip()
    return len(bare) > 1 and bare.startswith("|") and bare.endswith("|")


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip()[1:-1].split("|")]


def _whole(kind: str, line: str) -> Block:
    parts = _cells(line) if _is_row(line) else [line]
    return Block(kind, [[Piece(kind, part)] for part in parts], _is_row(line))


def _words_of(old: str, new: str) -> Block:
    if not _is_row(new):
        return Block("changed", [_pieces(old, new)])
    before, after = _cells(old), _cells(new)
    width = max(len(before), len(after))
    before, after = before + [""] * (width - len(before)), after + [""] * (width - len(after))
    return Block("changed", [_pieces(one, other) for one, other in zip(before, after, strict=True)], is_row=True)


def _pieces(old: str, new: str) -> list[Piece]:
    one, other = _WORDS.findall(old), _WORDS.findall(new)
    found: list[Piece] = []
    for move, i, j, k, m in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if move == "equal":
            found.append(Piece("same", "".join(one[i:j])))
            continue
        if j > i:
            found.append(Piece("removed", "".join(one[i:j])))
        if m > k:
            found.append(Piece("added", "".join(other[k:m])))
    return found


def _grouped(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    group: list[Block] = []
    for block in blocks:
        if group and not (block.is_row and group[-1].is_row and len(block.cells) == len(group[-1].cells)):
            yield group
            group = []
        group.append(block)
    if group:
        yield group


def form_changes(old: DocumentRevision, new: DocumentRevision) -> list[tuple[str, str, str]]:
    """What changed in the fields of a form, as (field, before, now); empty where one of them is not there."""
    before = {one["code"]: one for one in old.form_fields or ()}
    after = {one["code"]: one for one in new.form_fields or ()}
    return [
        (code, _told(before.get(code)), _told(after.get(code)))
        for code in [*before, *(code for code in after if code not in before)]
        if before.get(code) != after.get(code)
    ]


def _told(one: dict[str, object] | None) -> str:
    if one is None:
        return ""
    limits = f"{one['low']}…{one['high']}" if one["low"] or one["high"] else ""
    choices = ", ".join(map(str, one["choices"])) if isinstance(one["choices"], list) else ""
    return " · ".join(str(part) for part in (one["label"], one["kind"], one["unit"], limits, choices) if part)
