"""Settings of a worker process in tests: a real broker, impatient leases."""

import os
from datetime import timedelta
from pathlib import Path

from tests.settings import *  # noqa: F403

CELERY_TASK_ALWAYS_EAGER = False
CELERY_BROKER_URL = os.environ["TRUELINE_TEST_BROKER"]
TRUELINE_FILES_DIR = Path(os.environ["TRUELINE_TEST_DATA"]) / "files"
TRUELINE_JOB_LEASE = timedelta(seconds=2)
TRUELINE_JOB_REDISPATCH = timedelta(seconds=0.5)
