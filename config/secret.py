"""The installation's secret key, made once where none is configured."""

import os
import secrets
from pathlib import Path


def secret_key(data_dir: Path) -> str:
    """Read the key kept under ``data_dir``; make it on the first start, readable by its owner only."""
    file = data_dir / "secret-key"
    if not file.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        fresh = file.with_name(f"secret-key.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(64))
        try:
            os.link(fresh, file)  # Atomic: of two processes that start together, the first one's key stays.
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return file.read_text()
