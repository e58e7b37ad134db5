"""A clamd of a test's own on a Unix socket: speaks INSTREAM and PING as the real one does."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

EICAR = b"".join((b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$", b"EICAR-STANDARD-", b"ANTIVIRUS-TEST-FILE!$H+H*"))
"""The harmless file that every scanner reports; put together here so that no scanner reports this one."""


@dataclass
class Clamd:
    """What it is told to answer, and what it was sent."""

    path: Path
    limit: int = 1_000_000
    answer: bytes = b""
    received: list[bytes] = field(default_factory=list)

    def serve(self, line: socket.socket) -> None:
        with line, line.makefile("rb") as stream:
            command = _until_nul(stream.read)
            if command == b"zPING":
                line.sendall(b"PONG\0")
                return
            assert command == b"zINSTREAM", command
            content = b""
            while length := struct.unpack("!I", stream.read(4))[0]:
                if len(content) + length > self.limit:
                    line.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                    return
                content += stream.read(length)
            self.received.append(content)
            found = b"Eicar-Test-Signature FOUND" if EICAR in content else b"OK"
            line.sendall(self.answer or b"stream: " + found + b"\0")


def _until_nul(read: object) -> bytes:
    assert callable(read)
    said = b""
    while not said.endswith(b"\0"):
        said += read(1)
    return said[:-1]


@contextlib.contextmanager
def clamd(path: Path) -> Iterator[Clamd]:
    """It listens until the end."""
    fake = Clamd(path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()

        def work() -> None:
            with contextlib.suppress(OSError):  # closed: the end
                while True:
                    fake.serve(listener.accept()[0])

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        yield fake
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)
