"""The environment of a process, with the secrets that were handed over as files."""

from collections.abc import Mapping
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

SECRETS = (
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "DATABASE_SEALER_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "TRUELINE_PROBE_TOKEN",
    "TRUELINE_S3_ACCESS_KEY",
    "TRUELINE_S3_SECRET_KEY",
    "TRUELINE_OIDC_CLIENT_SECRET",
    "TRUELINE_LDAP_BIND_PASSWORD",
)
"""Each may stand in a file instead, named by the variable with ``_FILE`` behind its name (a mounted secret)."""


def resolved(environ: Mapping[str, str]) -> dict[str, str]:
    """``environ`` with each secret that is named as a file read from it, and without the file's name.

    Raises ImproperlyConfigured when a secret is given twice or its file is missing or empty.
    """
    found = dict(environ)
    for name in SECRETS:
        file = environ.get(f"{name}_FILE", "")
        if not file:
            continue
        if environ.get(name):
            raise ImproperlyConfigured(f"{name} and {name}_FILE are both set: keep one of them.")
        try:
            content = Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE: {file} cannot be read ({error.strerror}).") from error
        if not content:
            raise ImproperlyConfigured(f"{name}_FILE: {file} is empty.")
        found[name] = content
        del found[f"{name}_FILE"]
    return found
