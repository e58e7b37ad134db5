"""Python loads this by its name in every process of a test's house: what asks for another host is refused and noted.

The file that TRUELINE_TEST_OUTBOUND names gets one line for each process that was watched, and one for each attempt.
"""

import os
import sys
from typing import Any

HERE = ("localhost", "127.0.0.1", "::1", "", None)
NOTES = os.environ["TRUELINE_TEST_OUTBOUND"]


def note(line: str) -> None:
    """Write one line, whole."""
    file = os.open(NOTES, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(file, f"{line}\n".encode())
    os.close(file)


def watch(event: str, args: tuple[Any, ...]) -> None:
    """Refuse to look up or to connect to anything but this machine."""
    if event == "socket.connect" and isinstance(args[1], tuple):
        host = args[1][0]
    elif event == "socket.getaddrinfo":
        host = args[0].decode() if isinstance(args[0], bytes) else args[0]
    else:
        return
    if host not in HERE:
        note(f"asked {host} {' '.join(sys.orig_argv)}")
        raise ConnectionRefusedError(f"No process of this house speaks to {host}.")


note(f"watched {' '.join(sys.orig_argv)}")
sys.addaudithook(watch)
