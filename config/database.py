"""One process is one PostgreSQL role: app (the default), owner (migrations) or sealer (the sealing worker)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from config.embedded import ROLES, database_url

URL_VARIABLES = {"app": "DATABASE_URL", "owner": "DATABASE_OWNER_URL", "sealer": "DATABASE_SEALER_URL"}
PREPARED_AFTER = 1
"""How often a statement is sent before PostgreSQL is asked to keep it."""
OWNER_COMMANDS = frozenset(
    {"migrate", "sqlmigrate", "showmigrations", "optimizemigration", "squashmigrations", "backup", "restore"}
)
"""Commands of manage.py that need the owner of the tables."""


class DatabaseNotConfigured(ValueError):
    """The role has no URL although others have: no process may silently fall back to another role or database."""


def role_url(role: str, environ: Mapping[str, str], home: Path) -> str:
    """The URL of a role: from its variable, or of the embedded database when no variable is set at all.

    Raises DatabaseNotConfigured when the role is unknown or only other roles are configured.
    """
    if role not in ROLES:
        raise DatabaseNotConfigured(f"TRUELINE_DB_ROLE must be one of {', '.join(ROLES)}, not {role!r}.")
    if url := environ.get(URL_VARIABLES[role], ""):
        return url
    if any(environ.get(variable) for variable in URL_VARIABLES.values()):
        raise DatabaseNotConfigured(
            f"{URL_VARIABLES[role]} is not set: this command connects as the {role} role "
            "(see docs/operation.md, 'Your own PostgreSQL')."
        )
    return database_url(home, role)


def configuration(
    role: str, environ: Mapping[str, str], home: Path, *, pool_size: int, timeout: int = 0
) -> dict[str, Any]:
    """The Django settings of the ``default`` connection for ``role``; ``pool_size`` 0 switches the pool off.

    With ``timeout``, PostgreSQL ends a statement of the app role after so many seconds.
    Connections of the pool keep the statements of `core.kernel.prepared`. Without the pool there may be another between
    (PgBouncer's transaction pooling), which hands the next transaction to a server that does not know them.

    libpq parses the URL itself, so that every form it documents works (``?host=/socket/directory`` among them).
    """
    parameters: dict[str, Any] = dict(conninfo_to_dict(role_url(role, environ, home)))
    options: dict[str, Any] = {}
    if pool_size and role == "app":
        options["prepare_threshold"] = PREPARED_AFTER
        options["pool"] = {"min_size": 1, "max_size": pool_size, "timeout": 10}
    if timeout and role == "app":
        options["options"] = f"{parameters.pop('options', '')} -c statement_timeout={timeout}s".strip()
    settings: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parameters.pop("dbname", "") or "",
        "USER": parameters.pop("user", "") or "",
        "PASSWORD": parameters.pop("password", "") or "",
        "HOST": parameters.pop("host", "") or "",
        "PORT": parameters.pop("port", "") or "",
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": bool(pool_size),  # after a restart of PostgreSQL no request gets a dead connection
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {**parameters, **options},
    }
    return settings
