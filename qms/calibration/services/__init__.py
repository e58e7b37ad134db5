"""Every write of gauges and calibrations. Lock order: the calibration, then the plan of its gauge."""

from qms.calibration.services import consequences
from qms.calibration.services.answering import answer_values
from qms.calibration.services.certificates import request_certificate
from qms.calibration.services.plans import (
    add_point,
    add_standard,
    change_plan,
    change_point,
    create_plan,
    remove_point,
    remove_standard,
)
from qms.calibration.services.records import (
    Reading,
    attach_certificate,
    close_calibration,
    describe_calibration,
    finish_calibration,
    raise_due_calibrations,
    record_readings,
    request_calibration,
    use_standard,
)

__all__ = [
    "Reading",
    "add_point",
    "add_standard",
    "answer_values",
    "attach_certificate",
    "change_plan",
    "change_point",
    "close_calibration",
    "consequences",
    "create_plan",
    "describe_calibration",
    "finish_calibration",
    "raise_due_calibrations",
    "record_readings",
    "remove_point",
    "remove_standard",
    "request_calibration",
    "request_certificate",
    "use_standard",
]
