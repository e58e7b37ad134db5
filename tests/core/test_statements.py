"""Statements compiled once, and writes with kept SQL: the same rows as Django's own, and its refusals."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DataError, connection, models, transaction
from django.db.models.functions import Lower
from django.test.utils import CaptureQueriesContext

from core.kernel.bulk import bulk_update
from core.kernel.clock import now
from core.kernel.deeds import acting
from core.kernel.prepared import prepared_cursor
from core.kernel.statements import LONGEST, Statement
from core.organization.models import Area, Site, WorkCenter
from core.organization.services import system_user
from core.trail.models import TrailEvent
from tests.support.people import make_site, work_center_of

pytestmark = [pytest.mark.requirement("PERF-UNIT"), pytest.mark.django_db]


class Built:
    """A statement, and how often its queryset was built."""

    def __init__(self, rows: Any) -> None:
        self.times = 0

        def build(*values: Any) -> Any:
            self.times += 1
            return rows(*values)

        self.ask: Statement[Any] = Statement(build)


def test_the_records_of_other_values_without_compiling_anew() -> None:
    sites = [make_site(), make_site()]
    rows = WorkCenter.objects.select_related("area__site")
    built = Built(lambda site, code: rows.filter(area__site=site, code=code).order_by("pk"))
    for site in sites:
        center = work_center_of(site)
        with CaptureQueriesContext(connection) as spent:
            (found,) = built.ask(site.pk, "WC1")
            assert found == center and found.area.site == site
        assert len(spent) == 1
        told = spent.captured_queries[0]["sql"]
        assert "$" not in told and "'WC1'" in told
    assert built.ask(sites[0].pk, "100% of $1") == []
    assert built.times == 1


def test_lists_of_any_length() -> None:
    sites = [make_site() for _number in range(3)]
    built = Built(lambda keys: Site.objects.filter(pk__in=keys).order_by("pk"))
    assert built.ask([]) == []
    assert built.ask([sites[0].pk]) == sites[:1]
    assert built.ask([site.pk for site in sites]) == sites
    times = built.times
    assert built.ask([site.pk for site in reversed(sites)]) == sites
    assert built.times == times
    assert built.ask([sites[0].pk, *range(10_000_000, 10_000_000 + LONGEST)]) == sites[:1]
    assert built.times == times + 1


def test_tuples_moments_first_and_the_one() -> None:
    site = make_site()
    codes = Statement(lambda key: Site.objects.filter(pk=key).annotate(low=Lower("code")).values_list("pk", "low"))
    assert codes(site.pk) == [(site.pk, site.code.lower())]
    events = Statement(lambda moment: TrailEvent.objects.filter(stamped_at__lt=moment))
    assert len(events(now() + dt.timedelta(hours=1))) == TrailEvent.objects.count()
    sites = Statement(lambda key: Site.objects.filter(pk=key))
    assert sites.get(site.pk) == site == sites.first(site.pk)
    assert sites.first(-1) is None
    with pytest.raises(Site.DoesNotExist):
        sites.get(-1)
    make_site()
    with pytest.raises(Site.MultipleObjectsReturned):
        Statement(lambda key: Site.objects.exclude(pk=key)).get(-1)


def test_what_cannot_be_kept_is_said() -> None:
    with pytest.raises(TypeError):
        Statement(lambda key: Site.objects.filter(pk=key))(None)
    with pytest.raises(LookupError):
        Statement(lambda text: Site.objects.filter(code__contains=text))("A")
    with pytest.raises(LookupError):
        Statement(lambda _key: Site.objects.none())(1)


def test_rows_are_locked_only_inside_a_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    site = make_site()
    locking = Statement(lambda key: Site.objects.select_for_update().filter(pk=key))
    assert locking(site.pk) == [site]
    monkeypatch.setattr(connection, "get_autocommit", lambda: True)
    with pytest.raises(transaction.TransactionManagementError):
        locking(site.pk)


def test_inserts_and_updates_write_what_django_would() -> None:
    site = make_site()
    with transaction.atomic(), acting(system_user("test"), reason="both ways"):
        areas = [Area(site=site, code=f"K{number}", name="Ünïcode % $1 'quoted'") for number in range(2)]
        areas.append(Area(site=site, code=Lower(models.Value("EXPRESSION")), name="by SQL"))
        for area in areas:
            area.save()
        for area in areas[:2]:
            area.name = area.name.upper()
        bulk_update(areas[:2], ["name"])
    kept = Area.objects.filter(site=site, code__in=("K0", "K1", "expression")).order_by("pk")
    assert [area.name for area in kept] == [*["ÜNÏCODE % $1 'QUOTED'"] * 2, "by SQL"]
    assert [area.row_version for area in kept] == [2, 2, 1]
    told = Area.history.filter(id=areas[0].pk).order_by("history_id")
    assert [(row.history_type, row.row_version, row.history_change_reason) for row in told] == [
        ("+", 1, "both ways"),
        ("~", 2, "both ways"),
    ]


def test_a_text_too_long_is_refused_not_cut() -> None:
    center = work_center_of(make_site())
    center.code = "X" * 500
    with pytest.raises(DataError), transaction.atomic(), acting(system_user("test")):
        bulk_update([center], ["code"])


def test_history_makes_its_manager_class_once() -> None:
    assert type(Site.history) is type(Site.history)
    assert type(make_site().history) is type(Site.history)


def test_a_prepared_cursor_reads_percent_signs_as_every_cursor() -> None:
    with prepared_cursor(connection) as cursor:
        cursor.execute("SELECT %s || '%%', %s::int %% 7", ["50", 15])
        assert cursor.fetchone() == ("50%", 1)
