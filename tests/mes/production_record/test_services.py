"""The life of a record along its order and lot, and its print: by a job, once, and never again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from core.files import blobs
from core.jobs.models import BackgroundJob
from core.jobs.services import enqueue, run_job
from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.lifecycle.services import perform
from core.organization.services import system_user
from core.printing.models import PrintedRecord
from core.printing.render import render_pdf
from core.signing.models import Signature
from core.worklist.models import Assignment
from core.worklist.queries import work_of
from mes.execution import services as floor_services
from mes.production_record import services
from mes.production_record.models import ProductionRecord, RecordException
from mes.production_record.queries import content_of
from tests.mes.execution.refusals import everything
from tests.mes.production_record.story import Story, make_story
from tests.support.people import make_user, proof

pytestmark = pytest.mark.requirement("ORD-11")


def finished() -> Story:
    """A simple order in review."""
    story = make_story()
    story.make("11", "11.2")
    story.complete()
    return story


@pytest.mark.django_db
def test_the_record_follows_its_order(story: Story) -> None:
    record = story.record
    assert (record.status, record.number, record.lot) == ("compiling", f"PR-{story.order.number}", story.lot)
    story.make("11", "11.2")
    story.complete()
    review = Assignment.objects.get(kind="review", subject_id=record.pk, subject_type__model="productionrecord")
    assert (story.record.status, review.to_permission, review.status) == ("review", "traceability.release_lot", "open")
    assert review in work_of(story.reviewer) and not work_of(story.floor.lead).filter(pk=review.pk).exists()
    floor_services.reopen_operation(order_operation=story.last, reason="One is missing", actor=story.floor.lead)
    review.refresh_from_db()
    assert (story.record.status, review.status) == ("compiling", "cancelled")


@pytest.mark.django_db
def test_a_sandbox_order_has_no_record(story: Story) -> None:
    story.floor.order(1, is_sandbox=True)
    assert ProductionRecord.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.requirement("ORD-10")
def test_the_release_is_signed_and_keeps_the_exceptions_as_they_were(story: Story) -> None:
    story.make("11", "11.8")
    story.complete()
    shown = [(one.kind, one.text) for one in content_of(story.record).exceptions]
    story.release()
    kept = RecordException.objects.filter(production_record=story.record)
    assert [(one.kind, one.text) for one in kept] == shown != []
    signature = Signature.objects.get(meaning="released")
    assert (signature.subject, signature.signer, signature.reason) == (story.lot, story.reviewer, "Complete.")
    assert not Assignment.objects.filter(kind="review", subject_type__model="productionrecord", status="open").exists()
    [job] = BackgroundJob.objects.filter(handler="mes_production_record.print")
    assert (job.status, job.arguments) == ("queued", {"production_record_id": story.record.pk, "edition": 1})


@pytest.mark.django_db
def test_no_print_before_the_release_and_not_without_the_right(story: Story) -> None:
    stranger = make_user(site=story.floor.site)
    before = everything()
    with pytest.raises(Blocked) as refusal:
        services.request_print(record=story.record, actor=story.reviewer)
    assert refusal.value.codes == ("not_released",) and "Release its lot" in str(refusal.value.blockers[0].remedy)
    with pytest.raises(Blocked):
        services.request_print(record=story.record, actor=stranger)
    assert everything() == before
    assert not BackgroundJob.objects.filter(handler="mes_production_record.print").exists()


def test_the_job_prints_once_and_whoever_asks_again_gets_the_same_bytes(
    plant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = finished()
    story.release()
    printed = story.printed()
    first = blobs.load(printed.sha256)
    assert (printed.number, printed.state, printed.edition) == (story.record.number, "Released", 1)
    assert story.lot.number in printed.title
    # What changes afterwards, even names, does not change the record.
    with transaction.atomic(), acting(system_user("test"), reason="married"):
        story.floor.operator.full_name = "Another Name"
        story.floor.operator.save()

    def never(*_args: object, **_options: object) -> bytes:
        raise AssertionError("rendered again")

    monkeypatch.setattr("core.printing.render.render_pdf", never)
    job = services.request_print(record=story.record, actor=story.reviewer)
    assert run_job(job.pk)
    job.refresh_from_db()
    assert job.status == "done" and job.result_url == printed.get_absolute_url()
    [stored] = PrintedRecord.objects.all()
    assert blobs.load(stored.sha256) == first and stored.sha256 == printed.sha256


def test_two_jobs_at_once_store_one(plant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    story = finished()
    story.release()
    both = Barrier(2, timeout=60)

    def together(*args: object, **options: object) -> bytes:
        both.wait()
        return render_pdf(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("core.printing.render.render_pdf", together)
    first = BackgroundJob.objects.get(handler="mes_production_record.print")
    second = BackgroundJob.objects.create(
        handler=first.handler, arguments=first.arguments, actor=first.actor, title="again", max_attempts=1
    )

    def run(pk: int) -> bool:
        try:
            return run_job(pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(run, (first.pk, second.pk))) == [True, True]
    jobs = BackgroundJob.objects.filter(handler=first.handler)
    assert {job.status for job in jobs} == {"done"}, [job.error for job in jobs]
    [printed] = PrintedRecord.objects.all()
    assert {job.result_url for job in jobs.all()} == {printed.get_absolute_url()}
    assert blobs.load(printed.sha256)


def test_a_withdrawn_release_goes_back_to_review_and_its_next_is_a_further_edition(plant: str) -> None:
    story = finished()
    story.release()
    early = BackgroundJob.objects.get(handler="mes_production_record.print")
    first = story.printed()
    lot = perform(story.lot, "withdraw", actor=story.reviewer, reason="Complaint")
    assert (lot.status, story.record.status) == ("quarantine", "review")
    assert Assignment.objects.filter(kind="review", subject_type__model="productionrecord", status="open").count() == 1
    late = enqueue(early.handler, actor=early.actor, title="late", **early.arguments)
    run_job(late.pk)
    late.refresh_from_db()
    assert late.status == "failed" and "is not released" in late.error
    story.release()
    job = BackgroundJob.objects.filter(handler="mes_production_record.print").latest("pk")
    run_job(job.pk)
    editions = list(PrintedRecord.objects.order_by("edition"))
    assert [one.edition for one in editions] == [1, 2] and editions[0] == first
    assert blobs.load(editions[0].sha256) != blobs.load(editions[1].sha256)


def test_a_print_that_fails_leaves_nothing_and_is_tried_again(plant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    story = finished()
    story.release()
    job = BackgroundJob.objects.get(handler="mes_production_record.print")

    def broken(*_args: object, **_options: object) -> bytes:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr("core.printing.render.render_pdf", broken)
        run_job(job.pk)
    job.refresh_from_db()
    assert job.status == "queued" and not PrintedRecord.objects.exists()
    BackgroundJob.objects.filter(pk=job.pk).update(not_before=job.created_at)
    assert story.printed().sha256 == blobs.store([blobs.load(PrintedRecord.objects.get().sha256)]).sha256


@pytest.mark.django_db
def test_a_broken_proof_releases_nothing(story: Story) -> None:
    story.make("11", "11.1")
    story.complete()
    other = make_user(site=story.floor.site)
    with pytest.raises(Blocked):
        perform(story.lot, "release", actor=story.reviewer, signature=proof(other, "released"))
    assert story.record.status == "review"
