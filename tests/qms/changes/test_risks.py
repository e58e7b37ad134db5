"""A change and the risk assessments that are looked at because of it: suggested, named, shown on both pages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.urls import reverse

from core.kernel.errors import Blocked
from core.kernel.wiring import ask
from core.lifecycle.services import perform
from core.organization.models import User
from qms.changes import services
from qms.changes.models import ChangeRisk
from qms.changes.queries import as_data, open_suggestions, plan_digest
from qms.risk.models import RiskAssessment
from qms.risk.questions import WhoLooksAt
from qms.risk.services import link_item
from tests.api.conftest import MAKE, program_of
from tests.qms.changes.story import OWNER, Story
from tests.qms.risk.file import AUTHOR, File, make_file
from tests.support.people import make_site, make_user
from tests.support.visits import visit_as

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("CHG-13")]


@pytest.fixture
def file(story: Story) -> File:
    return make_file(story.floor.site)


@pytest.fixture
def owner(story: Story) -> User:
    """Who carries changes and sees risks."""
    return make_user(site=story.floor.site, permissions=(*OWNER, *AUTHOR, MAKE))


def _elsewhere(file: File) -> File:
    """The same at another site."""
    site = make_site()
    return replace(file, site=site, author=make_user(site=site, permissions=AUTHOR))


def _about(file: File, record: object) -> RiskAssessment:
    assessment = file.begun()
    link_item(item=file.risk(assessment), record=record, actor=file.author)  # type: ignore[arg-type]
    return assessment


def test_risks_about_what_is_changed_are_suggested_and_named_when_accepted(story: Story, file: File) -> None:
    document = _about(file, story.floor.instruction.document)
    _about(_elsewhere(file), story.floor.instruction.document)  # of another site: not judged here
    change = story.in_assessment(story.floor.instruction)
    risks = [one for one in open_suggestions(change) if one.kind == "risk"]
    assert [one.subject_id for one in risks] == [document.pk]
    with pytest.raises(Blocked) as caught:
        services.answer_suggestion(suggestion=risks[0], is_affected=False, actor=story.owner)
    assert caught.value.codes == ("reason",) and not change.risks.exists()
    services.answer_suggestion(suggestion=risks[0], is_affected=True, actor=story.owner)
    assert change.risks.get().assessment == document
    assert change.tasks.filter(title__contains=document.number).exists()
    services.look_up(change=change, actor=story.owner)
    assert change.suggestions.filter(kind="risk").count() == 1


@pytest.mark.parametrize("what", ["material", "operation"])
def test_risks_about_a_routing_are_those_of_its_material_and_its_operations(
    story: Story, file: File, what: str
) -> None:
    routing = story.floor.revision
    record = routing.routing.material if what == "material" else routing.operations.order_by("sequence")[0]
    assessment = _about(file, record)
    change = story.submitted(routing)
    assert [one.subject_id for one in open_suggestions(change) if one.kind == "risk"] == [assessment.pk]


def test_naming_is_refused_in_plain_words_and_ends_with_the_plan(story: Story, file: File, owner: User) -> None:
    change, assessment = story.drafted(story.floor.instruction), file.begun()
    obsolete = file.approved()
    perform(obsolete, "make_obsolete", actor=file.head, reason="No longer made")
    empty = plan_digest(change)
    asked: dict[str, Any] = {"change": change, "assessment": assessment, "actor": owner}
    for code, values in (
        ("unknown", {"assessment": _elsewhere(file).begun()}),
        ("obsolete", {"assessment": obsolete}),
        ("permission", {"actor": make_user(site=story.floor.site, permissions=AUTHOR)}),
    ):
        with pytest.raises(Blocked) as caught:
            services.name_risk(**{**asked, **values})
        assert caught.value.codes == (code,) and not ChangeRisk.objects.exists()
    named = services.name_risk(change=change, assessment=assessment, note="The torque", actor=owner)
    assert plan_digest(change) != empty, "what the approvers sign says which risks are looked at"
    assert as_data(change)["risk"]["assessments"] == [
        {"number": assessment.number, "title": assessment.title, "note": "The torque"}
    ]
    with pytest.raises(Blocked) as caught:
        services.name_risk(change=change, assessment=assessment, actor=owner)
    assert caught.value.codes == ("named",)
    perform(change, "submit", actor=story.requester)
    services.start_assessment(change=change, actor=story.owner)
    story.handed_over(change)
    with pytest.raises(Blocked) as caught:
        services.unname_risk(risk=named, actor=owner)
    assert caught.value.codes == ("stands_still",) and change.risks.exists()


def test_both_pages_lead_to_each_other(story: Story, file: File, owner: User) -> None:
    change, assessment = story.drafted(story.floor.instruction), file.begun()
    client = visit_as(owner)
    url = reverse("qms_changes:changerisk_create", args=[change.pk])
    assert "There is no risk assessment" in client.post(url, {"assessment": "RA-999999"}).content.decode()
    made = client.post(url, {"assessment": assessment.number, "note": "The torque"})
    assert made.status_code == 302
    page = client.get(change.get_absolute_url()).content.decode()
    assert assessment.get_absolute_url() in page and "The torque" in page
    page = client.get(assessment.get_absolute_url()).content.decode()
    assert change.get_absolute_url() in page and "Draft · The torque" in page
    stranger = make_user(site=make_site(), permissions=(*OWNER, *AUTHOR))
    assert list(ask(WhoLooksAt(assessment, stranger))) == []
    taken = client.post(reverse("qms_changes:changerisk_remove", args=[change.risks.get().pk]), {"reason": "Not it"})
    assert taken.status_code == 302 and not change.risks.exists()


def test_a_program_names_and_reads_them(story: Story, file: File, owner: User) -> None:
    change, assessment = story.drafted(story.floor.instruction), file.begun()
    program, at = program_of(owner), f"qms/changes/changes/{change.pk}/risks/"
    made = program.post(f"{at}new/", {"assessment": assessment.number, "note": "The torque"})
    assert made.status_code == 201, made.content
    again = program.post(f"{at}new/", {"assessment": assessment.number})
    assert again.status_code == 409 and "named" in again.content.decode()
    (row,) = program.get(at).json()["results"]
    assert (row["assessment"], row["note"]) == (assessment.pk, "The torque")
    taken = program.post(f"qms/changes/risks/{row['id']}/remove/", {"reason": "Not it"})
    assert taken.status_code == 200 and not change.risks.exists()
