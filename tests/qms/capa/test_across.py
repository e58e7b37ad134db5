"""Where else the same may be: found by what shares the process, answered one by one, before the plan is read."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from core.kernel.deeds import acting
from core.organization.models import WorkCenter
from core.organization.services import places
from mes.routing import services as routings
from mes.routing.models import Routing
from mes.routing.queries import unfinished_revision
from qms.capa import services
from qms.capa.models import Capa, CapaPlan, ReadAcross
from qms.capa.queries import alike_to
from qms.complaints.services import record_complaint
from qms.nonconformance.services import ItemInput, raise_nonconformance
from tests.mes.execution.floor import put_into_force
from tests.qms.capa.story import Story
from tests.qms.capa.test_way import refused
from tests.support.people import make_site, make_user, work_center_of
from traceability.models import Material

pytestmark = pytest.mark.requirement("CAPA-15")


def _routing(story: Story, code: str, *, material: Material | None = None, **operation: Any) -> Routing:
    """A routing in force of one operation."""
    site = operation.pop("site", story.world.site)
    kind = operation.pop("equipment_class", None)
    made = routings.create_routing(
        site=site, material=material or story.world.material(kind="product"), code=code, name=code, actor=story.system
    )
    revision = unfinished_revision(made)
    assert revision is not None
    step = routings.add_operation(
        revision=revision, name="Clamp", actor=story.system, **{"work_center": work_center_of(site), **operation}
    )
    if kind is not None:
        routings.add_requirement(operation=step, equipment_class=kind, actor=story.system)
    put_into_force(revision, story.system)
    return made


def _center(story: Story) -> WorkCenter:
    """A work center of its own."""
    here = work_center_of(story.world.site)
    with transaction.atomic(), acting(story.system):
        found = WorkCenter(area=here.area, code=f"{here.code}-{WorkCenter.objects.count()}", name="Elsewhere")
        found.save()
    return found


def _codes(capa: Capa) -> dict[str, str]:
    return {str(getattr(one.record, "code", "")): str(one.why) for one in alike_to(capa)}


def test_what_shares_material_work_center_or_instruction_is_found(story: Story) -> None:
    abroad, apart = make_site(), _center(story)
    procedure = story.procedure()
    _routing(story, "CENTER")
    _routing(story, "ABROAD", material=story.product, site=abroad)
    _routing(story, "INSTRUCTION", work_center=apart, document=procedure.document)
    _routing(story, "APART", work_center=apart)
    capa = story.chooses(story.investigated())
    assert _codes(capa) == {}
    story.make(180, 20)
    story.check(capa)
    assert set(_codes(capa)) == {"CENTER", "ABROAD"}
    cause = story.cause(capa, "Its jaws are worn")
    story.action(capa, [cause], kind="document", bound=story.next_revision(procedure))
    found = _codes(capa)
    assert set(found) == {"CENTER", "ABROAD", "INSTRUCTION"}
    assert abroad.name in found["ABROAD"] or abroad.code in found["ABROAD"]
    assert procedure.document.number in found["INSTRUCTION"]


def test_what_shares_a_kind_of_equipment_is_found_by_the_bound_routing(story: Story) -> None:
    kind = places.create_equipment_class(code="CLAMP", name="Clamp", actor=story.system)
    here, there = _center(story), _center(story)
    for center in (here, there):
        places.create_equipment(
            work_center=center, code=f"CLAMP-{center.pk}", name="Clamp", equipment_class=kind, actor=story.system
        )
    mine = _routing(story, "MINE", work_center=here, equipment_class=kind)
    _routing(story, "THEIRS", work_center=there, equipment_class=kind)
    capa = story.chooses(story.investigated())
    cause = story.cause(capa, "Its jaws are worn")
    revision = routings.new_revision(routing=mine, summary="Another clamp", actor=story.system)
    story.action(capa, [cause], kind="routing", bound=revision)
    assert set(_codes(capa)) == {"THEIRS"}


@pytest.mark.parametrize("kind", ["nonconformance", "complaint"])
def test_a_source_tells_which_material_it_is_about(story: Story, kind: str) -> None:
    _routing(story, "CENTER")
    lot = story.world.lot(5, story.product)
    if kind == "complaint":
        source: Any = record_complaint(
            site=story.world.site, title="Scratch", nature="A scratch.", channel="phone",
            told={"complainant_name": "Dr. Haas", "claimed_lot": lot.number, "claimed_product": lot.material.number},
            actor=story.system,
        )  # fmt: skip
    else:
        source = raise_nonconformance(
            site=story.world.site, title="Scratch", severity="major", draft=True, actor=story.system,
            items=[ItemInput(lot=lot, quantity=Decimal(1))],
        )  # fmt: skip
    capa = story.draft(source_note="", source_kind=kind, source=source)
    assert set(_codes(capa)) == {"CENTER"}


def test_a_plan_is_not_handed_over_before_every_line_is_answered(story: Story) -> None:
    _routing(story, "CENTER")
    story.make(180, 20)
    capa = story.chooses(story.investigated())
    cause = story.cause(capa, "Its jaws are worn")
    story.action(capa, [cause])
    author = story.sign(story.owner, "authored")
    assert refused(services.hand_over_plan, capa=capa, **author) >= {"no_check", "not_looked_across"}
    story.check(capa)
    assert refused(services.hand_over_plan, capa=capa, **author) == {"across_new"}
    stranger = make_user(site=story.world.site, permissions=("qms_capa.view_capa",))
    assert refused(services.look_across, capa=capa, actor=stranger) == {"permission"}
    services.look_across(capa=capa, actor=story.owner)
    services.look_across(capa=capa, actor=story.owner)
    line = ReadAcross.objects.get()
    assert refused(services.hand_over_plan, capa=capa, **author) == {"across_open"}
    for values, code in (
        ({"answer": "", "rationale": "x"}, "answer"),
        ({"answer": "applicable", "rationale": " "}, "rationale"),
    ):
        assert refused(services.answer_across, line=line, actor=story.owner, **values) == {code}
    services.answer_across(line=line, answer="applicable", rationale="Coated too.", actor=story.owner)
    assert refused(
        services.answer_across, line=line, answer="not_applicable", rationale="No clamp.", actor=story.owner
    ) == {"reason_missing"}
    assert refused(services.name_across, capa=capa, where=" ", why="x", actor=story.owner) == {"words"}
    _routing(story, "LATER")
    assert refused(services.hand_over_plan, capa=capa, **author) == {"across_new"}
    assert not CapaPlan.objects.exists()
    story.reads_across(capa)
    services.hand_over_plan(capa=capa, **author)
    (plan,) = CapaPlan.objects.all()
    said = {one["where"]: one["answer"] for one in plan.content["read_across"]}
    assert list(said.values()) == ["applicable", "not_applicable"]
    deeds: list[tuple[Any, dict[str, Any]]] = [
        (services.look_across, {"capa": capa}),
        (services.name_across, {"capa": capa, "where": "x", "why": "y"}),
        (services.answer_across, {"line": line, "answer": "applicable", "rationale": "x", "reason": "y"}),
    ]
    for deed, values in deeds:
        assert refused(deed, actor=story.owner, **values) == {"stands_still"}
