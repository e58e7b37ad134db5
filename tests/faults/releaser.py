"""A process that releases a change: python -m tests.faults.releaser sockets database change releaser pause.

It says "inside" when every item is effective and nothing is committed, waits so long, and says "done" afterwards.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any

import django


def main() -> None:
    """Release, once."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()

    from django.db import connection

    from core.lifecycle.services import perform
    from core.organization.models import User
    from qms.changes.models import ChangeOrder
    from qms.changes.services import releasing as releasing_module
    from tests.support.people import proof

    sockets, database, change, releaser, pause = sys.argv[1:]
    connection.settings_dict.update(HOST=sockets, NAME=database)
    releasing: Any = releasing_module
    publish = releasing.publish

    def told(event: Any) -> None:
        sys.stdout.write("inside\n")
        sys.stdout.flush()
        time.sleep(float(pause))
        publish(event)

    releasing.publish = told
    user = User.objects.get(pk=int(releaser))
    perform(ChangeOrder.objects.get(pk=int(change)), "release", actor=user, signature=proof(user, "released"))
    sys.stdout.write("done\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
