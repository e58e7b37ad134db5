"""When something fails that the server stands on: 503 in words, on a page, in a fragment, to a program."""

from __future__ import annotations

import errno
import io
import json
from collections.abc import Mapping
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core.cache import cache
from django.db import OperationalError, connection
from django.http import HttpRequest
from django.test import Client, RequestFactory
from psycopg import errors
from redis.exceptions import ConnectionError as RedisAway

from core.web.failures import Handler, server_error
from core.web.outages import outage_of
from tests.support.people import make_site, make_user
from tests.support.visits import session_of

pytestmark = pytest.mark.requirement("FAULT-06")


def raised(cause: Exception, outer: Exception | None = None) -> Exception:
    """The error as it arrives: Django's, raised from the driver's."""
    try:
        try:
            raise cause
        except Exception as error:
            if outer is None:
                raise
            raise outer from error
    except Exception as error:
        return error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (raised(errors.DiskFull("no space"), OperationalError("no space")), "database_full"),
        (raised(errors.QueryCanceled("timeout"), OperationalError("timeout")), "database_slow"),
        (raised(errors.DeadlockDetected("x"), OperationalError("x")), "busy"),
        (raised(errors.AdminShutdown("bye"), OperationalError("bye")), "database_away"),
        (OperationalError("connection refused"), "database_away"),
        (RedisAway("refused"), "part_away"),
        (OSError(errno.ENOSPC, "full"), "no_room"),
        (OSError(errno.EACCES, "denied"), None),
        (ValueError("ours"), None),
        (raised(ValueError("ours"), RuntimeError("ours")), None),
        (None, None),
    ],
)
def test_what_failed_is_told_from_our_own_faults(error: Exception | None, code: str | None) -> None:
    outage = outage_of(error)
    assert (outage and outage.code) == code
    assert outage is None or (outage.message and outage.remedy)


def answered(request: HttpRequest, error: Exception) -> Any:
    try:
        raise error
    except Exception:
        return server_error(request)


def test_a_page_says_it_without_the_database() -> None:
    answer = answered(RequestFactory().get("/"), OperationalError("connection to 10.0.0.7 refused"))
    assert answer.status_code == 503 and answer["Retry-After"]
    text = answer.content.decode()
    assert "The database does not answer" in text and "Look at the record" in text
    assert "10.0.0.7" not in text


def test_a_fragment_goes_to_the_notices() -> None:
    answer = answered(RequestFactory().post("/", HTTP_HX_REQUEST="true"), OSError(errno.ENOSPC, "full"))
    assert (answer.status_code, answer["HX-Retarget"]) == (503, "#tl-notices")
    assert "no room left" in answer.content.decode() and "<html" not in answer.content.decode()


@pytest.mark.parametrize(("error", "status"), [(OperationalError("x"), 503), (ValueError("x"), 500)])
def test_a_program_gets_a_problem(error: Exception, status: int) -> None:
    answer = answered(RequestFactory().post("/api/v1/x/"), error)
    assert answer.status_code == status and answer["Content-Type"] == "application/problem+json"
    said = json.loads(answer.content)
    assert said["detail"] and said["status"] == status
    assert [blocker["code"] for blocker in said.get("blockers", ())] == (["database_away"] if status == 503 else [])


def test_no_room_for_what_arrives_is_said_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """A large body is put aside before any middleware sees it; its rest is read, so that the answer is heard."""
    parts = [{"type": "http.request", "body": b"x" * 10, "more_body": more} for more in (True, True, False)]
    sent: list[Mapping[str, Any]] = []

    class Full(io.BytesIO):
        def write(self, _content: Any) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    async def receive() -> dict[str, Any]:
        return parts.pop(0)

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    monkeypatch.setattr("django.core.handlers.asgi.tempfile.SpooledTemporaryFile", lambda **_kwargs: Full())
    handler, scope = Handler(), {"type": "http", "method": "POST", "path": "/api/v1/x/", "headers": []}

    async def asked() -> None:
        body = await handler.read_body(receive)
        request, refusal = handler.create_request(scope, body)
        assert request is None
        await handler.send_response(refusal, send)

    async_to_sync(asked)()
    assert parts == []
    assert sent[0]["status"] == 503
    assert json.loads(sent[1]["body"])["blockers"][0]["code"] == "no_room"


@pytest.mark.django_db
def test_it_is_said_wherever_it_happens(client: Client) -> None:
    """A page and an operation, in the middle of their work and before it (who asks is read from the database)."""
    client.raise_request_exception = False
    visitor = make_user("vera", site=make_site("VIE"), permissions=("traceability.view_lot",))
    client.cookies["sessionid"] = session_of(visitor)
    cache.clear()

    def broken(*_args: object, **_kwargs: object) -> None:
        raise OperationalError("the server closed the connection")

    with connection.execute_wrapper(broken):
        page = client.get("/traceability/lots/")
        operation = client.get("/api/v1/traceability/lots/", headers={"Authorization": "Bearer tl_x"})
    assert page.status_code == operation.status_code == 503
    assert "The database does not answer" in page.content.decode()
    assert operation.json()["blockers"][0]["code"] == "database_away"
