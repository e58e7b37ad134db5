"""Five thousand people and three hundred requirements: asking everybody, lists and matrix, and the gate."""

from __future__ import annotations

import time

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.evidence import keep
from core.kernel.deeds import acting
from core.organization.models import Grant, User
from core.organization.services import system_user
from core.trail.services.sets import Stage
from qms.training import services
from qms.training.models import Curriculum, CurriculumAudience, TrainingAssignment, TrainingRequirement
from qms.training.queries.gate import standing_of
from tests.qms.training.plant import School, make_school
from tests.support.visits import visit_as
from tools.cluster import Cluster

pytestmark = pytest.mark.requirement("TRN-10")

PEOPLE, CURRICULA = 5_000, 300
PAGES = ("trainingassignment_list", "trainingrecord_list", "qualification_matrix", "compliance")


def filled(school: School) -> None:
    """The people hold the role that needs each of the curricula, which take the one document."""
    stage = Stage("", "", {"site": school.site.pk, "role": school.role.pk, "document": school.document.pk})
    with transaction.atomic(), acting(system_user("bench"), reason="bench"):
        stage.insert_from(
            User,
            {"password": "'!'", "username": "'p-' || n", "full_name": "'Person ' || n", "is_active": "true"},
            source=f"generate_series(1, {PEOPLE}) n",
        )
        stage.insert_from(
            Grant,
            {"user_id": "u.id", "role_id": "%(role)s", "site_id": "%(site)s", "starts": "now() - interval '1 day'"},
            source="core_organization_user u WHERE u.username LIKE 'p-%%'",
        )
        stage.insert_from(
            Curriculum, {"code": "'C-' || n", "name": "'Curriculum ' || n"}, source=f"generate_series(1, {CURRICULA}) n"
        )
        stage.insert_from(
            TrainingRequirement,
            {"curriculum_id": "c.id", "kind": "'read'", "title": "'Read it'", "document_id": "%(document)s"},
            source="qms_training_curriculum c WHERE c.code LIKE 'C-%%'",
        )
        stage.insert_from(
            CurriculumAudience,
            {"curriculum_id": "c.id", "role_id": "%(role)s", "by_operation": "false"},
            source="qms_training_curriculum c WHERE c.code LIKE 'C-%%'",
        )


def test_thousands_of_people(plant: str, postgres: Cluster) -> None:
    school = make_school()
    filled(school)
    with postgres.connect(plant) as link:
        link.execute("ANALYZE")  # as autovacuum does in a plant that grew
    began = time.perf_counter()
    with CaptureQueriesContext(connection) as queries:
        revision = school.approved()
    approving, asking = time.perf_counter() - began, len(queries)
    slowest = max(float(query["time"]) for query in queries.captured_queries)
    assert asking <= 150, asking  # the way from draft to approval, whatever the number of people
    assert TrainingAssignment.objects.filter(document_revision=revision).count() == PEOPLE + 1
    began = time.perf_counter()
    with CaptureQueriesContext(connection) as queries:
        services.assign_missing(actor=system_user("bench"))
    missing, again = time.perf_counter() - began, len(queries)
    assert 0 < again <= 15, again
    client = visit_as(school.author)
    spent = {}
    for name in PAGES:
        address = reverse(f"qms_training:{name}")
        client.get(address)
        began = time.process_time()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        spent[name] = (len(queries), time.process_time() - began)
        assert len(queries) <= 15, (name, len(queries))
    with CaptureQueriesContext(connection) as queries:
        standing_of(school.learner, curricula=[school.curriculum.pk], revisions=[revision], subject=revision)
    assert len(queries) == 1
    keep(
        "training",
        "Training",
        [
            f"{PEOPLE:,} people, {CURRICULA} curricula with a requirement each.",
            f"Writing, submitting and approving a revision that all of them learn: {asking} statements,"
            f" {approving:.1f} s, the slowest statement {slowest:.1f} s.",
            f"Asking once more for what is missing: {again} statements, {missing:.1f} s.",
            *(f"{name}: {count} statements, {cpu * 1000:.0f} ms CPU." for name, (count, cpu) in spent.items()),
            "The gate: 1 statement.",
        ],
    )
