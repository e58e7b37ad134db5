"""Jobs without a worker: the row, its lease, its ends."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.db import IntegrityError, connection, transaction
from kombu.exceptions import OperationalError
from pytest_django.fixtures import Settings

from core.files import blobs
from core.jobs import services
from core.jobs.models import BackgroundJob, JobStatus
from core.jobs.services import cancel_job, dispatch_due, enqueue, run_job
from core.jobs.services.running import JobHandle, JobStopped
from core.kernel.clock import now
from core.kernel.errors import Blocked
from core.kernel.wiring import JOBS
from core.organization.models import User
from core.trail.models import TrailEvent
from tests.core.jobs import handlers  # noqa: F401
from tests.support.people import make_user

pytestmark = pytest.mark.requirement("REC-12")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Ids handed to the broker; nothing is run by itself."""
    handed: list[int] = []
    monkeypatch.setattr(
        current_app.tasks["core.jobs.run"],
        "apply_async",
        lambda args, **_options: handed.append(args[0]),
    )
    return handed


@pytest.fixture
def person(plant: str) -> User:
    return make_user("jo")


def _enqueue(person: User, name: str = "tests.count", **ids: Any) -> BackgroundJob:
    if name == "tests.count":
        ids.setdefault("upto", 3)
    return enqueue(name, actor=person, title="Count", **ids)


def test_a_job_exists_exactly_when_its_deed_does(person: User, asked: list[int]) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        _enqueue(person)
        raise RuntimeError
    assert not BackgroundJob.objects.exists()
    assert asked == []
    with transaction.atomic():
        job = _enqueue(person)
        assert asked == []
    assert asked == [job.pk]


def test_a_broker_that_is_away_does_not_fail_the_deed(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: object, **_options: object) -> None:
        raise OperationalError("no broker")

    monkeypatch.setattr(current_app.tasks["core.jobs.run"], "apply_async", away)
    job = _enqueue(person)
    assert BackgroundJob.objects.get(pk=job.pk).status == JobStatus.QUEUED


def test_unknown_work_and_wrong_arguments_are_refused_at_once(person: User) -> None:
    with pytest.raises(LookupError):
        enqueue("tests.nothing", actor=person, title="x")
    with pytest.raises(TypeError):
        enqueue("tests.count", actor=person, title="x", wrong=1)
    assert not BackgroundJob.objects.exists()


def test_one_key_has_one_active_job(person: User, asked: list[int]) -> None:
    first = _enqueue(person, unique_key="order 1")
    assert _enqueue(person, unique_key="order 1").pk == first.pk
    assert run_job(first.pk)
    assert _enqueue(person, unique_key="order 1").pk != first.pk


def test_a_job_that_is_done_tells_progress_log_and_result(person: User, asked: list[int]) -> None:
    job = _enqueue(person)
    assert run_job(job.pk)
    job.refresh_from_db()
    assert (job.status, job.percent, job.progress_text) == (JobStatus.DONE, 100, "step 3")
    assert job.log.endswith(" counted\n")
    assert blobs.load(job.result_sha256) == b"1,2,3\n"
    assert (job.lease, job.lease_until, job.error) == (None, None, "")
    assert not run_job(job.pk), "a job that is done is not done again"


def test_a_refusal_is_told_in_its_words_and_not_repeated(person: User, asked: list[int]) -> None:
    job = _enqueue(person, "tests.blocked")
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.status, job.error) == (JobStatus.FAILED, "The lot is on hold. Release the hold.")


def test_a_hopeless_job_fails_at_once(person: User, asked: list[int]) -> None:
    job = _enqueue(person, "tests.hopeless")
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.status, job.error, job.attempts) == (JobStatus.FAILED, "The file has no pages.", 1)


def test_an_error_is_repeated_later_and_later_and_then_told(person: User, asked: list[int], settings: Any) -> None:
    settings.TRUELINE_JOB_RETRY = timedelta(seconds=100)
    job = _enqueue(person, "tests.broken", max_attempts=3)
    waits = []
    for _attempt in range(2):
        run_job(job.pk)
        job.refresh_from_db()
        assert job.status == JobStatus.QUEUED
        assert "the printer is away" in job.error
        waits.append(round((job.not_before - now()).total_seconds(), -1))
        assert not run_job(job.pk), "it waits for its time"
        BackgroundJob.objects.filter(pk=job.pk).update(not_before=now())
    assert waits == [100, 200]
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.status, job.attempts) == (JobStatus.FAILED, 3)
    assert "Attempt 3 of 3 failed: ConnectionError: the printer is away" in job.error
    assert job.log.count("Traceback") == 3


def test_a_job_of_a_handler_that_is_gone_says_so(person: User, asked: list[int]) -> None:
    job = _enqueue(person)
    BackgroundJob.objects.filter(pk=job.pk).update(handler="old.work")
    run_job(job.pk)
    job.refresh_from_db()
    assert job.status == JobStatus.FAILED
    assert "old.work" in job.error


def test_a_silent_worker_loses_the_job_and_cannot_end_it(person: User, asked: list[int]) -> None:
    job = _enqueue(person)
    late = JobHandle(services.running._claim(job.pk))  # type: ignore[arg-type]
    assert not run_job(job.pk), "the lease holds"
    BackgroundJob.objects.filter(pk=job.pk).update(lease_until=now() - timedelta(seconds=1))
    assert run_job(job.pk)
    assert not late._end(status=JobStatus.FAILED, error="late")
    late._report()
    with pytest.raises(JobStopped):
        late.progress(1, 2)
    job.refresh_from_db()
    assert (job.status, job.attempts, job.error) == (JobStatus.DONE, 2, "")


def test_a_job_that_silences_every_worker_is_given_up(person: User, asked: list[int]) -> None:
    job = _enqueue(person, max_attempts=2)
    for _attempt in range(2):
        assert services.running._claim(job.pk)
        BackgroundJob.objects.filter(pk=job.pk).update(lease_until=now() - timedelta(seconds=1))
    assert not run_job(job.pk)
    job.refresh_from_db()
    assert job.status == JobStatus.FAILED
    assert "2 times" in job.error


def test_a_waiting_job_is_cancelled_at_once(person: User, asked: list[int]) -> None:
    job = cancel_job(job=_enqueue(person), actor=person)
    assert job.status == JobStatus.CANCELLED
    assert not run_job(job.pk)
    assert TrailEvent.objects.filter(kind="job_cancelled", actor=person).count() == 1


def test_a_running_job_stops_at_its_next_step(person: User, asked: list[int], tmp_path: Path) -> None:
    job = _enqueue(person, "tests.note_once", gate=str(tmp_path / "gate"), text="never")
    worker = threading.Thread(target=_in_thread(lambda: run_job(job.pk)))
    worker.start()
    _wait_for(tmp_path / "gate.1.started")
    cancel_job(job=job, actor=person)
    worker.join(10)
    job.refresh_from_db()
    assert job.status == JobStatus.CANCELLED
    assert not TrailEvent.objects.filter(kind="test").exists()


def test_nobody_cancels_somebody_elses_job_or_one_that_ended(person: User, asked: list[int]) -> None:
    job = _enqueue(person)
    with pytest.raises(Blocked) as refused:
        cancel_job(job=job, actor=make_user("other"))
    assert refused.value.codes == ("permission",)
    job.refresh_from_db()
    assert (job.status, job.cancel_requested) == (JobStatus.QUEUED, False)
    run_job(job.pk)
    with pytest.raises(Blocked) as refused:
        cancel_job(job=job, actor=person)
    assert refused.value.codes == ("job_ended",)


def test_dispatchers_that_race_hand_over_each_job_once(person: User, asked: list[int], settings: Settings) -> None:
    settings.TRUELINE_JOB_REDISPATCH = timedelta(seconds=50)  # a busy machine may need long for the first round
    jobs = [_enqueue(person).pk for _number in range(60)]
    BackgroundJob.objects.update(dispatched_at=None)
    asked.clear()
    start = threading.Barrier(4)

    def race() -> list[int]:
        start.wait()
        return dispatch_due()

    with ThreadPoolExecutor(4) as pool:
        taken = [pk for found in pool.map(lambda _n: _in_thread(race)(), range(4)) for pk in found]
    assert sorted(taken) == sorted(jobs) == sorted(asked)
    assert dispatch_due() == [], "not again at once"
    BackgroundJob.objects.update(dispatched_at=now() - timedelta(minutes=1))
    assert len(dispatch_due()) == 60, "again when nobody took them"


def test_the_database_knows_the_states_of_a_job(person: User, asked: list[int]) -> None:
    job = _enqueue(person)
    with pytest.raises(IntegrityError, match="ck_backgroundjob_status"):
        BackgroundJob.objects.filter(pk=job.pk).update(status="nonsense")
    job.refresh_from_db()
    assert job.status == JobStatus.QUEUED


def test_every_job_of_the_apps_is_keyword_only() -> None:
    assert "tests.count" in JOBS
    for handler in JOBS.values():
        assert handler.__kwdefaults__ is None or isinstance(handler.__kwdefaults__, dict)
        assert handler.__code__.co_argcount == 0, handler


def _in_thread(work: Callable[[], Any]) -> Callable[[], Any]:
    def run() -> Any:
        try:
            return work()
        finally:
            connection.close()

    return run


def _wait_for(path: Path) -> None:
    limit = threading.Event()
    for _tick in range(200):
        if path.exists():
            return
        limit.wait(0.05)
    raise AssertionError(f"{path} did not appear")
