"""``manage.py verify_records``: does everything still say what it said when it was sealed?"""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.trail.queries.verifying import verify_trail


class Command(BaseCommand):
    """Exit status 0 when nothing was found, 1 otherwise."""

    help = "Compares every sealed row with its seal and names the rows that were edited, deleted or put in later."

    def add_arguments(self, parser: CommandParser) -> None:
        """The outside head, and the form of the answer."""
        parser.add_argument("--head", default="", help="a head that was kept outside of this system")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify and print."""
        report = verify_trail(outside_head=options["head"])
        if options["json"]:
            self.stdout.write(json.dumps(report.as_dict(), indent=2))
        else:
            for problem in report.problems:
                self.stdout.write(f"{problem.code}: {problem.text}")
            if report.unnamed:
                self.stdout.write(f"… and {report.unnamed} more")
            self.stdout.write(report.summary())
            if report.head:
                self.stdout.write(f"Newest head: {report.head}")
            self.stdout.write("What this cannot know:")
            for limit in report.limits():
                self.stdout.write(f"- {limit}")
        if not report.is_good:
            raise CommandError("The records are not as they were sealed.")
