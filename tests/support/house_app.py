"""The product's Celery app with its own schedule, only quicker: a minute of the plant is a second of the test.

An hour is ten seconds, and what waits longer than that is forgotten: on a busy machine the worker has other things to
do than twenty rounds a second. What the sealer does, and what happens at an hour of the day, have tests of their own.
"""

from config.celery import app

MINUTE = 60.0

app.conf.beat_schedule = {
    name: {**entry, "schedule": 1.0 if entry["schedule"] <= MINUTE else 10.0, "options": {"expires": 10}}
    for name, entry in app.conf.beat_schedule.items()
    if isinstance(entry["schedule"], float) and "queue" not in entry["options"]
}
