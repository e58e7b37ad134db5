"""The log: one line per request, found again by its id, and nothing in it that somebody entered or is called."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from config.logs import logging_configuration, words_of
from tests.mes.execution.station import make_station
from tests.support.people import make_site, make_user, work_center_of
from tests.support.visits import visit_as

pytestmark = pytest.mark.requirement("RUN-10")

NAME, BADGE, PIN, PASSWORD = "Wilhelmine", "B-77031", "804211", "correct horse 9"
PERSONAL = (NAME, BADGE, PIN, PASSWORD)


def formatter(format: str) -> logging.Formatter:
    """The product's own formatter."""
    configured = logging_configuration(format)["formatters"]["structured"]
    made: logging.Formatter = configured["()"](**{name: value for name, value in configured.items() if name != "()"})
    return made


@pytest.fixture
def stderr(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What the configured handler writes, as JSON."""
    stream = io.StringIO()
    handler = next(one for one in logging.getLogger().handlers if type(one) is logging.StreamHandler)
    monkeypatch.setattr(handler, "stream", stream)
    monkeypatch.setattr(handler, "formatter", formatter("json"))
    return stream


def lines_of(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.django_db
def test_a_request_is_one_line_with_the_id_of_its_answer(stderr: io.StringIO) -> None:
    client = visit_as(make_user(site=make_site(), permissions=("traceability.view_lot",)))
    forbidden = reverse("core_organization:user_list")
    wanted = [
        (reverse("traceability:lot_list"), 200, "info", "/traceability/lots/"),
        (forbidden, 403, "warning", forbidden),
        (reverse("traceability:lot_detail", args=[404]), 404, "warning", "/traceability/lots/404/"),
        (f"{forbidden}{NAME}/", 404, "warning", "(no such page)"),
    ]
    for address, status, level, shown in wanted:
        stderr.truncate(0)
        stderr.seek(0)
        answer = client.get(address, {"q": NAME})
        (line,) = lines_of(stderr)
        assert answer.status_code == status
        assert (line["code"], line["level"], line["request"]) == (status, level, f"GET {shown}")
        assert line["request_id"] == answer["X-Request-ID"]
        assert line["seconds"] > 0 and line["timestamp"].endswith("Z")


@pytest.mark.django_db
def test_no_name_badge_pin_or_password_reaches_the_log(stderr: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    station = make_station(work_center_of(make_site()), make_user())
    sign_on = station.address(rest="sign-on/")
    client = visit_as(make_user(NAME.lower(), site=make_site(), permissions=("traceability.view_lot",)))
    client.raise_request_exception = False
    outside = Client()
    outside.post("/accounts/login/", {"login": NAME, "password": PASSWORD})
    for _ in range(6):  # as often as it takes to lock the person out
        outside.post("/accounts/login/", {"login": NAME, "password": PASSWORD}, REMOTE_ADDR="10.9.8.7")
    station.client.post(sign_on, {"badge": BADGE, "pin": PIN})
    station.client.get(sign_on, {"badge": BADGE})
    client.get("/traceability/lots/", {"q": NAME, "badge": BADGE}, headers={"user-agent": NAME})
    client.post(
        "/api/v1/traceability/lots/", {"name": NAME, "pin": PIN}, "application/json",
        headers={"authorization": f"Bearer {PASSWORD}", "idempotency-key": BADGE},
    )  # fmt: skip
    for failure in (_value_error, _database_error):
        monkeypatch.setattr("traceability.views.lots.LotList.get", failure)
        assert client.get("/traceability/lots/", {"q": NAME}).status_code == 500
    written = stderr.getvalue()
    assert len(lines_of(stderr)) >= 13
    assert [one for one in (*PERSONAL, "10.9.8.7") if one.lower() in written.lower()] == []
    failed = [line for line in lines_of(stderr) if line.get("code") == 500]
    assert ["ValueError: could not convert string to float: …" in line["exception"] for line in failed] == [True, False]
    assert "22P02" in failed[1]["exception"] and "_database_error" in failed[1]["exception"]


def _value_error(*arguments: Any, **named: Any) -> None:
    float(NAME)


def _database_error(*arguments: Any, **named: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::integer", [BADGE])


@pytest.mark.parametrize("format", ["console", "json"])
def test_a_failure_shows_its_place_and_no_values(format: str) -> None:
    password = "".join(("hun", "ter2"))  # put together here, so that the shown line of code does not hold it
    try:
        raise RuntimeError("it broke")
    except RuntimeError as error:
        told = (RuntimeError, error, error.__traceback__)
    record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, "Failed", (), told)
    written = formatter(format).format(record)
    assert "it broke" in written and "test_a_failure_shows_its_place" in written
    assert password not in written


def test_a_failed_task_is_named_without_what_it_was_about() -> None:
    context = {"name": "core.jobs.run", "description": "raised unexpected", "exc": f"ValueError('{NAME}')"}
    record = logging.LogRecord("celery.app.trace", logging.ERROR, "", 1, "Task %(name)s: %(exc)s", (context,), None)
    record.data = context
    line = json.loads(formatter("json").format(record))
    assert (line["event"], line["task"]) == ("a task failed", "core.jobs.run")
    assert NAME not in json.dumps(line)


def test_a_task_that_ended_well_is_not_called_failed() -> None:
    context = {"name": "core.jobs.run", "id": "7", "return_value": "None", "runtime": 0.2}
    text = "Task %(name)s[%(id)s] succeeded in %(runtime)ss: %(return_value)s"
    record = logging.LogRecord("celery.app.trace", logging.INFO, "", 1, text, (context,), None)
    record.data = context
    line = json.loads(formatter("json").format(record))
    assert line["event"] == "Task core.jobs.run[7] succeeded in 0.2s: None"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: KeyError(NAME), "…"),
        (
            lambda: ValueError(f"invalid literal for int() with base 10: '{NAME}'"),
            "invalid literal for int() with base 10: …",
        ),
        (lambda: RuntimeError(f"first line\nDETAIL: ({NAME})"), "first line"),
    ],
)
def test_the_words_of_an_error_hold_nothing_quoted(make: Callable[[], BaseException], said: str) -> None:
    assert words_of(make()) == said
