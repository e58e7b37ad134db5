"""Where the embedded PostgreSQL and Redis of this checkout are found.

The supervisor starts them there and the settings look for them there, so that ``manage.py shell`` beside a running
``make run`` needs no variable. Unix sockets have a limit of 107 bytes: the directory is short and keyed by the path.
"""

import hashlib
import os
import tempfile
from pathlib import Path

ROLES = ("owner", "app", "sealer")


def socket_directory(home: Path) -> Path:
    """The private directory of the sockets that belong to the data kept under ``home``."""
    key = hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"trueline-{os.getuid()}-{key}"


def database_url(home: Path, role: str, name: str = "trueline") -> str:
    """The URL under which ``role`` (owner, app or sealer) reaches the embedded PostgreSQL."""
    return f"postgresql://trueline_{role}@/{name}?host={socket_directory(home)}"


def redis_url(home: Path) -> str:
    """The URL of the embedded Redis."""
    return f"unix://{socket_directory(home)}/redis.sock"


def broker_url(redis: str) -> str:
    """The form of a Redis URL that Celery understands: it calls a Unix socket ``redis+socket``."""
    return redis.replace("unix://", "redis+socket://", 1)
