"""What is answered when a request fails: 500 where the fault is ours, 503 where something that we stand on has failed.

`config.urls` names it as the handler. Neither answer needs a database or a context processor.
"""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from core.kernel.errors import Blocker
from core.web.api.problems import Problem
from core.web.outages import RETRY_AFTER, Outage, outage_of


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
