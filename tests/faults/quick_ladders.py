"""The clock of the ladders alone, quicker: a minute of the plant is four seconds of the test.

Not quicker: on a busy machine two such clocks would keep the workers from what they are there for, and the message that
hands over jobs of killed workers would be too old when its turn comes.
"""

from config.celery import app

WANTED = {"escalate-overdue-work": 4.0, "keep-delegations": 10.0, "send-mail": 4.0, "dispatch-jobs": 2.0}
app.conf.beat_schedule = {
    name: {**app.conf.beat_schedule[name], "schedule": seconds} for name, seconds in WANTED.items()
}
