"""Heads leave the system: files that are never overwritten, and e-mail."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.trail.queries.exporting import exported_lines
from core.trail.queries.sealed import newest_seal, utc_text
from core.trail.services import note

NAME = re.compile(r"seals_(\d+)-(\d+)\.jsonl")


def write_export(target: Path, after: int = 0) -> int:
    """Write the seals after this number into a new file; returns how many. `FileExistsError` when it is there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    count = 0
    try:
        with unfinished.open("x", encoding="utf-8") as file:
            for line in exported_lines(after):
                file.write(line)
                count += 1
            file.flush()
            os.fsync(file.fileno())
        unfinished.chmod(0o440)
        os.link(unfinished, target)  # Fails where the target exists: what has left is never written again.
    finally:
        unfinished.unlink(missing_ok=True)
    return count


def exported_up_to(directory: Path) -> int:
    """The number of the last seal that a file of this directory holds, 0 for none."""
    found = (NAME.fullmatch(file.name) for file in directory.glob("seals_*.jsonl"))
    return max((int(match[2]) for match in found if match), default=0)


@service
def export_new_seals(*, directory: Path, actor: Any) -> Path | None:
    """Write the seals that this directory does not hold yet into one further file; None when there is none.

    The addresses of TRUELINE_SEAL_EMAIL get the newest head and the file.
    """
    newest = newest_seal()
    after = exported_up_to(directory)
    if newest is None or newest.number <= after:
        return None
    target = directory / f"seals_{after + 1:09d}-{newest.number:09d}.jsonl"
    write_export(target, after)
    note(kind="seals_exported", actor=actor, text=target.name, data={"head": newest.head, "number": newest.number})
    if settings.TRUELINE_SEAL_EMAIL:
        words = {"number": newest.number, "head": newest.head, "at": utc_text(newest.sealed_at)}
        mail = EmailMessage(
            _("Seal %(number)d: %(head)s") % words,
            _("Keep this message outside of Trueline.\n\nSeal %(number)d of %(at)s has the head\n%(head)s\n") % words,
            to=settings.TRUELINE_SEAL_EMAIL,
        )
        mail.attach_file(str(target), "application/jsonl")
        mail.send()
    return target
