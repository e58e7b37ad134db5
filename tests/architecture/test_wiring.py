"""The wiring of the running product is the one that docs/wiring.md shows."""

import io

import pytest
from django.core.management import call_command

from config.apps import BASE_DIR


@pytest.mark.requirement("HOUSE-04")
def test_wiring_is_documented() -> None:
    printed = io.StringIO()
    call_command("show_wiring", stdout=printed)
    assert printed.getvalue() == (BASE_DIR / "docs/wiring.md").read_text(), "write it again: make wiring"
