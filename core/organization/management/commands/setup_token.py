"""Print the one-time token of the first-run page."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.organization.services.first_run import setup_token


class Command(BaseCommand):
    help = "Print the one-time token that opens the first-run page of an empty installation."

    def handle(self, *args: Any, **options: Any) -> None:
        token = setup_token()
        if not token:
            raise CommandError("The set-up is done: there are people already.")
        self.stdout.write(token)
