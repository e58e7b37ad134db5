"""A mail server that keeps what it was given, and may strike in the moment in which it has taken a mail."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes


class Mailbox(socketserver.ThreadingTCPServer):
    """Takes mail on a port of this machine (RFC 5321, as much as a client needs); `ids`: the Message-IDs in order."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.ids: list[str] = []
        self.to: list[str] = []
        self.lock = threading.Lock()
        self.on_taken: Callable[[int], None] = lambda number: None
        """Called with how many were taken, before the client is told so."""

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def take(self, data: bytes) -> None:
        """Keep a mail, then do what is to happen in this moment."""
        message = message_from_bytes(data)
        with self.lock:
            self.ids.append(str(message["Message-ID"]))
            self.to.append(str(message["To"]))
            number = len(self.ids)
        self.on_taken(number)


class _Session(socketserver.StreamRequestHandler):
    server: Mailbox

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        try:
            self.talk()
        except (BrokenPipeError, ConnectionResetError):
            return  # the client was killed

    def talk(self) -> None:
        self.say("220 mailbox")
        while line := self.rfile.readline():
            verb = line.split()[0].upper().decode() if line.split() else ""
            if verb == "DATA":
                self.say("354 go on")
                data = b""
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    data += line.removeprefix(b".") if line.startswith(b"..") else line
                self.server.take(data)
            if verb == "QUIT":
                self.say("221 bye")
                return
            self.say("250 ok")


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """A running one."""
    with Mailbox() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
