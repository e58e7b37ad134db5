"""Error pages in plain words; config.urls names these functions as handlers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.kernel.permissions import catalogue
from core.kernel.wiring import ask
from core.web.access import Forbidden, came_from
from core.web.questions import WhoCanGrant


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: which permission is missing, in words, and who can give it."""
    code = exception.permission if isinstance(exception, Forbidden) else ""
    known = catalogue().get(code)
    context = {
        "permission": known.label if known else code,
        "grantors": ask(WhoCanGrant(code, request.user)) if code else [],
    }
    return _page(request, 403, "generic/403.html", context)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing here, or nothing that this visitor may know about; both look alike."""
    return _page(request, 404, "generic/404.html", {"path": request.path})


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request itself was not understood."""
    return _page(request, 400, "generic/400.html", {})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came from another session, or the session is gone: what was typed is still in the browser."""
    return _page(request, 403, "generic/csrf.html", {"again": came_from(request)})


def _page(request: HttpRequest, status: int, template: str, context: dict[str, Any]) -> HttpResponse:
    if request.headers.get("HX-Request"):
        context = {"status": status, "layout": "ui/_fragment.html", **context}
        response = render(request, template, context, status=status)
        response["HX-Retarget"], response["HX-Reswap"] = "#tl-notices", "innerHTML show:window:top"
        return response
    layout = "base/desk.html" if request.user.is_authenticated else "base/plain.html"
    return render(request, template, {"status": status, "layout": layout, **context}, status=status)
