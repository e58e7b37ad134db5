"""Gauges, their calibrations, and what is said about values that a failed one measured."""

from qms.calibration.models.answers import ImpactAnswer
from qms.calibration.models.gauges import (
    CalibrationPlan,
    CalibrationPoint,
    CalibrationReading,
    CalibrationRecord,
    PlannedStandard,
    StandardUse,
    last_day,
)

__all__ = [
    "CalibrationPlan",
    "CalibrationPoint",
    "CalibrationReading",
    "CalibrationRecord",
    "ImpactAnswer",
    "PlannedStandard",
    "StandardUse",
    "last_day",
]
