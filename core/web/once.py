"""Double submissions: one client id is worked once; the second tap is led to what the first one made."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.kernel.errors import Blocked, Blocker

FIELD = "client_id"
REMEMBERED_SECONDS = 3600
WAIT_SECONDS = 8.0
_PENDING = "?"


@dataclass
class Submission:
    """One submission: `done_url` is set when an earlier one with the same client id has already been worked."""

    done_url: str = ""


@contextmanager
def once(request: HttpRequest) -> Iterator[Submission]:
    """Guard the body by the form's client id. Set `done_url` inside when the deed is done; else it may be retried.

    A twin that arrives while the first is being worked waits for its result. Without a client id nothing is guarded:
    services protect what must never happen twice themselves (unique client ids on facts).
    """
    client_id = request.POST.get(FIELD, "")[:64]
    if not client_id:
        yield Submission()
        return
    key = f"once:{request.user.pk}:{client_id}"
    if not cache.add(key, _PENDING, REMEMBERED_SECONDS):
        yield Submission(done_url=_result_of_twin(key))
        return
    submission = Submission()
    try:
        yield submission
    finally:
        if submission.done_url:
            cache.set(key, submission.done_url, REMEMBERED_SECONDS)
        else:
            cache.delete(key)


def _result_of_twin(key: str) -> str:
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        result = cache.get(key)
        if result is not None and result != _PENDING:
            return str(result)
        if result is None:
            break
        time.sleep(0.05)
    raise Blocked(
        Blocker(
            "twin",
            _("The same entry was sent twice, and the first one is not finished."),
            remedy=_("Look at the record before you enter it again."),
        )
    )
