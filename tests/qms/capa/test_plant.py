"""The CAPAs of the full plant, and what their pages cost."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.kernel.permissions import catalogue
from qms.capa.models import Capa, CapaAction
from tests.qms.capa.plant import capas_everywhere
from tests.support.people import make_user
from tests.traceability.world import make_world

pytestmark = pytest.mark.django_db
STATEMENTS = 15


def test_pages_of_the_plant_keep_to_their_statements() -> None:
    world = make_world()
    capas_everywhere(world)
    client = Client()
    client.force_login(make_user(site=world.site, permissions=tuple(sorted(catalogue()))))
    addresses = [
        f"{capa.get_absolute_url()}?tab={tab}"
        for capa in Capa.objects.order_by("pk")
        for tab in ("overview", "causes", "actions", "effectiveness", "story")
    ]
    addresses += [action.get_absolute_url() for action in CapaAction.objects.order_by("pk")[:4]]
    addresses += ["/qms/capa/capas/", "/qms/capa/actions/"]
    client.get(addresses[0])
    costly = {}
    for address in addresses:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(address).status_code == 200
        if len(asked) > STATEMENTS:
            costly[address] = len(asked)
    assert costly == {}
