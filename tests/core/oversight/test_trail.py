"""The trail as one timeline: searched, sorted, paged, in words, exported."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import re
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.models import F, Func, Value
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.functional import Promise

from config.apps import BASE_DIR
from core.files import blobs
from core.jobs.models import BackgroundJob
from core.jobs.services.running import JobHandle
from core.kernel.clock import now
from core.kernel.errors import Blocked
from core.kernel.records import RecordClass, models_of
from core.kernel.wiring import GUARDS, JOBS
from core.organization.models import User
from core.oversight.services import request_export
from core.oversight.views import trail as trail_page
from core.trail.models import TrailEvent
from core.trail.queries.browsing import BadPlace, Search, TooLong, all_keys, decode, page_of_trail, read_keys
from core.trail.queries.sources import VIEW_TRAIL, Reach, sources
from core.trail.queries.telling import NOT_TOLD, Told, tell
from core.trail.queries.wording import ACTIONS, COLUMNS, EVENTS, words_of_value
from core.trail.services import note
from tests.api.conftest import MAKE, program_of
from tests.support.people import grant, make_site, make_user
from tests.support.visits import visit_as
from tests.traceability.world import World, make_world
from traceability.models import Lot
from traceability.services import place_hold

pytestmark = pytest.mark.django_db
EXPORT = "core_oversight.export_trail"
SEES = (
    VIEW_TRAIL, EXPORT, "core_organization.view_user", "core_organization.view_site", "traceability.view_lot",
    "traceability.view_hold", "traceability.view_material", "traceability.view_stockmovement",
)  # fmt: skip
PAGE = "/core/oversight/trail/"
ZONE = ZoneInfo("Europe/Vienna")


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def auditor(world: World) -> User:
    return make_user("auditor", site=world.site, permissions=SEES)


@pytest.fixture
def lot(world: World) -> Lot:
    """A received lot, held in part."""
    found = world.lot(quantity=Decimal(40))
    place_hold(lot=found, quantity=Decimal(12), reason="burrs at the rim", actor=world.quality)
    return found


def found(user: User, **search: Any) -> list[Told]:
    """What a search finds, in words."""
    reach = Reach(user)
    return [told for keys in all_keys(reach, Search(**search)) for told in tell(reach, keys, ZONE)]


@pytest.mark.requirement("TRL-01")
def test_one_timeline_of_records_and_facts_in_order(auditor: User, lot: Lot) -> None:
    everything = found(auditor)
    kinds = {told.kind for told in everything}
    assert {"lot", "hold", "stock movement", "transition", "user"} <= kinds
    times = [told.at for told in everything]
    assert times == sorted(times, reverse=True)
    assert [told.at for told in found(auditor, oldest_first=True)] == sorted(times)


@pytest.mark.requirement("TRL-01")
def test_search_by_who_what_why_and_deed(auditor: User, world: World, lot: Lot) -> None:
    assert {told.username for told in found(auditor, who=world.quality.username)} == {world.quality.username}
    assert {told.username for told in found(auditor, who=world.quality.full_name)} == {world.quality.username}
    assert not found(auditor, who="nobody of this name")
    of_kind = {told.kind for told in found(auditor, kind="traceability.lot")}
    assert "lot" in of_kind
    assert of_kind <= {"lot", "transition", "gate decision", "signature", "event of the trail"}
    about = found(auditor, number=lot.number.lower())
    assert {"lot", "hold", "stock movement"} <= {told.kind for told in about}
    other = world.lot(quantity=Decimal(1))
    assert not [told for told in found(auditor, number=lot.number) if other.number in str(told)]
    assert not found(auditor, number="no such number")
    assert {told.kind for told in found(auditor, why="RIM burrs")} == {"hold", "transition"}
    assert not found(auditor, why="rim scratches")
    assert {told.deed for told in found(auditor, deed="created")} == {"Created"}
    assert {told.kind for told in found(auditor, deed="recorded", kind="traceability.stockmovement")} == {
        "stock movement"
    }
    note(kind="signed_on", actor=auditor, subject=auditor, text="desk")
    assert [told.detail for told in found(auditor, deed="event:signed_on")] == ["desk"]


@pytest.mark.requirement("TRL-01")
def test_search_by_when_includes_the_beginning_and_not_the_end(auditor: User, lot: Lot) -> None:
    times = sorted({told.at for told in found(auditor)})
    begins, ends = times[2], times[-2]
    inside = {told.at for told in found(auditor, begins=begins, ends=ends)}
    assert inside == {at for at in times if begins <= at < ends}


@pytest.mark.requirement("TRL-03")
def test_pages_follow_one_another_both_ways_and_shift_not(auditor: User, lot: Lot) -> None:
    reach, search = Reach(auditor), Search()
    whole = [key for keys in all_keys(reach, search, size=7) for key in keys]
    walked, after = [], ""
    pages = []
    while True:
        page = page_of_trail(reach, search, size=5, after=after)
        pages.append(page)
        walked += page.keys
        if len(pages) == 1:
            note(kind="signed_on", actor=auditor, subject=auditor, text="arrives while somebody reads")
        if not page.next:
            break
        after = page.next
    assert walked == whole
    assert page_of_trail(reach, search, size=5, before=pages[2].previous).keys == pages[1].keys
    with pytest.raises(BadPlace):
        decode("nothing")


@pytest.mark.requirement("TRL-03")
def test_a_page_asks_no_count_no_offset_and_no_more_for_more_rows(auditor: User, world: World, lot: Lot) -> None:
    client = visit_as(auditor)
    client.get(PAGE)

    def statements() -> list[str]:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(PAGE).status_code == 200
        return [query["sql"] for query in seen]

    before = statements()
    for _number in range(5):
        receive_more(world)
    after = statements()
    assert len(after) <= len(before) + 2
    assert not [sql for sql in after if " OFFSET " in sql or "COUNT(*)" in sql and "core_trail" in sql]


def receive_more(world: World) -> None:
    """One more lot with its movement."""
    world.lot(quantity=Decimal(3))


@pytest.mark.requirement("TRL-03")
def test_a_search_that_takes_too_long_says_so(auditor: User) -> None:
    slow = User.objects.annotate(wait=Func(Value(0.3), function="pg_sleep", output_field=models.TextField()))
    statement = slow.annotate(at=F("pk")).values_list("at", "pk", "wait")
    with pytest.raises(TooLong):
        read_keys(statement, milliseconds=50)
    assert User.objects.exists()


@pytest.mark.requirement("TRL-04")
def test_old_and_new_in_words(auditor: User, world: World, lot: Lot) -> None:
    held = next(told for told in found(auditor, kind="traceability.hold", deed="created") if told.kind == "hold")
    values = {change.field: change.new for change in held.changes}
    assert values["quantity"] == f"12 {world.each.code}"
    assert values["placed_by"] == str(world.quality)
    assert values["lot"] == str(lot)
    moved = next(told for told in found(auditor, number=lot.number) if told.kind == "stock movement")
    assert {change.field: change.new for change in moved.changes}["quantity"] == f"40 {world.each.code}"
    born = next(told for told in found(auditor, number=lot.number) if told.kind == "transition")
    assert born.changes[0].label == "State"
    assert born.changes[0].new == str(lot.lifecycle.state(lot.status).label)
    assert all(told.changes for told in found(auditor, deed="changed"))
    assert held.url == Lot.objects.get(pk=lot.pk).holds.get().get_absolute_url()


WITHOUT_UNIT = {
    "mes_routing.Operation",
    "mes_execution.FloorNote",
    "traceability.LabelTemplate",
    "qms_calibration.CalibrationRecord",
    "qms_capa.EffectivenessResult",
    "qms_nonconformance.BoardAuthority",
    "qms_reporting.TrendAlarm",
    "qms_reporting.TrendRule",
}
"""Their numbers are minutes, a count of whatever the note says, millimetres, degrees and percent of humidity; events
and what they are counted over, as the check names them; a limit in whatever unit the disposition has; nonconformances,
or so many per thousand."""


@pytest.mark.requirement("TRL-04")
def test_every_quantity_has_a_unit() -> None:
    lacking = set()
    for kind in (RecordClass.RECORD, RecordClass.FACT):
        for model in models_of(kind):
            decimals = [f for f in model._meta.concrete_fields if isinstance(f, models.DecimalField)]
            names = {f.name for f in model._meta.concrete_fields}
            if decimals and "uom" not in names and not model.unit_path:  # type: ignore[attr-defined]
                lacking.add(model._meta.label)
    assert lacking == WITHOUT_UNIT


@pytest.mark.requirement("TRL-04")
def test_every_kind_of_event_has_words() -> None:
    written = {
        kind
        for app in ("core", "traceability", "qms", "mes", "integrations")
        for file in (BASE_DIR / app).rglob("*.py")
        for kind in re.findall(r"note\(\s*kind=\"(\w+)\"", file.read_text(encoding="utf-8"))
    }
    assert len(written) > 8
    assert written <= set(EVENTS)


@pytest.mark.requirement("TRL-04")
def test_everything_that_a_gate_decides_about_has_words() -> None:
    worded = set()
    for label, action in GUARDS:
        lifecycle = getattr(apps.get_model(label), "lifecycle", None)
        if lifecycle is None or action not in {move.name for move in lifecycle.moves}:
            worded.add(action)
    assert len(worded) > 10
    assert worded == set(ACTIONS)


@pytest.mark.requirement("TRL-04")
def test_every_column_has_words_and_no_right_is_shown_as_a_code() -> None:
    plain = {
        f"{source.base._meta.label}.{field.name}"
        for source in sources()
        for field in source.base._meta.concrete_fields
        if not isinstance(field.verbose_name, Promise)
        and field.name not in {*COLUMNS, *NOT_TOLD, *getattr(source.base, "trail_excludes", ())}
        and not field.is_relation
    }
    assert plain == set()
    assert words_of_value({"rows": Decimal("12000"), "filter": {"kind": "x"}, "left": []}) == (
        "rows: 12\u202f000; filter: kind: x"
    )


@pytest.mark.requirement("TRL-04")
def test_rights_of_a_token_are_told_in_words(auditor: User, world: World) -> None:
    grant(auditor, world.site, MAKE)
    program_of(auditor)
    told = [change for entry in found(auditor) for change in entry.changes if change.field == "permissions"]
    assert told and all("_" not in change.new and "[" not in change.new for change in told)


@pytest.mark.requirement("TRL-03")
def test_a_page_of_many_kinds_costs_what_a_page_of_one_kind_costs(auditor: User, world: World, lot: Lot) -> None:
    reach = Reach(auditor)
    keys = page_of_trail(reach, Search()).keys
    assert len({number for _at, number, _row in keys}) > 8
    tell(reach, keys, ZONE)
    with CaptureQueriesContext(connection) as seen:
        assert len(tell(reach, keys, ZONE)) == len(keys)
    assert len(seen) <= 8, [query["sql"][:120] for query in seen]


@pytest.mark.requirement("TRL-01", "TRL-02")
def test_the_page(auditor: User, world: World, lot: Lot, monkeypatch: pytest.MonkeyPatch) -> None:
    client = visit_as(auditor)
    shown = client.get(PAGE, {"number": lot.number}).content.decode()
    assert lot.number in shown
    assert lot.get_absolute_url() in shown
    assert "not sealed yet" in shown
    assert "/core/trail/proofs/" not in shown
    monkeypatch.setattr(trail_page, "sealed_until", now)
    assert "/core/trail/proofs/" in client.get(PAGE, {"number": lot.number}).content.decode()
    assert "Europe/Vienna (UTC+" in shown
    assert client.get(PAGE, {"begins": "2026-01-02T00:00", "ends": "2026-01-01T00:00"}).status_code == 200
    ignored = client.get(PAGE, {"colour": "blue", "after": "nonsense"}).content.decode()
    assert "colour" in ignored
    assert "no longer exists" in ignored
    assert visit_as(world.operator).get(PAGE).status_code == 403
    assert Client().get(PAGE).status_code == 302


@pytest.mark.requirement("TRL-02")
def test_the_proof_is_for_whoever_sees_the_row(auditor: User, world: World, lot: Lot) -> None:
    movement = next(told for told in found(auditor, number=lot.number) if told.kind == "stock movement")
    address = f"/core/trail/proofs/{movement.table}/{movement.key}/"
    waiting = visit_as(auditor).get(address)
    assert "not sealed yet" in waiting.content.decode()
    stranger = make_user("stranger", site=make_site(), permissions=SEES)
    assert "not sealed yet" not in visit_as(stranger).get(address).content.decode()


def exported(auditor: User, format: str, **search: Any) -> tuple[BackgroundJob, str, TrailEvent]:
    """An export as the worker makes it: its work, its file, its event."""
    job = request_export(search=Search(**search), format=format, actor=auditor)
    handle = JobHandle(BackgroundJob.objects.get(pk=job.pk))
    JOBS[job.handler](job=handle, **handle.job.arguments)
    event = TrailEvent.objects.get(kind="trail_exported")
    return handle.job, blobs.load(event.data["sha256"]).decode(), event


@pytest.mark.requirement("TRL-05")
def test_an_export_is_a_file_and_an_event(auditor: User, world: World, lot: Lot) -> None:
    note(kind="signed_on", actor=auditor, subject=auditor, text='=HYPERLINK("http://example.com")')
    job, text, event = exported(auditor, "csv", begins=now() - dt.timedelta(days=1))
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    entries = {(row["Table"], row["Row"]) for row in rows}
    assert len(entries) == event.data["rows"] == len(found(auditor)) - 1  # its own event came after it
    assert {row["Detail"] for row in rows if "HYPERLINK" in row["Detail"]} == {'\'=HYPERLINK("http://example.com")'}
    assert event.actor == auditor
    assert event.data["job"] == job.pk
    assert list(event.data["filter"]) == ["begins"]
    assert event.data["sha256"] == hashlib.sha256(text.encode()).hexdigest()
    listed = visit_as(auditor).get("/core/oversight/trail/exports/").content.decode()
    assert event.data["sha256"] in listed
    stranger = make_user("stranger", site=make_site(), permissions=SEES)
    assert event.data["sha256"] not in visit_as(stranger).get("/core/oversight/trail/exports/").content.decode()


@pytest.mark.requirement("TRL-05")
def test_an_export_as_json_holds_what_the_person_may_see(auditor: User, world: World, lot: Lot) -> None:
    elsewhere = make_world()
    other = elsewhere.lot(quantity=Decimal(1))
    grant(auditor, elsewhere.site, "traceability.view_lot")  # but not the right to see the trail there
    _job, text, event = exported(auditor, "json", kind="traceability.lot")
    document = json.loads(text)
    assert document["exported_by"] == auditor.username
    assert document["filter"] == {"kind": "traceability.lot"}
    assert len(document["entries"]) == event.data["rows"]
    assert lot.number in text
    assert other.number not in text


@pytest.mark.requirement("TRL-05")
def test_who_may_not_export_is_refused_and_nothing_changes(world: World) -> None:
    reader = make_user("reader", site=world.site, permissions=(VIEW_TRAIL,))
    with pytest.raises(Blocked):
        request_export(search=Search(), format="csv", actor=reader)
    assert not BackgroundJob.objects.exists()
    client = visit_as(reader)
    assert client.post("/core/oversight/trail/export/", {"format": "csv"}).status_code == 403
    assert "/trail/export/" not in client.get(PAGE).content.decode()


@pytest.mark.requirement("TRL-05")
def test_the_page_of_an_export_leads_to_its_progress(auditor: User) -> None:
    client = visit_as(auditor)
    assert client.get("/core/oversight/trail/export/", {"who": "auditor"}).status_code == 200
    sent = client.post("/core/oversight/trail/export/", {"format": "json", "who": "auditor"})
    job = BackgroundJob.objects.get()
    assert sent["Location"] == job.get_absolute_url()
    assert job.arguments == {"search": {"who": "auditor"}, "format": "json"}


@pytest.mark.requirement("TRL-01", "API-12")
def test_programs_read_and_export_the_trail(auditor: User, world: World, lot: Lot) -> None:
    grant(auditor, world.site, MAKE)
    program = program_of(auditor)
    first = program.get(f"core/oversight/trail/?number={lot.number}").json()
    assert {"lot", "hold"} <= {entry["kind"] for entry in first["results"]}
    assert program.get("core/oversight/trail/?colour=blue").status_code == 400
    assert program.get("core/oversight/trail/?after=nonsense").status_code == 400
    assert program.get("core/oversight/trail/?begins=yesterday").status_code == 400
    asked = program.post("core/oversight/trail/export/", {"format": "csv", "who": "auditor"})
    assert asked.status_code == 201
    assert asked.json()["status"] == "queued"
    assert program.get("core/oversight/trail/exports/").status_code == 200
