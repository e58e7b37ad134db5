"""A label printer of this machine: it takes what is sent to it over TCP and keeps the bytes, or misbehaves as told."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class FakePrinter:
    """Listens at 127.0.0.1:`port`; `prints` has one entry for each connection that was made."""

    port: int
    prints: list[bytes] = field(default_factory=list)
    breaks_off: bool = False
    """It resets the connection after the first bytes."""
    came: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))


def _serve(printer: FakePrinter, listening: socket.socket) -> None:
    while True:
        try:
            connection, _address = listening.accept()
        except OSError:
            return
        with connection:
            taken = bytearray()
            while chunk := connection.recv(4 if printer.breaks_off else 65536):
                taken += chunk
                if printer.breaks_off:
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    break
            printer.prints.append(bytes(taken))
        printer.came.release()


@contextmanager
def fake_printer() -> Iterator[FakePrinter]:
    """A printer that runs until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        printer = FakePrinter(listening.getsockname()[1])
        thread = threading.Thread(target=_serve, args=(printer, listening), daemon=True)
        thread.start()
        yield printer
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def free_port() -> int:
    """A port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])
