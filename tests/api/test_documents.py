"""The committed description is what the operations are, and the documentation's examples run."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer

from config.apps import BASE_DIR
from tests.api.conftest import Program
from tests.traceability.world import World

OPENAPI = BASE_DIR / "docs/api/openapi.yaml"
EXAMPLE = re.compile(r"```http\n(?P<request>.*?)```\n```json\n(?P<answer>.*?)```", re.DOTALL)


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
    examples = list(EXAMPLE.finditer((BASE_DIR / "docs/api.md").read_text()))
    assert len(examples) == 6
    for example in examples:
        request = example["request"]
        for name, value in values.items():
            request = request.replace(f"{{{name}}}", str(value))
        answer = send(quality, request)
        wanted = json.loads(example["answer"])
        assert answer.json() | wanted == answer.json(), (request, answer.content)


def send(program: Program, text: str) -> Any:
    """Send a request as it is printed."""
    head, _blank, body = text.partition("\n\n")
    (method, address), *lines = [line.split(" ", 1) for line in head.strip().splitlines()]
    headers = {**program.headers, **{name.rstrip(":"): value for name, value in lines}}
    return program.client.generic(method, address, body.strip(), content_type="application/json", headers=headers)
