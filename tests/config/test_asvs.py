"""The table of the verification standard is whole, and every control that it claims has a test that exists."""

from __future__ import annotations

import ast
import csv
import functools
import re
from pathlib import Path

import pytest

from config.apps import BASE_DIR

pytestmark = pytest.mark.requirement("SEC-02")

TABLE = BASE_DIR / "docs" / "security" / "asvs.csv"
OPEN = "open: "
OPEN_OF_LEVEL_1: set[str] = set()
"""A further one is a decision: change this set and docs/security/controls.md with it."""
TOPICS = {
    "docs/security/controls.md": (
        "Input", "Sign-in and passwords", "Sessions", "Rights", "Files", "Keys and algorithms", "Data", "Communication",
        "Heavy work",
    ),
    "docs/security/threat-model.md": (
        "Browser at a desk", "Identity provider", "Terminal on the floor", "API token", "Import file and attachment",
        "Worker and broker", "Database roles", "Superuser and machine", "Backup", "What is assumed",
    ),
    "docs/deployment.md": ("Containers", "Services of systemd", "What machines ask", "Logs"),
    "SECURITY.md": ("Reporting", "Supported versions", "Time frames"),
}  # fmt: skip


def table() -> list[dict[str, str]]:
    """The rows of our table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@functools.cache
def names_in(file: str) -> frozenset[str]:
    """The names of the tests in a file."""
    tree = ast.parse((BASE_DIR / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


@pytest.mark.cases
def test_every_item_of_levels_1_and_2_is_there(cases: Path) -> None:
    with (cases / "asvs" / "ASVS_5.0.0_en.csv").open(encoding="utf-8-sig", newline="") as file:
        standard = {row["req_id"]: row["L"] for row in csv.DictReader(file)}
        texts = (cases / "asvs" / "ASVS_5.0.0_en.csv").read_text(encoding="utf-8-sig")
    rows = table()
    assert [(row["id"], row["level"]) for row in rows] == [
        (id, level) for id, level in standard.items() if level in "12"
    ]
    sentences = {sentence for row in rows for sentence in row["control"].split(". ") if len(sentence) > 40}
    assert not [sentence for sentence in sentences if sentence in texts], "ids and our words, not the standard's"


def test_every_row_names_a_test_that_exists_or_says_why_not() -> None:
    for row in table():
        id, applies, control, node = row["id"], row["applies"], row["control"], row["test"]
        assert set(row) == {"id", "level", "applies", "control", "test"} and None not in row.values(), id
        assert applies in ("yes", "no", "deployer") and control, id
        assert bool(node) == (applies == "yes" and not control.startswith(OPEN)), f"{id}: a test for each control"
        if node:
            file, _, name = node.partition("::")
            assert re.fullmatch(r"tests/[\w/]+\.py", file) and name in names_in(file), f"{id}: there is no {node}"


def test_what_is_open_is_called_open() -> None:
    assert {row["id"] for row in table() if row["control"].startswith(OPEN) and row["level"] == "1"} == OPEN_OF_LEVEL_1
    assert not [row["id"] for row in table() if row["control"].startswith(OPEN) and row["applies"] != "yes"]


@pytest.mark.parametrize("file", TOPICS)
def test_the_documents_have_what_the_table_refers_to(file: str) -> None:
    text = (BASE_DIR / file).read_text(encoding="utf-8")
    headings = set(re.findall(r"^#{1,3} (.+)$", text, re.MULTILINE))
    assert set(TOPICS[file]) <= headings
    if file.endswith("threat-model.md"):
        for boundary in TOPICS[file][:-1]:
            part = text.split(f"## {boundary}\n")[1].split("\n## ")[0]
            rows = re.findall(r"^\| [STRIDE] \| .+ \| .+ \| .+ \|$", part, re.MULTILINE)
            assert len(rows) >= 4, boundary
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
        assert ((BASE_DIR / file).parent / target).exists(), f"{file} leads to {target}"
