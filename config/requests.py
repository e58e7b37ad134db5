"""One line of log and one count per request, and the id by which both, and the answer, are found again."""

from __future__ import annotations

import time
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from django_structlog.middlewares.request import RequestMiddleware as StructlogRequestMiddleware

from config.metrics import count_request

HEADER = "X-Request-ID"
UNKNOWN = "(no such page)"


def route_of(request: HttpRequest) -> str:
    """The pattern of the address with the numbers of its records; what else somebody typed there is not kept.

    Search words, names in a query and secrets in a link are personal or worse.
    """
    match = request.resolver_match
    if match is None:
        return UNKNOWN
    shown = f"/{match.route}"
    for name, value in match.kwargs.items():
        if isinstance(value, int):
            shown = shown.replace(f"<int:{name}>", str(value))
    return shown


class RequestMiddleware(StructlogRequestMiddleware):
    """Binds the request's id to every line of its log, and writes what came of it."""

    def prepare(self, request: HttpRequest) -> None:
        request.began = time.perf_counter()  # type: ignore[attr-defined]
        super().prepare(request)

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        seconds = time.perf_counter() - request.began  # type: ignore[attr-defined]
        match = request.resolver_match
        count_request(match.view_name if match else "unknown", str(request.method), response.status_code, seconds)
        bound: dict[str, Any] = structlog.contextvars.get_contextvars()
        response[HEADER] = bound["request_id"]
        # A station is shared: nobody gets the page of the one before by the browser's Back.
        response.headers.setdefault("Cache-Control", "no-store")
        structlog.contextvars.bind_contextvars(seconds=round(seconds, 4))
        super().handle_response(request, response)

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """The method and the route."""
        return f"{request.method} {route_of(request)}"
