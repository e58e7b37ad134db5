"""Building instructions: only in a draft, signed with the revision, copied into the next one."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from PIL import Image
from pytest_django.fixtures import Settings

from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.lifecycle.services import perform
from core.signing.queries import is_intact, signatures_of
from mes.instructions.models import DataPoint, InstructionPicture, InstructionStep, WorkInstruction
from mes.instructions.queries import builder_ids, instruction_for, steps_of
from mes.instructions.services import (
    add_data_point,
    add_picture,
    add_step,
    create_instruction,
    delete_data_point,
    delete_step,
    edit_data_point,
    edit_step,
    move_data_point,
    move_step,
    remove_picture,
)
from qms.documents.queries import content_parts
from qms.documents.services import edit_revision, revise_document
from tests.mes.instructions.conftest import approve, submit
from tests.support.people import make_site, make_user

pytestmark = pytest.mark.django_db
MODELS = (WorkInstruction, InstructionStep, InstructionPicture, DataPoint)


@pytest.fixture(autouse=True)
def _own_files(settings: Settings, tmp_path: Path) -> None:
    settings.TRUELINE_FILES_DIR = tmp_path


def everything() -> list[object]:
    return [[list(model.objects.order_by("pk").values()), model.history.count()] for model in MODELS]


@contextmanager
def refused(code: str) -> Iterator[None]:
    before = everything()
    with pytest.raises(Blocked) as caught:
        yield
    assert code in caught.value.codes
    assert everything() == before


def png(colour: str = "red", size: int = 8) -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (size, size), colour).save(file, "PNG")
    file.name = f"{colour}.png"
    file.seek(0)
    return file


def titles(instruction: WorkInstruction) -> list[tuple[int, str]]:
    return [(step.sequence, step.title) for step in steps_of(instruction)]


def test_steps_are_added_moved_and_deleted(instruction: Any, author: Any) -> None:
    for title in ("A", "B", "C", "D"):
        add_step(work_instruction=instruction, title=title, actor=author)
    fourth = steps_of(instruction)[3]
    move_step(step=fourth, position=2, actor=author)
    assert titles(instruction) == [(1, "A"), (2, "D"), (3, "B"), (4, "C")]
    move_step(step=fourth, position=99, actor=author)
    assert titles(instruction) == [(1, "A"), (2, "B"), (3, "C"), (4, "D")]
    delete_step(step=steps_of(instruction)[1], actor=author)
    assert titles(instruction) == [(1, "A"), (2, "C"), (3, "D")]
    with transaction.atomic(), acting(author):  # the constraint is deferred, but it holds
        clash = steps_of(instruction)[0]
        clash.sequence = 2
        with pytest.raises(IntegrityError, match="uq_instructionstep_sequence"), transaction.atomic():
            clash.save()
            from django.db import connection

            connection.cursor().execute("SET CONSTRAINTS uq_instructionstep_sequence IMMEDIATE")


def test_an_edit_keeps_the_history_and_refuses_stale_writers(step: Any, author: Any) -> None:
    edit_step(step=step, caution="Hot", version=step.row_version, actor=author)
    step.refresh_from_db()
    assert (step.caution, step.text) == ("Hot", "Tighten **both** nuts.")
    with refused("changed_meanwhile"):
        edit_step(step=step, text="x", version=1, actor=author)
    with refused("no_title"):
        edit_step(step=step, title=" ", actor=author)


def test_data_points(step: Any, author: Any, newton_meter: Any) -> None:
    torque = add_data_point(
        step=step, code="TQ", label="Torque", unit=newton_meter, lower_limit=Decimal(11), upper_limit=Decimal(13),
        decimals=1, actor=author,
    )  # fmt: skip
    check = add_data_point(step=step, code="OK", label="Both tight", kind="check", actor=author)
    assert [p.code for p in step.data_points.order_by("sequence")] == ["TQ", "OK"]
    move_data_point(data_point=check, position=1, actor=author)
    assert [p.code for p in step.data_points.order_by("sequence")] == ["OK", "TQ"]
    edit_data_point(data_point=torque, changes={"upper_limit": Decimal(14)}, actor=author)
    torque.refresh_from_db()
    assert torque.upper_limit == 14
    check.refresh_from_db()
    delete_data_point(data_point=check, actor=author)
    assert [(p.code, p.sequence) for p in step.data_points.order_by("sequence")] == [("TQ", 1)]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"lower_limit": Decimal(5), "upper_limit": Decimal(4)}, "limits_crossed"),
        ({"lower_warning": Decimal(1), "lower_limit": Decimal(2)}, "limits_crossed"),
        ({"kind": "text", "upper_limit": Decimal(4)}, "limits_without_number"),
        ({"kind": "choice", "choices": ["one"]}, "choices"),
        ({"kind": "choice", "choices": ["a", "a"]}, "choices"),
        ({"kind": "choice", "choices": ["a", "b"], "choices_rejected": ["c"]}, "choices"),
        ({"kind": "choice", "choices": ["a", "b"], "choices_rejected": ["a", "b"]}, "choices"),
        ({"decimals": 7}, "decimals"),
        ({"label": " "}, "no_name"),
        ({"code": "TAKEN"}, "code_taken"),
    ],
)
def test_data_points_that_could_not_be_judged_are_refused(
    instruction: Any, step: Any, author: Any, values: Any, code: Any
) -> None:
    other = add_step(work_instruction=instruction, title="Other", actor=author)
    add_data_point(step=other, code="TAKEN", label="T", actor=author)
    with refused(code):
        add_data_point(**{"step": step, "code": "TQ", "label": "Torque", "actor": author, **values})


def test_pictures(step: Any, author: Any) -> None:
    picture = add_picture(step=step, file=png(), description="Nut from above", actor=author)
    assert picture.attachment.is_picture
    assert steps_of(step.work_instruction)[0].pictures.all()[0] == picture
    remove_picture(picture=picture, actor=author)
    assert not InstructionPicture.objects.exists()
    with refused("no_description"):
        add_picture(step=step, file=png(), description=" ", actor=author)
    text = io.BytesIO(b"just words")
    text.name = "words.txt"
    with refused("not_a_picture"):
        add_picture(step=step, file=text, description="Words", actor=author)


def test_nothing_is_built_after_the_author_signed(instruction: Any, step: Any, revision: Any, author: Any) -> None:
    point = add_data_point(step=step, code="TQ", label="Torque", actor=author)
    picture = add_picture(step=step, file=png(), description="Nut", actor=author)
    submit(revision, author)
    deeds = (
        lambda: add_step(work_instruction=instruction, title="More", actor=author),
        lambda: edit_step(step=step, text="x", actor=author),
        lambda: move_step(step=step, position=1, actor=author),
        lambda: delete_step(step=step, actor=author),
        lambda: add_picture(step=step, file=png("blue"), description="d", actor=author),
        lambda: remove_picture(picture=picture, actor=author),
        lambda: add_data_point(step=step, code="N", label="New", actor=author),
        lambda: edit_data_point(data_point=point, changes={"upper_limit": Decimal(1)}, actor=author),
        lambda: move_data_point(data_point=point, position=1, actor=author),
        lambda: delete_data_point(data_point=point, actor=author),
    )
    for deed in deeds:
        with refused("not_a_draft"):
            deed()


def test_building_needs_the_right_at_the_site(instruction: Any, step: Any, author: Any) -> None:
    elsewhere = make_user(site=make_site(), permissions=("mes_instructions.change_workinstruction",))
    with refused("permission"):
        edit_step(step=step, text="x", actor=elsewhere)
    with refused("instruction_exists"):
        create_instruction(revision=instruction.document_revision, actor=author)


def test_the_signature_covers_steps_limits_and_pictures(step: Any, revision: Any, author: Any) -> None:
    point = add_data_point(step=step, code="TQ", label="Torque", upper_limit=Decimal(13), actor=author)
    picture = add_picture(step=step, file=png(), description="Nut", actor=author)
    submit(revision, author)
    signature = signatures_of(revision)[-1]
    assert is_intact(signature)
    for record, field, value in (
        (point, "upper_limit", Decimal(14)),
        (step, "text", "Tighten one nut."),
        (picture, "description", "Bolt"),
    ):
        with transaction.atomic(), acting(author):
            record.refresh_from_db()
            before = getattr(record, field)
            setattr(record, field, value)
            record.save()
            assert not is_intact(signature), field
            setattr(record, field, before)
            record.save()
            assert is_intact(signature), field
    with transaction.atomic(), acting(author):
        InstructionStep(work_instruction=step.work_instruction, sequence=2, title="Smuggled").save()
    assert not is_intact(signature)


def test_approval_is_refused_when_a_limit_changed_after_the_author_signed(
    step: Any, revision: Any, author: Any, approver: Any
) -> None:
    point = add_data_point(step=step, code="TQ", label="Torque", upper_limit=Decimal(13), actor=author)
    submit(revision, author)
    with transaction.atomic(), acting(author):
        point.refresh_from_db()
        point.upper_limit = 99
        point.save()
    with refused("signature_broken"):
        approve(revision, approver)
    revision.refresh_from_db()
    assert revision.status == "in_review"


def test_an_empty_instruction_is_not_submitted(instruction: Any, revision: Any, author: Any) -> None:
    with refused("no_steps"):
        submit(revision, author)
    edit_revision(revision=revision, body="# Text is no excuse", actor=author)
    with refused("no_steps"):
        submit(revision, author)
    bare = add_step(work_instruction=instruction, title="Bare", actor=author)
    with refused("empty_step"):
        submit(revision, author)
    edit_step(step=bare, text="Now it says something.", actor=author)
    submit(revision, author)
    revision.refresh_from_db()
    assert revision.status == "in_review"


def test_steps_alone_are_content_enough(step: Any, revision: Any, author: Any) -> None:
    assert revision.body == ""
    assert [part.is_empty for part in content_parts(revision)] == [False]
    submit(revision, author)
    revision.refresh_from_db()
    assert revision.status == "in_review"


def test_whoever_built_a_step_does_not_approve_it(
    instruction: Any, step: Any, revision: Any, author: Any, approver: Any
) -> None:
    extra = add_step(work_instruction=instruction, title="Extra", actor=approver)
    delete_step(step=extra, actor=approver)
    assert builder_ids(instruction) == {author.pk, approver.pk}
    submit(revision, author)
    with refused("second_person"):
        approve(revision, approver)
    third = make_user(site=revision.document.site, permissions=("qms_documents.approve_documentrevision",))
    approve(revision, third)
    revision.refresh_from_db()
    assert revision.status == "approved"


def test_the_next_revision_begins_with_the_same_steps(
    step: Any, revision: Any, author: Any, approver: Any, newton_meter: Any
) -> None:
    add_data_point(
        step=step, code="TQ", label="Torque", unit=newton_meter, upper_limit=Decimal(13), decimals=1, actor=author
    )
    add_picture(step=step, file=png(), description="Nut", actor=author)
    submit(revision, author)
    approve(revision, approver)
    perform(revision, "make_effective", actor=approver)
    second = revise_document(document=revision.document, change_summary="x", actor=author)
    copy = instruction_for(second)
    assert copy is not None
    assert copy.pk != step.work_instruction_id
    [copied] = steps_of(copy)
    assert (copied.title, copied.text, copied.sequence) == (step.title, step.text, 1)
    [point] = copied.data_points.all()
    assert (point.code, point.unit, point.upper_limit, point.decimals) == ("TQ", newton_meter, 13, 1)
    assert copied.pictures.all()[0].attachment == step.pictures.get().attachment
    edit_data_point(data_point=point, changes={"upper_limit": Decimal(20)}, actor=author)
    assert step.data_points.get().upper_limit == 13
    assert all(is_intact(signature) for signature in signatures_of(revision))


def test_reading_an_instruction_takes_three_queries(
    instruction: Any, author: Any, django_assert_num_queries: Any
) -> None:
    for number in range(5):
        step = add_step(work_instruction=instruction, title=f"S{number}", actor=author)
        add_data_point(step=step, code=f"C{number}", label="L", actor=author)
    with django_assert_num_queries(3):
        assert [len(step.data_points.all()) for step in steps_of(instruction)] == [1] * 5
