"""Guarantee 4 in PostgreSQL for consumption: nothing under an open hold is consumed, whoever connects."""

from __future__ import annotations

from core.trail.services.enforcement import protect_also
from mes.execution.models import Consumption
from traceability.services import consumption_sql


@protect_also
def protect_consumption(present: set[str]) -> str:
    """SQL that refuses the consumption of a held quantity."""
    table = Consumption._meta.db_table
    return consumption_sql(table) if table in present and "traceability_hold" in present else ""
