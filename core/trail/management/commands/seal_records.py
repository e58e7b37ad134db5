"""``manage.py seal_records``: seal now; for a start by hand, as the sealer's role (TRUELINE_DB_ROLE=sealer)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from core.trail.services.sealing import seal_trail


class Command(BaseCommand):
    """What the sealing worker does every ten seconds."""

    help = "Seals the history and the facts that are new (TRUELINE_DB_ROLE=sealer)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal and print the head."""
        seal = seal_trail()
        self.stdout.write("Nothing new." if seal is None else f"{seal.number} {seal.rows} rows {seal.head}")
