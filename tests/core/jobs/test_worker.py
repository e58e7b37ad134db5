"""Jobs with a real worker and a real broker: nothing is lost, nothing is done twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

from config.apps import BASE_DIR
from core.jobs import services
from core.jobs.models import BackgroundJob, JobStatus
from core.jobs.services import enqueue
from core.trail.models import TrailEvent
from tests.core.jobs import handlers  # noqa: F401
from tests.support.database import environment
from tests.support.people import make_user
from tools import processes
from tools.redis_server import start_redis

StartWorker = Callable[[], "subprocess.Popen[bytes]"]

pytestmark = pytest.mark.requirement("REC-12")


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Path]:
    """A Redis of this test's own."""
    sockets = Path("/tmp") / f"tl-jobs-{os.getpid()}"
    server = start_redis(sockets, tmp_path, tmp_path / "redis.log")
    yield sockets / "redis.sock"
    processes.stop(server, [(signal.SIGTERM, 5)])


@pytest.fixture
def start_worker(plant: str, broker: Path, tmp_path: Path) -> Iterator[StartWorker]:
    """Starts workers, each with its own beat, on this test's plant."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        number = len(started)
        with (tmp_path / f"worker{number}.log").open("ab") as output:
            worker = processes.start(
                [sys.executable, "-m", "celery", "-A", "tests.core.jobs.worker_app:app", "worker", "--beat",
                 "--concurrency", "1", "--loglevel", "INFO", "-s", tmp_path / f"beat{number}", "-n", f"w{number}@test",
                 "--without-gossip", "--without-mingle"],
                environment={
                    **environment(plant),
                    "DJANGO_SETTINGS_MODULE": "tests.core.jobs.worker_settings",
                    "TRUELINE_TEST_BROKER": f"redis+socket://{broker}",
                    "TRUELINE_TEST_DATA": str(tmp_path),
                },
                output=output, directory=BASE_DIR,
            )  # fmt: skip
        started.append(worker)
        return worker

    yield start
    for worker in started:
        processes.stop(worker, [(signal.SIGTERM, 5)])


@pytest.fixture(autouse=True)
def _nothing_runs_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "_nudge", lambda pk: None)


def _until(job: BackgroundJob, status: str, worker: subprocess.Popen[bytes], tmp_path: Path) -> None:
    def reached() -> bool:
        job.refresh_from_db()
        return job.status == status

    try:
        processes.wait_until(reached, seconds=40, what=f"job {status}", alive=lambda: worker.poll() is None)
    except RuntimeError as error:
        logs = "\n".join(file.read_text() for file in sorted(tmp_path.glob("worker*.log")))
        raise AssertionError(f"{error} It is {job.status}: {job.error}\n{logs}") from error


def test_jobs_survive_a_flushed_broker_and_a_killed_worker(
    plant: str, start_worker: StartWorker, broker: Path, tmp_path: Path
) -> None:
    person, gate = make_user("jo"), tmp_path / "gate"
    job = enqueue("tests.note_once", actor=person, title="Once", gate=str(gate), text="done once")
    redis.Redis(unix_socket_path=str(broker)).flushall()

    first = start_worker()
    started = tmp_path / "gate.1.started"
    processes.wait_until(started.exists, seconds=40, what="the first attempt", alive=lambda: first.poll() is None)
    processes.kill_group(first.pid)
    first.wait()
    redis.Redis(unix_socket_path=str(broker)).flushall()
    job.refresh_from_db()
    assert job.status == JobStatus.RUNNING, "the dead worker's lease still stands"

    second = start_worker()
    started = tmp_path / "gate.2.started"
    processes.wait_until(started.exists, seconds=40, what="the second attempt", alive=lambda: second.poll() is None)
    gate.touch()
    _until(job, JobStatus.DONE, second, tmp_path)
    assert job.attempts == 2
    assert TrailEvent.objects.filter(kind="test", text="done once", actor=person).count() == 1


def test_a_worker_reports_progress_while_it_works_and_leaves_the_result(
    plant: str, start_worker: StartWorker, tmp_path: Path
) -> None:
    person, gate = make_user("jo"), tmp_path / "gate"
    waiting = enqueue("tests.note_once", actor=person, title="Wait", gate=str(gate), text="x")
    counting = enqueue("tests.count", actor=person, title="Count", upto=4)
    worker = start_worker()

    def reported() -> bool:
        waiting.refresh_from_db()
        return waiting.progress_text == "waiting" and waiting.percent == 50

    processes.wait_until(reported, seconds=40, what="the report", alive=lambda: worker.poll() is None)
    gate.touch()
    _until(counting, JobStatus.DONE, worker, tmp_path)
    assert (tmp_path / "files" / counting.result_sha256[:2]).is_dir()
    assert counting.result_name == "count.csv"
