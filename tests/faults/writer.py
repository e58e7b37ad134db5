"""A process that does the same deed over and over and says which it was told are done: python -m tests.faults.writer.

Arguments: socket directory, database, lot, name. A deed is a hold: its row, its history, its birth, all or none.
"""

from __future__ import annotations

import os
import sys

import django


def main() -> None:
    """Work until somebody ends us."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()

    from django.db import connection

    from core.organization.services import system_user
    from traceability.models import Lot
    from traceability.services import place_hold

    sockets, database, lot_id, name = sys.argv[1:]
    connection.settings_dict.update(HOST=sockets, NAME=database)
    lot, actor = Lot.objects.get(pk=int(lot_id)), system_user("faults")
    number = 0
    while True:
        number += 1
        place_hold(lot=lot, reason=f"{name}-{number}", actor=actor)
        sys.stdout.write(f"{name}-{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
