"""Celery: the worker carries what may fail or be slow, beat gives the rhythm.

The schedule is static on purpose: an editable table would let sealing or escalation be switched off without a trace.
Work to be done lives in ``core.jobs`` rows, never in Redis alone: flushing the broker loses nothing.
"""

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

HEARTBEAT_SECONDS = 10.0
HEARTBEAT_KEY = "trueline-heartbeat"
"""Where `config.tasks.heartbeat` leaves its time in the cache."""
SEAL_QUEUE = "seal"
"""Consumed only by the worker that connects as the sealer role."""

# "expires": when the workers were away, one round afterwards is enough.
SCHEDULE: dict[str, dict[str, Any]] = {
    "make-due-documents-effective": {
        "task": "qms.documents.make_due_effective",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    "keep-up-training": {"task": "qms.training.keep_up", "schedule": 600.0, "options": {"expires": 500}},
    "suspend-what-is-not-practised": {
        "task": "qms.training.suspend_unpractised",
        "schedule": crontab(hour="1", minute="20"),
        "options": {"expires": 3600},
    },
    "ask-for-document-reviews": {
        "task": "qms.documents.ask_for_reviews",
        "schedule": 3600.0,
        "options": {"expires": 3000},
    },
    "ask-for-due-calibrations": {
        "task": "qms.calibration.raise_due",
        "schedule": 3600.0,
        "options": {"expires": 3000},
    },
    "ask-for-risk-reviews": {
        "task": "qms.risk.ask_for_reviews",
        "schedule": 3600.0,
        "options": {"expires": 3000},
    },
    "judge-effects-of-capas": {
        "task": "qms.capa.evaluate_due",
        "schedule": 3600.0,
        "options": {"expires": 3000},
    },
    "watch-trends": {"task": "qms.reporting.watch_trends", "schedule": 3600.0, "options": {"expires": 3000}},
    "begin-due-reports": {"task": "qms.reporting.begin_due", "schedule": 300.0, "options": {"expires": 250}},
    "keep-time-of-changes": {"task": "qms.changes.keep_time", "schedule": 60.0, "options": {"expires": 50}},
    "escalate-overdue-work": {"task": "core.worklist.escalate_due", "schedule": 60.0, "options": {"expires": 50}},
    "keep-delegations": {
        "task": "core.worklist.keep_delegations",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    "send-mail": {"task": "core.worklist.mail", "schedule": 60.0, "options": {"expires": 50}},
    "seal-the-trail": {
        "task": "core.trail.seal",
        "schedule": 10.0,
        "options": {"expires": 10, "queue": SEAL_QUEUE},
    },
    "stamp-the-newest-head": {
        "task": "core.trail.time_stamp",
        "schedule": 3600.0,
        "options": {"expires": 3000, "queue": SEAL_QUEUE},
    },
    "watch-the-trail": {"task": "core.trail.watch", "schedule": 60.0, "options": {"expires": 50}},
    "export-seals": {
        "task": "core.trail.export_seals",
        "schedule": crontab(hour="0", minute="10"),
        "options": {"expires": 3600},
    },
    "sweep-waiting-uploads": {"task": "core.files.sweep_waiting", "schedule": 3600.0, "options": {"expires": 3000}},
    "ask-for-access-reviews": {
        "task": "core.oversight.ask_for_reviews",
        "schedule": 3600.0,
        "options": {"expires": 3000},
    },
    "forget-api-answers": {
        "task": "core.organization.forget_api_answers",
        "schedule": 3600.0,
        "options": {"expires": 3000},
    },
    "heartbeat": {"task": "config.tasks.heartbeat", "schedule": HEARTBEAT_SECONDS, "options": {"expires": 10}},
    "dispatch-jobs": {"task": "core.jobs.dispatch", "schedule": 5.0, "options": {"expires": 5}},
}

app = Celery("trueline")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
app.autodiscover_tasks()


@worker_ready.connect  # type: ignore[untyped-decorator]
def look_at_the_trail_first(**kwargs: Any) -> None:
    """Every start of a worker compares the catalog with the registry; beat repeats it each minute."""
    app.tasks["core.trail.watch"].apply_async(expires=50)
