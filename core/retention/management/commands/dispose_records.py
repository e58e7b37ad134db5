"""``manage.py dispose_records``: deletes what a signed disposal names, as the owner (TRUELINE_DB_ROLE=owner)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.kernel.errors import Blocked
from core.organization.services import system_user
from core.retention.models import Disposal
from core.retention.services import carry_out_disposal


class Command(BaseCommand):
    """All rows of one disposal, or none."""

    help = "Deletes the sealed rows that a signed disposal names; their leaf hashes stay (TRUELINE_DB_ROLE=owner)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which disposal."""
        parser.add_argument("disposal", type=int, help="the number in the address of the disposal's page")

    def handle(self, *args: Any, **options: Any) -> None:
        """Carry it out, or say why not."""
        disposal = Disposal.objects.filter(pk=options["disposal"]).first()
        if disposal is None:
            raise CommandError(f"There is no disposal {options['disposal']}.")
        try:
            carry_out_disposal(disposal=disposal, actor=system_user("retention"))
        except Blocked as refused:
            raise CommandError("\n".join(f"{one.message} {one.remedy}" for one in refused.blockers)) from refused
        self.stdout.write(f"{disposal.rows} rows of {disposal.table} deleted; their leaf hashes are kept.")
