"""Print the address of the first-run page, with its one-time token."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.organization.services.first_run import set_up_path


class Command(BaseCommand):
    help = "Print the address, with the one-time token in it, of the first-run page of an empty installation."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--server",
            default=settings.TRUELINE_PUBLIC_URL,
            help="the address of the server as a browser reaches it (default: TRUELINE_PUBLIC_URL)",
        )
        parser.add_argument(
            "--if-needed", action="store_true", help="print nothing, and do not fail, when there are people already"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path = set_up_path()
        if path:
            self.stdout.write(f"{options['server'].rstrip('/')}{path}")
        elif not options["if_needed"]:
            raise CommandError("The set-up is done: there are people already.")
