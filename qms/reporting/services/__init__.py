"""Every write of trends and reports."""

from qms.reporting.services.rules import change_rule, create_rule, judge_rule
from qms.reporting.services.schedules import (
    MAIL_JOB,
    RENDER_JOB,
    begin_due_run,
    change_schedule,
    create_schedule,
    deliver_run,
    mark_read,
    subscribe,
    unsubscribe,
)

__all__ = [
    "MAIL_JOB",
    "RENDER_JOB",
    "begin_due_run",
    "change_rule",
    "change_schedule",
    "create_rule",
    "create_schedule",
    "deliver_run",
    "judge_rule",
    "mark_read",
    "subscribe",
    "unsubscribe",
]
