"""How much is tried: what would say the same again is left out, but for `make matrix`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar
from zlib import crc32

T = TypeVar("T")


def is_whole() -> bool:
    """Whether everything is tried with everybody, however long it takes."""
    return bool(os.environ.get("TRUELINE_WHOLE"))


def in_turn(what: str, those: Sequence[T]) -> T:
    """The one of those whose turn it is: they go round from address to address, the same in every run."""
    return those[crc32(what.encode()) % len(those)]
