"""``manage.py export_seals``: the chain of seals as a file, or the new seals into a directory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.organization.services import system_user
from core.trail.services.exporting import export_new_seals, write_export


class Command(BaseCommand):
    """A file that exists is never overwritten."""

    help = "Writes the seals, one JSON document per line, to be kept outside of this system."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to."""
        parser.add_argument("target", type=Path, help="a new file for the whole chain, or a directory for what is new")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write and say what was written."""
        target: Path = options["target"]
        if target.is_dir():
            written = export_new_seals(directory=target, actor=system_user("trail"))
            self.stdout.write("Nothing new." if written is None else str(written))
            return
        try:
            self.stdout.write(f"{write_export(target)} seals")
        except FileExistsError as error:
            raise CommandError(f"{target} exists: what has left the system is not written again.") from error
