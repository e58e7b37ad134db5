"""The shared case files: real inputs and independent results that are not part of this repository."""

import os
from pathlib import Path

from config.apps import BASE_DIR


def cases_directory() -> Path | None:
    """TRUELINE_CASES, else ``../shared/cases`` (or one level higher, for a worktree); None when there is none."""
    if chosen := os.environ.get("TRUELINE_CASES"):
        return Path(chosen)
    for parent in BASE_DIR.parents[:2]:
        if (parent / "shared" / "cases").is_dir():
            return parent / "shared" / "cases"
    return None
