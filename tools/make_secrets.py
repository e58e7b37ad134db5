"""Make every secret of an installation, once: ``python3 tools/make_secrets.py DIRECTORY [DATABASE_HOST REDIS_HOST]``.

The directory is readable by you only. The files in it are readable by everybody, because a container reads them as the
user of its image. A file that is already there is kept, and so are the URLs made from it. Standard library only.
"""

import secrets
import sys
from pathlib import Path

PASSWORDS = ("postgres_password", "owner_password", "app_password", "sealer_password", "redis_password")


def made(file: Path, content: str) -> str:
    """The content of the file; written when there is none."""
    if not file.exists():
        file.touch(mode=0o444)
        file.chmod(0o644)
        file.write_text(content + "\n", encoding="utf-8")
        file.chmod(0o444)
    return file.read_text(encoding="utf-8").strip()


def make_secrets(directory: Path, database: str, redis: str) -> None:
    """Fill ``directory``; the URLs lead to the hosts ``database`` and ``redis``."""
    directory.mkdir(parents=True, exist_ok=True)
    directory.chmod(0o700)
    passwords = {name: made(directory / name, secrets.token_urlsafe(32)) for name in PASSWORDS}
    made(directory / "secret_key", secrets.token_urlsafe(64))
    made(directory / "probe_token", secrets.token_urlsafe(32))
    for role, file in (("owner", "database_owner_url"), ("app", "database_url"), ("sealer", "database_sealer_url")):
        password = passwords[f"{role}_password"]
        made(directory / file, f"postgresql://trueline_{role}:{password}@{database}/trueline")
    made(directory / "redis_url", f"redis://:{passwords['redis_password']}@{redis}:6379/0")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 4):
        sys.exit(__doc__)
    database, redis = sys.argv[2:] if len(sys.argv) == 4 else ("database", "redis")
    make_secrets(Path(sys.argv[1]), database, redis)
