"""What the writes of trends and reports share."""

from __future__ import annotations

from typing import Any

from core.kernel.deeds import Deed
from core.kernel.errors import Blocked
from core.lifecycle.queries import run_guards


def judged_new(record: Any, action: str, actor: Any) -> None:
    """Ask every guard about a record that is not there yet. Raises `Blocked` with all reasons."""
    blockers = [blocker for result in run_guards(record, action, Deed(actor=actor)) for blocker in result.blockers]
    if blockers:
        raise Blocked(blockers)
