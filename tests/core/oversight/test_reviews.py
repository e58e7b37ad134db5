"""The periodic review of access: everybody's grants, each decided about, signed, and due again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from core.kernel import clock
from core.kernel.clock import now
from core.kernel.errors import Blocked
from core.lifecycle.models import Transition
from core.lifecycle.services import perform
from core.organization.models import Grant, Site, User
from core.organization.queries import may
from core.organization.services.people import deactivate_user, end_grant
from core.oversight.models import AccessReview, AccessReviewLine
from core.oversight.services import ask_for_due_reviews, decide_lines, open_review, open_reviews, take_in_new_grants
from core.oversight.services.reviews import months_after
from core.oversight.tasks import ask_for_reviews
from core.signing.queries import manifest
from core.trail.services import note
from core.worklist.models import Assignment, Escalation
from core.worklist.services import escalate_due, set_escalation_rule
from tests.api.conftest import MAKE, program_of
from tests.support.people import grant, make_site, make_user, proof
from tests.support.visits import visit_as

pytestmark = pytest.mark.django_db
VIEW, ADD, SIGN = (f"core_oversight.{verb}_accessreview" for verb in ("view", "add", "sign"))
PAGE = "/core/oversight/access-reviews/"


@dataclass
class Staff:
    """A site with its head of quality, its administrator and two operators."""

    site: Site
    head: User
    admin: User
    ann: User
    bob: User


@pytest.fixture
def staff() -> Staff:
    site = make_site()
    return Staff(
        site,
        make_user("head", site=site, permissions=(VIEW, ADD, SIGN)),
        make_user("admin", site=site, permissions=(VIEW, ADD, "core_organization.grant_role")),
        make_user("ann", site=site, permissions=("traceability.view_lot",)),
        make_user("bob", site=site, permissions=("traceability.view_lot",)),
    )


def opened(staff: Staff, months: int = 6) -> AccessReview:
    return open_review(site=staff.site, repeat_months=months, actor=staff.head)


def decide(review: AccessReview, decision: str, *people: User, actor: User, reason: str = "as agreed") -> None:
    lines = list(review.lines.filter(person__in=people))
    decide_lines(review=review, lines=lines, decision=decision, reason=reason, actor=actor)


def decided(staff: Staff, *ending: User, months: int = 6) -> AccessReview:
    """A review whose lines are all decided."""
    review = opened(staff, months)
    keeping = [person for person in (staff.admin, staff.ann, staff.bob) if person not in ending]
    decide(review, "keep", *keeping, actor=staff.head)
    if ending:
        decide(review, "end", *ending, actor=staff.head, reason="left the line")
    decide(review, "keep", staff.head, actor=staff.admin)
    return review


def signed(staff: Staff, review: AccessReview) -> AccessReview:
    perform(review, "sign", actor=staff.head, signature=proof(staff.head, "reviewed"))
    return AccessReview.objects.get(pk=review.pk)


def codes(refused: Any) -> set[str]:
    return {blocker.code for blocker in refused.value.blockers}


@pytest.mark.requirement("AREV-01")
def test_a_review_lists_every_grant_with_what_helps_to_decide(staff: Staff) -> None:
    elsewhere = make_user("zoe", site=make_site(), permissions=("traceability.view_lot",))
    note(kind="signed_on", actor=staff.ann, subject=staff.ann, text="desk")
    program_of(grant_token(staff.bob, staff.site))
    deactivate_user(user=staff.bob, actor=make_admin(staff.site), reason="left")
    review = opened(staff)
    lines = {line.person: line for line in review.lines.select_related("person")}
    assert set(lines) >= {staff.head, staff.admin, staff.ann, staff.bob}
    assert elsewhere not in lines
    ann = lines[staff.ann]
    held = Grant.objects.get(user=staff.ann)
    assert (ann.grant, ann.role, ann.place, ann.since) == (held, str(held.role), str(staff.site), held.starts)
    assert ann.last_sign_on is not None
    assert ann.changed == ""
    assert "deactivated" in review.lines.filter(person=staff.bob)[0].changed
    assert lines[staff.head].last_sign_on is None
    assert review.number.startswith("AR-")


def grant_token(person: User, site: Site) -> User:
    grant(person, site, MAKE)
    return person


def make_admin(site: Site) -> User:
    return make_user("useradmin", site=site, permissions=("core_organization.change_user",))


@pytest.mark.requirement("AREV-01")
def test_tokens_stand_beside_their_person(staff: Staff) -> None:
    program_of(grant_token(staff.bob, staff.site))
    review = opened(staff)
    assert review.lines.filter(person=staff.bob)[0].tokens.startswith("test → ")
    assert review.lines.get(person=staff.ann).tokens == ""


@pytest.mark.requirement("AREV-02")
def test_signing_ends_what_was_decided_to_end_and_nothing_else(staff: Staff) -> None:
    review = decided(staff, staff.bob)
    assert may(staff.bob, "traceability.view_lot", staff.site)
    review = signed(staff, review)
    assert review.status == "signed"
    assert not may(staff.bob, "traceability.view_lot", staff.site)
    assert may(staff.ann, "traceability.view_lot", staff.site)
    ended = Grant.objects.get(user=staff.bob)
    assert ended.ends is not None
    reason = ended.history.order_by("-history_id")[0].history_change_reason
    assert review.number in reason
    assert "left the line" in reason
    assert str(staff.head) in reason
    (state,) = manifest(review)
    assert state.intact
    assert state.signature.meaning == "reviewed"


@pytest.mark.requirement("AREV-02")
def test_an_undecided_line_is_not_passed_over(staff: Staff) -> None:
    review = opened(staff)
    decide(review, "keep", staff.ann, staff.bob, staff.admin, actor=staff.head)
    with pytest.raises(Blocked) as refused:
        signed(staff, review)
    assert "undecided" in codes(refused)
    assert AccessReview.objects.get(pk=review.pk).status == "open"
    assert not Transition.objects.filter(move="sign").exists()


@pytest.mark.requirement("AREV-02")
def test_a_grant_that_came_meanwhile_is_taken_in_first(staff: Staff) -> None:
    review = decided(staff)
    carl = make_user("carl", site=staff.site, permissions=("traceability.view_lot",))
    with pytest.raises(Blocked) as refused:
        signed(staff, review)
    assert codes(refused) == {"granted_meanwhile"}
    take_in_new_grants(review=review, actor=staff.head)
    assert review.lines.filter(person=carl).count() == 1
    take_in_new_grants(review=review, actor=staff.head)
    assert review.lines.filter(person=carl).count() == 1
    decide(review, "keep", carl, actor=staff.head)
    assert signed(staff, review).status == "signed"


@pytest.mark.requirement("AREV-02")
def test_a_grant_that_ended_meanwhile_stays_ended(staff: Staff) -> None:
    review = decided(staff, staff.bob)
    before = end_grant(grant=Grant.objects.get(user=staff.bob), actor=staff.admin, reason="moved")
    signed(staff, review)
    assert Grant.objects.get(user=staff.bob).ends == before.ends


@pytest.mark.requirement("AREV-03")
@pytest.mark.parametrize("decision", ["keep", "end"])
def test_nobody_decides_about_their_own_access(staff: Staff, decision: str) -> None:
    review = opened(staff)
    with pytest.raises(Blocked) as refused:
        decide(review, decision, staff.head, staff.ann, actor=staff.head)
    assert codes(refused) == {"own_access"}
    assert not review.lines.exclude(decision="").exists()


@pytest.mark.requirement("AREV-03")
def test_a_decision_needs_a_reason_a_line_of_the_review_and_the_right(staff: Staff) -> None:
    review = opened(staff)
    with pytest.raises(Blocked) as refused:
        decide(review, "keep", staff.ann, actor=staff.head, reason="  ")
    assert codes(refused) == {"reason_missing"}
    other_site = make_site()
    other_head = make_user("other", site=other_site, permissions=(VIEW, ADD, SIGN))
    other = open_review(site=other_site, repeat_months=3, actor=other_head)
    with pytest.raises(Blocked) as refused:
        decide_lines(review=review, lines=other.lines.all(), decision="keep", reason="x", actor=staff.head)
    assert codes(refused) == {"lines"}
    for attempt in (staff.ann, other_head):
        with pytest.raises(Blocked) as refused:
            decide(review, "keep", staff.bob, actor=attempt)
        assert codes(refused) == {"permission"}
    assert not AccessReviewLine.objects.exclude(decision="").exists()
    signed(staff, decide_rest(staff, review))
    with pytest.raises(Blocked) as refused:
        decide(review, "end", staff.bob, actor=staff.head)
    assert codes(refused) == {"review_closed"}


def decide_rest(staff: Staff, review: AccessReview) -> AccessReview:
    decide(review, "keep", staff.ann, staff.bob, staff.admin, actor=staff.head)
    decide(review, "keep", staff.head, actor=staff.admin)
    return review


@pytest.mark.requirement("AREV-01")
def test_one_review_of_a_site_is_open_at_a_time(staff: Staff) -> None:
    review = opened(staff)
    with pytest.raises(Blocked) as refused:
        opened(staff)
    assert codes(refused) == {"review_open"}
    with pytest.raises(Blocked):
        open_reviews(sites=[staff.site], repeat_months=6, actor=staff.head)
    perform(review, "withdraw", actor=staff.admin, reason="opened too early")
    assert opened(staff).number != review.number
    with pytest.raises(ValidationError):
        open_review(site=make_open_site(staff), repeat_months=0, actor=staff.head)


def make_open_site(staff: Staff) -> Site:
    site = make_site()
    grant(staff.head, site, ADD)
    return site


@pytest.mark.requirement("AREV-01")
def test_the_next_review_says_what_changed(staff: Staff) -> None:
    first = signed(staff, decided(staff, staff.bob))
    carl = make_user("carl", site=staff.site, permissions=("traceability.view_lot",))
    second = opened(staff)
    assert second.previous == first
    assert str(staff.bob) in second.ended
    assert "new grant" in second.lines.get(person=carl).changed
    assert second.lines.get(person=staff.ann).changed == ""
    assert not second.lines.filter(person=staff.bob).exists()


@pytest.mark.requirement("AREV-04")
def test_the_next_review_is_asked_for_once_and_escalates(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    review = signed(staff, decided(staff, months=2))
    assert review.next_due == months_after(review.opened_at, 2)
    ask_for_reviews()
    assert not Assignment.objects.exists()
    later = review.next_due - dt.timedelta(days=10)
    travel(monkeypatch, later)
    ask_for_reviews()
    ask_for_due_reviews(actor=staff.head)
    work = Assignment.objects.get()
    assert (work.kind, work.due_at, work.subject) == ("review", review.next_due, review)
    assert work.to_permission == "core_oversight.sign_accessreview"
    rule = make_user("ruler", site=staff.site, permissions=("core_worklist.change_escalationrule",))
    code = Grant.objects.get(user=staff.head).role.code
    set_escalation_rule(kind="review", step=1, after=0, to_role=code, actor=rule)
    travel(monkeypatch, review.next_due + dt.timedelta(hours=1))
    escalate_due(actor=staff.head)
    assert Escalation.objects.get().assignment == work
    again = decided(staff)
    decide(again, "keep", rule, actor=staff.head)
    signed(staff, again)
    assert not Assignment.objects.filter(status="open").exists()
    ask_for_reviews()
    assert not Assignment.objects.filter(status="open").exists()


def travel(monkeypatch: pytest.MonkeyPatch, moment: dt.datetime) -> None:
    """Let the services believe that it is this time."""
    for module in ("core.oversight.services.reviews", "core.oversight.queries", "core.worklist.services.escalating"):
        monkeypatch.setattr(f"{module}.now", lambda: moment)
    assert clock.now() < moment


def test_months_end_where_the_month_does() -> None:
    assert months_after(dt.datetime(2026, 8, 31, 9, tzinfo=dt.UTC), 6) == dt.datetime(2027, 2, 28, 9, tzinfo=dt.UTC)
    assert months_after(dt.datetime(2026, 11, 23, tzinfo=dt.UTC), 1) == dt.datetime(2026, 12, 23, tzinfo=dt.UTC)


@pytest.mark.requirement("AREV-02", "AREV-03")
def test_the_pages(staff: Staff) -> None:
    client = visit_as(staff.head)
    sent = client.post(f"{PAGE}new/", {"repeat_months": "6"})
    review = AccessReview.objects.get()
    assert sent["Location"] == review.get_absolute_url()
    shown = client.get(review.get_absolute_url()).content.decode()
    assert "Not decided" in shown
    assert f"{PAGE}{review.pk}/decide/" in shown
    lines = review.lines.filter(person__in=[staff.ann, staff.bob, staff.admin]).values_list("pk", flat=True)
    form = {"lines": list(lines), "decision": "keep", "reason": "still at work"}
    assert client.post(f"{PAGE}{review.pk}/decide/", {**form, "reason": ""}).status_code == 422
    own = review.lines.get(person=staff.head).pk
    refused = client.post(f"{PAGE}{review.pk}/decide/", {**form, "lines": [own]})
    assert refused.status_code == 409
    assert "own access" in refused.content.decode()
    assert client.post(f"{PAGE}{review.pk}/decide/", form).status_code == 302
    assert review.lines.filter(decision="keep").count() == 3
    assert client.get(f"{PAGE}{review.pk}/sign/").status_code == 200
    assert visit_as(staff.ann).get(review.get_absolute_url()).status_code == 403
    make_user("late", site=staff.site, permissions=("traceability.view_lot",))
    assert f"{PAGE}{review.pk}/take-in/" in client.get(review.get_absolute_url()).content.decode()
    assert client.post(f"{PAGE}{review.pk}/take-in/", {}).status_code == 302
    assert review.lines.filter(person__username="late").exists()


@pytest.mark.requirement("API-12")
def test_programs_review_too(staff: Staff) -> None:
    grant(staff.head, staff.site, MAKE)
    program = program_of(staff.head)
    made = program.post("core/oversight/access-reviews/", {"site": staff.site.pk, "repeat_months": 12})
    assert made.status_code == 201
    one = f"core/oversight/access-reviews/{made.json()['id']}/"
    lines = program.get(f"{one}lines/").json()["results"]
    assert {line["decision"] for line in lines} == {""}
    ann = [line["id"] for line in lines if line["person"] == staff.ann.pk]
    body = {"lines": ann, "decision": "end", "reason": "left"}
    assert program.post(f"{one}decide/", body).status_code == 200
    assert AccessReviewLine.objects.get(pk=ann[0]).decision == "end"
    moves = {move["move"]: move["allowed"] for move in program.get(f"{one}moves/").json()["results"]}
    assert moves["sign"] is False
    assert now() > Grant.objects.get(user=staff.ann).starts
