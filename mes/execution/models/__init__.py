"""What is ordered, what runs, and what was recorded while it ran."""

from mes.execution.models.facts import Consumption, DataRecord, DefectReport, LaborEntry, Output, StepRecord
from mes.execution.models.notes import FloorNote
from mes.execution.models.orders import Andon, OperationRun, OrderOperation, ProductionOrder

__all__ = (
    "Andon",
    "Consumption",
    "DataRecord",
    "DefectReport",
    "FloorNote",
    "LaborEntry",
    "OperationRun",
    "OrderOperation",
    "Output",
    "ProductionOrder",
    "StepRecord",
)
