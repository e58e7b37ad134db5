"""A small S3-compatible store of a test's own on the loopback address: PUT, GET, HEAD, and faults on demand."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY, SECRET = "test-key", "test-secret"


@dataclass
class Store:
    """What it keeps by path, and how often it stumbles before it works."""

    objects: dict[str, bytes] = field(default_factory=dict)
    stumbles: int = 0
    is_refusing: bool = False
    puts: int = 0
    url: str = ""

    def forget(self) -> None:
        self.objects.clear()
        self.stumbles, self.is_refusing, self.puts = 0, False, 0


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"

    @property
    def store(self) -> Store:
        return self.server.store  # type: ignore[attr-defined,no-any-return]

    def log_message(self, format: str, *args: object) -> None:
        """Tests are quiet."""

    def answer(self, status: int, body: bytes = b"", *, size: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if size is None else size))
        self.end_headers()
        self.wfile.write(body)

    def is_let_in(self) -> bool:
        """What a real store looks at first."""
        if self.store.stumbles:
            self.store.stumbles -= 1
            self.answer(503, b"SlowDown" if self.command != "HEAD" else b"")
            return False
        named = f"AWS4-HMAC-SHA256 Credential={KEY}/" in self.headers.get("Authorization", "")
        if not named or self.store.is_refusing:
            self.answer(403, b"AccessDenied" if self.command != "HEAD" else b"")
            return False
        return True

    def do_PUT(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if not self.is_let_in():
            return
        if hashlib.sha256(content).hexdigest() != self.headers["x-amz-content-sha256"]:
            self.answer(400, b"XAmzContentSHA256Mismatch")
            return
        self.store.puts += 1
        self.store.objects[self.path] = content
        self.answer(200)

    def do_GET(self) -> None:
        if self.is_let_in():
            found = self.store.objects.get(self.path)
            self.answer(404, b"NoSuchKey") if found is None else self.answer(200, found)

    def do_HEAD(self) -> None:
        if self.is_let_in():
            found = self.store.objects.get(self.path)
            self.answer(404) if found is None else self.answer(200, size=len(found))


@contextlib.contextmanager
def serving() -> Iterator[Store]:
    """It serves until the end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    store = server.store = Store()  # type: ignore[attr-defined]
    store.url = f"http://127.0.0.1:{server.server_address[1]}/bucket/plant"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield store
    server.shutdown()
    server.server_close()
