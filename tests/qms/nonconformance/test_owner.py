"""Who may own a nonconformance: somebody who can open it and do its work, at the service and on the page."""

from __future__ import annotations

import uuid

import pytest
from django.db import transaction
from django.urls import reverse

from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.organization.models import Grant, User
from core.organization.services import system_user
from core.organization.services.people import end_grant
from core.worklist.models import Assignment, Notification
from core.worklist.queries import unread_by, work_of
from qms.nonconformance import services
from qms.nonconformance.queries import may_own, possible_owners
from tests.qms.nonconformance.conftest import APP, ENGINEER, Case
from tests.support.people import make_site, make_user
from tests.support.visits import visit_as

pytestmark = pytest.mark.requirement("ORD-16")

SEE = f"{APP}.view_nonconformance"
INBOX = "/core/worklist/inbox/"


def unfit_people(case: Case) -> list[User]:
    """An auditor, an operator, an engineer of another site, somebody with no right, and one who was deactivated."""
    gone = make_user(site=case.world.site, permissions=ENGINEER)
    gone.is_active = False
    with transaction.atomic(), acting(system_user("test")):
        gone.save()
    return [
        make_user(site=case.world.site, permissions=(SEE,)),
        case.operator,
        make_user(site=make_site(), permissions=ENGINEER),
        make_user(),
        gone,
    ]


@pytest.mark.parametrize("draft", [True, False])
def test_only_somebody_who_may_work_on_it_is_made_the_owner(case: Case, draft: bool) -> None:
    found = case.raised((case.world.lot(), 1), draft=draft)
    found.refresh_from_db()
    before = (found.row_version, found.status, found.owner, found.severity)
    work, told = Assignment.objects.count(), Notification.objects.count()
    for unfit in unfit_people(case):
        with pytest.raises(Blocked) as refused:
            services.triage_nonconformance(
                nonconformance=found, severity="minor", defect_code=case.code, owner=unfit, actor=case.engineer
            )
        assert set(refused.value.codes) == {"owner_right"}
        assert "Choose somebody" in refused.value.blockers[0].remedy
    found.refresh_from_db()
    assert (found.row_version, found.status, found.owner, found.severity) == before
    assert (Assignment.objects.count(), Notification.objects.count()) == (work, told)
    services.triage_nonconformance(
        nonconformance=found, severity="minor", defect_code=case.code, owner=case.second, actor=case.engineer
    )
    found.refresh_from_db()
    assert (found.status, found.owner, found.severity) == ("open", case.second, "minor")


def test_it_is_not_raised_open_for_an_owner_who_may_not_work_on_it(case: Case) -> None:
    lot = case.world.lot()
    with pytest.raises(Blocked) as refused:
        case.opened((lot, 1), owner=case.operator)
    assert refused.value.codes == ("owner_right",)
    assert not Notification.objects.filter(user=case.operator).exists()


def test_the_page_offers_those_who_may_work_on_it_and_takes_no_other(case: Case) -> None:
    found = case.raised((case.world.lot(), 1))
    unfit = unfit_people(case)
    offered = list(possible_owners(found))
    people = User.objects.filter(is_system=False).order_by("full_name", "pk")
    assert offered == [user for user in people if may_own(user, found)]
    assert {case.engineer, case.second} <= set(offered)
    assert not set(unfit) & set(offered)
    client, address = visit_as(case.engineer), reverse(f"{APP}:nonconformance_open", args=[found.pk])
    form = client.get(address).context["form"]
    assert list(form.fields["owner"].queryset) == offered
    values = {"severity": "minor", "defect_code": case.code.pk, "title": found.title}
    for user in unfit:
        answer = client.post(address, {"client_id": str(uuid.uuid4()), "owner": user.pk, **values})
        assert answer.status_code == 422
    found.refresh_from_db()
    assert (found.status, found.owner) == ("draft", None)


def test_the_work_of_an_owner_who_lost_the_right_goes_to_whoever_may_do_it(case: Case) -> None:
    found = case.under_review((case.world.lot(10), 10))
    line = case.propose(found.items.get(), "use_as_is", 10)
    for grant in Grant.objects.filter(user=case.engineer):
        end_grant(grant=grant, actor=system_user("test"), reason="Another job")
    case.approve(line)
    work = Assignment.objects.get(subject_id=found.pk, kind="action", status="open")
    assert (work.to_user, work.to_permission) == (None, "qms_nonconformance.close_nonconformance")
    assert work in work_of(case.second)


@pytest.mark.requirement("REC-13")
def test_news_of_what_one_may_no_longer_see_names_nothing(case: Case) -> None:
    found = case.raised((case.world.lot(), 1), title="Secret bore")
    services.triage_nonconformance(
        nonconformance=found, severity="minor", defect_code=case.code, owner=case.second, actor=case.engineer
    )
    assert "Secret bore" in visit_as(case.second).get(INBOX).content.decode()
    assert unread_by(case.second).count() == 2  # to contain it, and to review it
    for grant in Grant.objects.filter(user=case.second):
        end_grant(grant=grant, actor=system_user("test"), reason="Left the site")
    assert "Secret bore" not in visit_as(case.second).get(INBOX).content.decode()
    assert not unread_by(case.second).exists() and not work_of(case.second).exists()
