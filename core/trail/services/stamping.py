"""An outside authority's word (RFC 3161) that a head existed at a time, where TRUELINE_TSA_URL names one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from asn1crypto import cms, tsp
from django.conf import settings

from core.trail.models import Seal, TimeStamp
from core.trail.queries.sealed import newest_seal

if TYPE_CHECKING:
    from pyhanko.sign.timestamps import TimeStamper


class StampRefused(Exception):
    """What the authority sent is no time stamp over the head."""


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
    from core.trail.services.authority import Authority  # noqa: PLC0415 - loads pyHanko, where one is named

    return stamp_head(seal, Authority(url, timeout=20), url)  # type: ignore[no-untyped-call]
