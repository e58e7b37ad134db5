"""Every move from every state by everybody: exactly the declared ones are made, and a refusal changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.lifecycle.models import GateDecision, Transition
from core.lifecycle.services import perform
from core.organization.models import User
from core.signing.models import Signature
from qms.capa import services
from qms.capa.lifecycle import CAPA, CAPA_ACTION, EXTENSION
from qms.capa.models import Capa, CapaAction, EffectivenessResult, Extension
from qms.capa.queries import actions_of
from tests.qms.capa.story import Story, in_days
from tests.support.people import make_user, proof

STATES = [state.code for state in CAPA.states]


def _in_state(story: Story, state: str) -> Capa:
    """A CAPA in a state, by the way that leads there."""
    ways: dict[str, Any] = {
        "draft": story.draft,
        "triage": story.in_triage,
        "investigation": story.investigated,
        "plan_review": story.handed_over,
        "implementation": story.approved,
        "verification": story.implemented,
        "effectiveness": story.watched,
        "no_capa": lambda: story.opens(story.in_triage(), decision="trend"),
        "cancelled": lambda: perform(story.draft(), "void", actor=story.reporter, reason="Twice."),
        "closed": lambda: _closed(story),
    }
    found: Capa = ways[state]()
    return found


def _closed(story: Story) -> Capa:
    """Closed; its result is written here, for the clock of this test stands still."""
    capa = story.watched()
    check = capa.checks.get()
    assert check.watched_from is not None and check.watched_until is not None
    common = {"capa": capa, "check_of": check, "cycle": 1, "events_before": 20, "exposure_before": 200}
    with transaction.atomic(), acting(story.system):
        EffectivenessResult.objects.create(
            result="effective", watched_from=check.watched_from, watched_until=check.watched_until, events_after=0,
            exposure_after=200, **common,
        )  # fmt: skip
    return story.closes(capa)


def _everything() -> tuple[Any, ...]:
    """What must stay as it was."""
    return (
        sorted(Capa.objects.values_list("pk", "status", "row_version")),
        sorted(CapaAction.objects.values_list("pk", "status", "row_version")),
        sorted(Extension.objects.values_list("pk", "status", "row_version")),
        Transition.objects.count(),
        Signature.objects.count(),
    )


def _refused(record: Any, move: str, actor: User, **values: Any) -> tuple[str, ...]:
    """The codes with which a move is refused, after checking that nothing changed but the stored denial."""
    before, denied = _everything(), GateDecision.objects.filter(allowed=False).count()
    with pytest.raises(Blocked) as refused:
        perform(record, move, actor=actor, **values)
    assert _everything() == before
    assert GateDecision.objects.filter(allowed=False).count() == denied + 1
    return refused.value.codes


def _signed(spec: Any, actor: User) -> Any:
    return proof(actor, spec.signature) if spec.signature else None


@pytest.mark.requirement("CAPA-13")
@pytest.mark.parametrize("state", STATES)
def test_no_move_starts_in_another_state_or_without_its_right(story: Story, state: str) -> None:
    found = _in_state(story, state)
    nobody = make_user(site=story.world.site, permissions=("qms_capa.view_capa",))
    assert found.status == state
    for move in CAPA.moves:
        if state in move.origins:
            codes = _refused(found, move.name, nobody, reason="Because.", signature=_signed(move, nobody))
            assert "permission" in codes
        else:
            signature = _signed(move, story.head)
            assert "state" in _refused(found, move.name, story.head, reason="Because.", signature=signature)


@pytest.mark.requirement("CAPA-13")
def test_no_move_of_an_action_starts_in_another_state_or_without_its_right(story: Story) -> None:
    capa = story.approved()
    one, two = actions_of(capa)
    nobody = make_user(site=story.world.site, permissions=("qms_capa.view_capa",))

    def check(action: CapaAction) -> None:
        for move in CAPA_ACTION.moves:
            wrong = action.status not in move.origins
            actor = story.head if wrong else nobody
            codes = _refused(action, move.name, actor, reason="Because.", signature=_signed(move, actor))
            assert ("state" if wrong else "permission") in codes

    check(one)
    perform(one, "start", actor=story.worker)
    check(one)
    perform(one, "finish", reason="Done.", **story.sign(story.worker, "performed"))
    check(one)
    perform(one, "accept", **story.sign(story.engineer, "verified"))
    check(one)
    perform(two, "cancel", reason="No.", **story.sign(story.quality, "cancelled"))
    check(two)


@pytest.mark.requirement("CAPA-13")
def test_no_move_of_an_extension_starts_in_another_state_or_without_its_right(story: Story) -> None:
    capa = story.investigated()
    for end, meaning in (("reject", "rejected"), ("approve", "approved")):
        asked = services.request_extension(capa=capa, due_at=in_days(90), reason="Late.", actor=story.owner)
        for move in EXTENSION.moves:
            signature = _signed(move, story.owner)
            assert "permission" in _refused(asked, move.name, story.owner, reason="So.", signature=signature)
        perform(asked, end, reason="So.", **story.sign(story.quality, meaning))
        for move in EXTENSION.moves:
            signature = _signed(move, story.head)
            assert "state" in _refused(asked, move.name, story.head, reason="So.", signature=signature)


@pytest.mark.requirement("CAPA-13")
def test_who_is_kept_apart_is_refused(story: Story) -> None:
    """Owner and author do not approve, verify or close."""
    capa = story.handed_over()
    capa = services.name_owner(capa=capa, owner=story.head, actor=story.quality)
    assert "second_person" in _refused(capa, "approve_plan", story.head)
    capa = story.implemented(story.approved(capa))
    assert "second_person" in _refused(capa, "verify", story.head)
    capa = story.verifies(capa)
    assert "second_person" in _refused(capa, "close", story.head)
