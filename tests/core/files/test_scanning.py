"""Attachments are checked for viruses before anything is kept, where a scanner is named."""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from config.doctor import Level, scanner
from core.files.models import Attachment
from core.files.services import attach
from core.kernel.errors import Blocked
from core.organization.models import Site
from tests.core.files.clamd import EICAR, Clamd, clamd
from tests.support.people import make_site, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("FILE-01")]


@pytest.fixture
def site() -> Site:
    return make_site("VIE")


@pytest.fixture
def running(settings: Settings) -> Iterator[Clamd]:
    """A clamd that is named."""
    with tempfile.TemporaryDirectory(prefix="tl-clamd-") as folder, clamd(Path(folder) / "ctl") as fake:
        settings.TRUELINE_SCANNER = f"clamd:{fake.path}"
        yield fake


def attached(site: Site, content: bytes) -> Attachment:
    return attach(io.BytesIO(content), to=site, name="note.txt", actor=make_user())


def refused(site: Site, content: bytes, settings: Settings) -> str:
    """The code of the refusal, after which nothing is kept anywhere."""
    with pytest.raises(Blocked) as told:
        attached(site, content)
    (blocker,) = told.value.blockers
    assert "note.txt" in blocker.message and blocker.remedy
    assert not Attachment.objects.exists()
    assert not [path for path in Path(settings.TRUELINE_FILES_DIR).rglob("*") if path.is_file()]
    return blocker.code


def test_what_is_clean_is_kept_and_every_byte_was_looked_at(site: Site, running: Clamd) -> None:
    content = b"harmless\n" * 200_000
    running.limit = len(content)
    assert attached(site, content).size == len(content)
    assert running.received == [content]


def test_what_is_infected_is_refused_in_words_and_nothing_is_kept(
    site: Site, running: Clamd, settings: Settings
) -> None:
    assert refused(site, b"before " + EICAR, settings) == "file_infected"
    with pytest.raises(Blocked, match="Eicar-Test-Signature"):
        attached(site, EICAR)


@pytest.mark.parametrize("answer", [b"stream: broken ERROR\0", b"\0", b"nonsense\0"])
def test_an_answer_that_is_no_verdict_is_none(site: Site, running: Clamd, settings: Settings, answer: bytes) -> None:
    running.answer = answer
    assert refused(site, b"hello", settings) == "file_not_scanned"


def test_what_is_beyond_the_scanners_own_limit_was_not_checked(site: Site, running: Clamd, settings: Settings) -> None:
    running.limit = 10
    assert refused(site, b"longer than ten", settings) == "file_not_scanned"


def test_without_its_scanner_a_file_is_refused_unless_that_is_allowed(site: Site, settings: Settings) -> None:
    settings.TRUELINE_SCANNER = "clamd:/nowhere/clamd.ctl"
    assert refused(site, b"hello", settings) == "file_not_scanned"
    assert [finding.level for finding in scanner()] == [Level.FAILED]
    settings.TRUELINE_SCANNER_REQUIRED = False
    assert attached(site, b"hello").size == 5
    assert [finding.level for finding in scanner()] == [Level.WARNING]


def test_the_doctor_asks_it(running: Clamd) -> None:
    assert [finding.level for finding in scanner()] == [Level.OK]


@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("import sys; sys.exit('EICAR' in sys.stdin.read())", "file_infected"),
        ("import sys; sys.stdin.read(); sys.exit(2)", "file_not_scanned"),
    ],
)
def test_a_command_may_be_named_instead(site: Site, settings: Settings, program: str, code: str) -> None:
    settings.TRUELINE_SCANNER = f'command:{sys.executable} -c "{program}"'
    assert refused(site, EICAR, settings) == code


def test_a_command_that_says_clean_lets_it_in(site: Site, settings: Settings) -> None:
    settings.TRUELINE_SCANNER = f'command:{sys.executable} -c "import sys; sys.exit(len(sys.stdin.read()) - 5)"'
    assert attached(site, b"hello").size == 5


def test_too_large_a_file_is_not_sent_to_it(site: Site, running: Clamd, settings: Settings) -> None:
    settings.TRUELINE_ATTACHMENT_LIMIT = 100
    assert refused(site, b"x" * 101, settings) == "file_too_large"
    assert running.received == []
