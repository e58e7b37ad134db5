"""The log: a refusal is one line, a failure shows where it happened and never the values it happened with."""

from __future__ import annotations

import io
import logging

import pytest
from django.urls import reverse

from config.logs import logging_configuration
from tests.support.people import make_site, make_user
from tests.support.visits import visit_as


@pytest.fixture
def stderr(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What the configured handler writes."""
    stream = io.StringIO()
    handler = next(one for one in logging.getLogger().handlers if type(one) is logging.StreamHandler)
    monkeypatch.setattr(handler, "stream", stream)
    return stream


@pytest.mark.django_db
def test_a_refusal_is_one_line(stderr: io.StringIO) -> None:
    client = visit_as(make_user(site=make_site(), permissions=("traceability.view_lot",)))
    forbidden = reverse("core_organization:user_list")
    for address, status in ((forbidden, 403), (f"{forbidden}none/", 404)):
        stderr.truncate(0)
        assert client.get(address).status_code == status
        lines = [line for line in stderr.getvalue().splitlines() if line.strip("\0 ")]
        assert len(lines) == 1, lines
        assert address in lines[0] and str(status) in lines[0]


@pytest.mark.parametrize("format", ["console", "json"])
def test_a_failure_shows_its_place_and_no_values(format: str) -> None:
    configured = logging_configuration(format)["formatters"]["structured"]
    formatter = configured["()"](**{name: value for name, value in configured.items() if name != "()"})
    password = "".join(("hun", "ter2"))  # put together here, so that the shown line of code does not hold it
    try:
        raise RuntimeError("it broke")
    except RuntimeError as error:
        told = (RuntimeError, error, error.__traceback__)
    record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, "Failed", (), told)
    written = formatter.format(record)
    assert "it broke" in written and "test_a_failure_shows_its_place" in written
    assert password not in written
