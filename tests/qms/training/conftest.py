"""The school of these tests."""

from __future__ import annotations

import pytest

from tests.qms.training.plant import School, make_school


@pytest.fixture
def school(db: None) -> School:
    return make_school()
