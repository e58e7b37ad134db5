"""The product's Celery app with its own schedule, only quicker: a minute of the plant is a second of the test.

What the sealer does, and what happens at an hour of the day, have tests of their own.
"""

from config.celery import app

app.conf.beat_schedule = {
    name: {**entry, "schedule": min(entry["schedule"], 1.0), "options": {}}
    for name, entry in app.conf.beat_schedule.items()
    if isinstance(entry["schedule"], float) and "queue" not in entry["options"]
}
