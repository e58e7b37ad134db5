"""``manage.py doctor``: is everything there, and what is to be done if not."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.doctor import Level, examine


class Command(BaseCommand):
    """Print every finding; fails when one of them failed."""

    help = "Looks at every part of this installation and says what to do about what is not well."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the findings."""
        findings = list(examine())
        for finding in findings:
            self.stdout.write(f"{finding.level.value:8} {finding.name}: {finding.text}")
            if finding.level is not Level.OK and finding.remedy:
                self.stdout.write(f"{'':9}→ {finding.remedy}")
        failed = sum(finding.level is Level.FAILED for finding in findings)
        if failed:
            raise CommandError(f"{failed} of {len(findings)} things need attention.")
