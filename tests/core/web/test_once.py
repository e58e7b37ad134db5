"""Double submissions that arrive at the same time, and the event fan-out of one process."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.test import RequestFactory

from core.kernel.errors import Blocked
from core.web import once as module
from core.web.once import once
from core.web.sse import CHANNEL, Fanout
from tests.support.database import url


def request_of(client_id: str) -> Any:
    request = RequestFactory().post("/", {"client_id": client_id})
    request.user = SimpleNamespace(pk=7)  # type: ignore[assignment]
    return request


def test_two_taps_at_the_same_time_are_one_deed() -> None:
    done: list[int] = []
    together = threading.Barrier(2)

    def tap(number: int) -> str:
        together.wait()
        with once(request_of("tap-1")) as submission:
            if not submission.done_url:
                time.sleep(0.2)
                done.append(number)
                submission.done_url = f"/made/{number}/"
        return submission.done_url

    with ThreadPoolExecutor(2) as pool:
        urls = set(pool.map(tap, (1, 2)))
    assert len(done) == 1
    assert urls == {f"/made/{done[0]}/"}


def test_a_deed_that_failed_may_be_tried_again_and_its_twin_is_refused() -> None:
    with pytest.raises(RuntimeError), once(request_of("tap-2")):
        raise RuntimeError("the connection broke")
    with once(request_of("tap-2")) as submission:
        assert submission.done_url == ""


def test_a_twin_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.1)
    with once(request_of("tap-3")), pytest.raises(Blocked) as refused, once(request_of("tap-3")):
        pytest.fail("the twin ran")
    assert refused.value.codes == ("twin",)


def test_another_person_with_the_same_client_id_is_no_twin() -> None:
    with once(request_of("tap-4")) as first:
        first.done_url = "/made/"
    other = request_of("tap-4")
    other.user = SimpleNamespace(pk=8)
    with once(other) as second:
        assert second.done_url == ""


def test_one_connection_feeds_every_stream_and_comes_back_after_a_loss(plant: str) -> None:
    address = url("app", plant)

    async def scene() -> list[tuple[str, str]]:
        fanout = Fanout()
        first, second = fanout.stream(["a"]), fanout.stream(["a", "b"])
        waiting = [asyncio.ensure_future(anext(stream)) for stream in (first, second)]
        async with await psycopg.AsyncConnection.connect(address, autocommit=True) as sender:

            async def listeners() -> list[int]:
                rows = await (
                    await sender.execute(
                        "SELECT pid FROM pg_stat_activity WHERE query = %s AND datname = current_database()",
                        [f"LISTEN {CHANNEL}"],
                    )
                ).fetchall()
                return [row[0] for row in rows]

            for _ in range(100):
                if await listeners():
                    break
                await asyncio.sleep(0.05)
            pids = await listeners()
            assert len(pids) == 1
            await sender.execute("SELECT pg_notify(%s, %s)", [CHANNEL, '["a", "1"]'])
            got = list(await asyncio.wait_for(asyncio.gather(*waiting), 5))
            again = asyncio.ensure_future(anext(second))
            await sender.execute("SELECT pg_terminate_backend(%s)", [pids[0]])
            got.append(await asyncio.wait_for(again, 15))  # woken after the loss: it may have missed something
            await sender.execute("SELECT pg_notify(%s, %s)", [CHANNEL, '["b", "2"]'])
            late = [await asyncio.wait_for(anext(second), 5)]
            while late[-1] != ("b", "2"):
                late.append(await asyncio.wait_for(anext(second), 5))
            got.append(late[-1])
        await first.aclose()  # type: ignore[attr-defined]
        await second.aclose()  # type: ignore[attr-defined]
        assert fanout._listener is not None
        fanout._listener.cancel()
        return got

    # A thread of its own: a browser that an earlier test drove leaves its event loop running in this one.
    with ThreadPoolExecutor(1) as pool:
        got = pool.submit(asyncio.run, scene()).result()
    assert got[:2] == [("a", "1"), ("a", "1")]
    assert got[2][1] == ""
    assert got[3] == ("b", "2")
