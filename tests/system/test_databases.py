"""The test databases themselves: who connects, and to what."""

import pytest
from django.db import connection
from playwright.sync_api import Page

from tests.support.server import LivePlant


@pytest.mark.django_db
def test_the_suite_connects_as_the_app_role_on_its_own_clone() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user, current_database()")
        assert cursor.fetchone() == ("trueline_app", connection.settings_dict["NAME"])


@pytest.mark.django_db
def test_the_app_role_owns_no_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableowner, count(*) FROM pg_tables WHERE schemaname = 'public' GROUP BY 1")
        assert {owner for owner, _ in cursor.fetchall()} == {"trueline_owner"}


@pytest.mark.django_db
def test_the_app_role_may_not_make_tables() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_schema_privilege('public', 'CREATE')")
        assert cursor.fetchone() == (False,)


def test_each_plant_is_a_database_of_its_own(plant: str, live_plant: LivePlant) -> None:
    assert live_plant.database == plant
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone() == (plant,)


@pytest.mark.browser
def test_a_browser_reads_the_live_plant(browser_page: Page) -> None:
    answer = browser_page.goto("/livez")
    assert answer is not None
    assert answer.text() == "alive\n"
