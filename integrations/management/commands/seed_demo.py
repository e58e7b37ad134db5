"""Make the demonstration plant."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from integrations.services import demo


class Command(BaseCommand):
    help = "Make the demonstration plant: two sites, AdventureWorks, people with published passwords. DEMO only."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Refused: the demonstration plant has published passwords; set DEMO=1 for it.")
        demo.seed(self.stdout.write)
        for person in demo.PEOPLE:
            self.stdout.write(f"{person.username:8} {person.full_name:16} {person.role:18} {person.badge}")
        self.stdout.write(f"Password of everybody: {demo.PASSWORD}    PIN at terminals: {demo.PIN}")
