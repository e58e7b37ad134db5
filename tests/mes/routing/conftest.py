import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from core.organization.models import User
from tests.support.people import make_site
from tests.support.routings import Shop, make_shop


@pytest.fixture
def shop(db: None) -> Shop:
    """A site with a product of two BOM lines (1 and 4 pieces) and two engineers."""
    return make_shop(make_site())


def browser_of(user: User) -> Client:
    """A browser in which this person is signed in, as signing in would leave it."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    client = Client()
    client.cookies["sessionid"] = str(session.session_key)
    return client


@pytest.fixture
def client(shop: Shop) -> Client:
    """The author's browser."""
    return browser_of(shop.author)
