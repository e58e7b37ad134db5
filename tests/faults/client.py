"""A program that does not give up: it repeats a request under its key until it is answered, and notes what it hears."""

from __future__ import annotations

import http.client
import json
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

LONGEST_ANSWER = 60.0
GIVES_UP_AFTER = 240.0
PAUSE = 0.2


class NotInWords(AssertionError):
    """The server failed without saying so as a problem that a person or program understands."""


@dataclass
class Told:
    """What all programs of a test were answered while something was broken."""

    refusals: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        return ", ".join(f"{count} × {what}" for what, count in sorted(self.refusals.items())) or "nothing"


@dataclass
class Program:
    """One person's token, and the address of the house."""

    port: int
    secret: str
    told: Told
    patience: float = LONGEST_ANSWER

    def ask(self, method: str, path: str, raw: bytes = b"", headers: dict[str, str] | None = None) -> tuple[int, Any]:
        """One request; the status and the JSON of the answer. Raises `OSError` or `HTTPException` when cut off."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.patience)
        try:
            line.request(method, f"/api/v1/{path}", raw, {"Authorization": f"Bearer {self.secret}", **(headers or {})})
            answer = line.getresponse()
            body = answer.read()
        finally:
            line.close()
        if "json" not in answer.headers.get("Content-Type", ""):
            raise NotInWords(f"{method} {path}: {answer.status} {body[:2000].decode(errors='replace')}")
        return answer.status, json.loads(body)

    def until_answered(
        self, method: str, path: str, raw: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        """The answer that is none of an outage; the same request, with the same key, is sent as often as it takes."""
        end = time.monotonic() + GIVES_UP_AFTER
        while time.monotonic() < end:
            try:
                status, body = self.ask(method, path, raw, headers)
            except (OSError, http.client.HTTPException) as error:
                self.told.refusals[f"cut off ({type(error).__name__})"] += 1
            else:
                if status < 500:
                    return status, body
                codes = [blocker["code"] for blocker in body.get("blockers", ())]
                if status != 503 or not codes or not body.get("detail"):
                    raise NotInWords(f"{method} {path}: {status} {body}")
                self.told.refusals[f"{status} {codes[0]}"] += 1
            time.sleep(PAUSE)
        raise AssertionError(f"{method} {path} was not answered within {GIVES_UP_AFTER:.0f} s; told: {self.told}")

    def get(self, path: str) -> Any:
        """What is read."""
        status, body = self.until_answered("GET", path)
        assert status == 200, f"GET {path}: {status} {body}"
        return body

    def post(self, path: str, body: Any = None, *, version: int | None = None, key: str = "") -> Any:
        """A deed, done once however often it is sent."""
        seen = {} if version is None else {"If-Match": f'"{version}"'}
        headers = {"Content-Type": "application/json", "Idempotency-Key": key or str(uuid.uuid4()), **seen}
        return self._done(path, json.dumps(body or {}).encode(), headers)

    def upload(self, path: str, values: dict[str, str], file: tuple[str, bytes], *, name: str = "file") -> Any:
        """A deed with a file."""
        return self._done(path, *_parts(values, name, file))

    def refused(self, path: str, values: dict[str, str], file: tuple[str, bytes]) -> str:
        """The status and the code with which a deed with a photo is refused, in words."""
        raw, headers = _parts(values, "photo", file)
        status, body = self.ask("POST", path, raw, headers)
        assert status >= 400 and body["detail"] and body["blockers"][0]["remedy"], body
        return f"{status} {body['blockers'][0]['code']}"

    def _done(self, path: str, raw: bytes, headers: dict[str, str]) -> Any:
        status, body = self.until_answered("POST", path, raw, headers)
        assert status in (200, 201, 202), f"POST {path}: {status} {body}"
        return body


def _parts(values: dict[str, str], name: str, file: tuple[str, bytes]) -> tuple[bytes, dict[str, str]]:
    """The body and headers of a form with a file."""
    parts = [f'--part\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
             for key, value in values.items()]  # fmt: skip
    head = f'--part\r\nContent-Disposition: form-data; name="{name}"; filename="{file[0]}"\r\n\r\n'.encode()
    raw = b"".join([*parts, head, file[1], b"\r\n--part--\r\n"])
    return raw, {"Content-Type": "multipart/form-data; boundary=part", "Idempotency-Key": str(uuid.uuid4())}
