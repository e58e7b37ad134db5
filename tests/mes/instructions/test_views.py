"""The pages of work instructions: build, read, and what is refused."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from pytest_django.fixtures import Settings

from mes.instructions.models import DataPoint, InstructionStep, WorkInstruction
from mes.instructions.queries import steps_of
from mes.instructions.services import add_data_point, add_step
from tests.mes.instructions.conftest import submit
from tests.mes.instructions.test_services import png
from tests.support.people import make_site, make_user
from tests.support.visits import visit_as

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_files(settings: Settings, tmp_path: Path) -> None:
    settings.TRUELINE_FILES_DIR = tmp_path


def url(name: str, *args: object) -> str:
    return reverse(f"mes_instructions:{name}", args=args)


def test_building_an_instruction_over_the_pages(revision: Any, author: Any, newton_meter: Any) -> None:
    client = visit_as(author)
    page = client.get(revision.get_absolute_url()).content.decode()
    assert url("workinstruction_create", revision.pk) in page
    answer = client.post(url("workinstruction_create", revision.pk))
    instruction = WorkInstruction.objects.get()
    assert answer["Location"] == url("workinstruction_build", instruction.pk)
    for title in ("Pick", "Tighten"):
        client.post(url("instructionstep_create", instruction.pk), {"title": title, "text": "Do *it*.", "caution": ""})
    pick, tighten = steps_of(instruction)
    shown = {"version": tighten.row_version, "title": "Tighten", "text": "Both **nuts**.", "caution": "Hot",
             "must_be_confirmed": "on"}  # fmt: skip
    assert client.post(url("instructionstep_change", tighten.pk), shown).status_code == 302
    entered = {
        "code": "TQ", "label": "Torque", "kind": "number", "unit": newton_meter.pk, "decimals": 1,
        "lower_limit": "11,5", "upper_limit": "12.5", "required": "on",
    }  # fmt: skip
    assert client.post(url("datapoint_create", tighten.pk), entered).status_code == 302
    point = DataPoint.objects.get()
    assert (point.lower_limit, point.upper_limit) == (Decimal("11.5"), Decimal("12.5"))
    changed = {**entered, "version": point.row_version, "upper_limit": "13"}
    assert client.post(url("datapoint_change", point.pk), changed).status_code == 302
    picture = {"file": png(), "description": "The nut from above"}
    assert client.post(url("instructionpicture_create", tighten.pk), picture).status_code == 302
    client.post(url("workinstruction_build", instruction.pk), {"deed": f"step-up:{tighten.pk}"})
    assert [step.title for step in steps_of(instruction)] == ["Tighten", "Pick"]

    page = client.get(url("workinstruction_detail", instruction.pk)).content.decode()
    for words in (
        "Must be confirmed",
        "Both <strong>nuts</strong>",
        "Hot",
        "11.5 to 13.0 N·m",
        'alt="The nut from above"',
        "is not effective",
    ):
        assert words in page
    page = client.get(url("workinstruction_detail", instruction.pk) + "?step=2").content.decode()
    assert "Pick" in page
    assert "Both <strong>nuts" not in page
    assert client.get(url("workinstruction_detail", instruction.pk) + "?step=9").status_code == 404


def test_small_deeds_of_the_building_page(instruction: Any, step: Any, author: Any) -> None:
    client, build = visit_as(author), url("workinstruction_build", instruction.pk)
    second = add_step(work_instruction=instruction, title="Second", actor=author)
    first_point = add_data_point(step=step, code="A", label="A", actor=author)
    second_point = add_data_point(step=step, code="B", label="B", actor=author)
    assert client.post(build, {"deed": f"point-up:{second_point.pk}"}).status_code == 302
    assert [p.code for p in step.data_points.order_by("sequence")] == ["B", "A"]
    assert client.post(build, {"deed": f"point-delete:{first_point.pk}"}).status_code == 302
    assert client.post(build, {"deed": f"step-delete:{second.pk}"}).status_code == 302
    assert [s.title for s in steps_of(instruction)] == ["Tighten"]
    assert client.post(build, {"deed": "step-delete:999999"}).status_code == 404
    assert client.post(build, {"deed": f"explode:{second_point.pk}"}).status_code == 422


@pytest.mark.parametrize("values", [{}, {"deed": ""}, {"deed": "burn:1"}, {"deed": "step"}])
def test_an_unknown_deed_is_refused_in_words(instruction: Any, step: Any, author: Any, values: dict[str, str]) -> None:
    answer = visit_as(author).post(url("workinstruction_build", instruction.pk), values)
    assert answer.status_code == 422
    assert "Say what shall be done" in answer.content.decode()
    assert [found.pk for found in steps_of(instruction)] == [step.pk]


def test_limits_that_cross_are_shown_at_the_form(step: Any, author: Any) -> None:
    entered = {"code": "TQ", "label": "T", "kind": "number", "decimals": 1, "lower_limit": "5", "upper_limit": "4"}
    answer = visit_as(author).post(url("datapoint_create", step.pk), entered)
    assert answer.status_code == 409
    assert "is above the upper limit" in answer.content.decode()
    grouped = visit_as(author).post(url("datapoint_create", step.pk), {**entered, "lower_limit": "1.234,5"})
    assert grouped.status_code == 422
    assert not DataPoint.objects.exists()


def test_after_signing_the_page_says_so_and_changes_nothing(
    instruction: Any, step: Any, revision: Any, author: Any
) -> None:
    submit(revision, author)
    client, build = visit_as(author), url("workinstruction_build", instruction.pk)
    page = client.get(build).content.decode()
    assert "no draft any more" in page
    assert "step-delete" not in page
    assert client.post(build, {"deed": f"step-delete:{step.pk}"}).status_code == 409
    assert InstructionStep.objects.filter(pk=step.pk).exists()


def test_other_sites_and_readers(instruction: Any, step: Any, site: Any) -> None:
    there = visit_as(
        make_user(
            site=make_site(),
            permissions=("mes_instructions.view_workinstruction", "mes_instructions.change_workinstruction"),
        )
    )
    for name, pk in (
        ("workinstruction_detail", instruction.pk),
        ("workinstruction_build", instruction.pk),
        ("instructionstep_change", step.pk),
    ):
        assert there.get(url(name, pk)).status_code == 404
    reader = visit_as(make_user(site=site, permissions=("mes_instructions.view_workinstruction",)))
    assert reader.get(url("workinstruction_detail", instruction.pk)).status_code == 200
    assert reader.get(url("workinstruction_build", instruction.pk)).status_code == 403
    assert (
        reader.post(url("workinstruction_build", instruction.pk), {"deed": f"step-delete:{step.pk}"}).status_code == 403
    )
    assert InstructionStep.objects.filter(pk=step.pk).exists()


@pytest.mark.requirement("ACC-03")
def test_only_who_builds_is_led_to_building(instruction: Any, step: Any, site: Any, author: Any) -> None:
    rights = ("mes_instructions.view_workinstruction", "qms_documents.view_documentrevision")
    reader = visit_as(make_user(site=site, permissions=rights))
    build, read = url("workinstruction_build", instruction.pk), url("workinstruction_detail", instruction.pk)
    revision = instruction.document_revision.get_absolute_url()
    for page in (revision, read):
        shown = reader.get(page)
        assert shown.status_code == 200 and f'href="{build}"' not in shown.content.decode()
    assert f'href="{read}"' in reader.get(revision).content.decode()
    assert f'href="{build}"' in visit_as(author).get(read).content.decode()


def test_reading_stays_cheap(instruction: Any, author: Any, django_assert_max_num_queries: Any) -> None:
    for number in range(10):
        step = add_step(work_instruction=instruction, title=f"S{number}", text="x", actor=author)
        add_data_point(step=step, code=f"C{number}", label="L", actor=author)
    client = visit_as(author)
    client.get(url("workinstruction_detail", instruction.pk))
    for name in ("workinstruction_detail", "workinstruction_build"):
        with django_assert_max_num_queries(15):
            client.get(url(name, instruction.pk))
