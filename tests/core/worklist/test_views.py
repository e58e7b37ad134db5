"""The pages of the worklist: each shows only what its visitor may see, and does one deed."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.kernel.clock import now
from core.kernel.errors import Blocked
from core.kernel.wiring import ask
from core.organization.services.first_run import set_up, setup_token
from core.web.questions import NavigationCount
from core.worklist.models import Assignment, Comment, EscalationRule, Notification
from core.worklist.queries import unread_by
from core.worklist.services import assign, cancel_for, complete_for, reassign
from tests.core.worklist.conftest import People
from tests.support.visits import seen
from tests.support.visits import visit_as as signed_in

pytestmark = pytest.mark.requirement("REC-13")

SEE_SITES = "core_organization.view_site"
INBOX = "/core/worklist/inbox/"


def post(client: Client, name: str, *args: Any, **values: Any) -> Any:
    return client.post(reverse(f"core_worklist:{name}", args=args), {"client_id": str(uuid.uuid4()), **values})


def test_the_inbox_groups_work_by_when_it_is_due(people: People) -> None:
    anna = people.person("anna", "quality", people.graz, SEE_SITES)
    for title, hours in (("Over", -1), ("Soon", 50), ("Far", 24 * 30)):
        due = now() + timedelta(hours=hours)
        assign(subject=people.graz, kind="review", title=title, to_user=anna, due_at=due, actor=anna)
    assign(subject=people.graz, kind="action", title="Whenever", to_role="quality", actor=anna)
    groups = signed_in(anna).get(INBOX).context["groups"]
    assert [[line.assignment.title for line in group.lines] for group in groups] == [
        ["Over"],
        ["Soon"],
        ["Far"],
        ["Whenever"],
    ]
    assert groups[0].lines[0].url == people.graz.get_absolute_url()


@pytest.mark.parametrize(
    ("query", "titles"),
    [("", {"Mine", "Role"}), ("whose=mine", {"Mine"}), ("whose=roles", {"Role"}), ("kind=action", {"Role"})],
)
def test_the_inbox_is_filtered(people: People, query: str, titles: set[str]) -> None:
    anna = people.person("anna", "quality", people.graz, SEE_SITES)
    assign(subject=people.graz, kind="review", title="Mine", to_user=anna, actor=anna)
    assign(subject=people.graz, kind="action", title="Role", to_role="quality", actor=anna)
    groups = signed_in(anna).get(f"{INBOX}?{query}").context["groups"]
    assert {line.assignment.title for group in groups for line in group.lines} == titles


def test_the_inbox_leaks_nothing_of_other_people_and_sites(people: People) -> None:
    anna = people.person("anna", "quality", people.graz, SEE_SITES)
    emil = people.person("emil", "quality", people.linz, SEE_SITES)
    blind = people.person("blind", "packing", people.graz)
    assign(subject=people.graz, kind="review", title="Secret work", to_role="quality", actor=anna)
    assign(subject=people.graz, kind="review", title="Secret work", to_user=blind, actor=anna)
    for stranger in (emil, blind):
        page = signed_in(stranger).get(INBOX)
        assert page.context["groups"] == []
        assert "tl-nav-count" not in page.content.decode()
    assert Client().get(INBOX).status_code == 302


def test_open_work_is_counted_in_the_navigation_of_whoever_is_asked(people: People) -> None:
    anna = people.person("anna", "quality", people.graz, SEE_SITES)
    emil = people.person("emil", "quality", people.graz, SEE_SITES)
    assign(subject=people.graz, kind="review", title="Look", to_user=anna, actor=anna)
    assign(subject=people.graz, kind="action", title="Act", to_role="quality", actor=anna)

    def counted(user: Any) -> int:
        counts = {count.url_name: count.waiting().count() for count in ask(NavigationCount(user))}
        return counts["core_worklist:assignment_inbox"]

    assert (counted(anna), counted(emil)) == (2, 1)
    assert 'tl-nav-count">2<' in signed_in(anna).get(INBOX).content.decode()


def test_work_is_passed_on_by_whoever_is_asked_and_by_nobody_else(people: People) -> None:
    anna = people.person("anna", "quality", people.graz, SEE_SITES)
    emil = people.person("emil", "packing", people.graz, SEE_SITES)
    work = assign(subject=people.graz, kind="review", title="Look", to_user=anna, actor=anna)
    values = {"to_user": emil.pk, "reason": "On leave"}
    assert post(signed_in(emil), "assignment_reassign", work.pk, **values).status_code == 404
    work.refresh_from_db()
    assert work.to_user == anna
    assert post(signed_in(anna), "assignment_reassign", work.pk, to_user=emil.pk).status_code == 422
    assert post(signed_in(anna), "assignment_reassign", work.pk, **values, **seen(work)).status_code == 302
    work.refresh_from_db()
    assert work.to_user == emil


@pytest.mark.requirement("ORD-16")
def test_work_is_passed_on_only_to_somebody_who_may_see_what_it_is_about(people: People) -> None:
    anna = people.person("anna", "quality", people.graz, SEE_SITES)
    unfit = [people.person("blind", "packing", people.graz), people.person("emil", "quality", people.linz, SEE_SITES)]
    work = assign(subject=people.graz, kind="review", title="Secret work", to_user=anna, actor=anna)
    client = signed_in(anna)
    offered = client.get(reverse("core_worklist:assignment_reassign", args=[work.pk])).context["form"].fields["to_user"]
    assert list(offered.queryset) == [anna]
    for person in unfit:
        values = {"to_user": person.pk, "reason": "On leave"}
        assert post(client, "assignment_reassign", work.pk, **values, **seen(work)).status_code == 422
        with pytest.raises(Blocked) as refused:
            reassign(assignment=work, to_user=person, reason="On leave", actor=anna)
        assert refused.value.codes == ("person_right",) and refused.value.blockers[0].remedy
        assert not Notification.objects.filter(user=person).exists()
    work.refresh_from_db()
    assert (work.to_user, work.row_version) == (anna, 1)


@pytest.mark.requirement("ORD-16")
def test_news_shows_only_what_its_reader_may_see(people: People) -> None:
    anna = people.person("anna", "quality", people.graz, SEE_SITES)
    blind = people.person("blind", "packing", people.graz)
    for title in ("Secret work", "More secret work"):
        assign(subject=people.graz, kind="review", title=title, to_user=blind, actor=anna)
    assert "ecret work" not in signed_in(blind).get(INBOX).content.decode()
    assert not unread_by(blind).exists() and Notification.objects.filter(user=blind).count() == 2
    people.person("blind", "seeing", people.graz, SEE_SITES)
    with CaptureQueriesContext(connection) as asked:
        assert len(unread_by(blind)) == 2
    assert len(asked) <= 3  # the kinds of record, the rights, the rows


def test_the_due_date_is_moved_by_whoever_gives_out_the_work_of_the_site(people: People) -> None:
    anna = people.person("anna", "quality", people.graz, SEE_SITES)
    lead = people.person("lead", "lead", people.graz, SEE_SITES, "core_worklist.reassign_assignment")
    work = assign(subject=people.graz, kind="review", title="Look", to_user=anna, due_at=now(), actor=anna)
    mine = assign(subject=people.graz, kind="review", title="Mine", to_user=lead, due_at=now(), actor=anna)
    values = {"due_at": "2027-03-01T09:30", "reason": "Gauge is away"}
    link = reverse("core_worklist:assignment_reschedule", args=[mine.pk])
    assert link in signed_in(lead).get(INBOX).content.decode()
    assert "reschedule" not in signed_in(anna).get(INBOX).content.decode()
    assert post(signed_in(anna), "assignment_reschedule", work.pk, **values, **seen(work)).status_code == 403
    assert post(signed_in(lead), "assignment_reschedule", work.pk, due_at="", reason="x").status_code == 422
    work.refresh_from_db()
    assert work.due_version == 1
    assert post(signed_in(lead), "assignment_reschedule", work.pk, **values, **seen(work)).status_code == 302
    work.refresh_from_db()
    assert (work.due_version, work.to_user) == (2, anna)
    assert work.due_at is not None and (work.due_at.month, work.due_at.day, work.due_at.minute) == (3, 1, 30)


@pytest.mark.requirement("USE-01")
def test_finished_work_and_work_of_somebody_else_is_no_news(people: People) -> None:
    anna, emil = (people.person(name, "quality", people.graz, SEE_SITES) for name in ("anna", "emil"))
    boss = people.person("boss")
    for title in ("Signed", "Taken back", "Passed on", "Still open"):
        kind = {"Signed": "approval", "Taken back": "action"}.get(title, "review")
        assign(subject=people.graz, kind=kind, title=title, to_user=anna, actor=boss)
    assign(subject=people.graz, kind="triage", title="For the role", to_role="quality", actor=boss)
    assert unread_by(anna).count() == 5
    complete_for(subject=people.graz, kind="approval", actor=anna)
    cancel_for(subject=people.graz, kind="action", actor=boss)
    passed_on = Assignment.objects.get(title="Passed on")
    reassign(assignment=passed_on, to_user=emil, reason="On leave", actor=anna)
    assert {notice.text for notice, _url in signed_in(anna).get(INBOX).context["notices"]} == {
        "Still open",
        "For the role",
    }
    assert {notice.text for notice in unread_by(emil)} == {"Passed on", "For the role"}
    complete_for(subject=people.graz, kind="triage", actor=emil)
    assert {notice.text for notice in unread_by(anna)} == {"Still open"}


def test_news_are_read_once(people: People) -> None:
    anna = people.person("anna", "quality", people.graz, SEE_SITES)
    emil = people.person("emil")
    assign(subject=people.graz, kind="review", title="Look", to_user=anna, actor=emil)
    client = signed_in(anna)
    assert len(client.get(INBOX).context["notices"]) == 1
    post(client, "notification_read")
    assert not unread_by(anna).exists()
    assert client.get(INBOX).context["notices"] == []


def test_a_comment_is_taken_only_from_whoever_sees_the_record(people: People) -> None:
    anna = people.person("anna", "quality", people.graz, SEE_SITES)
    emil = people.person("emil", "quality", people.linz, SEE_SITES)
    kind = ContentType.objects.get_for_model(people.graz).pk
    assert post(signed_in(emil), "comment_create", kind, people.graz.pk, text="Hello").status_code == 404
    assert post(signed_in(anna), "comment_create", kind, 99999999, text="Hello").status_code == 404
    post(signed_in(anna), "comment_create", kind, people.graz.pk, text="  ")
    assert not Comment.objects.exists()
    post(signed_in(anna), "comment_create", kind, people.graz.pk, text="Hello")
    assert Comment.objects.get().text == "Hello"


def test_rules_are_set_and_changed_with_a_reason_on_their_page(people: People) -> None:
    head = people.person(
        "head",
        "quality_head",
        people.graz,
        "core_worklist.change_escalationrule",
        "core_worklist.view_escalationrule",
    )
    anna = people.person("anna", "quality", people.graz, SEE_SITES)
    values = {"kind": "triage", "step": "1", "side": "after", "amount": "60", "unit": "minutes",
              "whom": "role", "to_role": "quality_head", "is_active": "on"}  # fmt: skip
    assert post(signed_in(anna), "escalationrule_create", **values).status_code == 403
    assert not EscalationRule.objects.exists()
    client = signed_in(head)
    assert post(client, "escalationrule_create", **values).status_code == 302
    rule = EscalationRule.objects.get()
    assert post(client, "escalationrule_change", rule.pk, **{**values, "amount": "30"}).status_code == 422
    post(client, "escalationrule_change", rule.pk, **{**values, "amount": "30", "reason": "Too late", **seen(rule)})
    rule.refresh_from_db()
    assert (rule.after, rule.row_version) == (30, 2)
    assert "Triage" in client.get(reverse("core_worklist:escalationrule_list")).content.decode()


@pytest.mark.requirement("ORD-08")
def test_the_first_run_leaves_rules_behind(plant: str, settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path
    set_up(
        token=setup_token(),
        site_code="GRZ",
        site_name="Graz",
        time_zone="Europe/Vienna",
        area_name="Assembly",
        admin_username="ada",
        admin_name="Ada",
        admin_password="a long secret phrase 1",
        quality_username="quinn",
        quality_name="Quinn",
        quality_password="a long secret phrase 2",
    )
    assert set(EscalationRule.objects.values_list("kind", flat=True)) == {
        "triage", "review", "approval", "action", "training",
    }  # fmt: skip


@pytest.mark.requirement("REC-13")
def test_the_page_of_a_record_takes_what_somebody_says(people: People) -> None:
    anna = people.person("anna", "quality", people.graz, SEE_SITES)
    page = signed_in(anna).get(people.graz.get_absolute_url()).content.decode()
    kind = ContentType.objects.get_for_model(people.graz)
    assert f'action="{reverse("core_worklist:comment_create", args=[kind.pk, people.graz.pk])}"' in page
