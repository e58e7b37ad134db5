"""A time stamping authority (RFC 3161), asked over HTTP."""

from __future__ import annotations

import asyncio
from typing import Any

import requests
from asn1crypto import tsp
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper


class Authority(RequestsHTTPTimeStamper):
    """The authority at an address. It is asked there and nowhere else: an answer that leads elsewhere is none."""

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Ask. Raises `TimestampRequestError` for no answer, one that leads elsewhere, and one that is none."""
        return await asyncio.to_thread(self._asked, req.dump())

    def _asked(self, question: bytes) -> tsp.TimeStampResp:
        given: dict[str, Any] = {"headers": self.request_headers(), "timeout": self.timeout, "allow_redirects": False}
        try:
            answer = requests.post(self.url, question, **given)
        except requests.RequestException as problem:
            raise TimestampRequestError(f"{self.url} does not answer: {type(problem).__name__}") from problem
        if answer.status_code != 200 or answer.headers.get("Content-Type") != "application/timestamp-reply":
            raise TimestampRequestError(f"{self.url} answers {answer.status_code} and no time stamp")
        return tsp.TimeStampResp.load(answer.content)
