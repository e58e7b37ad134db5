"""Server-sent events: one LISTEN connection per process, fanned out to every open stream.

A broadcaster calls `notify(topic)`; a page's region with `data-live` refreshes itself. Events say *that* something
changed, never what: the region is read again through its own page, with its own access check.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from typing import Any

import psycopg
from asgiref.sync import sync_to_async
from django.db import connection, connections
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse

from core.web.access import PageMixin

CHANNEL = "trueline_events"
HEARTBEAT_SECONDS = 15.0
LIFETIME_SECONDS = 600.0
"""A stream ends after this; the browser reconnects, and is then checked again."""
RECONNECT_SECONDS = 1.0
QUEUE_SIZE = 100

logger = logging.getLogger(__name__)


def notify(topic: str, data: str = "") -> None:
    """Tell every stream of this topic, when the running transaction commits (at once outside of one)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps([topic, data])])


class Fanout:
    """The open streams of this process and the one connection that feeds them."""

    def __init__(self) -> None:
        self._streams: dict[str, set[asyncio.Queue[tuple[str, str]]]] = defaultdict(set)
        self._listener: asyncio.Task[None] | None = None

    async def stream(self, topics: Iterable[str]) -> AsyncIterator[tuple[str, str]]:
        """Events of these topics as (topic, data); (``""``, ``""``) is a heartbeat."""
        names = tuple(topics)
        queue: asyncio.Queue[tuple[str, str]] = asyncio.Queue(QUEUE_SIZE)
        for name in names:
            self._streams[name].add(queue)
        self._ensure_listener()
        try:
            while True:
                try:
                    yield await asyncio.wait_for(queue.get(), HEARTBEAT_SECONDS)
                except TimeoutError:
                    yield "", ""
        finally:
            for name in names:
                self._streams[name].discard(queue)

    def _ensure_listener(self) -> None:
        task = self._listener
        if task is None or task.done() or task.get_loop() is not asyncio.get_running_loop():
            self._listener = asyncio.get_running_loop().create_task(self._listen())

    async def _listen(self) -> None:
        """Hold the LISTEN connection; after a loss connect again and wake every stream, as events may be missing."""
        missed = False
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(**_parameters(), autocommit=True) as listening:
                    await listening.execute(f"LISTEN {CHANNEL}")
                    if missed:
                        self._wake_all()
                    async for message in listening.notifies():
                        topic, data = json.loads(message.payload)
                        self._send(topic, data)
            except psycopg.OperationalError as error:
                logger.warning("event listener lost its connection, connecting again: %s", error)
            missed = True
            await asyncio.sleep(RECONNECT_SECONDS)

    def _send(self, topic: str, data: str) -> None:
        for queue in self._streams.get(topic, ()):
            if queue.full():
                queue.get_nowait()  # a stream that does not read keeps the newest; each event means "read again"
            queue.put_nowait((topic, data))

    def _wake_all(self) -> None:
        for topic in list(self._streams):
            self._send(topic, "")


def _parameters() -> dict[str, Any]:
    parameters = connections["default"].get_connection_params()
    kept = {"dbname", "user", "password", "host", "port", "service", "passfile", "sslmode", "options"}
    return {name: value for name, value in parameters.items() if name in kept and value not in (None, "")}


fanout = Fanout()


async def event_stream(topics: Iterable[str]) -> HttpResponseBase:
    """The response that streams these topics until its lifetime ends or the browser goes."""

    async def lines() -> AsyncIterator[str]:
        end = asyncio.get_running_loop().time() + LIFETIME_SECONDS
        yield "retry: 2000\n\n"
        async for topic, data in fanout.stream(topics):
            yield f"event: changed\ndata: {json.dumps([topic, data])}\n\n" if topic else ": still here\n\n"
            if asyncio.get_running_loop().time() > end:
                return

    response = StreamingHttpResponse(lines(), content_type="text/event-stream")
    response["Cache-Control"], response["X-Accel-Buffering"] = "no-store", "no"
    return response


class EventsPage(PageMixin):
    """An event stream behind the same access rules as a page; give `topics()`."""

    http_method_names = ["get"]

    def topics(self) -> Iterable[str]:
        """The topics of this stream; may read the database."""
        raise NotImplementedError

    async def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        refusal = await sync_to_async(self.refusal)(request)
        if refusal is not None:
            return refusal
        return await event_stream(await sync_to_async(lambda: tuple(self.topics()))())

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The access check happens inside `get`, off the event loop."""
        return super(PageMixin, self).dispatch(request, *args, **kwargs)
