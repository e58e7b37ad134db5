import pytest
from django.test import Client

from tests.support.people import make_site
from tests.support.routings import Shop, make_shop
from tests.support.visits import visit_as


@pytest.fixture
def shop(db: None) -> Shop:
    """A site with a product of two BOM lines (1 and 4 pieces) and two engineers."""
    return make_shop(make_site())


@pytest.fixture
def client(shop: Shop) -> Client:
    """The author's browser."""
    return visit_as(shop.author)
