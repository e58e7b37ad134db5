"""The watch over the trail: what the owner or a superuser switches off raises an alarm; what is mended ends it."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from core.organization.services import system_user
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
