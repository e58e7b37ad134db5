"""The wiring of the running product is the one that docs/wiring.md shows."""

import subprocess
import sys

import pytest

from config.apps import BASE_DIR


@pytest.mark.requirement("HOUSE-04")
def test_wiring_is_documented() -> None:
    # A process of its own: the suite's process also holds the handlers that other tests register.
    printed = subprocess.run(
        [sys.executable, "manage.py", "show_wiring"], cwd=BASE_DIR, check=True, capture_output=True, text=True
    )
    assert printed.stdout == (BASE_DIR / "docs/wiring.md").read_text(), "write it again: make wiring"
