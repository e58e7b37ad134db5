"""Named points of a deed at which a fault is to strike: before and after its commit, inside of the real process.

The test writes what is to happen into the file that TRUELINE_FAULT_FILE names; the process that comes by the point
takes the file (so it strikes once) and does it. Nothing happens where no file lies.
"""

from __future__ import annotations

import json
import os
import signal
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

VARIABLE = "TRUELINE_FAULT_FILE"
_passed: Counter[str] = Counter()


@dataclass(frozen=True)
class Fault:
    """What strikes where: in the deeds that come through a door with `door` in its name, at their `nth` commit."""

    name: str
    door: str
    moment: str
    """`before` or `after` the commit."""
    groups: tuple[int, ...] = ()
    """Leaders of the process groups that are killed."""
    seconds: float = 0.0
    """How long the process stands still there."""
    nth: int = 1

    def arm(self, file: Path) -> None:
        """Lay it where the processes look; whole or not at all."""
        unfinished = file.with_suffix(".unfinished")
        unfinished.write_text(json.dumps(asdict(self)))
        unfinished.replace(file)


def strike(moment: str, door: str) -> None:
    """Do what is armed for this moment, if anything."""
    file = Path(os.environ[VARIABLE])
    try:
        armed = Fault(**json.loads(file.read_text()))
    except FileNotFoundError:
        return
    if armed.moment != moment or armed.door not in door:
        return
    _passed[armed.name] += 1
    if _passed[armed.name] != armed.nth:
        return
    try:
        file.rename(file.with_suffix(".struck"))
    except FileNotFoundError:
        return  # Another process came first.
    time.sleep(armed.seconds)
    for leader in armed.groups:
        os.killpg(leader, signal.SIGKILL)
