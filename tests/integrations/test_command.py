"""`manage.py import_records`: the same service as the screen, words and exit codes for people and programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from core.organization.models import Site
from core.organization.services import system_user
from integrations.models import ImportBatch
from tests.mes.execution.refusals import everything
from tests.support.people import make_site
from traceability.models import UnitOfMeasure

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("ORD-01")]
MAPPING = "columns:\n  code: Code\n  name: Name\n"


@pytest.fixture
def site() -> Site:
    return make_site("GRZ")


@pytest.fixture(autouse=True)
def _importer() -> None:
    """Made by the first import there ever was."""
    system_user("import")


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run the command on a file of this content; returns what it printed."""

    def call(content: bytes | None, *more: str, mapping: bytes = MAPPING.encode()) -> str:
        file, columns = tmp_path / "units.csv", tmp_path / "units.yaml"
        if content is not None:
            file.write_bytes(content)
        columns.write_bytes(mapping)
        call_command("import_records", "units", str(file), "--mapping", str(columns), *more)
        return capsys.readouterr().out

    return call


def test_rows_are_imported_and_a_second_run_changes_nothing(run: Any) -> None:
    assert (
        run(b"Code,Name\nQA,First\nQB,Second\n")
        == "units: 2 created, 0 changed, 0 unchanged, 0 skipped. Unsigned, as system.import.\n"
    )
    assert UnitOfMeasure.objects.filter(code__in=("QA", "QB")).count() == 2
    assert (
        run(b"Code,Name\nQA,First\nQB,Second\n")
        == "units: 0 created, 0 changed, 2 unchanged, 0 skipped. Unsigned, as system.import.\n"
    )
    history = UnitOfMeasure.history.filter(code="QA").latest()
    assert (history.history_user.username, history.history_user.is_system) == ("system.import", True)
    batch = ImportBatch.objects.first()
    assert batch is not None and not batch.is_signed and batch.actor == history.history_user


def test_a_dry_run_says_what_would_happen_and_writes_nothing(run: Any) -> None:
    before = everything()
    said = run(b"Code,Name\nQA,First\n", "--dry-run")
    assert said == "units: 1 created, 0 changed, 0 unchanged, 0 skipped. Dry run, nothing was written.\n"
    assert everything() == before


def test_as_json_every_line_has_its_verdict(run: Any) -> None:
    told = json.loads(run(b"Code,Name\nQA,First\n", "--json"))
    assert told["applied"] is True
    assert told["verdicts"] == [{"line": 2, "key": "QA", "verdict": "created", "changes": []}]


def test_errors_name_line_and_column_and_the_program_fails(run: Any, capsys: pytest.CaptureFixture[str]) -> None:
    before = everything()
    with pytest.raises(SystemExit) as ended:
        run(b"Code,Name\nQA,First\nQA,Second\n")
    assert ended.value.code == 1
    said = capsys.readouterr().out
    assert "line 3, column Code (code)" in said and said.endswith("Nothing was written.\n")
    assert everything() == before


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"mapping": b"columns: ["}, "YAML"),
        ({"mapping": b"\xff\xfe"}, "is not UTF-8 text"),
        ({"content": None}, "No such file"),
    ],
    ids=["broken mapping", "mapping in another encoding", "no file"],
)
def test_what_cannot_be_done_is_said_in_words(run: Any, options: dict[str, Any], words: str) -> None:
    before = everything()
    with pytest.raises(CommandError) as refused:
        run(options.pop("content", b"Code,Name\nQA,First\n"), **options)
    assert words in str(refused.value)
    assert everything() == before and not ImportBatch.objects.exists()


def test_an_unknown_site_is_named(run: Any) -> None:
    with pytest.raises(CommandError, match="There is no site XYZ"):
        run(b"Code,Name\nQA,First\n", "--site", "XYZ")
