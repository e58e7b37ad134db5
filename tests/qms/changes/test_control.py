"""What needs a change: revisions of configured kinds, and configuration in production mode."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType

from core.kernel.errors import Blocked
from core.lifecycle.services import perform
from core.organization.models import Role
from core.organization.services.people import change_role, create_role_from_template
from core.worklist.services import set_escalation_rule
from mes.routing.models import RoutingRevision, ScrapReason
from mes.routing.services import create_scrap_reason
from qms.changes import services
from qms.changes.models import ChangeOrder, ConfigurationControl, ConfigurationEdit
from qms.changes.queries import configuration_switch, edits_of
from qms.documents.models import DocumentRevision
from qms.nonconformance.models import DefectCode
from qms.nonconformance.services import create_defect_code
from qms.nonconformance.services.codes import change_defect_code
from tests.qms.changes.story import Story
from tests.qms.changes.test_way import refused
from tests.support.people import proof
from tests.support.training import decide_training
from traceability.models import LabelTemplate
from traceability.services import create_label_template


def policy(story: Story, model: Any, kind: str = "", *, is_active: bool = True) -> None:
    services.set_policy(
        revision_type=ContentType.objects.get_for_model(model), kind=kind, is_active=is_active, actor=story.quality
    )


@pytest.mark.requirement("DOC-05")
def test_kinds_under_change_control_are_approved_for_an_approved_change_only(story: Story) -> None:
    policy(story, DocumentRevision, "work_instruction")
    policy(story, RoutingRevision)
    text = story.next_instruction(approved=False)
    way = story.next_routing(approved=False)
    for revision in (text, way):
        assert refused(
            perform, decide_training(revision), "submit", actor=story.system, signature=proof(story.system, "authored")
        ) == {"needs_a_change"}
    free = story.procedure()
    assert free.status == "effective", "other kinds are free"
    change = story.in_approval(text, way)
    assert refused(perform, text, "submit", actor=story.system, signature=proof(story.system, "authored")) == {
        "change_not_approved"
    }
    story.approves_all(change)
    for revision in (text, way):
        story.approved_revision(revision)
        assert refused(perform, revision, "make_effective", actor=story.quality) == {"released_by_its_change"}
    story.decides(change)
    perform(change, "make_ready", actor=story.owner)
    story.releases(change)
    text.refresh_from_db()
    way.refresh_from_db()
    assert (text.status, way.status) == ("effective", "effective")
    sign: dict[str, Any] = {"actor": story.quality, "reason": "Over.", "signature": proof(story.quality, "approved")}
    assert "needs_a_change" in refused(perform, text, "make_obsolete", **sign)
    assert "needs_a_change" in refused(perform, way, "make_obsolete", **sign)
    policy(story, RoutingRevision, is_active=False)
    perform(way, "make_obsolete", actor=story.quality, reason="Over.", signature=proof(story.quality, "approved"))


@pytest.mark.requirement("DOC-05", "CHG-08")
def test_nobody_retires_or_restores_a_revision_without_a_change(story: Story) -> None:
    text, way = story.next_instruction(), story.next_routing()
    story.released(text, way)
    old_text, old_way = story.floor.instruction, story.floor.revision
    for record in (old_text, old_way, text, way):
        record.refresh_from_db()
    for record in (old_text, old_way):
        assert "only_by_change" in refused(perform, record, "restore", actor=story.quality)
    for record in (text, way):
        assert "only_by_change" in refused(perform, record, "retire", actor=story.quality)


def switch(story: Story, is_on: bool = True) -> ConfigurationControl:
    return services.switch_control(
        is_on=is_on, reason="Validated.", actor=story.quality, signature=proof(story.quality, "approved")
    )


def open_for(story: Story, *models: Any) -> ChangeOrder:
    """A change in implementation that may alter this configuration."""
    change = story.raised(title="More codes")
    kinds = [ContentType.objects.get_for_model(model) for model in models]
    services.set_scopes(change=change, configuration=kinds, actor=story.owner)
    story.writes(change)
    perform(change, "submit", actor=story.requester)
    services.start_assessment(change=change, actor=story.owner)
    story.handed_over(change)
    return story.approves_all(change)


@pytest.mark.requirement("CHG-11")
def test_configuration_changes_only_for_a_change_in_production_mode(story: Story) -> None:
    code = create_defect_code(code="BEFORE", name="Before", actor=story.quality)
    assert refused(
        services.switch_control, is_on=True, reason=" ", actor=story.quality, signature=proof(story.quality, "approved")
    ) == {"reason"}
    assert configuration_switch().pk is None
    switch(story)
    assert refused(switch, story) == {"as_is"}
    system = story.system
    attempts = (
        lambda: create_defect_code(code="NEW", name="New", actor=story.quality),
        lambda: change_defect_code(
            defect_code=code, name="After", severity="minor", parent=None, is_active=True, reason="So.",
            actor=story.quality,
        ),
        lambda: create_scrap_reason(code="NEW", name="New", actor=system),
        lambda: create_role_from_template(template="operator", code="new", actor=system),
        lambda: change_role(role=Role.objects.order_by("pk")[0], permissions=[], actor=system, reason="So."),
        lambda: set_escalation_rule(
            kind="review", step=7, after=1, to_role=Role.objects.order_by("pk")[0].code, actor=system
        ),
        lambda: policy(story, RoutingRevision),
        lambda: services.create_change_type(
            code="NEW", name="New", category="process", assess=[], approve=["it"], actor=story.quality
        ),
    )  # fmt: skip
    for attempt in attempts:
        with pytest.raises(Blocked) as held:
            attempt()
        assert held.value.codes == ("configuration_controlled",)
    template = create_label_template(site=story.floor.site, code="L1", name="Lot", standard="lot-100x50", actor=system)
    sign: dict[str, Any] = {"actor": system, "signature": proof(system, "approved")}
    assert "configuration_controlled" in refused(perform, template, "make_effective", **sign)
    open_for(story, DefectCode, ScrapReason, Role, LabelTemplate)
    for attempt in attempts[:5]:
        attempt()
    with pytest.raises(Blocked):
        attempts[5]()
    perform(template, "make_effective", actor=system, signature=proof(system, "approved"))


@pytest.mark.requirement("CHG-11")
def test_a_change_shows_what_it_altered_value_by_value(story: Story) -> None:
    code = create_defect_code(code="BORE", name="Bore", severity="minor", actor=story.quality)
    role = create_role_from_template(template="operator", code="op2", actor=story.system)
    assert not ConfigurationEdit.objects.exists()
    switch(story)
    change = open_for(story, DefectCode, Role)
    change_defect_code(
        defect_code=code, name="Bore too wide", severity="major", parent=None, is_active=True, reason="Clearer.",
        actor=story.quality,
    )  # fmt: skip
    kept = sorted(role.permissions.values_list("permission", flat=True))
    change_role(role=role, permissions=kept[1:], actor=story.system, reason="Less.")
    lines = edits_of(change)
    assert [str(line.edit) for line in lines] == ["BORE Bore too wide", str(role)]
    assert {(str(one.label), one.old, one.new) for one in lines[0].changes} == {
        ("name", "Bore", "Bore too wide"), ("usual severity", "minor", "major"),
    }  # fmt: skip
    assert [(one.old, one.new) for one in lines[1].changes if str(one.label) == "permissions"] == [(kept[0], "")]
    switch(story, False)
    create_defect_code(code="FREE", name="Free", actor=story.quality)
