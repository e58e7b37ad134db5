#!/usr/bin/env python
"""Django's command line. Commands that change the schema connect as the owner role, all others as the app role."""

import os
import sys

from django.core.management import execute_from_command_line

from config.database import OWNER_COMMANDS


def main() -> None:
    """Run the command named in the arguments."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("TRUELINE_DB_POOL", "0")
    if len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS:
        os.environ.setdefault("TRUELINE_DB_ROLE", "owner")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
