"""Opening stock that is imported into the scope of an open containment is held with the import, and no other lot."""

from __future__ import annotations

import pytest
from django.db import connection

from core.organization.models import Site
from tests.integrations.test_adventureworks import run
from tests.support.people import make_site, make_user
from traceability.models import Hold, Lot, Material
from traceability.queries import Scope
from traceability.services import place_containment

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("HLD-03")]


@pytest.fixture
def site() -> Site:
    return make_site("GRZ")


def test_imported_stock_of_a_contained_material_is_held(site: Site) -> None:
    admin = make_user("importer", site=site, permissions=("integrations.apply_importbatch",))
    quality = make_user(site=site, permissions=("traceability.place_containment",))
    for kind in ("units", "materials", "locations"):
        run(kind, admin, site)
    material = Material.objects.get(number="BE-2349")
    made = place_containment(scope=Scope("material", site, material=material), reason="Rust", actor=quality)
    run("lots", admin, site)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    wanted = set(Lot.objects.filter(material=material, movements__isnull=False).values_list("pk", flat=True))
    assert wanted and set(Hold.objects.values_list("lot", flat=True)) == wanted
    assert {hold.source for hold in Hold.objects.all()} == {made}
