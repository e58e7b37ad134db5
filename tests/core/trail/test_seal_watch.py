"""The watch over the trail: what the owner or a superuser switches off raises an alarm; what is mended ends it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from celery.signals import worker_ready
from django.core.cache import cache

from config import celery, doctor
from core.organization.services import system_user
from core.trail.models import TrailEvent
from core.trail.queries.watching import alarm_texts
from core.trail.services.enforcement import protect_all
from core.trail.services.watching import catalog_findings, running_alarm, watch_trail
from core.worklist.models import Assignment
from tests.support import seals
from tools.cluster import Cluster

pytestmark = pytest.mark.requirement("SEAL-06")

DIFFERENCES = {
    "a trigger off": ("ALTER TABLE core_trail_trailevent DISABLE TRIGGER trail_permanent", "trigger"),
    "a trigger no longer always on": ("ALTER TABLE core_trail_trailevent ENABLE TRIGGER trail_stamp", "trigger"),
    "a trigger gone": ("DROP TRIGGER trail_true ON core_organization_historicaluser", "trigger"),
    "a function that lets pass": (
        "CREATE OR REPLACE FUNCTION trail_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN old; END'",
        "function",
    ),
    "a right too many": ("GRANT DELETE ON core_trail_seal TO trueline_app", "grant"),
    "a sealer who writes": ("GRANT INSERT ON core_trail_trailevent TO trueline_sealer", "grant"),
}


@pytest.mark.django_db
def test_an_installation_as_made_has_no_finding() -> None:
    assert catalog_findings() == []


@pytest.mark.parametrize("name", DIFFERENCES)
def test_a_difference_is_found_alarmed_and_ended(name: str, plant: str, postgres: Cluster) -> None:
    statement, code = DIFFERENCES[name]
    watcher = system_user("trail")
    assert watch_trail(actor=watcher) == []
    with postgres.connect(plant) as link:
        link.execute(statement)
    findings = watch_trail(actor=watcher)
    assert [finding.code for finding in findings] == [code]
    assert findings[0].remedy
    alarm = running_alarm()
    assert alarm is not None and findings[0].text in alarm.text
    assert alarm_texts() == [findings[0].text]
    waiting = Assignment.objects.get(subject_id=alarm.pk, to_role="admin")
    assert waiting.status == "open" and findings[0].text[:40] in waiting.title
    watch_trail(actor=watcher)
    assert running_alarm() == alarm, "the same findings raise no second alarm"
    with seals.role("trueline_owner"):
        protect_all()
    assert watch_trail(actor=watcher) == []
    assert running_alarm() is None and alarm_texts() == []
    waiting.refresh_from_db()
    assert waiting.status == "done"
    cache.clear()


def test_the_doctor_names_what_is_off_and_what_to_do(plant: str, postgres: Cluster) -> None:
    assert [finding.level for finding in doctor.trail()] == [doctor.Level.OK]
    with postgres.connect(plant) as link:
        link.execute("ALTER TABLE core_trail_trailevent DISABLE TRIGGER trail_permanent")
        link.execute("GRANT UPDATE ON core_trail_trailevent TO trueline_app")
    found = list(doctor.trail())
    assert {finding.level for finding in found} == {doctor.Level.FAILED}
    assert [finding.text for finding in found] == [
        "The trigger trail_permanent of core_trail_trailevent is not always on.",
        "The role trueline_app has rights on core_trail_trailevent that it must not have.",
    ]
    assert all("verify the records" in finding.remedy for finding in found)


def test_the_start_of_a_worker_looks_at_once(plant: str, postgres: Cluster) -> None:
    assert celery.look_at_the_trail_first in [receiver() for _key, receiver, *_more in worker_ready.receivers]
    with postgres.connect(plant) as link:
        link.execute("ALTER TABLE core_trail_trailevent ENABLE TRIGGER trail_stamp")
    assert running_alarm() is None
    celery.look_at_the_trail_first()
    alarm = running_alarm()
    assert alarm is not None and "trail_stamp of core_trail_trailevent is not always on" in alarm.text
    cache.clear()


def test_a_forgotten_transaction_and_a_dead_sealer_raise_the_alarm(
    plant: str, postgres: Cluster, settings: Any
) -> None:
    settings.TRUELINE_SEAL_LIMIT = timedelta(seconds=0)
    watcher = system_user("trail")
    seals.seal()
    with psycopg.connect(host=str(postgres.sockets), dbname=plant, user="trueline_app") as forgotten:
        forgotten.execute("SELECT pg_current_xact_id()")
        seals.write(1)
        assert [finding.code for finding in watch_trail(actor=watcher)] == ["stalled"]
        (told,) = alarm_texts()
        assert "a transaction was left open" in told
        assert "pg_stat_activity" in [finding.remedy for finding in doctor.trail()][0]
    assert [finding.code for finding in watch_trail(actor=watcher)] == ["not_sealing"]
    first, second = TrailEvent.objects.filter(kind="trail_alarm").order_by("pk")
    assert (first.data["codes"], second.data["codes"]) == (["stalled"], ["not_sealing"])
    assert Assignment.objects.get(subject_id=first.pk, to_role="admin").status == "done"
    assert Assignment.objects.get(subject_id=second.pk, to_role="admin").status == "open"
    seals.seal()
    settings.TRUELINE_SEAL_LIMIT = timedelta(minutes=10)
    assert watch_trail(actor=watcher) == [] and running_alarm() is None
    cache.clear()
