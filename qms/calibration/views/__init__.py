"""The pages of gauges and calibrations."""

from qms.calibration.views.gauges import (
    CalibrationPlanChange,
    CalibrationPlanCreate,
    CalibrationPlanDetail,
    CalibrationPlanList,
    CalibrationPlanMove,
    CalibrationRequest,
    PlannedStandardCreate,
    PlannedStandardRemove,
    PointChange,
    PointCreate,
    PointRemove,
)
from qms.calibration.views.look_back import GaugeValues, LookBack, ValuesAnswer
from qms.calibration.views.overview import Overview
from qms.calibration.views.records import (
    CalibrationRecordClose,
    CalibrationRecordDetail,
    CalibrationRecordList,
    CalibrationRecordMove,
    CertificateAttach,
    CertificateSeal,
    Describe,
    Finish,
    Readings,
    UseStandard,
)

__all__ = [
    "CalibrationPlanChange",
    "CalibrationPlanCreate",
    "CalibrationPlanDetail",
    "CalibrationPlanList",
    "CalibrationPlanMove",
    "CalibrationRecordClose",
    "CalibrationRecordDetail",
    "CalibrationRecordList",
    "CalibrationRecordMove",
    "CalibrationRequest",
    "CertificateAttach",
    "CertificateSeal",
    "Describe",
    "Finish",
    "GaugeValues",
    "LookBack",
    "Overview",
    "PlannedStandardCreate",
    "PlannedStandardRemove",
    "PointChange",
    "PointCreate",
    "PointRemove",
    "Readings",
    "UseStandard",
    "ValuesAnswer",
]
