"""The committed description is what the operations are, and the documentation's examples run."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import transaction
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer
from pytest_django.fixtures import Settings

from config.apps import BASE_DIR
from core.files import blobs
from core.kernel.clock import now
from core.kernel.deeds import acting
from core.kernel.records import subject_ref
from core.organization.services import system_user
from core.printing.models import PrintedRecord
from mes.execution.models import Consumption, ProductionOrder
from mes.production_record.models import ProductionRecord
from tests.api.conftest import MAKE, Program, program_of
from tests.integrations.test_screen import SECRET, able_to_sign
from tests.mes.execution.floor import PLANNER, make_floor
from tests.support.people import grant
from tests.traceability.world import World

OPENAPI = BASE_DIR / "docs/api/openapi.yaml"
EXAMPLE = re.compile(r"```http\n(?P<request>.*?)```\n```(?:json|text)\n(?P<answer>.*?)```", re.DOTALL)
TEXT = (BASE_DIR / "docs/api.md").read_text()
OF_STOCK, OF_AN_ERP = TEXT.split("## An ERP")


@pytest.mark.requirement("API-11")
def test_the_committed_description_is_current() -> None:
    schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    made = OpenApiYamlRenderer().render(schema, renderer_context={}).decode()  # type: ignore[no-untyped-call]
    assert made == OPENAPI.read_text(), "write it again: python manage.py spectacular --file docs/api/openapi.yaml"
    ids = [one["operationId"] for path in yaml.safe_load(made)["paths"].values() for one in path.values()]
    assert len(ids) == len(set(ids))


@pytest.mark.django_db
@pytest.mark.requirement("API-11")
def test_the_examples_of_the_documentation_run(world: World, quality: Program) -> None:
    material = world.material(number="M-DOC")
    lot = world.lot(5, material, number="L-DOC-1")
    world.lot(5, material, number="L-DOC-2")
    values = {"lot": lot.pk, "site": world.site.pk, "version": lot.row_version}
    for example in examples_of(OF_STOCK):
        run(quality, example, values)


@pytest.mark.django_db
@pytest.mark.requirement("API-11", "API-13", "ORD-01", "ORD-03", "ORD-11")
def test_the_examples_for_an_erp_run_one_after_the_other(settings: Settings, tmp_path: Path) -> None:
    settings.TRUELINE_FILES_DIR = tmp_path / "files"
    floor = make_floor(serials=0)
    seen = ("mes_production_record.view_productionrecord", "core_printing.view_printedrecord")
    importing = ("integrations.view_importbatch", "integrations.apply_importbatch")
    grant(floor.operator, floor.site, MAKE, *PLANNER, *seen, *importing)
    erp = program_of(floor.operator)
    floor.world.lot(5, floor.parts[0], number="L-ERP-1")
    signer = able_to_sign(floor.operator)
    values: dict[str, Any] = {"site": floor.site.pk, "material": floor.product.pk}
    values |= {"user": signer.username, "secret": SECRET}
    for example in examples_of(OF_AN_ERP):
        if "/start/" in example["request"]:  # the shop floor has worked meanwhile
            order = ProductionOrder.objects.get()
            floor.finish_first(order)
            values |= {"operation": floor.last(order).pk, "order": order.number}
        if "/editions/" in example["request"]:
            record = ProductionRecord.objects.get()
            values |= {"record": record.pk, "edition": sealed(record, b"%PDF-1.7\n").pk}
        answer = run(erp, example, values)
        told = answer.json() if answer["Content-Type"] == "application/json" else {}
        values |= {name: told[name] for name in ("version", "confirm") if name in told}
        if "production-orders" in example["request"] and "id" in told:
            values["id"] = told["id"]
    assert Consumption.objects.filter(lot__number="L-ERP-1").count() == 1


def sealed(record: ProductionRecord, content: bytes) -> PrintedRecord:
    """An edition of the record with this file, without the work of rendering it."""
    blob, system = blobs.store([content], limit=100), system_user("tests")
    with transaction.atomic(), acting(system):
        return PrintedRecord.objects.create(
            kind="production-record", kind_label="Production record", edition=1, number=record.number, pages=1,
            sha256=blob.sha256, size=blob.size, content_sha256=blob.sha256, certificate_fingerprint=blob.sha256,
            sealed_at=now(), site=record.order.site, **subject_ref(record),
        )  # fmt: skip


def examples_of(part: str) -> list[re.Match[str]]:
    """Every request of this part of the documentation with its answer; one without an answer would not be run."""
    found = list(EXAMPLE.finditer(part))
    assert len(found) == part.count("```http") > 5
    return found


def run(program: Program, example: re.Match[str], values: dict[str, Any]) -> Any:
    """Send the example's request; its answer must hold what is printed."""
    request, wanted = example["request"], example["answer"]
    for name, value in values.items():
        request, wanted = (text.replace(f"{{{name}}}", str(value)) for text in (request, wanted))
    answer = send(program, request)
    if "json" in answer["Content-Type"]:
        assert holds(json.loads(wanted), answer.json()), (request, answer.content)
    else:
        assert b"".join(answer.streaming_content).decode().startswith(wanted.strip())
    return answer


def holds(wanted: Any, given: Any) -> bool:
    """Whether everything that is printed stands in what was answered."""
    if isinstance(wanted, dict):
        return all(name in given and holds(value, given[name]) for name, value in wanted.items())
    if isinstance(wanted, list):
        return len(wanted) == len(given) and all(map(holds, wanted, given))
    return bool(wanted == given)


def send(program: Program, text: str) -> Any:
    """Send a request as it is printed."""
    head, _blank, body = text.partition("\n\n")
    (method, address), *lines = [line.split(" ", 1) for line in head.strip().splitlines()]
    headers = {**program.headers, **{name.rstrip(":"): value for name, value in lines}}
    kind = headers.pop("Content-Type", "application/json")
    ends = "\r\n" if kind.startswith("multipart") else "\n"
    raw = body.strip().replace("\n", ends) + ends
    return program.client.generic(method, address, raw, content_type=kind, headers=headers)
