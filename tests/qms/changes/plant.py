"""Changes of the full plant: one in each state that pages tell apart."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType

from core.lifecycle.services import perform
from mes.routing.models import ScrapReason
from qms.changes import services
from qms.documents.models import DocumentRevision
from qms.risk.models import RiskAssessment
from tests.qms.changes.story import in_days, make_story
from tests.support.people import proof
from tests.traceability.world import World
from traceability.models import LabelTemplate


def changes_everywhere(world: World) -> None:
    """A draft, one in assessment with tasks, one that waits for approval, a temporary one in force, an emergency."""
    story = make_story(world)
    story.floor.order(2)
    services.set_policy(
        revision_type=ContentType.objects.get_for_model(DocumentRevision), kind="specification", is_active=True,
        actor=story.quality,
    )  # fmt: skip
    draft = story.raised(title="More scrap reasons", due_at=in_days(9))
    kinds = [ContentType.objects.get_for_model(model) for model in (ScrapReason, LabelTemplate)]
    services.set_scopes(change=draft, configuration=kinds, actor=story.owner)
    for assessment in RiskAssessment.objects.filter(site=story.floor.site).order_by("pk")[:1]:
        services.name_risk(change=draft, assessment=assessment, note="The weld", actor=story.system)
    assessed = story.in_assessment(story.next_instruction(), due_at=in_days(3))
    train = services.add_task(change=assessed, title="Train the shift", owner=story.requester, actor=story.owner)
    services.add_task(
        change=assessed, title="Tell the customer", owner=story.owner, after=train, due_at=in_days(2), actor=story.owner
    )
    story.in_approval(story.procedure(), title="Shorter cleaning", due_at=in_days(-1))
    bridged = story.procedure()
    text = story.procedure(effective=False)
    story.approved_revision(text)
    temporary = story.raised(title="Other solvent", is_temporary=True, expires_at=in_days(20))
    story.names(temporary, text, "new")
    story.writes(temporary)
    perform(temporary, "submit", actor=story.requester)
    services.start_assessment(change=temporary, actor=story.owner)
    story.approves_all(story.handed_over(temporary))
    perform(temporary, "make_ready", actor=story.owner)
    story.releases(temporary)
    services.extend_change(
        change=temporary, expires_at=in_days(30), reason="The part is late.", actor=story.second,
        signature=proof(story.second, "approved"),
    )  # fmt: skip
    planned = story.ready(story.approved_next(bridged), title="Gloves", due_at=in_days(12))
    services.plan_release(
        change=planned, release_at=in_days(6), actor=story.second, signature=proof(story.second, "released")
    )
    story.emergency(story.next_routing(), title="Wrong bolt")
