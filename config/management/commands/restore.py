"""``manage.py restore DIRECTORY``: a backup into an empty installation, verified."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.backup import BackupRefused, restore_backup


class Command(BaseCommand):
    """Exit status 1 when nothing was restored, or when the restored records are not as they were sealed."""

    help = "Restores a backup into an empty database and data directory, then verifies the trail and the files."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Where from."""
        parser.add_argument("directory", type=Path, help="what `manage.py backup` wrote")

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore and verify."""
        try:
            problems = restore_backup(options["directory"].absolute(), self.stdout.write)
        except BackupRefused as refused:
            raise CommandError(str(refused)) from refused
        for problem in problems:
            self.stdout.write(problem)
        if problems:
            raise CommandError("The restored records are not as they were sealed.")
        self.stdout.write("Start Trueline. The next seal opens an epoch by itself where this is another cluster.")
