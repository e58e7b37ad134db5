"""What keeps a produced lot from being released: each gate refuses in words and leaves nothing else behind."""

from __future__ import annotations

import pytest
from django.db import transaction

from core.jobs.models import BackgroundJob
from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.lifecycle.services import perform
from core.organization.services import system_user
from core.printing.models import PrintedRecord
from mes.execution import services
from mes.production_record.models import RecordException
from qms.nonconformance import services as nc
from tests.mes.execution.refusals import refused
from tests.mes.production_record.story import Story, make_story
from tests.support.people import grant, make_user, proof
from traceability.models import Lot
from traceability.services import place_hold, release_hold

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("ORD-10")]


@pytest.fixture
def made(story: Story) -> Story:
    """Two good units, everything completed: nothing stands against the release."""
    story.make("11", "11.2")
    story.complete()
    return story


def assert_untouched(story: Story) -> None:
    """The record still waits, and nobody asked for a print."""
    assert (story.record.status, story.lot.status) == ("review", "quarantine")
    assert not BackgroundJob.objects.filter(handler="mes_production_record.print").exists()
    assert not PrintedRecord.objects.exists()
    assert not RecordException.objects.exists()


def deepest(story: Story) -> Lot:
    """A lot that went into a lot that went into a component of the finished lot."""
    world = story.floor.world
    raw, between = world.lot(5), world.lot(5)
    world.link(raw, between)
    world.link(between, story.floor.lot(story.floor.parts[1]))
    return raw


def test_without_anything_against_it_the_lot_is_released(made: Story) -> None:
    assert made.release().status == "released"
    assert made.record.status == "released"


def test_not_while_operations_are_open_each_is_named(story: Story) -> None:
    story.make("11")
    before = story.record.status, story.lot.status
    with refused("release", "operations_open"):
        story.release()
    assert (story.record.status, story.lot.status) == before == ("compiling", "in_production")
    with pytest.raises(Blocked) as refusal:
        story.release()
    [blocker] = refusal.value.blockers
    assert "20 Assemble" in str(blocker.message) and "10 Prepare" not in str(blocker.message)
    assert "work centers" in str(blocker.remedy) and blocker.remedy_url == story.order.get_absolute_url()


def test_not_after_the_order_was_opened_again(made: Story) -> None:
    services.reopen_operation(order_operation=made.last, reason="One screw is missing", actor=made.floor.lead)
    assert made.record.status == "compiling"
    with refused("release", "operations_open"):
        made.release()


def test_not_under_a_hold_of_the_lot(made: Story) -> None:
    place_hold(lot=made.lot, reason="Label is wrong", actor=made.floor.world.quality)
    with refused("release", "hold"):
        made.release()
    assert_untouched(made)


def test_not_under_a_hold_of_a_component(made: Story) -> None:
    part = made.floor.lot(made.floor.parts[1])
    place_hold(lot=part, reason="Recall of the supplier", actor=made.floor.world.quality)
    with refused("release", "hold"):
        made.release()
    assert_untouched(made)


def test_not_under_a_hold_of_what_went_into_a_component(made: Story) -> None:
    raw, quality = deepest(made), made.floor.world.quality
    hold = place_hold(lot=raw, reason="Alloy in doubt", actor=quality)
    with refused("release", "hold"):
        made.release()
    with pytest.raises(Blocked) as refusal:
        made.release()
    [blocker] = refusal.value.blockers
    assert raw.number in str(blocker.message) and "Alloy in doubt" in str(blocker.message)
    assert blocker.remedy_url == hold.get_absolute_url()
    assert_untouched(made)
    release_hold(hold=hold, reason="Analysed", actor=quality, signature=proof(quality, "hold_released"))
    assert made.release().status == "released"


def test_not_while_a_nonconformance_of_a_unit_is_open(story: Story) -> None:
    story.make("11", "14")
    with pytest.raises(Blocked) as refusal:
        story.release()
    assert set(refusal.value.codes) == {"operations_open", "hold", "nonconformance_open"}


def test_not_while_a_nonconformance_is_open_below_a_component(made: Story) -> None:
    raw = deepest(made)
    found = nc.raise_nonconformance(
        site=made.floor.site, title="Wrong alloy", severity="major", items=[nc.ItemInput(lot=raw)], actor=made.reviewer
    )
    with refused("release", "hold", "nonconformance_open"):
        made.release()
    with pytest.raises(Blocked) as refusal:
        made.release()
    assert any(found.number in str(blocker.message) for blocker in refusal.value.blockers)
    assert_untouched(made)
    nc.cancel_nonconformance(
        nonconformance=found,
        reason="Mixed up with another lot",
        actor=made.reviewer,
        signature=proof(made.reviewer, "hold_released"),
    )
    assert made.release().status == "released"


def test_not_when_what_was_signed_has_changed(made: Story) -> None:
    operation = made.floor.revision.operations.order_by("sequence")[0]
    with transaction.atomic(), acting(system_user("test"), reason="tidied up"):
        operation.name = "Prepared otherwise"
        operation.save()
    with refused("release", "signature_broken", "signature_broken"):
        made.release()
    with pytest.raises(Blocked) as refusal:
        made.release()
    said = [str(blocker.message) for blocker in refusal.value.blockers]
    assert all(str(made.floor.revision) in text and "changed after" in text for text in said)
    assert {"Authored", "Approved"} <= {word.strip("().") for text in said for word in text.split()}
    assert_untouched(made)


def test_a_signature_given_again_heals_the_one_that_no_longer_fits() -> None:
    story = make_story(requirements=[{"meaning": "verified", "witness": True}])
    operation = story.floor.assembling(story.order)

    def verify() -> None:
        services.sign_operation(
            order_operation=operation, meaning="verified", actor=story.floor.colleague,
            signature=proof(story.floor.colleague, "verified"),
        )  # fmt: skip

    story.floor.finish_unit(operation)
    verify()
    story.floor.finish_unit(operation)
    verify()
    services.complete_operation(order_operation=operation, actor=story.floor.operator)
    assert story.release().status == "released"


def test_not_by_somebody_who_worked_on_it(made: Story) -> None:
    grant(made.floor.operator, made.floor.site, "traceability.release_lot")
    with refused("release", "reviewer_worked_on_it"):
        made.release(made.floor.operator)
    assert_untouched(made)


def test_not_without_the_right_or_the_signature(made: Story) -> None:
    stranger = make_user(site=made.floor.site, permissions=("traceability.view_lot",))
    for actor, signature in ((stranger, proof(stranger, "released")), (made.reviewer, None)):
        with pytest.raises(Blocked):
            perform(made.lot, "release", actor=actor, signature=signature)
        assert_untouched(made)


def test_a_lot_that_was_not_made_here_has_no_record_to_wait_for(story: Story) -> None:
    bought = story.floor.world.lot(5, status="quarantine")
    reviewer = story.reviewer
    assert perform(bought, "release", actor=reviewer, signature=proof(reviewer, "released")).status == "released"
