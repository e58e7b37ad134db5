"""People, places, work, background jobs, seals and disposals by programs: the rights and services of their pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.jobs.models import BackgroundJob
from core.kernel.clock import now
from core.organization.models import ApiToken, Area, Equipment, Grant, Role, Site, Terminal, User, WorkCenter
from core.trail.models import TrailEvent
from core.worklist.models import Assignment, Comment, Notification
from core.worklist.services import assign
from tests.api.conftest import MAKE, Program, program_of
from tests.api.test_kit import refused
from tests.support.people import grant, make_user
from tests.traceability.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("API-01", "API-12")]
AT = "core/organization/"
ADMIN = tuple(
    f"core_organization.{right}"
    for right in (
        "view_user", "change_user", "grant_role", "view_site", "change_site", "view_terminal", "enrol_terminal",
        "change_equipment",
    )
)  # fmt: skip


@pytest.fixture
def admin(world: World) -> Program:
    user = make_user("admin", site=world.site, permissions=(*ADMIN, MAKE))
    return program_of(user)


def done(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content
    return answer.json()


def seen(record: dict[str, Any]) -> str:
    return f'"{record["version"]}"'


@pytest.mark.requirement("ACC-01", "ACC-05")
def test_a_person_is_added_given_a_role_and_deactivated(world: World, admin: Program) -> None:
    body = {"username": "newbie", "full_name": "New Bie", "home_site": world.site.pk, "password": "a-long-first-secret"}
    made = done(admin.post(f"{AT}users/", body), 201)
    assert made["must_change_password"] is True and "password" not in made and "pin_hash" not in made
    one = f"{AT}users/{made['id']}/"
    changed = {"full_name": "New Person", "home_site": world.site.pk, "reason": "married"}
    done(admin.put(one, changed, If_Match=seen(made)))

    role = Role.objects.order_by("pk").first()
    assert role is not None
    given = done(
        admin.post(f"{one}grant/", {"role": role.pk, "place": f"site-{world.site.pk}", "reason": "hired"}), 201
    )
    assert given["site"] == world.site.pk and done(admin.get(f"{one}grants/"))["results"] == [given]
    refused(admin.post(f"{one}grant/", {"role": role.pk, "place": "site-99999", "reason": "hired"}), 422)
    ended = done(admin.post(f"{AT}grants/{given['id']}/end/", {"reason": "left"}))
    assert ended["ends"] and Grant.objects.get(pk=given["id"]).ends is not None

    refused(admin.post(f"{one}password/", {"password": "another-long-one", "again": "x", "reason": "lost"}), 422)
    token = ApiToken.objects.get(user=User.objects.get(username="admin"))
    shown = done(admin.get(f"{AT}users/{token.user_id}/tokens/"))["results"]
    assert [row["id"] for row in shown] == [token.pk] and "token_hash" not in shown[0]
    assert done(admin.post(f"{one}deactivate/", {"reason": "left"}))["is_active"] is False
    assert done(admin.post(f"{one}reactivate/", {"reason": "came back"}))["is_active"] is True
    refused(program_of(world.quality).post(f"{one}deactivate/", {"reason": "no right"}), 403)


def test_what_a_role_gives_is_set_exactly(world: World, admin: Program) -> None:
    role = Grant.objects.filter(user=world.operator).select_related("role").first()
    assert role is not None
    one = f"{AT}roles/{role.role_id}/"
    found = admin.get(one)
    body = {"permissions": ["traceability.view_lot"], "reason": "less"}
    done(admin.put(one, body, If_Match=found["ETag"]))
    rights = done(admin.get(f"{one}permissions/"))["results"]
    assert [row["permission"] for row in rights] == ["traceability.view_lot"] and rights[0]["title"]
    refused(admin.put(one, {"permissions": ["no.such"], "reason": "x y z"}, If_Match=admin.get(one)["ETag"]), 422)


def test_places_terminals_and_equipment_are_added(world: World, admin: Program) -> None:
    site = f"{AT}sites/{world.site.pk}/"
    area = done(admin.post(f"{site}area/", {"code": "A9", "name": "Annex"}), 201)
    assert area in done(admin.get(f"{site}areas/"))["results"]
    center = done(admin.post(f"{AT}areas/{area['id']}/work-center/", {"code": "W9", "name": "Press"}), 201)
    one = f"{AT}work-centers/{center['id']}/"
    terminal = {"code": "t-9", "name": "At the press", "idle_lock_seconds": 180}
    made = done(admin.post(f"{one}add-terminal/", terminal), 201)
    assert made["enrolled_at"] is None and "token_hash" not in made
    done(admin.post(f"{one}add-equipment/", {"code": "EQ-9", "name": "Press"}), 201)
    assert [row["code"] for row in done(admin.get(f"{one}equipment/"))["results"]] == ["EQ-9"]
    refused(admin.post(f"{one}add-terminal/", {**terminal, "code": "t-8", "idle_lock_seconds": 5}), 422)
    assert Area.objects.filter(code="A9").exists() and WorkCenter.objects.filter(code="W9").exists()
    assert Terminal.objects.filter(code="t-9").exists() and Equipment.objects.filter(code="EQ-9").exists()
    before = Site.objects.get(pk=world.site.pk)
    body = {"name": "Renamed", "time_zone": "Europe/Vienna", "is_active": True, "reason": "moved"}
    done(admin.put(site, body, If_Match=f'"{before.row_version}"'))
    refused(admin.put(site, body, If_Match=f'"{before.row_version}"'), 412)


@pytest.mark.requirement("REC-13")
def test_open_work_is_listed_passed_on_and_commented(world: World, quality: Program) -> None:
    lot = world.lot(5)
    due = now() + timedelta(days=1)
    work = assign(
        subject=lot, kind="action", title="Look at it", to_user=world.quality, due_at=due, actor=world.system
    )  # fmt: skip
    listed = done(quality.get("core/worklist/assignments/?q=Look"))["results"]
    assert [row["id"] for row in listed] == [work.pk] and listed[0]["subject_id"] == lot.pk
    assert done(program_of(world.operator).get("core/worklist/assignments/"))["results"] == []
    refused(quality.get("core/worklist/assignments/?whose=mine"), 400)

    one = f"core/worklist/assignments/{work.pk}/reassign/"
    body = {"to_user": world.operator.pk, "reason": "on holiday"}
    refused(program_of(world.operator).post(one, body, If_Match=seen(listed[0])), 404)
    done(quality.post(one, body, If_Match=seen(listed[0])))
    assert Assignment.objects.get(pk=work.pk).to_user_id == world.operator.pk

    said = {"kind": "traceability.lot", "record": lot.pk, "text": "Seen by the ERP"}
    done(quality.post("core/worklist/comments/", said), 201)
    assert Comment.objects.get().text == "Seen by the ERP"
    refused(quality.post("core/worklist/comments/", {**said, "record": 99999}), 404)
    refused(quality.post("core/worklist/comments/", {**said, "kind": "no.such"}), 422)
    refused(quality.post("core/worklist/comments/", {**said, "kind": "core_organization.user"}), 404)

    operator = program_of(world.operator)
    unread = done(operator.get("core/worklist/notifications/"))["results"]
    assert len(unread) == Notification.objects.filter(user=world.operator, read_at__isnull=True).count() > 0
    assert done(operator.post("core/worklist/notifications/read/")) == {"read": len(unread)}
    assert done(operator.get("core/worklist/notifications/"))["results"] == []


@pytest.mark.requirement("ORD-08")
def test_an_escalation_rule_is_set_and_changed(world: World) -> None:
    grant(world.quality, world.site, "core_worklist.view_escalationrule", "core_worklist.change_escalationrule")
    quality, role = program_of(world.quality), Role.objects.filter(is_active=True).first()
    assert role is not None
    body = {"kind": "action", "step": 1, "side": "after", "amount": 60, "unit": "minutes", "whom": "role",
            "to_role": role.code, "is_active": True}  # fmt: skip
    made = done(quality.post("core/worklist/rules/", body), 201)
    one = f"core/worklist/rules/{made['id']}/"
    changed = done(quality.put(one, {**body, "amount": 90, "reason": "slower"}, If_Match=seen(made)))
    assert changed["after"] == 90
    refused(quality.post("core/worklist/rules/", {**body, "to_role": "nobody"}), 422)


@pytest.mark.requirement("SEAL-04", "REC-12")
def test_a_verification_is_asked_for_watched_and_cancelled(world: World, quality: Program) -> None:
    refused(quality.post("core/trail/seals/verify/", {}), 403)
    grant(world.quality, world.site, "core_trail.view_seal", "core_trail.verify_seal")
    verifier = program_of(world.quality)
    refused(verifier.post("core/trail/seals/verify/", {"outside_head": "not a head"}), 422)
    asked = done(verifier.post("core/trail/seals/verify/", {}), 202)
    job = BackgroundJob.objects.get(pk=asked["job"])
    one = f"core/jobs/jobs/{job.pk}/"
    assert done(verifier.get(one))["status"] == "queued" and asked["url"] == job.get_absolute_url()
    assert [row["id"] for row in done(verifier.get("core/jobs/jobs/"))["results"]] == [job.pk]
    refused(verifier.get(f"{one}result/"), 404)
    stranger = program_of(world.operator)
    refused(stranger.get(one), 404)
    refused(stranger.post(f"{one}cancel/"), 404)
    assert done(verifier.post(f"{one}cancel/"))["status"] == "cancelled"
    refused(verifier.post(f"{one}cancel/"), 409)

    exported = verifier.get("core/trail/seals/export/")
    assert exported.status_code == 200 and b"".join(exported.streaming_content) is not None
    assert TrailEvent.objects.filter(kind="seals_exported", actor=world.quality).count() == 1


@pytest.mark.requirement("SEAL-10")
def test_a_disposal_of_what_is_too_young_is_refused(world: World) -> None:
    grant(world.quality, world.site, "core_retention.view_disposal", "core_retention.add_disposal")
    body = {"table": "core_worklist_comment", "before": "2100-01-01", "basis": "ten years are over"}
    program = program_of(world.quality)
    refused(program.post("core/retention/disposals/", {**body, "before": "soon"}), 400)
    refused(program.post("core/retention/disposals/", {**body, "table": "no_such_table"}), 422)
    problem = program.post("core/retention/disposals/", body)
    assert refused(problem, 409)["blockers"][0]["code"] == "not_old"
    assert done(program.get("core/retention/disposals/"))["results"] == []


@pytest.mark.requirement("WRK-02", "WRK-04", "WRK-05")
def test_delegations_watches_and_the_choice_of_mail(world: World) -> None:
    grant(world.quality, world.site, "traceability.view_lot")
    grant(world.operator, world.site, "traceability.view_lot")
    quality, lot = program_of(world.quality), world.lot()
    watched = {"kind": "traceability.lot", "record": lot.pk}
    assert done(quality.post("core/worklist/watches/", watched)) == {"watched": True}
    assert done(quality.post("core/worklist/watches/", watched)) == {"watched": False}
    refused(quality.post("core/worklist/watches/", {**watched, "record": 99999}), 404)
    refused(quality.post("core/worklist/watches/", {}), 422)
    assert done(quality.post("core/worklist/mail/", {"mode": "at_once", "hour": 6})) == {"mode": "at_once", "hour": 6}
    refused(quality.post("core/worklist/mail/", {"mode": "hourly", "hour": 6}), 422)
    body = {
        "from_user": world.quality.pk, "to_user": world.operator.pk, "starts": "2100-01-01T00:00:00Z",
        "ends": "2100-01-08T00:00:00Z", "reason": "On leave", "kinds": ["action"], "is_absence": True,
    }  # fmt: skip
    made = done(quality.post("core/worklist/delegations/", body), 201)
    assert made["kinds"] == ["action"]
    refused(quality.post("core/worklist/delegations/", {**body, "from_user": world.operator.pk}), 422)
    end = f"core/worklist/delegations/{made['id']}/end/"
    ended = done(quality.post(end, {"reason": "Stays here"}, If_Match=seen(made)))
    assert ended["ended_early"]
    assert [one["id"] for one in done(quality.get("core/worklist/delegations/"))["results"]] == [made["id"]]
