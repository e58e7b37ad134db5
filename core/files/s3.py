"""Stored bytes in an S3-compatible store: objects named by their SHA-256, sent with it, read back before they count.

Three requests are all that is needed (PUT, GET, HEAD of one object), signed by Signature Version 4. Its payload hash is
the object's own name: the store itself refuses other bytes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import http.client
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO
from urllib.parse import quote, urlsplit

from core.kernel.clock import now

BLOCK = 1024 * 1024
SECONDS = 60.0
"""The longest silence of the store within a request."""
ATTEMPTS, PAUSE = 3, 0.5
IN_MEMORY = 8 * BLOCK
EMPTY = hashlib.sha256().hexdigest()


class StoreAway(ConnectionError):
    """The store does not answer, or not as it should; the message is for the log."""


@dataclass(frozen=True)
class Signer:
    """Signature Version 4 for one key, region and service."""

    access_key: str
    secret_key: str = field(repr=False)
    region: str

    def headers(self, method: str, host: str, path: str, payload: str, at: dt.datetime, **more: str) -> dict[str, str]:
        """The headers of a signed request; `payload` is the SHA-256 of its body, `more` further signed headers."""
        stamp, day = f"{at:%Y%m%dT%H%M%SZ}", f"{at:%Y%m%d}"
        signed = {"host": host, "x-amz-content-sha256": payload, "x-amz-date": stamp, **more}
        names = ";".join(sorted(signed))
        lines = "".join(f"{name}:{signed[name]}\n" for name in sorted(signed))
        request = f"{method}\n{path}\n\n{lines}\n{names}\n{payload}"
        scope = f"{day}/{self.region}/s3/aws4_request"
        text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
        key = f"AWS4{self.secret_key}".encode()
        for part in (day, self.region, "s3", "aws4_request"):
            key = hmac.digest(key, part.encode(), "sha256")
        signature = hmac.digest(key, text.encode(), "sha256").hex()
        credential = f"Credential={self.access_key}/{scope},SignedHeaders={names},Signature={signature}"
        return {**signed, "Authorization": f"AWS4-HMAC-SHA256 {credential}"}


@dataclass(frozen=True)
class Bucket:
    """A place for objects: `https://host/bucket` or `https://host/bucket/prefix`."""

    url: str
    signer: Signer

    def has(self, sha256: str) -> bool:
        """Whether there is an object of this name; its bytes are not read."""
        with self._answered("HEAD", sha256) as answer:
            return answer is not None

    def put(self, file: BinaryIO, sha256: str, size: int) -> None:
        """Store the bytes of a file under their hash."""
        with self._answered("PUT", sha256, file, size) as answer:
            if answer is None:
                raise StoreAway(f"{self.url} does not exist")

    def fetch(self, sha256: str) -> tuple[BinaryIO, str] | None:
        """A copy of the object's bytes and the hash that they have; None where there is no such object."""
        with self._answered("GET", sha256) as answer:
            if answer is None:
                return None
            digest, size = hashlib.sha256(), 0
            copy: BinaryIO = tempfile.SpooledTemporaryFile(IN_MEMORY)  # type: ignore[assignment]  # noqa: SIM115
            try:
                while block := answer.read(BLOCK):
                    digest.update(block)
                    size += len(block)
                    copy.write(block)
                if str(size) != answer.headers.get("Content-Length", str(size)):
                    raise StoreAway(f"GET {self.url}: the answer was cut off")
                copy.seek(0)
            except BaseException:
                copy.close()
                raise
            return copy, digest.hexdigest()

    @contextmanager
    def _answered(
        self, method: str, sha256: str, file: BinaryIO | None = None, size: int = 0
    ) -> Iterator[http.client.HTTPResponse | None]:
        """The good answer to a request, or None for 404; asked again a few times when the store stumbles."""
        for attempt in range(1, ATTEMPTS + 1):
            line = self._line()
            try:
                answer = self._asked(line, method, sha256, file, size)
                break
            except (OSError, http.client.HTTPException) as error:
                line.close()
                if attempt == ATTEMPTS:
                    raise StoreAway(f"{method} {self.url}: {error}") from error
            time.sleep(PAUSE * attempt)
        try:
            if answer.status not in (200, 404):
                said = answer.read(500).decode(errors="replace")
                raise StoreAway(f"{method} {self.url}: {answer.status} {said}")
            yield None if answer.status == 404 else answer
        finally:
            line.close()

    def _line(self) -> http.client.HTTPConnection:
        place = urlsplit(self.url)
        kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
        return kind(place.netloc, timeout=SECONDS)

    def _asked(
        self, line: http.client.HTTPConnection, method: str, sha256: str, file: BinaryIO | None, size: int
    ) -> http.client.HTTPResponse:
        place = urlsplit(self.url)
        path = quote(f"{place.path.rstrip('/')}/{sha256}")
        headers = self.signer.headers(
            method, place.netloc, path, EMPTY if file is None else sha256, now().astimezone(dt.UTC)
        )
        if file is not None:
            file.seek(0)
            headers["Content-Length"] = str(size)
        line.request(method, path, file, headers)
        answer = line.getresponse()
        if answer.status >= 500:
            raise http.client.HTTPException(f"{answer.status} {answer.reason}")
        return answer
