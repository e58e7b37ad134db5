"""CAPAs of the full plant: one in each state that pages tell apart."""

from __future__ import annotations

from core.lifecycle.services import perform
from qms.capa import services
from qms.capa.queries import actions_of
from tests.qms.capa.story import in_days, make_story
from tests.traceability.world import World


def capas_everywhere(world: World) -> None:
    """A draft, one in triage, a tree and a fishbone in investigation, and one in each state until the watch."""
    story = make_story(world)
    story.make(180, 20)
    story.in_triage(title="Glue is late")
    bones = story.chooses(story.investigated(title="Bores are too wide"), "ishikawa")
    for branch, words in (("machine", "Spindle runs out"), ("method", "No warm-up"), ("people", "New shift")):
        story.cause(bones, words, "confirmed" if branch == "machine" else "suspected", branch=branch)
    story.handed_over(story.planned(story.investigated(title="Welds are porous")))
    begun = story.approved(story.handed_over(story.planned(story.investigated(title="Paint runs"))))
    first, second = actions_of(begun)
    perform(first, "start", actor=story.worker)
    perform(second, "start", actor=story.worker)
    perform(second, "finish", reason="Done.", **story.sign(story.worker, "performed"))
    done = story.planned(story.investigated(title="Bolts loosen"))
    story.implemented(story.approved(story.handed_over(done)))
    seen = story.planned(story.investigated(title="Screws are short"))
    story.watched(story.implemented(story.approved(story.handed_over(seen))))
    story.opens(story.in_triage(title="A box was wet"), decision="trend", rationale="Once in five years.")
    story.draft(title="Labels come off")
    tree = story.planned(story.investigated(title="Frames are scratched"))
    story.cause(tree, "The shift changes", "suspected")
    story.action(
        tree, [story.causes(tree)["Its jaws are worn"]], title="Write the check", kind="document",
        bound=story.next_revision(story.procedure()),
    )  # fmt: skip
    services.request_extension(capa=tree, due_at=in_days(80), reason="The coating is late.", actor=story.owner)
