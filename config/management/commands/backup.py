"""``manage.py backup DIRECTORY``: database, files and keys, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.backup import BackupRefused, make_backup


class Command(BaseCommand):
    """Exit status 1 when no backup was made."""

    help = "Writes the database, the stored files and the keys into a new directory, with a manifest of all of it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to."""
        parser.add_argument("directory", type=Path, help="a directory that does not exist yet; it will hold the keys")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the backup."""
        try:
            made = make_backup(options["directory"].absolute(), self.stdout.write)
        except BackupRefused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{made} is whole. Keep it where only you can read it: it holds the keys.")
