"""Keeps what a benchmark measured as docs/evidence/<name>.md: the commit, the machine, the day, the figures."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from django.db import connection

from core.kernel.clock import now

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "evidence"
KEEP = "TRUELINE_EVIDENCE"
"""Set to 1 to write the files; without it a benchmark only prints."""


def commit() -> str:
    """The commit that was measured, marked when the files on disk differ from it."""
    told = subprocess.run(
        ["git", "rev-parse", "--short=12", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    changed = subprocess.run(
        ["git", "status", "--porcelain", "--untracked-files=no"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return told.stdout.strip() + (" with changes" if changed.stdout.strip() else "")


def machine() -> str:
    """Cores, load, Python; nothing that names the machine."""
    load = os.getloadavg()[0]
    return (
        f"{platform.machine()}, {os.cpu_count()} cores, load {load:.1f} at the end, Python {platform.python_version()}"
    )


def postgres_version() -> str:
    """What PostgreSQL says of itself."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0])


def process_cpu(pid: int, *, ended_children: bool = False) -> float:
    """CPU seconds that a process has used so far, perhaps with those of its children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return sum(int(field) for field in fields[11 : 15 if ended_children else 13]) / os.sysconf("SC_CLK_TCK")


def cluster_cpu(postmaster: int) -> float:
    """CPU seconds that a PostgreSQL server has used so far, with all its processes."""
    used = process_cpu(postmaster, ended_children=True)
    for child in Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split():
        try:
            used += process_cpu(int(child))
        except OSError:
            continue  # It has just ended; its parent counts it from now on.
    return used


def backend_cpu() -> float:
    """CPU seconds that PostgreSQL's process of this connection has used so far; it runs on this machine."""
    connection.ensure_connection()
    return process_cpu(connection.connection.info.backend_pid)


def keep(name: str, title: str, figures: Sequence[str], *, about: str = "", postgres: str = "") -> None:
    """Print the figures, and where evidence is asked for write them; `postgres` where no database is connected."""
    sys.stdout.write("\n" + "\n".join([title, *figures]) + "\n")
    if os.environ.get(KEEP) != "1":
        return
    FOLDER.mkdir(exist_ok=True)
    head = [
        f"# {title}",
        "",
        *([about, ""] if about else []),
        f"- Commit: {commit()}",
        f"- Machine: {machine()}; PostgreSQL {postgres or postgres_version()}",
        f"- Date: {now():%Y-%m-%d %H:%M} UTC",
        f"- Written by: `{KEEP}=1 pytest -s bench/{name}.py`" if (ROOT / "bench" / f"{name}.py").is_file() else "",
        "",
        "```",
    ]
    text = "\n".join([line for line in head if line is not None] + list(figures) + ["```", ""])
    (FOLDER / f"{name.removeprefix('test_')}.md").write_text(text, encoding="utf-8")
