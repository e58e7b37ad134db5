"""Every read of trends, key figures and reports."""

from qms.reporting.queries.charts import (
    SHIPPED,
    Asked,
    Bar,
    Pareto,
    counted,
    counts_by_month,
    pareto,
    rates,
    volume_kinds,
)
from qms.reporting.queries.contents import Content, Section, as_data, content_of
from qms.reporting.queries.keyfigures import FigureGroup, KeyFigure, key_figures
from qms.reporting.queries.rules import MonthFound, asked_by, broken, found_by, month_end
from qms.reporting.queries.schedules import Period, last_due, print_of, readers_at, told_of, unread_delivery

__all__ = [
    "SHIPPED",
    "Asked",
    "Bar",
    "Content",
    "FigureGroup",
    "KeyFigure",
    "MonthFound",
    "Pareto",
    "Period",
    "Section",
    "as_data",
    "asked_by",
    "broken",
    "content_of",
    "counted",
    "counts_by_month",
    "found_by",
    "key_figures",
    "last_due",
    "month_end",
    "pareto",
    "print_of",
    "rates",
    "readers_at",
    "told_of",
    "unread_delivery",
    "volume_kinds",
]
