"""Administration and GMP work apart, and nobody reaches the people of another site."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from core.kernel.clock import now
from core.kernel.errors import Blocked
from core.kernel.permissions import catalogue
from core.organization.models import Grant, RolePermission, Site, User
from core.organization.queries import may, people_at, scoped, sites_of
from core.organization.services import people
from qms.training.models import Curriculum, Qualification
from qms.training.services import create_curriculum, grant_qualification, renew_qualification, suspend
from tests.support.people import grant, make_site, make_user

pytestmark = pytest.mark.django_db

ADMIN = ("core_organization.change_user", "core_organization.grant_role", "core_organization.view_user")
LEAD = ("qms_training.add_qualification", "qms_training.change_qualification", "qms_training.view_qualification")
SECRET = "correct horse battery"


@pytest.fixture
def here() -> Site:
    return make_site("HERE")


@pytest.fixture
def there() -> Site:
    return make_site("THERE")


@pytest.fixture
def admin(here: Site) -> User:
    return make_user("admin", site=here, permissions=ADMIN)


@pytest.fixture
def stranger(there: Site) -> User:
    return make_user("stranger", site=there, permissions=("core_organization.view_site",))


@pytest.mark.requirement("ACC-02")
def test_the_administrators_template_carries_no_gmp_right() -> None:
    held = [p for p in catalogue().values() if "admin" in p.templates]
    assert held
    assert [p.code for p in held if p.gmp and not p.code.split(".")[1].startswith("view_")] == []


@pytest.mark.requirement("ACC-02")
def test_a_role_of_administration_gets_no_gmp_right_later(admin: User) -> None:
    role = people.create_role_from_template(template="admin", actor=admin)
    before = set(role.permissions.values_list("permission", flat=True))
    with pytest.raises(Blocked) as refused:
        people.change_role(
            role=role, permissions=[*before, "traceability.release_lot"], actor=admin, reason="in a hurry"
        )
    assert refused.value.codes == ("administration_apart",)
    assert set(RolePermission.objects.filter(role=role).values_list("permission", flat=True)) == before


@pytest.mark.requirement("ACC-02")
def test_a_role_of_an_administrator_gets_no_gmp_right_either(admin: User, here: Site) -> None:
    reader = grant(make_user(), here, "core_organization.view_site").role
    other = make_user("other", site=here, permissions=ADMIN)
    people.grant_role(user=other, role=reader, place=here, actor=admin)
    with pytest.raises(Blocked) as refused:
        people.change_role(role=reader, permissions=["traceability.release_lot"], actor=admin, reason="why not")
    assert refused.value.codes == ("administration_apart",)
    assert not may(other, "traceability.release_lot", here)


@pytest.mark.requirement("ACC-02")
def test_a_grant_that_ends_later_counts_as_much_as_one_without_an_end(admin: User, here: Site) -> None:
    roles = {name: people.create_role_from_template(template=name, actor=admin) for name in ("admin", "operator")}
    user = make_user()
    until = now() + dt.timedelta(days=30)
    people.grant_role(user=user, role=roles["operator"], place=here, ends=until, actor=admin)
    with pytest.raises(Blocked) as refused:
        people.grant_role(user=user, role=roles["admin"], place=here, actor=admin)
    assert refused.value.codes == ("administration_apart",)
    assert Grant.objects.filter(user=user).count() == 1


@pytest.mark.requirement("ACC-01")
def test_a_role_held_elsewhere_is_not_changed_from_here(admin: User, stranger: User) -> None:
    role = stranger.grants.get().role
    with pytest.raises(Blocked) as refused:
        people.change_role(role=role, permissions=["core_organization.view_user"], actor=admin, reason="tidying")
    assert refused.value.codes == ("held_elsewhere",)
    assert list(role.permissions.values_list("permission", flat=True)) == ["core_organization.view_site"]


@pytest.mark.requirement("ACC-01")
def test_people_of_another_site_are_not_seen_and_not_administered(admin: User, stranger: User, here: Site) -> None:
    newcomer = make_user("newcomer")
    seen = scoped(User.objects.filter(is_system=False), admin, "core_organization.view_user")
    assert set(seen) == {admin, newcomer}
    password = stranger.password
    deeds: tuple[Callable[[], Any], ...] = (
        lambda: people.set_first_password(user=stranger, password=SECRET, actor=admin, reason="forgotten"),
        lambda: people.deactivate_user(user=stranger, actor=admin, reason="left"),
        lambda: people.reactivate_user(user=stranger, actor=admin, reason="back"),
        lambda: people.change_user(
            user=stranger, full_name="X", email="x@example.com", badge="", home_site=here, actor=admin, reason="moved"
        ),
    )
    for deed in deeds:
        with pytest.raises(Blocked) as refused:
            deed()
        assert "permission" in refused.value.codes
    stranger.refresh_from_db()
    assert (stranger.password, stranger.is_active, stranger.full_name) == (password, True, "Stranger")


@pytest.mark.requirement("ACC-01")
def test_whoever_works_at_two_sites_is_administered_by_who_may_at_both(admin: User, here: Site, there: Site) -> None:
    both = make_user("both", site=here, permissions=("core_organization.view_site",))
    grant(both, there, "core_organization.view_site")
    assert may(admin, "core_organization.view_user", both)
    with pytest.raises(Blocked) as refused:
        people.set_first_password(user=both, password=SECRET, actor=admin, reason="forgotten")
    assert refused.value.codes == ("person_elsewhere",)
    grant(admin, there, *ADMIN)
    people.set_first_password(user=both, password=SECRET, actor=admin, reason="forgotten")
    both.refresh_from_db()
    assert both.check_password(SECRET) and both.must_change_password


@pytest.mark.requirement("ORD-04")
def test_a_lead_qualifies_people_of_their_own_site_only(here: Site, there: Site, stranger: User) -> None:
    lead = make_user("lead", site=here, permissions=LEAD)
    other = make_user("other", site=there, permissions=LEAD)
    writer = make_user("writer", site=here, permissions=("qms_training.change_curriculum",))
    soldering: Curriculum = create_curriculum(code="SOLD", name="Soldering", actor=writer)
    with pytest.raises(Blocked) as refused:
        grant_qualification(user=stranger, curriculum=soldering, basis="seen at work", actor=lead)
    assert refused.value.codes == ("permission",)
    assert not Qualification.objects.exists()
    held = grant_qualification(user=stranger, curriculum=soldering, basis="seen at work", actor=other)
    with pytest.raises(Blocked):
        renew_qualification(qualification=held, basis="again", actor=lead, reason="due")
    with pytest.raises(Blocked) as refused:
        suspend(qualification=held, actor=lead, reason="no")
    assert "permission" in refused.value.codes
    held.refresh_from_db()
    assert (held.status, held.basis) == ("active", "seen at work")
    see = "qms_training.view_qualification"
    assert not scoped(Qualification.objects.all(), lead, see).exists()
    assert list(scoped(Qualification.objects.all(), other, see)) == [held]


@pytest.mark.requirement("ACC-01")
def test_work_goes_to_people_of_the_site(here: Site, there: Site, admin: User, stranger: User) -> None:
    assert list(people_at([here])) == [admin]
    assert list(people_at(sites_of(stranger, "core_organization.view_site"))) == [stranger]
