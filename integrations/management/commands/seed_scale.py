"""Make a plant as large as a real one."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.kernel.errors import Blocked
from integrations.services import scale


class Command(BaseCommand):
    help = "Make a large plant for measuring: materials, stock, genealogy, orders and their trail, set-based."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--profile", choices=sorted(scale.PROFILES), default="D", help="how large (default: D)")
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same plant (default: 1)")
        parser.add_argument(
            "--into-existing", action="store_true", help="also into a database that has people of its own"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            scale.seed_scale(
                options["profile"], self.stdout.write, seed=options["seed"], into_existing=options["into_existing"]
            )
        except Blocked as refused:
            raise CommandError(" ".join(f"{b.message} {b.remedy}" for b in refused.blockers)) from refused
