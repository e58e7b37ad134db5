"""Background work on screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from core.jobs.models import BackgroundJob, JobStatus
from core.jobs.services import enqueue, run_job
from core.organization.models import User
from core.organization.services import system_user
from tests.core.jobs import handlers  # noqa: F401
from tests.support.people import make_site, make_user

Visit = Callable[[User], Client]
pytestmark = pytest.mark.requirement("REC-12")


@pytest.fixture
def person(db: None) -> User:
    return make_user("jo")


@pytest.fixture
def job(person: User) -> BackgroundJob:
    return enqueue("tests.count", actor=person, title="Count the lots", upto=3)


def test_a_waiting_job_refreshes_itself_and_can_be_cancelled(visit: Visit, person: User, job: BackgroundJob) -> None:
    client = visit(person)
    page = client.get(job.get_absolute_url()).content.decode()
    assert "Count the lots" in page
    assert 'hx-trigger="every 1s"' in page
    assert f"{job.get_absolute_url()}cancel/" in page
    answer = client.post(f"{job.get_absolute_url()}cancel/", follow=True)
    assert "Cancelled" in answer.content.decode()
    job.refresh_from_db()
    assert job.status == JobStatus.CANCELLED
    again = client.post(f"{job.get_absolute_url()}cancel/", follow=True)
    assert "has ended already" in again.content.decode()


def test_a_fragment_is_enough_for_the_refresh(visit: Visit, person: User, job: BackgroundJob) -> None:
    part = visit(person).get(job.get_absolute_url(), headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith("<section")


def test_the_result_is_handed_out_to_who_asked(plant: str, visit: Visit) -> None:
    person = make_user("jo")
    job = enqueue("tests.count", actor=person, title="Count", upto=3)
    run_job(job.pk)
    page = visit(person).get(job.get_absolute_url()).content.decode()
    job.refresh_from_db()
    assert (job.status, job.error) == (JobStatus.DONE, "")
    assert "every 1s" not in page
    assert "counted" in page
    answer = visit(person).get(f"{job.get_absolute_url()}result/")
    assert b"".join(answer.streaming_content) == b"1,2,3\n"  # type: ignore[attr-defined]
    assert answer["Content-Disposition"] == 'attachment; filename="count.csv"'
    assert visit(make_user("other")).get(f"{job.get_absolute_url()}result/").status_code == 404


def test_what_went_wrong_is_told(plant: str, visit: Visit) -> None:
    person = make_user("jo")
    job = enqueue("tests.blocked", actor=person, title="Try")
    run_job(job.pk)
    assert "The lot is on hold." in visit(person).get(job.get_absolute_url()).content.decode()
    assert visit(person).get(f"{job.get_absolute_url()}result/").status_code == 404


def test_others_see_only_their_own(visit: Visit, person: User, job: BackgroundJob) -> None:
    other, administrator = make_user("other"), make_user("admin")
    site = make_site()
    from tests.support.people import grant

    grant(administrator, site, "core_jobs.view_backgroundjob", "core_jobs.cancel_backgroundjob")
    assert "Count the lots" in visit(person).get("/core/jobs/jobs/").content.decode()
    assert "Count the lots" not in visit(other).get("/core/jobs/jobs/").content.decode()
    assert visit(other).get(job.get_absolute_url()).status_code == 404
    assert visit(other).post(f"{job.get_absolute_url()}cancel/").status_code == 404
    assert "Count the lots" in visit(administrator).get("/core/jobs/jobs/").content.decode()
    assert Client().get(job.get_absolute_url()).status_code == 302
    job.refresh_from_db()
    assert job.status == JobStatus.QUEUED


@pytest.mark.django_db
def test_what_the_system_does_about_a_record_is_watched_by_whoever_sees_the_record(visit: Visit) -> None:
    site = make_site()
    job = enqueue("tests.count", actor=system_user("test"), subject=site, title="Print it", upto=3)
    inside = visit(make_user("in", site=site, permissions=("core_organization.view_site",)))
    assert "Print it" in inside.get(job.get_absolute_url()).content.decode()
    assert inside.get(f"{job.get_absolute_url()}result/").status_code == 404, "the file is for who asked"
    assert inside.post(f"{job.get_absolute_url()}cancel/").status_code == 404
    assert visit(make_user("out")).get(job.get_absolute_url()).status_code == 404
