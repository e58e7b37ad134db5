"""Settings of a house in tests whose jobs go through a real broker to a real worker, as in production."""

import os
from datetime import timedelta

from tests.settings import *  # noqa: F403

CELERY_TASK_ALWAYS_EAGER = False
CELERY_BROKER_URL = os.environ["TRUELINE_TEST_BROKER"]
TRUELINE_JOB_REDISPATCH = timedelta(seconds=2)
