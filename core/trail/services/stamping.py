"""An outside authority's word (RFC 3161) that a head existed at a time, where TRUELINE_TSA_URL names one."""

from __future__ import annotations

import asyncio
from typing import Any

import requests
from asn1crypto import cms, tsp
from django.conf import settings
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError
from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper

from core.trail.models import Seal, TimeStamp
from core.trail.queries.sealed import newest_seal


class StampRefused(Exception):
    """What the authority sent is no time stamp over the head."""


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


def stamp_head(seal: Seal, authority: TimeStamper, name: str) -> TimeStamp:
    """Have the head of a seal stamped. The imprint is the head itself, so that any tool can check the token.

    Raises pyHanko's `TimestampRequestError` when the authority refuses, and `StampRefused` when its token is over
    something else. Whom the authority's certificate is trusted by is for the verifier to say, not for us.
    """
    head = bytes.fromhex(seal.head)
    token: cms.ContentInfo = asyncio.run(authority.async_timestamp(head, "sha256"))
    info: tsp.TSTInfo = token["content"]["encap_content_info"]["content"].parsed
    imprint = info["message_imprint"]
    if imprint["hashed_message"].native != head or imprint["hash_algorithm"]["algorithm"].native != "sha256":
        raise StampRefused(f"{name} stamped something else than the head of seal {seal.number}")
    return TimeStamp.objects.create(
        seal=seal, authority=name[:300], token=token.dump(), stamped_at=info["gen_time"].native
    )


def stamp_newest_head() -> TimeStamp | None:
    """Have the newest head stamped by the authority of the settings; None without one, or when it is stamped."""
    seal = newest_seal()
    url: str = settings.TRUELINE_TSA_URL
    if not url or seal is None or seal.time_stamps.exists():
        return None
    return stamp_head(seal, Authority(url, timeout=20), url)  # type: ignore[no-untyped-call]
