"""The product's settings, less what only a served installation needs."""

import os
from ipaddress import ip_network

from config import database
from config.settings import *  # noqa: F403
from config.settings import DATA_DIR, DB_ROLE, STORAGES
from tests.support.database import environment

TEST_DATABASE = os.environ.get("TRUELINE_TEST_DATABASE", f"test_{os.getpid()}")
"""Each run has its own clone, so that runs of one checkout do not meet."""

POOL = int(os.environ.get("TRUELINE_TEST_POOL", "0"))
"""Connections that a served plant keeps, as an installation does; the tests themselves open and close each."""

TRUELINE_GALLERY = True
SECRET_KEY = "tests-only-" + "0" * 40
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
DATABASES = {"default": database.configuration(DB_ROLE, environment(TEST_DATABASE), DATA_DIR, pool_size=POOL)}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS]  # noqa: F405
"""The product's hash takes a quarter of a second on purpose, and the suite signs some thousand times."""
CACHES = {"default": {"BACKEND": "tests.support.caching.JsonLocMemCache"}}
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = "TRUELINE_TEST_DATABASE" not in os.environ
"""Each client of a test is a handler of its own, which would read every static file first; only what is served does."""
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

TRUELINE_PRINTER_NETWORKS = [ip_network("127.0.0.0/8")]
"""No test looks for a printer on the network."""
