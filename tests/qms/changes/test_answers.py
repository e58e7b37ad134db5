"""What changes tell the pages below, and what the floor tells a release before it happens."""

from __future__ import annotations

import pytest
from django.db import transaction

from core.kernel.deeds import acting
from core.kernel.wiring import ask
from core.organization.models import EquipmentClass
from core.web.questions import NavigationCount, SignaturesOf, TimelineOf
from mes.routing import services as routings
from qms.changes.questions import ReleasePreview
from qms.training.services import assign_training, create_curriculum
from tests.qms.changes.story import Story, in_days


@pytest.mark.requirement("CHG-09")
def test_the_page_shows_what_was_signed_and_what_happened_to_the_parts(story: Story) -> None:
    change = story.in_implementation(story.next_instruction())
    assert {str(line.meaning) for line in ask(SignaturesOf(change))} >= {"Reviewed", "Approved"}
    titles = {str(entry.title) for entry in ask(TimelineOf(change))}
    assert any("Engineering: Approved" in title for title in titles)


@pytest.mark.requirement("CHG-08")
def test_whoever_releases_sees_how_many_changes_wait(story: Story) -> None:
    def waiting() -> int:
        counts = [one for one in ask(NavigationCount(story.second)) if one.url_name == "qms_changes:changeorder_list"]
        return sum(one.waiting().count() for one in counts)

    assert waiting() == 0
    story.ready(story.next_instruction())
    assert waiting() == 1


@pytest.mark.requirement("CHG-08")
def test_the_preview_names_who_has_not_learned_what_becomes_effective(story: Story) -> None:
    new = story.next_instruction()
    assert ask(ReleasePreview((new,))) == []
    assign_training(user=story.owner, document_revision=new, due_at=in_days(3), actor=story.system)
    (line,) = ask(ReleasePreview((new,)))
    assert line.text == f"1 person has not learned {new} yet: {story.owner}"


@pytest.mark.requirement("CHG-08")
def test_the_preview_names_untrained_people_and_missing_equipment(story: Story) -> None:
    way = story.next_routing(approved=False)
    operation = way.operations.order_by("sequence")[0]
    curriculum = create_curriculum(code="GLUE", name="Gluing", actor=story.system)
    routings.add_requirement(operation=operation, curriculum=curriculum, actor=story.system)
    with transaction.atomic(), acting(story.system):
        missing = EquipmentClass(code="GLUER", name="Gluer")
        missing.save()
    routings.add_requirement(operation=operation, equipment_class=missing, actor=story.system)
    found = [line.text for line in ask(ReleasePreview((way,)))]
    assert len(found) == 2
    assert any("not qualified for GLUE" in text for text in found)
    assert any("none is active" in text for text in found)
