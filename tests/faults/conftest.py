"""Fixtures that other tests have as well."""

from tests.config.test_backup import installation
from tests.core.trail.test_seal_epochs import home

__all__ = ["home", "installation"]
