"""Make the demonstration plant."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.organization.services.people import ROLE_NAMES
from integrations.services import demo


class Command(BaseCommand):
    help = "Make the demonstration plant: two sites, AdventureWorks, people with published passwords. DEMO only."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Refused: the demonstration plant has published passwords; set DEMO=1 for it.")
        demo.seed(self.stdout.write)
        self.stdout.write("\nThe people you can sign in as:\n\n")
        for person in demo.PEOPLE:
            role, sites = ROLE_NAMES[person.role], ", ".join(person.sites)
            self.stdout.write(f"{person.username:8} {person.full_name:15} {role:39} {sites:10} {person.badge}".rstrip())
        self.stdout.write(f"\nPassword of everybody: {demo.PASSWORD}    PIN with a badge, at terminals: {demo.PIN}")
