"""Whatever a generator makes of the description: never a failure of ours, always an answer as described."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
import yaml
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as bounded
from pytest_django.fixtures import Settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.apps import BASE_DIR
from core.kernel.permissions import catalogue
from core.organization.services import api
from mes.routing.models import OmittedMaterial, Operation, OperationMaterial, OperationRequirement
from mes.routing.services import new_revision
from qms.complaints.models import DecisionTreeVersion
from tests.api.test_coverage import OPERATIONS
from tests.mes.execution.floor import make_floor
from tests.support.people import grant
from traceability.models import BillOfMaterialLine

DESCRIBED = schemathesis.openapi.from_dict(yaml.safe_load((BASE_DIR / "docs/api/openapi.yaml").read_text()))
DESCRIBED.app = get_wsgi_application()
CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
"""What every generated request must get. That a guard refuses what the schema allows is no fault."""
EXAMPLES = 3
"""Requests to each operation; one where its record is not there."""
STOREYS = sorted({name.split(":")[1].partition("_")[0] for name, _route, _view in OPERATIONS})
PARTS: dict[str, Any] = {
    "operation": Operation,
    "material": OperationMaterial,
    "requirement": OperationRequirement,
    "line": BillOfMaterialLine,
    "omission": OmittedMaterial,
    "decision_tree": DecisionTreeVersion,
}
"""What `{part}` of an address is."""


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """Requests keep the test's connection, as those of Django's own test client do."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def secret(db: None, settings: Settings) -> str:
    """The token of somebody who may do everything, at a floor with a released order and stock."""
    settings.TRUELINE_API_RATE = 10**9
    floor = make_floor()
    floor.order(2)
    floor.lot(floor.parts[1])
    grant(floor.lead, floor.site, *catalogue())
    new_revision(routing=floor.revision.routing, copy_from=None, summary="", actor=floor.lead)
    return api.create_token(name="fuzz", permissions=set(catalogue()), days=1, actor=floor.lead)[1]


def pages_of(route: str) -> dict[str, Any]:
    """The pages behind an address of the description."""
    named = re.compile(r"<int:(\w+)>")
    found = {
        "/" + named.sub(lambda part: "{id}" if part[1] == "pk" else f"{{{part[1]}}}", here): view
        for _name, here, view in OPERATIONS
    }
    return dict(found[route]().pages())


@pytest.mark.requirement("API-09")
@pytest.mark.parametrize("storey", STOREYS)
def test_generated_requests_get_answers_as_described(secret: str, storey: str) -> None:
    found: list[Any] = list(DESCRIBED.get_all_operations())
    operations = [result.ok() for result in found]
    mine = [one for one in operations if one.path.startswith(f"/api/v1/{storey}/")]
    statuses: list[int] = []
    for operation in mine:
        page = pages_of(operation.path)[operation.method.upper()]
        model = getattr(page, "model", None) if "{id}" in operation.path else None
        record = model._default_manager.order_by("pk").last() if model is not None else None
        part = PARTS[page.about]._default_manager.order_by("pk").last() if "{part}" in operation.path else None
        sender(operation, record, part, secret, statuses)()
    assert 200 in statuses and any(400 <= status < 500 for status in statuses), statuses


def sender(operation: Any, record: Any, part: Any, secret: str, statuses: list[int]) -> Any:
    """Generated requests to one operation, at a record that is there; each is taken back."""

    @seed(4711)
    @bounded(
        max_examples=1 if "{id}" in operation.path and record is None else EXAMPLES,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def send(case: Any) -> None:
        headers = {"Authorization": f"Bearer {secret}"}
        if record is not None:
            named = {"id": record.pk, "part": getattr(part, "pk", 1), "position": 1}
            case.path_parameters = {name: named[name] for name in case.path_parameters}
            if "If-Match" in case.headers and hasattr(record, "row_version"):
                headers["If-Match"] = f'"{(part or record).row_version}"'
        with transaction.atomic():
            answer = case.call(headers=headers)
            transaction.set_rollback(True)
        statuses.append(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    return send
