"""The engine: a refused move leaves its GateDecision and nothing else; an allowed one its Transition and signature."""

from __future__ import annotations

import pytest
from django.db import transaction

from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.kernel.lifecycle import Lifecycle, Move, State
from core.lifecycle.models import GateDecision, Transition
from core.lifecycle.queries import available_moves
from core.lifecycle.services import perform
from core.signing.models import Signature
from tests.support import samples
from tests.support.people import make_site, make_user, proof
from traceability.models import Lot

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("REC-08")]


def a_lot() -> Lot:
    maker = make_user()
    with transaction.atomic(), acting(maker):
        lot: Lot = samples.saved(Lot)
    return lot


def test_a_denial_survives_its_rollback_and_nothing_else_changed() -> None:
    lot, stranger = a_lot(), make_user("stranger", site=make_site(), permissions=("traceability.release_lot",))
    before = Lot.objects.values().get(pk=lot.pk)
    with pytest.raises(Blocked) as refused:
        perform(lot, "release", actor=stranger, signature=proof(stranger, "released"))
    assert "permission" in refused.value.codes
    decision = GateDecision.objects.get(action="release", subject_id=lot.pk)
    assert (decision.allowed, decision.actor_id) == (False, stranger.pk)
    assert Lot.objects.values().get(pk=lot.pk) == before
    assert Transition.objects.filter(subject_id=lot.pk, move="release").count() == 0
    assert not Signature.objects.exists()


def test_a_move_needs_its_signature_and_leaves_it() -> None:
    lot = a_lot()
    releaser = make_user("releaser", site=lot.site, permissions=("traceability.release_lot",))
    with pytest.raises(Blocked) as refused:
        perform(lot, "release", actor=releaser)
    assert refused.value.codes == ("signature_required",)
    perform(lot, "release", actor=releaser, signature=proof(releaser, "released"), reason="all good")
    transition = Transition.objects.get(move="release", subject_id=lot.pk)
    assert lot.status == transition.to_status == "released"
    assert transition.signature is not None and transition.signature.signer == releaser
    assert transition.record_version == lot.row_version == 2


def test_moves_say_all_reasons_without_storing_anything() -> None:
    lot = a_lot()
    states = {state.move.name: state for state in available_moves(lot, make_user())}
    assert not states["release"].permitted and states["release"].blockers
    assert not GateDecision.objects.exists()


def test_two_persons_cannot_make_the_same_move() -> None:
    lot = a_lot()
    releaser = make_user("releaser", site=lot.site, permissions=("traceability.release_lot",))
    perform(lot, "release", actor=releaser, signature=proof(releaser, "released"))
    with pytest.raises(Blocked) as refused:
        perform(lot, "release", actor=releaser, signature=proof(releaser, "released"))
    assert "state" in refused.value.codes


@pytest.mark.requirement("SCR-01")
def test_what_destroys_cannot_be_the_step_that_is_offered_first() -> None:
    states = (State("open", "Open"), State("gone", "Gone"))
    loud = Move("drop", ("open",), "gone", "Drop", "house.drop", primary=True, destructive=True)
    with pytest.raises(ValueError, match="drop"):
        Lifecycle("house.Loud", states, ("open",), (loud,))
