"""What is answered when a request fails: 500 where the fault is ours, 503 where something that we stand on has failed.

`config.urls` names `server_error` as the handler. Neither answer needs a database or a context processor.
"""

from __future__ import annotations

import sys
from io import BytesIO
from typing import Any

from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from core.kernel.errors import Blocker
from core.web.api.problems import Problem
from core.web.outages import RETRY_AFTER, Outage, is_no_room, outage_of


def server_error(request: HttpRequest) -> HttpResponse:
    """A page, a fragment for the notice area, or a problem for a program."""
    outage = outage_of(sys.exception())
    if request.path.startswith("/api/"):
        return _problem(outage).response()
    if outage is None:
        return HttpResponse(render_to_string("generic/500.html", {"title": _("Something broke")}), status=500)
    if request.headers.get("HX-Request"):
        response = HttpResponse(render_to_string("ui/blockers.html", {"blockers": [_blocker(outage)]}), status=503)
        response["HX-Retarget"], response["HX-Reswap"] = "#tl-notices", "innerHTML show:window:top"
    else:
        context = {"title": _("Not now"), "outage": outage}
        response = HttpResponse(render_to_string("generic/503.html", context), status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def _blocker(outage: Outage) -> Blocker:
    return Blocker(outage.code, outage.message, remedy=outage.remedy)


def _problem(outage: Outage | None) -> Problem:
    if outage is None:
        return Problem(500, _("The fault is ours and has been logged. Nothing of what you sent was saved."))
    return Problem(503, outage.message, blockers=[_blocker(outage)], headers={"Retry-After": str(RETRY_AFTER)})


class _Unkept(BytesIO):
    """Stands for a body that there was no room for."""

    def __init__(self, error: OSError) -> None:
        super().__init__()
        self.error = error


class Handler(ASGIHandler):
    """Django's handler, which also says it in words when there is no room for what arrives.

    A large body is put aside on disk before any middleware sees the request; an error there would reach nobody but the
    server's own bare 500.
    """

    async def read_body(self, receive: Any) -> Any:
        """The body; where it cannot be put aside, the rest is read and forgotten, so that the answer is heard."""
        last: dict[str, Any] = {}

        async def remembered() -> Any:
            last.clear()
            last.update(await receive())
            return last

        try:
            return await super().read_body(remembered)
        except OSError as error:
            if not is_no_room(error):
                raise
            while last.get("more_body"):
                await remembered()
            return _Unkept(error)

    def create_request(self, scope: Any, body_file: Any) -> Any:
        """The request, or the refusal of one whose body there was no room for."""
        request, refusal = super().create_request(scope, body_file)
        if request is None or not isinstance(body_file, _Unkept):
            return request, refusal
        try:
            raise body_file.error
        except OSError:
            return None, server_error(request)
