"""A plant with nonconformances of several months, materials, suppliers and work centers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.test import Client
from pytest_django.fixtures import Settings

from core.kernel.deeds import acting
from core.organization.models import User
from core.organization.services import system_user
from qms.complaints.queries.trend import months_until
from qms.nonconformance.models import NonConformance
from qms.reporting.queries import Asked
from tests.qms.nonconformance.conftest import Case, make_case
from tests.support.kept import made_once
from tests.support.people import make_user
from tests.support.visits import visit_as
from traceability.queries import day_at

APP = "qms_reporting"
READER = (
    *(f"{APP}.view_{model}" for model in ("trendrule", "trendalarm", "reportrun", "reportschedule")),
    *("qms_nonconformance.view_nonconformance", "qms_capa.view_capa", "traceability.view_lot"),
)
SETTER = (*READER, f"{APP}.change_trendrule", f"{APP}.change_reportschedule", "qms_capa.triage_capa")


@dataclass
class Figures:
    """The plant, who reads its figures, and who sets rules and schedules."""

    case: Case
    reader: User
    setter: User

    @property
    def site(self) -> Any:
        return self.case.world.site

    @property
    def today(self) -> dt.date:
        return day_at(self.site)

    @property
    def months(self) -> list[dt.date]:
        """The last twelve months, this one being the latest."""
        return months_until(self.today, 12)

    def asked(self, **values: Any) -> Asked:
        """All of the last twelve months."""
        return Asked(**{"site": self.site, "first": self.months[0], "last": self.today, **values})

    def at(self, day: dt.date, hour: int = 12) -> dt.datetime:
        """A moment of a day at the site."""
        return dt.datetime.combine(day, dt.time(hour), tzinfo=ZoneInfo(self.site.time_zone))

    def found(self, day: dt.date, *things: Any, hour: int = 12, **values: Any) -> NonConformance:
        """One that was reported on a day."""
        columns = {name: values.pop(name) for name in ("cause_category",) if name in values}
        record = self.case.raised(*things, **values)
        with transaction.atomic(), acting(system_user("test"), reason="told later"):
            record.reported_at = self.at(day, hour)
            for name, value in columns.items():
                setattr(record, name, value)
            record.save()
        return record

    def visit(self, user: User | None = None) -> Client:
        return visit_as(user or self.reader)


def make_figures() -> Figures:
    """A plant with its readers."""
    case = make_case()
    return Figures(
        case,
        make_user(site=case.world.site, permissions=READER),
        make_user(site=case.world.site, permissions=SETTER),
    )


kept_figures = made_once(make_figures)


@pytest.fixture(autouse=True)
def _own_files(settings: Settings, tmp_path: Path) -> None:
    """Files of a test stay with it."""
    settings.TRUELINE_FILES_DIR = tmp_path / "files"
    settings.TRUELINE_CACHE_DIR = tmp_path / "cache"


@pytest.fixture
def figures(kept_figures: Callable[[], Figures], db: None) -> Figures:
    """A new plant, rolled back at the end."""
    return kept_figures()
