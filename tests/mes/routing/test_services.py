"""Routings are built, copied, approved and replaced; what is refused changes nothing."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.lifecycle.models import GateDecision
from core.lifecycle.services import perform
from core.organization.models import Area, WorkCenter
from core.organization.services import system_user
from core.worklist.queries import work_on
from mes.routing import services
from mes.routing.models import Operation, OperationMaterial, OperationRequirement, RoutingRevision
from mes.routing.queries import (
    bom_state,
    content_hash,
    difference,
    effective_routing,
    operations_of,
    unfinished_revision,
)
from qms.documents.services import create_document
from tests.support.people import grant, make_site, proof, work_center_of
from tests.support.routings import Shop, add_line, make_material, make_shop

pytestmark = pytest.mark.requirement("ORD-02")


def commit() -> None:
    """Let PostgreSQL check its deferred constraints, as a commit would."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def sequences(revision: RoutingRevision) -> list[tuple[int, str, bool]]:
    return [(o.sequence, o.name, o.yields_unit) for o in operations_of(revision)]


class TestOperations:
    def test_they_are_numbered_by_tens_and_the_last_one_finishes_the_units(self, shop: Shop) -> None:
        revision = shop.draft("Cut", "Weld", "Test")
        assert sequences(revision) == [(10, "Cut", False), (20, "Weld", False), (30, "Test", True)]

    def test_moving_one_numbers_all_again(self, shop: Shop) -> None:
        revision = shop.draft("Cut", "Weld", "Test")
        services.move_operation(operation=revision.operations.get(name="Test"), position=0, actor=shop.author)
        commit()
        assert sequences(revision) == [(10, "Test", False), (20, "Cut", False), (30, "Weld", True)]

    def test_a_taken_number_is_refused_at_its_field(self, shop: Shop) -> None:
        revision = shop.draft("Cut", "Weld")
        weld = revision.operations.get(name="Weld")
        with pytest.raises(ValidationError):
            services.change_operation(
                operation=weld, name="Weld", work_center=None, document=None, sequence=10, actor=shop.author
            )
        assert sequences(revision) == [(10, "Cut", False), (20, "Weld", True)]

    def test_a_removed_operation_stays_in_history_and_its_lines_are_open_again(self, shop: Shop) -> None:
        revision = shop.draft("Cut", "Weld")
        cut = revision.operations.get(name="Cut")
        services.remove_operation(operation=cut, actor=shop.author)
        commit()
        assert sequences(revision) == [(20, "Weld", True)]
        assert len(bom_state(revision).open_lines) == 2
        assert [row.history_type for row in Operation.history.filter(id=cut.pk).order_by("history_id")][-1] == "-"

    def test_only_a_draft_is_edited_and_the_refusal_is_kept(self, shop: Shop) -> None:
        revision = shop.submitted("Cut")
        before = GateDecision.objects.filter(action="edit", allowed=False).count()
        with pytest.raises(Blocked) as refused:
            services.add_operation(revision=revision, name="Paint", actor=shop.author)
        assert refused.value.codes == ("not_draft",)
        assert sequences(revision) == [(10, "Cut", True)]
        assert GateDecision.objects.filter(action="edit", allowed=False).count() == before + 1

    def test_another_site_gives_no_right(self, shop: Shop) -> None:
        stranger = make_shop(make_site()).author
        revision = shop.draft("Cut")
        with pytest.raises(Blocked) as refused:
            services.add_operation(revision=revision, name="Paint", actor=stranger)
        assert refused.value.codes == ("permission",)
        assert sequences(revision) == [(10, "Cut", True)]


class TestMaterials:
    def test_a_line_is_split_between_operations(self, shop: Shop) -> None:
        revision = unfinished_revision(shop.routing())
        assert revision is not None
        first, second = shop.operation(revision, "Cut"), shop.operation(revision, "Weld")
        line = shop.product.lines[1]
        services.assign_line(operation=first, bom_line=line, quantity=Decimal("1.5"), actor=shop.author)
        services.assign_line(operation=second, bom_line=line, actor=shop.author)
        state = next(state for state in bom_state(revision).lines if state.line == line)
        assert (state.assigned, state.missing, state.is_settled) == (Decimal(4), Decimal(0), True)
        assert [place.quantity for place in state.places] == [Decimal("1.5"), Decimal("2.5")]

    def test_assigning_to_the_same_operation_adds_up(self, shop: Shop) -> None:
        revision = unfinished_revision(shop.routing())
        assert revision is not None
        operation = shop.operation(revision, "Cut")
        for _ in range(2):
            services.assign_line(
                operation=operation, bom_line=shop.product.lines[1], quantity=Decimal(2), actor=shop.author
            )
        assert [row.quantity for row in OperationMaterial.objects.filter(operation=operation)] == [Decimal(4)]

    def test_a_line_of_another_product_is_refused(self, shop: Shop) -> None:
        revision = shop.draft("Cut")
        foreign = make_shop(shop.site).product.lines[0]
        with pytest.raises(Blocked) as refused:
            services.assign_line(operation=revision.operations.get(), bom_line=foreign, actor=shop.author)
        assert refused.value.codes == ("bom_line_foreign",)
        assert OperationMaterial.objects.filter(bom_line=foreign).count() == 0

    def test_nothing_is_assigned_when_nothing_is_open(self, shop: Shop) -> None:
        revision = shop.draft("Cut")
        line = shop.product.lines[0]
        with pytest.raises(ValidationError):
            services.assign_line(operation=revision.operations.get(), bom_line=line, actor=shop.author)
        assert OperationMaterial.objects.get(bom_line=line).quantity == 1

    def test_a_line_is_left_out_with_a_reason_until_it_is_used_again(self, shop: Shop) -> None:
        revision = unfinished_revision(shop.routing())
        assert revision is not None
        operation = shop.operation(revision, "Cut")
        line = shop.product.lines[0]
        services.omit_line(revision=revision, bom_line=line, why="packed by the customer", actor=shop.author)
        assert [state.line for state in bom_state(revision).open_lines] == [shop.product.lines[1]]
        services.assign_line(operation=operation, bom_line=line, actor=shop.author)
        assert revision.omitted_materials.count() == 0

    def test_a_used_line_cannot_be_left_out(self, shop: Shop) -> None:
        revision = shop.draft("Cut")
        with pytest.raises(Blocked) as refused:
            services.omit_line(revision=revision, bom_line=shop.product.lines[0], why="spare", actor=shop.author)
        assert refused.value.codes == ("bom_line_used",)
        assert revision.omitted_materials.count() == 0

    def test_a_material_beside_the_bom_has_a_quantity_above_zero(self, shop: Shop) -> None:
        revision = shop.draft("Cut")
        glue = make_material("GLUE")
        operation = revision.operations.get()
        with pytest.raises(ValidationError):
            services.assign_material(operation=operation, material=glue, quantity=Decimal(0), actor=shop.author)
        assert operation.materials.filter(material=glue).count() == 0
        row = services.assign_material(operation=operation, material=glue, quantity=Decimal("0.02"), actor=shop.author)
        assert services.change_quantity(row=row, quantity=Decimal("0.03"), actor=shop.author).quantity == Decimal(
            "0.03"
        )
        services.remove_material(row=row, actor=shop.author)
        assert operation.materials.filter(material=glue).count() == 0


class TestRequirements:
    def test_a_second_person_signs(self, shop: Shop) -> None:
        operation = shop.draft("Cut").operations.get()
        requirement = services.add_requirement(operation=operation, meaning="verified", witness=True, actor=shop.author)
        assert (requirement.kind, requirement.witness) == ("signature", True)
        services.remove_requirement(requirement=requirement, actor=shop.author)
        assert OperationRequirement.objects.count() == 0

    def test_the_same_twice_is_refused(self, shop: Shop) -> None:
        operation = shop.draft("Cut").operations.get()
        services.add_requirement(operation=operation, meaning="performed", actor=shop.author)
        with pytest.raises(ValidationError):
            services.add_requirement(operation=operation, meaning="performed", actor=shop.author)
        assert operation.requirements.count() == 1

    def test_nothing_is_no_requirement(self, shop: Shop) -> None:
        operation = shop.draft("Cut").operations.get()
        with pytest.raises(ValidationError):
            services.add_requirement(operation=operation, actor=shop.author)
        assert operation.requirements.count() == 0


class TestApproval:
    def test_two_people_make_it_effective_and_the_content_is_pinned(self, shop: Shop) -> None:
        revision = shop.effective("Cut", "Test")
        commit()
        assert revision.status == "effective"
        assert revision.content_hash == content_hash(revision)
        assert len(revision.content_hash) == 64
        assert revision.approved_at is not None
        assert effective_routing(shop.product.material, shop.site) == revision

    def test_the_author_does_not_approve(self, shop: Shop) -> None:
        revision = shop.submitted("Cut")
        with pytest.raises(Blocked) as refused:
            perform(revision, "approve", actor=shop.author, signature=proof(shop.author, "approved"))
        assert "second_person" in refused.value.codes
        revision.refresh_from_db()
        assert (revision.status, revision.content_hash) == ("in_review", "")

    def test_the_next_revision_replaces_it(self, shop: Shop) -> None:
        first = shop.effective("Cut", "Test")
        second = services.new_revision(routing=first.routing, summary="Weld in between", actor=shop.author)
        assert second.revision == "2"
        weld = shop.operation(second, "Weld")
        services.move_operation(operation=weld, position=1, actor=shop.author)
        perform(shop.approve(shop.submit(second)), "make_effective", actor=shop.approver)
        commit()
        first.refresh_from_db()
        assert (first.status, second.status) == ("superseded", "effective")
        assert effective_routing(shop.product.material, shop.site) == second

    def test_one_revision_at_a_time_is_in_work(self, shop: Shop) -> None:
        revision = shop.draft("Cut")
        with pytest.raises(Blocked) as refused:
            services.new_revision(routing=revision.routing, summary="", actor=shop.author)
        assert refused.value.codes == ("revision_in_work",)
        assert revision.routing.revisions.count() == 1

    def test_a_routing_that_is_sent_back_can_be_edited_and_signed_again(self, shop: Shop) -> None:
        revision = shop.submitted("Cut")
        perform(revision, "reject", actor=shop.approver, reason="The test is missing")
        shop.operation(revision, "Test")
        assert shop.approve(shop.submit(revision)).status == "approved"


class TestInbox:
    @staticmethod
    def open_work(revision: RoutingRevision) -> list[tuple[str, str, object]]:
        found = work_on(revision).filter(status="open")
        return [(work.kind, work.to_permission, work.to_user) for work in found]

    def test_an_approval_waits_for_whoever_may_then_for_its_date(self, shop: Shop) -> None:
        revision = shop.submitted("Cut")
        assert self.open_work(revision) == [("approval", "mes_routing.approve_routingrevision", None)]
        shop.approve(revision)
        assert self.open_work(revision) == [("action", "mes_routing.make_effective_routingrevision", None)]
        perform(revision, "make_effective", actor=shop.approver)
        assert self.open_work(revision) == []

    def test_what_is_sent_back_waits_for_its_author(self, shop: Shop) -> None:
        revision = shop.submitted("Cut")
        perform(revision, "reject", actor=shop.approver, reason="The test is missing")
        assert self.open_work(revision) == [("action", "", shop.author)]
        shop.submit(revision)
        perform(revision, "withdraw", actor=shop.author, reason="Too early")
        assert self.open_work(revision) == []


class TestCopies:
    def test_a_new_revision_says_the_same(self, shop: Shop) -> None:
        first = shop.draft("Cut", "Test")
        services.add_requirement(
            operation=first.operations.get(name="Test"), meaning="verified", witness=True, actor=shop.author
        )
        perform(shop.approve(shop.submit(first)), "make_effective", actor=shop.approver)
        second = services.new_revision(routing=first.routing, summary="", actor=shop.author)
        commit()
        assert difference(first, second).is_empty
        assert sequences(second) == sequences(first)
        assert content_hash(second) != content_hash(first)

    def test_a_replaced_bom_line_is_taken_by_its_component(self, shop: Shop) -> None:
        first = shop.effective("Cut")
        old = shop.product.lines[0]
        today = dt.date.today()  # noqa: DTZ011
        with transaction.atomic(), acting(system_user("test")):
            old.valid_to = today - dt.timedelta(days=2)
            old.save()
        new = add_line(shop.product, 3, component=old.component, valid_from=today - dt.timedelta(days=1))
        second = services.new_revision(routing=first.routing, summary="", actor=shop.author)
        state = next(state for state in bom_state(second).lines if state.line == new)
        assert (state.assigned, state.missing) == (Decimal(1), Decimal(2))
        assert bom_state(second).stale == ()
        assert [place.bom_line for place in bom_state(first).stale] == [old]

    def test_another_sites_routing_is_copied_as_far_as_it_fits(self, shop: Shop) -> None:
        """Work centers are found by code, instructions stay where they are valid, BOM lines follow the component."""
        with transaction.atomic(), acting(system_user("test")):
            lab = WorkCenter(area=Area.objects.get(site=shop.site), code="LAB", name="Lab")
            lab.save()
        local, everywhere = (
            create_document(kind="work_instruction", title=title, site=site, actor=system_user("test"))
            for title, site in (("Here", shop.site), ("Everywhere", None))
        )
        source = shop.draft("Cut")
        for name, center, document in (("Measure", lab, local), ("Test", None, everywhere)):
            services.add_operation(revision=source, name=name, work_center=center, document=document, actor=shop.author)
        there = make_shop(make_site())
        there.product = shop.product
        grant(there.author, shop.site, "mes_routing.view_routing")
        target = unfinished_revision(there.routing())
        assert target is not None
        services.copy_operations(source=source, revision=target, actor=there.author)
        commit()
        copied = operations_of(target)
        assert [(o.name, o.work_center, o.document) for o in copied] == [
            ("Cut", work_center_of(there.site), None),
            ("Measure", None, None),
            ("Test", None, everywhere),
        ]
        assert bom_state(target).open_lines == []
        assert [o.yields_unit for o in copied] == [False, False, True]

    def test_what_one_may_not_see_is_not_copied(self, shop: Shop) -> None:
        source = shop.draft("Cut")
        there = make_shop(make_site())
        target = unfinished_revision(there.routing())
        assert target is not None
        with pytest.raises(Blocked) as refused:
            services.copy_operations(source=source, revision=target, actor=there.author)
        assert refused.value.codes == ("permission",)
        assert sequences(target) == []
