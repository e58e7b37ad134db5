"""From a row of a file to a sealed PDF: a frame of steel is planned, built, held, decided, released and handed over.

The plant has people and sites, nothing else; all that follows is done by its own person in a browser, in this order:
each test goes on where the one before ended, and none can run alone. With TRUELINE_SCREENSHOTS=1 the pictures are kept
under screenshots/, to be looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.journeys import engineering, floor, masters, quality
from tests.journeys.plant import Papers, Plant
from tests.support.house import outbound

pytestmark = [pytest.mark.browser, pytest.mark.requirement("ORD-11")]


@dataclass
class Story:
    """What earlier parts leave to later ones."""

    builder: str = ""
    instructions: list[str] = field(default_factory=list)
    papers: dict[str, Papers] = field(default_factory=dict)
    nonconformance: str = ""
    defect: str = ""
    broken_at: str = ""


@pytest.fixture(scope="module")
def told() -> Story:
    return Story()


@pytest.fixture
def story(told: Story, request: pytest.FixtureRequest) -> Iterator[Story]:
    """The story so far; once a part has failed, the later ones say which."""
    if told.broken_at:
        pytest.fail(f"The story broke at {told.broken_at}.", pytrace=False)
    told.broken_at = request.node.name
    yield told


def goes_on(story: Story) -> None:
    """The last line of every part: it was told to its end."""
    story.broken_at = ""


@pytest.mark.requirement("ORD-01")
def test_1_an_admin_imports_the_files_of_the_erp(plant: Plant, story: Story) -> None:
    masters.broken_file_is_refused(plant)
    masters.files_are_imported(plant)
    masters.second_import_changes_nothing(plant)
    masters.stations_are_set_up(plant)
    masters.quality_is_set_up(plant)
    goes_on(story)


@pytest.mark.requirement("ORD-02")
def test_2_an_engineer_builds_the_routing_has_it_tried_and_a_second_person_approves(plant: Plant, story: Story) -> None:
    story.builder, story.instructions = engineering.frame_routing(plant)
    floor.try_out(plant, story.builder)
    engineering.draft_is_not_ready(plant, story.builder)
    engineering.documents_are_approved(plant, story.instructions)
    address = engineering.routing_is_submitted(plant, story.builder)
    engineering.author_cannot_approve(plant.desk("paul"), address)
    engineering.approve_and_make_effective(plant, address)
    engineering.simple_routing(plant, "BL-2036", "Form the blade", "WC10")
    engineering.simple_routing(plant, "FK-9939", "Build the fork", "WC50")
    goes_on(story)


@pytest.mark.requirement("ORD-03", "ORD-05")
def test_3_blade_and_fork_are_planned_made_by_scanner_and_released(plant: Plant, story: Story) -> None:
    blade = story.papers["blade"] = floor.order_is_released(plant, "BL-2036", "3")
    floor.blades_are_made_with_scrap(plant, blade)
    quality.lot_is_released(plant, blade)
    fork = story.papers["fork"] = floor.order_is_released(plant, "FK-9939", "1")
    floor.make_simply(plant, fork, "subassembly", "1", blade.lot)
    quality.lot_is_released(plant, fork)
    story.papers["frame"] = floor.order_is_released(plant, "FR-R92R-62", "1")
    goes_on(story)


@pytest.mark.requirement("ORD-04", "ORD-05")
def test_4_the_gates_refuse_what_must_not_be_and_the_frame_is_welded(plant: Plant, story: Story) -> None:
    frame = story.papers["frame"]
    floor.unqualified_is_refused(plant, frame)
    floor.out_of_sequence_is_refused(plant, frame)
    floor.frame_is_started(plant, frame)
    floor.unusable_material_is_refused(plant, frame)
    floor.component_is_taken_back(plant, frame)
    floor.incomplete_is_refused(plant)
    goes_on(story)


@pytest.mark.requirement("ORD-06", "ORD-07")
def test_5_a_value_out_of_limits_holds_the_lot_until_two_people_decided(plant: Plant, story: Story) -> None:
    frame = story.papers["frame"]
    head_tube = frame.component("HT-8019")
    number = story.nonconformance = floor.value_out_of_limits_holds_the_lot(plant)
    quality.release_is_refused(plant, frame, "10 Weld frame", number)
    page = quality.triaged(plant, number)
    marta = plant.desk("marta")
    quality.second_item_is_added(marta, page, head_tube, "2")
    quality.proposed(marta, page, frame.lot, "Use as is", "1", "The seat is reamed to fit.")
    quality.proposed(marta, page, head_tube, "Scrap", "2", "Out of round.")
    quality.proposer_cannot_approve(marta, page)
    quality.line_is_signed(plant, page, frame.lot)
    quality.held(plant, page, {frame.lot: "Free", head_tube: "Held"})
    quality.line_is_signed(plant, page, head_tube)
    quality.held(plant, page, {frame.lot: "Free", head_tube: "Free"})
    floor.welding_is_completed(plant)
    quality.nonconformance_is_closed(plant, page)
    goes_on(story)


@pytest.mark.requirement("ORD-05", "ORD-08")
def test_6_a_reported_defect_that_nobody_triages_goes_to_the_next_person_once(plant: Plant, story: Story) -> None:
    photo = plant.folder / "photo.png"
    photo.write_bytes(engineering.drawing("A spot"))
    number = floor.defect_is_reported(plant, story.papers["frame"], story.papers["fork"].lot, photo)
    quality.overdue_goes_to_the_next_person_once(plant, number)
    quality.false_alarm_is_cancelled(plant, number)
    floor.finishing_needs_a_witness(plant)
    goes_on(story)


@pytest.mark.requirement("ORD-09")
def test_7_the_genealogy_leads_back_to_the_sheet_and_forward_to_the_frame(plant: Plant, story: Story) -> None:
    quality.genealogy_is_shown(plant, story.papers["frame"], story.papers["fork"], story.papers["blade"])
    goes_on(story)


@pytest.mark.requirement("ORD-10", "ORD-12")
def test_8_the_lot_is_released_its_record_sealed_and_an_auditor_gets_it_and_nothing_else(
    plant: Plant, story: Story
) -> None:
    frame = story.papers["frame"]
    quality.lot_is_released(plant, frame)
    quality.record_is_sealed(plant, frame)
    quality.file_is_verified(plant, quality.auditor_gets_the_file(plant, frame))
    goes_on(story)


@pytest.mark.requirement("RUN-07")
def test_9_in_all_of_this_nothing_was_asked_of_another_host(plant: Plant, story: Story) -> None:
    notes = outbound(plant.house.data).read_text().splitlines()
    watched = [line for line in notes if line.startswith("watched")]
    assert any("uvicorn" in line for line in watched) and any("celery" in line for line in watched)
    assert [line for line in notes if line not in watched] == []
    assert plant.elsewhere == []
    goes_on(story)
