"""A routing and a work instruction built by a program, as in the builders: drafts, versions, refusals."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pytest_django.fixtures import Settings

from mes.instructions.models import InstructionPicture, InstructionStep
from mes.routing.models import Operation, OperationMaterial, RoutingRevision, ScrapReason
from qms.documents.services import create_document
from tests.api.conftest import MAKE, Program, program_of
from tests.api.test_kit import refused
from tests.mes.instructions.conftest import RIGHTS
from tests.support.people import grant, make_site, make_user
from tests.support.routings import Shop, make_shop

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("API-01", "API-12")]
AT = "mes/routing/"


@pytest.fixture
def shop(db: None) -> Shop:
    return make_shop(make_site())


@pytest.fixture
def engineer(shop: Shop) -> Program:
    grant(shop.author, shop.site, MAKE)
    return program_of(shop.author)


def done(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content
    return answer.json()


def seen(record: dict[str, Any]) -> str:
    return f'"{record["version"]}"'


@pytest.mark.requirement("ORD-02")
def test_a_routing_is_built_and_submitted(shop: Shop, engineer: Program) -> None:
    body = {"site": shop.site.pk, "material": shop.product.material.number, "code": "RT-API", "name": "By program"}
    routing = done(engineer.post(f"{AT}routings/", body), 201)
    (revision,) = done(engineer.get(f"{AT}routings/{routing['id']}/revisions/"))["results"]
    one = f"{AT}revisions/{revision['id']}/"
    build = f"{one}build/"

    refused(engineer.post(f"{build}summary/", {"summary": "first"}), 428)
    done(engineer.post(f"{build}summary/", {"summary": "first"}, If_Match=seen(revision)))
    refused(engineer.post(f"{build}summary/", {"summary": "again"}, If_Match=seen(revision)), 412)

    center = shop.draft("Other").operations.get().work_center_id
    made = [done(engineer.post(f"{build}operations/", {"name": name, "work_center": center})) for name in "AB"]
    assert [one["sequence"] for one in made] == [10, 20]
    moved = done(engineer.post(f"{build}operation/{made[1]['id']}/move/", {"position": 0}))
    assert moved["sequence"] == 10
    refused(engineer.post(f"{build}operation/{made[1]['id']}/move/", {}), 422)
    refused(engineer.post(f"{build}operation/{made[1]['id']}/move/", {"place": 1}), 400)

    done(engineer.post(f"{build}operation/{made[0]['id']}/assign/"))
    rows = {row["name"]: row for row in done(engineer.get(f"{one}operations/"))["results"]}
    materials = rows["A"]["materials"]
    assert sorted(Decimal(row["quantity"]) for row in materials) == [1, 4] and not rows["B"]["materials"]

    four = next(row for row in materials if Decimal(row["quantity"]) == 4)
    place = f"{build}material/{four['id']}/quantity/"
    refused(engineer.post(place, {"quantity": 3}, If_Match='"99"'), 412)
    assert Decimal(done(engineer.post(place, {"quantity": 3}, If_Match=seen(four)))["quantity"]) == 3
    assert OperationMaterial.objects.get(pk=four["id"]).quantity == 3
    line = f"{build}line/{four['bom_line']}/"
    given = done(engineer.post(f"{line}assign/", {"operation": made[1]["id"]}))
    assert Decimal(given["quantity"]) == 1  # what was still open
    done(engineer.post(f"{build}material/{given['id']}/remove/"))
    done(engineer.post(place, {"quantity": 4}, If_Match=f'"{four["version"] + 1}"'))

    needs = f"{build}operation/{made[1]['id']}/requirements/"
    requirement = done(engineer.post(needs, {"wanted": "signature:performed"}))
    refused(engineer.post(needs, {"wanted": "signature:nonsense"}), 422)
    done(engineer.post(f"{build}requirement/{requirement['id']}/remove/"))

    operation = next(row for row in done(engineer.get(f"{one}operations/"))["results"] if row["name"] == "A")
    values = {"sequence": 20, "name": "Assemble", "work_center": center, "run_minutes": "1.5"}
    changed = done(engineer.post(f"{build}operation/{operation['id']}/change/", values, If_Match=seen(operation)))
    assert changed["name"] == "Assemble" and Decimal(changed["run_minutes"]) == Decimal("1.5")
    refused(engineer.post(f"{build}operation/{operation['id']}/records/", {"label": "Torque", "kind": "number"}), 409)
    done(engineer.post(f"{build}operation/{made[1]['id']}/remove/"))
    assert Operation.objects.filter(routing_revision=revision["id"]).count() == 1

    address = f"{one}submit/"
    now = done(engineer.get(one))
    moves = {move["move"]: move for move in done(engineer.get(f"{one}moves/"))["results"]}
    assert "submit" in moves and moves["submit"]["blockers"] == []
    assert "signature" in refused(engineer.post(address, {}, If_Match=seen(now)), 422)["errors"][0]["field"]
    shop.submit(RoutingRevision.objects.get(pk=revision["id"]))
    refused(engineer.post(f"{build}operations/", {"name": "Late"}), 409)


def test_a_part_of_another_revision_is_not_there(shop: Shop, engineer: Program) -> None:
    mine, other = shop.draft(), shop.draft()
    operation = other.operations.first()
    assert operation is not None
    refused(engineer.post(f"{AT}revisions/{mine.pk}/build/operation/{operation.pk}/remove/"), 404)
    stranger = make_user(site=make_site(), permissions=(MAKE, "mes_routing.change_routingrevision"))
    refused(program_of(stranger).post(f"{AT}revisions/{mine.pk}/build/operation/{operation.pk}/remove/"), 404)
    assert other.operations.filter(pk=operation.pk).exists()


def test_a_line_is_left_out_and_used_again(shop: Shop, engineer: Program) -> None:
    revision, line = shop.draft(), shop.product.lines[1]
    build = f"{AT}revisions/{revision.pk}/build/"
    row = OperationMaterial.objects.get(operation__routing_revision=revision, bom_line=line)
    done(engineer.post(f"{build}material/{row.pk}/remove/"))
    refused(engineer.post(f"{build}line/{line.pk}/omit/", {"why": "x"}), 422)
    omitted = done(engineer.post(f"{build}line/{line.pk}/omit/", {"why": "packed elsewhere"}))
    assert done(engineer.get(f"{AT}revisions/{revision.pk}/omissions/"))["results"] == [omitted]
    done(engineer.post(f"{build}omission/{omitted['id']}/remove/"))
    assert done(engineer.get(f"{AT}revisions/{revision.pk}/omissions/"))["results"] == []


def test_a_scrap_reason_is_created_and_changed(shop: Shop, engineer: Program) -> None:
    made = done(engineer.post(f"{AT}scrap-reasons/", {"code": "DENT", "name": "Dented", "is_active": True}), 201)
    body = {"code": "DENT", "name": "Dented by the crane", "is_active": True, "reason": "clearer"}
    done(engineer.put(f"{AT}scrap-reasons/{made['id']}/", body, If_Match=seen(made)))
    refused(engineer.put(f"{AT}scrap-reasons/{made['id']}/", body, If_Match=seen(made)), 412)
    assert ScrapReason.objects.get(code="DENT").name == "Dented by the crane"


@pytest.mark.requirement("API-13")
def test_an_instruction_is_written_with_a_picture(settings: Settings, tmp_path: Any) -> None:
    settings.TRUELINE_FILES_DIR = tmp_path / "files"
    site = make_site()
    author = make_user("writer", site=site, permissions=(*RIGHTS, MAKE))
    revision = create_document(kind="work_instruction", title="Mount", site=site, actor=author).revisions.get()
    writer, at = program_of(author), "mes/instructions/"

    instruction = done(writer.post(f"{at}revisions/{revision.pk}/begin/"), 201)
    one = f"{at}instructions/{instruction['id']}/"
    steps = [done(writer.post(f"{one}add-step/", {"title": title}), 201) for title in ("Tighten", "Check")]
    refused(writer.put(f"{at}steps/{steps[0]['id']}/", {"title": "Tighten both"}), 428)
    done(writer.put(f"{at}steps/{steps[0]['id']}/", {"title": "Tighten both"}, If_Match=seen(steps[0])))
    point = done(
        writer.post(
            f"{at}steps/{steps[0]['id']}/add-data-point/",
            {"code": "T-1", "label": "Torque", "kind": "number", "decimals": 1, "lower_limit": 10, "upper_limit": "12"},
        ),
        201,
    )
    assert Decimal(point["upper_limit"]) == 12

    raw = io.BytesIO()
    Image.new("RGB", (8, 8)).save(raw, "PNG")
    add = f"{at}steps/{steps[1]['id']}/add-picture/"
    file = SimpleUploadedFile("nut.png", raw.getvalue(), "image/png")
    picture = done(writer.upload(add, {"file": file, "description": "The nut"}), 201)
    fetched = writer.get(f"core/files/attachments/{picture['attachment']}/file/")
    assert b"".join(fetched.streaming_content) == raw.getvalue() and fetched["Content-Type"] == "image/png"
    text = SimpleUploadedFile("nut.png", b"no picture", "image/png")
    refused(writer.upload(add, {"file": text, "description": "No picture"}), 409)

    done(writer.post(f"{one}arrange/", {"deed": "step-up", "part": steps[1]["id"]}))
    refused(writer.post(f"{one}arrange/", {"deed": "step-up", "part": 99999}), 404)
    refused(writer.post(f"{one}arrange/", {"deed": "explode", "part": steps[1]["id"]}), 422)
    shown = done(writer.get(f"{one}steps/"))["results"]
    assert [step["title"] for step in shown] == ["Check", "Tighten both"]
    assert shown[0]["pictures"][0]["sha256"] == picture["sha256"] and shown[1]["data_points"][0]["code"] == "T-1"
    done(writer.post(f"{one}arrange/", {"deed": "picture-remove", "part": picture["id"]}))
    assert not InstructionPicture.objects.exists() and InstructionStep.objects.count() == 2
