"""What machines ask: `/livez` (does the process answer?), `/readyz` (can it serve?) and `/metrics` (how is it doing?).

They are answered before any session, host name or redirection is looked at, so that they work while the rest does not.
`/livez` tells nothing and is open; the others answer inside TRUELINE_PROBE_NETWORKS or to TRUELINE_PROBE_TOKEN.
Whatever came through a proxy needs the token, however close the proxy is.
"""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_LATEST

from config.metrics import exposition
from core.trail.queries.watching import stall_findings
from core.trail.services.enforcement import app_role
from core.trail.services.watching import fresh_catalog_texts

READY = "ready"
BROKER_SECONDS = 3.0


class NotReady(Exception):
    """A part cannot do its work; the message says why and what to do, without internals."""


def database() -> None:
    """PostgreSQL answers, and this process is the role that may change nothing permanent."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user")
        (role,) = cursor.fetchone()
    if role != app_role():
        raise NotReady(f"connected as {role}, not as {app_role()}: check DATABASE_URL")


def migrations() -> None:
    """The schema is that of this version."""
    wanted = set(MigrationLoader(None).disk_migrations or ())
    missing = wanted - set(MigrationRecorder(connection).applied_migrations())
    if missing:
        raise NotReady(f"{len(missing)} migrations are not applied: run manage.py migrate as the owner role")


def shared_cache() -> None:
    """What one process puts into the cache can be read back."""
    cache.set("readyz", READY, timeout=10)
    if cache.get("readyz") != READY:
        raise NotReady("does not keep what is put into it: check REDIS_URL")


def broker() -> None:
    """Celery's broker takes work."""
    with current_app.connection_for_write() as link:
        link.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=BROKER_SECONDS)


def triggers() -> None:
    """Triggers, functions and grants were examined within the last minutes, and are those of this version."""
    texts = fresh_catalog_texts()
    if texts:
        raise NotReady(" ".join(texts))


def seals() -> None:
    """No row waits too long for its seal."""
    findings = stall_findings()
    if findings:
        raise NotReady(" ".join(f"{finding.text} {finding.remedy}" for finding in findings))


PARTS: dict[str, Callable[[], None]] = {
    "database": database,
    "migrations": migrations,
    "cache": shared_cache,
    "broker": broker,
    "triggers": triggers,
    "seals": seals,
}


def readiness() -> dict[str, str]:
    """Each part, and `ready` or what is wrong with it in words."""
    return {name: _state(part) for name, part in PARTS.items()}


def _state(part: Callable[[], None]) -> str:
    try:
        part()
    except NotReady as reason:
        return str(reason)
    except Exception as error:  # Whatever a driver raises; its text could name hosts and roles.
        return f"does not answer ({type(error).__name__}): see manage.py doctor"
    return READY


def is_allowed(request: HttpRequest) -> bool:
    """Whether the request comes from an allowed network directly, or carries the token."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    wanted: str = settings.TRUELINE_PROBE_TOKEN
    if wanted and kind.lower() == "bearer" and constant_time_compare(token, wanted):
        return True
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        address = ip_address(str(request.META.get("REMOTE_ADDR", "")))
    except ValueError:  # A Unix socket has no address.
        return False
    return any(address in network for network in settings.TRUELINE_PROBE_NETWORKS)


def live(request: HttpRequest) -> HttpResponse:
    """The process answers; asks nothing else."""
    return HttpResponse("alive\n", content_type="text/plain; charset=utf-8")


def ready(request: HttpRequest) -> HttpResponse:
    """200 when every part is ready, else 503; the body says which part is not, and why."""
    parts = readiness()
    is_ready = set(parts.values()) == {READY}
    body = {"status": READY if is_ready else "not ready", "parts": parts}
    return JsonResponse(body, status=200 if is_ready else 503)


def metrics(request: HttpRequest) -> HttpResponse:
    """Everything counted, in Prometheus' text format."""
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)


OPEN = {"/livez": live}
GUARDED = {"/readyz": ready, "/metrics": metrics}


def answer(request: HttpRequest) -> HttpResponse | None:
    """The answer to a probe; None for every other address."""
    probe = OPEN.get(request.path) or GUARDED.get(request.path)
    if probe is None:
        return None
    if request.method not in ("GET", "HEAD"):
        response = HttpResponse("Only GET and HEAD.\n", status=405, content_type="text/plain; charset=utf-8")
        response["Allow"] = "GET, HEAD"
    elif request.path in GUARDED and not is_allowed(request):
        words = "Ask from an allowed network, or with the token of this installation (docs/deployment.md).\n"
        response = HttpResponse(words, status=403, content_type="text/plain; charset=utf-8")
    else:
        response = probe(request)
    response["Cache-Control"] = "no-store"
    return response


class ProbeMiddleware:
    """Answers the probes before anything else looks at the request."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        if iscoroutinefunction(self):
            return self._later(request)
        return answer(request) or self.get_response(request)

    async def _later(self, request: HttpRequest) -> HttpResponseBase:
        if request.path not in OPEN and request.path not in GUARDED:
            response: HttpResponseBase = await self.get_response(request)
            return response
        found = await sync_to_async(answer)(request)
        assert found is not None
        return found
