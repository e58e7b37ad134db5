"""One thing has one name: models and docs/glossary.md agree."""

import re

import pytest
from django.apps import apps

from config.apps import BASE_DIR, OUR_APPS

REFUSED = {
    "AuditLog",
    "Batch",
    "Employee",
    "Issue",
    "Item",
    "Job",
    "Machine",
    "Part",
    "Sop",
    "SOP",
    "Task",
    "Ticket",
    "WorkOrder",
}
"""Synonyms that are not used for records."""


def glossary() -> dict[str, set[str]]:
    """The terms under each heading of the glossary."""
    terms: dict[str, set[str]] = {}
    heading = ""
    for line in (BASE_DIR / "docs/glossary.md").read_text().splitlines():
        if line.startswith("## "):
            heading = line.removeprefix("## ").strip()
        elif found := re.match(r"- \*\*(\w+)\*\*: \S", line):
            terms.setdefault(heading, set()).add(found.group(1))
    return terms


def records() -> dict[str, set[str]]:
    """The names of our models (their history excepted) by app."""
    found = {
        config.name: {model.__name__ for model in config.get_models() if not hasattr(model, "instance_type")}
        for config in apps.get_app_configs()
        if config.name in OUR_APPS
    }
    return {app: names for app, names in found.items() if names}


@pytest.mark.requirement("HOUSE-05")
def test_models_and_glossary_agree() -> None:
    assert records() == glossary()


@pytest.mark.requirement("HOUSE-05")
def test_no_record_has_a_refused_name() -> None:
    assert [name for names in records().values() for name in names & REFUSED] == []
