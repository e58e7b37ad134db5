"""Matrices, risk files, their parts: what may be done, what may not, and that a refusal changes nothing."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from core.jobs.models import BackgroundJob
from core.kernel.errors import Blocked
from core.lifecycle.models import GateDecision
from core.lifecycle.services import perform
from core.signing.queries import is_intact, signatures_of
from core.worklist.models import Assignment
from qms.documents.services import create_document
from qms.risk import services
from qms.risk.models import Acceptability, RiskAssessment, RiskItem, RiskMatrix
from qms.risk.queries import action_priority, heat_map, judged_items, risks_of
from qms.risk.services import Estimate, MatrixContent
from qms.risk.tasks import ask_for_reviews
from tests.qms.risk.file import CONTENT, File
from tests.support.people import proof
from tests.traceability.world import make_world

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("RSK-01")]
GOLDEN = Path(__file__).with_name("action_priority.txt")


def refused(assessment: RiskAssessment, move: str, file: File, **values: Any) -> tuple[str, ...]:
    """With which codes a move is refused, after checking that nothing changed but the stored denial."""
    before = RiskAssessment.objects.filter(pk=assessment.pk).values().get()
    denied = GateDecision.objects.filter(allowed=False).count()
    with pytest.raises(Blocked) as found:
        perform(assessment, move, **values)
    assert RiskAssessment.objects.filter(pk=assessment.pk).values().get() == before
    assert GateDecision.objects.filter(allowed=False).count() == denied + 1
    return found.value.codes


@pytest.mark.requirement("RSK-03")
def test_the_action_priority_of_all_thousand_combinations() -> None:
    wanted = {}
    for line in GOLDEN.read_text(encoding="utf-8").splitlines():
        severity, occurrence, letters = line.split()
        for detection, letter in enumerate(letters, start=1):
            wanted[int(severity), int(occurrence), detection] = letter
    assert len(wanted) == 1000
    assert {place: action_priority(*place) for place in wanted} == wanted
    with pytest.raises(ValueError, match="1 to 10"):
        action_priority(0, 5, 5)


def test_a_matrix_is_approved_by_another_and_a_further_revision_supersedes_it(file: File) -> None:
    first = file.matrix
    new = services.revise_matrix(matrix=first, change_summary="Another word", actor=file.writer)
    assert (new.revision, new.cells, new.status) == (2, [list(row) for row in CONTENT.cells], "draft")
    with pytest.raises(Blocked) as flying:
        services.revise_matrix(matrix=first, change_summary="Again", actor=file.writer)
    assert flying.value.codes == ("revision_in_flight",)
    with pytest.raises(Blocked) as own:
        perform(new, "approve", actor=file.writer, signature=proof(file.writer, "approved"))
    assert own.value.codes == ("second_person",)
    perform(new, "approve", actor=file.head, signature=proof(file.head, "approved"))
    assert all(is_intact(one) for one in signatures_of(new))
    with pytest.raises(Blocked) as late:
        services.change_matrix(matrix=new, content=CONTENT, actor=file.writer)
    assert late.value.codes == ("not_draft",)
    pinned = file.begun()
    perform(new, "make_effective", actor=file.head)
    first.refresh_from_db()
    assert (first.status, new.status) == ("superseded", "effective")
    pinned.refresh_from_db()
    assert pinned.matrix == first, "what was begun keeps its matrix"
    with pytest.raises(Blocked) as old:
        file.begun(matrix=first)
    assert old.value.codes == ("no_matrix",)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"severities": ("One",)}, "size"),
        ({"bands": (("Low", "acceptable"),)}, "bands"),
        ({"bands": (("Low", "acceptable"), ("High", "no word"), ("X", "reduce"))}, "bands"),
        ({"cells": ((1, 1, 1, 2), (1, 2, 2, 3))}, "cells"),
        ({"cells": ((1, 1, 1, 2), (1, 2, 2, 3), (2, 2, 3, 4))}, "cells"),
    ],
)
def test_a_matrix_judges_every_combination(file: File, change: dict[str, Any], code: str) -> None:
    content = MatrixContent(**{**CONTENT.__dict__, **change})
    with pytest.raises(Blocked) as found:
        services.create_matrix(code="BAD", content=content, actor=file.writer)
    assert code in found.value.codes
    assert not RiskMatrix.objects.filter(code="BAD").exists()


def test_a_code_is_given_once(file: File) -> None:
    with pytest.raises(Blocked) as found:
        services.create_matrix(code=file.matrix.code, content=CONTENT, actor=file.writer)
    assert found.value.codes == ("code_taken",)


@pytest.mark.requirement("RSK-02")
def test_a_risk_file_is_judged_signed_and_approved_by_a_second_person(file: File) -> None:
    assessment = file.approved()
    assert assessment.status == "approved" and assessment.review_on is not None
    assert [one.meaning for one in signatures_of(assessment)] == ["authored", "approved"]
    assert all(is_intact(one) for one in signatures_of(assessment))
    judged = judged_items(assessment)[0]
    assert judged.before is not None and judged.before.acceptability == Acceptability.UNACCEPTABLE
    assert judged.after is not None and judged.after.is_acceptable
    assert BackgroundJob.objects.filter(handler="qms_risk.risk_file", subject_id=assessment.pk).exists()
    assert not Assignment.objects.filter(subject_id=assessment.pk, status="open").exists()


@pytest.mark.requirement("RSK-02")
def test_what_is_missing_stands_against_its_submission(file: File) -> None:
    assessment = file.begun()
    sign: dict[str, Any] = {"actor": file.author, "signature": proof(file.author, "authored")}
    assert refused(assessment, "submit", file, **sign) == ("no_items", "no_conclusion")
    item = file.risk(assessment, after=None)
    file.concluded(assessment)
    assert refused(assessment, "submit", file, **sign) == ("no_control", "no_residual")
    file.controlled(item, verification="")
    services.change_item(
        item=item, hazard="Weld cracks", cause="Porosity", effect="Fall", before=Estimate(3, 3), after=Estimate(3, 3),
        actor=file.author,
    )  # fmt: skip
    assert refused(assessment, "submit", file, **sign) == ("not_verified", "no_rationale")
    control = item.controls.get()
    services.change_control(
        control=control, kind="protective", description="X-ray", verification="Report 8", actor=file.author
    )
    services.change_item(
        item=item, hazard="Weld cracks", cause="Porosity", effect="Fall", before=Estimate(3, 3), after=Estimate(3, 3),
        rationale="Nobody can do without it.", actor=file.author,
    )  # fmt: skip
    perform(assessment, "submit", **sign)
    assert refused(assessment, "approve", file, actor=file.author, signature=proof(file.author, "approved"))


@pytest.mark.requirement("RSK-02")
def test_what_is_in_review_or_approved_is_not_changed(file: File) -> None:
    assessment = file.approved()
    item = assessment.items.get()
    for deed in (
        lambda: file.risk(assessment),
        lambda: services.remove_item(item=item, actor=file.author, reason="x"),
        lambda: services.remove_control(control=item.controls.get(), actor=file.author, reason="x"),
        lambda: services.link_item(item=item, record=file.matrix, actor=file.author),
    ):
        with pytest.raises(Blocked) as found:
            deed()
        assert found.value.codes == ("not_draft",)
    perform(assessment, "revise", actor=file.author, reason="A complaint")
    services.remove_control(control=item.controls.get(), actor=file.author, reason="Replaced")
    services.remove_item(item=item, actor=file.author, reason="Replaced")
    assert not assessment.items.exists()
    assert not all(is_intact(one) for one in signatures_of(assessment)), "what was signed was another content"


def test_an_estimate_has_a_place(file: File) -> None:
    assessment = file.begun()
    for wrong in (Estimate(4, 1), Estimate(1, 5), Estimate(0, 1)):
        with pytest.raises(Blocked) as found:
            file.risk(assessment, before=wrong)
        assert found.value.codes == ("estimate",)
    process = file.begun(kind="process", matrix=None)
    with pytest.raises(Blocked):
        file.risk(process, before=Estimate(9, 9), after=None)
    item = file.risk(process, before=Estimate(9, 5, 1), after=Estimate(9, 2, 4))
    judged = next(one for one in judged_items(process) if one.item == item)
    assert judged.before is not None and judged.before.acceptability == Acceptability.REDUCE
    assert judged.after is not None and judged.after.is_acceptable


def test_the_heat_map_counts_before_and_after(file: File) -> None:
    assessment = file.begun()
    item = file.risk(assessment)
    before, after = heat_map(file.matrix, [item]), heat_map(file.matrix, [item], residual=True)
    assert [len(cell.items) for cell in before.rows[0][1]] == [0, 0, 1, 0]
    assert [len(cell.items) for cell in after.rows[0][1]] == [1, 0, 0, 0]
    assert before.rows[0][1][3].level.label == "High"


@pytest.mark.requirement("RSK-06")
def test_which_risks_a_material_and_a_document_have(file: File) -> None:
    world = make_world(site=file.site)
    material, other = world.material(), world.material()
    document = create_document(kind="procedure", title="Welding", site=file.site, body="x", actor=world.system)
    assessment = file.begun(material=material)
    first, second = file.risk(assessment), file.risk(assessment, hazard="Paint")
    services.link_item(item=second, record=document, actor=file.author)
    with pytest.raises(Blocked) as found:
        services.link_item(item=second, record=document, actor=file.author)
    assert found.value.codes == ("linked",)
    told = risks_of([material, document, other])
    assert told == {material: [first, second], document: [second], other: []}
    services.unlink_item(link=second.links.get(), actor=file.author, reason="Another document")
    assert risks_of([document])[document] == []


@pytest.mark.requirement("RSK-05")
def test_a_risk_file_is_looked_at_again_when_its_day_has_come(file: File, time_machine_at: Any) -> None:
    assessment = file.approved()
    ask_for_reviews()
    assessment.refresh_from_db()
    assert assessment.status == "approved"
    assert assessment.review_on is not None
    time_machine_at(dt.datetime.combine(assessment.review_on, dt.time(12), tzinfo=dt.UTC))
    ask_for_reviews()
    ask_for_reviews()
    assessment.refresh_from_db()
    assert assessment.status == "periodic_review"
    assert Assignment.objects.filter(subject_id=assessment.pk, status="open").count() == 1
    perform(assessment, "confirm", actor=file.head, signature=proof(file.head, "reviewed"))
    assert assessment.status == "approved" and RiskItem.objects.filter(assessment=assessment).exists()
    assert not Assignment.objects.filter(subject_id=assessment.pk, status="open").exists()
