"""What `manage.py doctor` looks at: each part of the installation, whether it works, and what to do if not."""

import datetime
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import psycopg
import redis
from celery import current_app
from django.conf import settings
from django.core.cache import caches
from django.core.mail import get_connection
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config.celery import HEARTBEAT_KEY, HEARTBEAT_SECONDS
from config.database import URL_VARIABLES, DatabaseNotConfigured, role_url
from config.environment import resolved
from core.files import scanning
from core.kernel.clock import now
from core.organization.services import directory, saml
from core.trail.services.watching import trail_findings
from tools import system_packages

OLDEST_POSTGRESQL = 150000
LEAST_FREE_BYTES = 1_000_000_000
MAIL_PATIENCE = 5
"""Seconds that the mail server gets to answer the doctor."""
OWNED_BY = "SELECT count(*) FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = session_user)"
POWERS = """
SELECT r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolbypassrls
    OR has_schema_privilege('public', 'CREATE')
    OR pg_has_role(current_database_owner.rolname, 'MEMBER')
FROM pg_roles r, (SELECT pg_get_userbyid(datdba) AS rolname FROM pg_database WHERE datname = current_database())
    AS current_database_owner
WHERE r.rolname = session_user
"""


class Level(Enum):
    """How bad a finding is; only FAILED makes the command fail."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "FAILED"


@dataclass(frozen=True)
class Finding:
    """One thing looked at: its name, how it is, and the remedy when it is not well."""

    name: str
    level: Level
    text: str
    remedy: str = ""


def python() -> Iterator[Finding]:
    """The interpreter."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("Python", Level.OK, version)


def packages() -> Iterator[Finding]:
    """Libraries and programs of the operating system."""
    for need in system_packages.TO_TEST:
        needed_to_run = need in system_packages.TO_RUN
        if need.is_met():
            yield Finding(need.package, Level.OK, need.reason)
        else:
            yield Finding(
                need.package,
                Level.FAILED if needed_to_run else Level.WARNING,
                f"missing: {need.reason}" + ("" if needed_to_run else " (only for tests)"),
                f"sudo apt-get install --no-install-recommends {need.package}",
            )


def database(role: str, url: str) -> Iterator[Finding]:
    """One database role: reachable, of a good version, with the powers it should have and no more."""
    name = f"Database as {role}"
    try:
        with psycopg.connect(url, connect_timeout=5, autocommit=True) as link:
            version = link.info.server_version
            (owned,) = link.execute(OWNED_BY).fetchone() or (0,)
            (powerful,) = link.execute(POWERS).fetchone() or (True,)
    except psycopg.OperationalError as error:
        yield Finding(name, Level.FAILED, f"not reachable: {str(error).strip()}", f"Check {URL_VARIABLES[role]}.")
        return
    if version < OLDEST_POSTGRESQL:
        yield Finding(name, Level.FAILED, f"PostgreSQL {version // 10000} is too old", "Use PostgreSQL 15 or newer.")
    elif role != "owner" and (owned or powerful):
        yield Finding(
            name,
            Level.FAILED,
            f"has rights it must not have (owns {owned} tables or other objects; may create or belongs to the owner)",
            "Connect as a role made as docs/operation.md says: the trail can be switched off by an owner.",
        )
    else:
        yield Finding(name, Level.OK, f"PostgreSQL {version // 10000}, owns {owned} objects")


def databases() -> Iterator[Finding]:
    """All three roles, as far as this environment names them."""
    for role, variable in URL_VARIABLES.items():
        try:
            url = role_url(role, resolved(os.environ), settings.DATA_DIR)
        except DatabaseNotConfigured as error:
            level = Level.FAILED if role == "app" else Level.WARNING
            yield Finding(f"Database as {role}", level, str(error), f"Set {variable}.")
            continue
        yield from database(role, url)


def migrations() -> Iterator[Finding]:
    """Whether the schema is that of this version."""
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _ in missing)
        yield Finding("Migrations", Level.FAILED, f"not applied: {names}", "manage.py migrate")
    else:
        yield Finding("Migrations", Level.OK, "all applied")


def broker() -> Iterator[Finding]:
    """Redis, and the workers behind it."""
    try:
        redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=5).ping()
    except redis.RedisError as error:
        yield Finding("Redis", Level.FAILED, f"not reachable: {error}", "Start it, or check REDIS_URL.")
        return
    yield Finding("Redis", Level.OK, "answers")
    answers: list[dict[str, Any]] = current_app.control.ping(timeout=2) or []
    names = {name.split("@")[0] for answer in answers for name in answer}
    for worker, purpose in (("jobs", "background jobs"), ("sealer", "seals of the trail")):
        if worker in names:
            yield Finding(f"Worker for {purpose}", Level.OK, "answers")
        else:
            yield Finding(f"Worker for {purpose}", Level.FAILED, "does not answer", "See docs/operation.md.")
    yield heartbeat()


def heartbeat() -> Finding:
    """Whether beat gives work and a worker does it."""
    seen = caches["default"].get(HEARTBEAT_KEY)
    age = None if seen is None else now() - datetime.datetime.fromisoformat(seen)
    if age is None or age > datetime.timedelta(seconds=3 * HEARTBEAT_SECONDS):
        text = "never seen" if age is None else f"last seen {age.total_seconds():.0f} s ago"
        return Finding("Beat", Level.FAILED, text, "Start Celery beat: escalation, seals and retries stand still.")
    return Finding("Beat", Level.OK, f"last seen {age.total_seconds():.0f} s ago")


def trail() -> Iterator[Finding]:
    """Whether the trail is protected and sealed as it should be."""
    found = trail_findings()
    for finding in found:
        yield Finding("Trail", Level.FAILED, finding.text, finding.remedy)
    if not found:
        yield Finding("Trail", Level.OK, "protected and sealed")


def files() -> Iterator[Finding]:
    """The data directory and the static files."""
    data: Path = settings.DATA_DIR
    if not os.access(data, os.W_OK):
        yield Finding("Data directory", Level.FAILED, f"{data} cannot be written", "Set TRUELINE_DATA or its owner.")
    elif (free := shutil.disk_usage(data).free) < LEAST_FREE_BYTES:
        yield Finding("Data directory", Level.WARNING, f"only {free // 1_000_000} MB are free", "Make room.")
    else:
        yield Finding("Data directory", Level.OK, f"{data}, {free // 1_000_000_000} GB free")
    key = data / "secret-key"
    if key.exists() and key.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield Finding("Secret key", Level.FAILED, "others may read it", f"chmod 600 {key}")
    if not (settings.STATIC_ROOT / "staticfiles.json").exists():
        yield Finding("Static files", Level.WARNING, "not collected", "manage.py collectstatic --noinput")


def scanner() -> Iterator[Finding]:
    """The virus scanner, where one is named."""
    if not settings.TRUELINE_SCANNER:
        return
    if scanning.answers():
        yield Finding("Virus scanner", Level.OK, settings.TRUELINE_SCANNER)
    else:
        level = Level.FAILED if settings.TRUELINE_SCANNER_REQUIRED else Level.WARNING
        yield Finding("Virus scanner", level, f"{settings.TRUELINE_SCANNER} does not answer", "Start clamd.")


def mail() -> Iterator[Finding]:
    """The mail server, where one is named."""
    if not settings.TRUELINE_MAIL_IS_NAMED:
        if settings.TRUELINE_SEAL_EMAIL:
            yield Finding("Mail", Level.WARNING, "TRUELINE_SEAL_EMAIL is set, but no mail server", "Set EMAIL_URL.")
        else:
            yield Finding("Mail", Level.OK, "no mail server is named: nothing is mailed")
        return
    try:
        with get_connection(timeout=MAIL_PATIENCE):
            yield Finding("Mail", Level.OK, "the server answers; “Test mail” under Plant sends one")
    except OSError as error:  # of the network, and every answer of a mail server (SMTPException)
        yield Finding("Mail", Level.WARNING, f"the server does not let us in from here: {error}", "Check EMAIL_URL.")


def sign_in() -> Iterator[Finding]:
    """The identity provider, where one is named."""
    for name, variable, trouble in (
        ("SAML", settings.TRUELINE_SAML_IDP, saml.trouble),
        ("Directory", settings.TRUELINE_LDAP_URL, directory.trouble),
    ):
        if said := variable and trouble():
            yield Finding(name, Level.FAILED, said, "See docs/sign-in.md.")
        elif variable:
            yield Finding(name, Level.OK, f"{variable}: nothing is missing on our side")


def production() -> Iterator[Finding]:
    """What is right for trying out and wrong for real records."""
    if settings.DEMO:
        yield Finding("Demonstration", Level.WARNING, "published sign-ins exist", "Never keep real records here.")
    if settings.DEBUG:
        yield Finding("DEBUG", Level.WARNING, "is on: error pages show internals", "Unset DEBUG.")
    if not settings.HTTPS:
        yield Finding("HTTPS", Level.WARNING, "is off", "Put a proxy in front and set TRUELINE_HTTPS=1.")


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    python,
    packages,
    databases,
    migrations,
    trail,
    broker,
    files,
    scanner,
    mail,
    sign_in,
    production,
)


def examine() -> Iterator[Finding]:
    """Every finding, in the order in which problems are best solved."""
    for check in CHECKS:
        try:
            yield from check()
        except Exception as error:  # The doctor goes on to the next patient, and says that this one is ill.
            yield Finding(check.__name__.capitalize(), Level.FAILED, f"{type(error).__name__}: {error}")
