"""Benchmarks work on databases like those of the tests, as the app role."""

from tests.conftest import django_db_setup, live_plant, plant, postgres, pytest_addoption

__all__ = ["django_db_setup", "live_plant", "plant", "postgres", "pytest_addoption"]
