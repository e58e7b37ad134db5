"""Each guard of a routing refuses at the engine, says why with a remedy, and leaves everything as it was."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction

from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.lifecycle.models import GateDecision, Transition
from core.lifecycle.services import perform
from core.organization.models import Equipment, EquipmentClass, WorkCenter
from core.organization.services import system_user
from core.signing.models import Signature
from core.signing.queries import is_intact
from mes.routing import services
from mes.routing.models import OperationMaterial, RoutingRevision
from mes.routing.queries import latest_signature, unfinished_revision
from qms.documents.models import Document, DocumentRevision
from qms.documents.services import create_document
from tests.support.people import grant, make_site, make_user, proof, work_center_of
from tests.support.routings import Shop, add_line
from tests.support.samples import saved
from tests.support.training import decide_training

pytestmark = pytest.mark.requirement("ORD-02")
DOCUMENTS = tuple(
    f"qms_documents.{right}"
    for right in (
        "view_document",
        "add_document",
        "change_documentrevision",
        "submit_documentrevision",
        "approve_documentrevision",
        "make_effective_documentrevision",
        "make_obsolete_documentrevision",
    )
)


def refused(revision: Any, move: str, shop: Shop, **more: Any) -> Blocked:
    """Try a move with the right signature, prove that nothing changed, and return the refusal."""
    meanings = {"submit": (shop.author, "authored"), "approve": (shop.approver, "approved")}
    actor, meaning = meanings.get(move, (shop.approver, ""))
    before = (revision.status, revision.row_version, Transition.objects.count(), Signature.objects.count())
    denials = GateDecision.objects.filter(action=move, allowed=False).count()
    with pytest.raises(Blocked) as caught:
        perform(revision, move, actor=actor, signature=proof(actor, meaning) if meaning else None, **more)
    revision.refresh_from_db()
    assert before == (revision.status, revision.row_version, Transition.objects.count(), Signature.objects.count())
    assert GateDecision.objects.filter(action=move, allowed=False).count() == denials + 1
    for blocker in caught.value.blockers:
        assert blocker.message
        assert blocker.remedy
    return caught.value


def behind_the_services(record: Any, **values: Any) -> None:
    """Change a row as somebody with the app's password could: trailed, but past every guard."""
    with transaction.atomic(), acting(system_user("intruder")):
        for name, value in values.items():
            setattr(record, name, value)
        record.save()


def test_a_routing_has_operations(shop: Shop) -> None:
    revision = unfinished_revision(shop.routing())
    codes = refused(revision, "submit", shop).codes
    assert codes == ("no_operations", "bom_open", "bom_open")


class TestWorkCenters:
    def test_every_operation_has_one(self, shop: Shop) -> None:
        revision = shop.draft("Cut")
        services.add_operation(revision=revision, name="Weld", actor=shop.author)
        assert refused(revision, "submit", shop).codes == ("work_center",)

    def test_it_is_active(self, shop: Shop) -> None:
        revision = shop.submitted("Cut")
        behind_the_services(work_center_of(shop.site), is_active=False)
        assert refused(revision, "approve", shop).codes == ("work_center",)

    def test_it_belongs_to_the_site(self, shop: Shop) -> None:
        revision = shop.draft("Cut")
        services.add_operation(
            revision=revision, name="Weld", work_center=work_center_of(make_site()), actor=shop.author
        )
        refusal = refused(revision, "submit", shop)
        assert refusal.codes == ("work_center",)
        assert "another site" in refusal.blockers[0].message


class TestBillOfMaterial:
    def test_every_line_has_its_place(self, shop: Shop) -> None:
        revision = shop.draft("Cut")
        row = OperationMaterial.objects.get(bom_line=shop.product.lines[1])
        services.change_quantity(row=row, quantity=Decimal(3), actor=shop.author)
        refusal = refused(revision, "submit", shop)
        assert refusal.codes == ("bom_open",)
        assert refusal.blockers[0].message.startswith("1 pc of")

    def test_a_line_that_is_left_out_with_a_reason_is_no_gap(self, shop: Shop) -> None:
        revision = shop.draft("Cut")
        line = shop.product.lines[1]
        services.remove_material(row=OperationMaterial.objects.get(bom_line=line), actor=shop.author)
        services.omit_line(revision=revision, bom_line=line, why="added at installation", actor=shop.author)
        assert shop.submit(revision).status == "in_review"

    def test_operations_take_no_more_than_it_says(self, shop: Shop) -> None:
        revision = shop.draft("Cut")
        row = OperationMaterial.objects.get(bom_line=shop.product.lines[1])
        services.change_quantity(row=row, quantity=Decimal(5), actor=shop.author)
        assert refused(revision, "submit", shop).codes == ("bom_excess",)

    def test_a_bom_that_changed_after_approval_stops_it(self, shop: Shop) -> None:
        revision = shop.approve(shop.submitted("Cut"))
        add_line(shop.product, 2, valid_from=shop.product.lines[0].valid_from)
        assert refused(revision, "make_effective", shop).codes == ("bom_open",)

    def test_a_line_that_expired_is_stale(self, shop: Shop) -> None:
        revision = shop.submitted("Cut")
        line = shop.product.lines[0]
        behind_the_services(line, valid_to=line.valid_from)
        assert refused(revision, "approve", shop).codes == ("bom_stale",)


class TestInstructions:
    @pytest.fixture
    def document(self, shop: Shop) -> Document:
        """A document in draft that both engineers may move."""
        for person in (shop.author, shop.approver):
            grant(person, shop.site, *DOCUMENTS)
        return create_document(
            kind="work_instruction", title="Cutting", site=shop.site, body="Cut it.", actor=shop.author
        )

    def with_document(self, shop: Shop, document: Document) -> RoutingRevision:
        revision = shop.draft("Cut")
        services.add_operation(
            revision=revision,
            name="Test",
            work_center=work_center_of(shop.site),
            document=document,
            actor=shop.author,
        )
        return revision

    def approve(self, shop: Shop, document: Document) -> DocumentRevision:
        written = document.revisions.get()
        perform(decide_training(written), "submit", actor=shop.author, signature=proof(shop.author, "authored"))
        return perform(written, "approve", actor=shop.approver, signature=proof(shop.approver, "approved"))

    def test_they_are_approved_before_the_routing_is(self, shop: Shop, document: Document) -> None:
        revision = self.with_document(shop, document)
        assert refused(revision, "submit", shop).codes == ("instruction_not_approved",)
        self.approve(shop, document)
        assert shop.submit(revision).status == "in_review"

    def test_they_are_effective_before_the_routing_is(self, shop: Shop, document: Document) -> None:
        revision = self.with_document(shop, document)
        written = self.approve(shop, document)
        shop.approve(shop.submit(revision))
        assert refused(revision, "make_effective", shop).codes == ("instruction_not_effective",)
        perform(written, "make_effective", actor=shop.approver)
        assert perform(revision, "make_effective", actor=shop.approver).status == "effective"

    def test_one_in_use_does_not_become_obsolete(self, shop: Shop, document: Document) -> None:
        """The answer to documents' question who uses them is what stands against it."""
        revision = self.with_document(shop, document)
        written = self.approve(shop, document)
        perform(written, "make_effective", actor=shop.approver)
        perform(shop.approve(shop.submit(revision)), "make_effective", actor=shop.approver)
        obsolete: dict[str, Any] = {"actor": shop.approver, "reason": "No longer needed"}
        with pytest.raises(Blocked) as caught:
            perform(written, "make_obsolete", signature=proof(shop.approver, "approved"), **obsolete)
        assert caught.value.codes == ("in_use",)
        assert str(revision) in caught.value.blockers[0].message
        written.refresh_from_db()
        assert written.status == "effective"
        perform(revision, "make_obsolete", signature=proof(shop.approver, "approved"), **obsolete)
        perform(written, "make_obsolete", signature=proof(shop.approver, "approved"), **obsolete)
        assert written.status == "obsolete"


class TestSecondPerson:
    def test_whoever_wrote_in_the_draft_does_not_approve(self, shop: Shop) -> None:
        """Somebody else submitted it, so the lifecycle's own rule does not see the writer."""
        revision = shop.draft("Cut")
        services.add_requirement(operation=revision.operations.get(), meaning="performed", actor=shop.approver)
        shop.submit(revision)
        assert refused(revision, "approve", shop).codes == ("second_person",)

    def test_whoever_removed_something_wrote_too(self, shop: Shop) -> None:
        revision = shop.draft("Cut", "Test")
        services.remove_operation(operation=revision.operations.get(name="Test"), actor=shop.approver)
        shop.submit(revision)
        assert refused(revision, "approve", shop).codes == ("second_person",)

    def test_sending_back_is_no_writing(self, shop: Shop) -> None:
        revision = shop.submitted("Cut")
        perform(revision, "reject", actor=shop.approver, reason="Please look again")
        assert shop.approve(shop.submit(revision)).status == "approved"


class TestContent:
    def test_what_is_approved_is_what_the_author_signed(self, shop: Shop) -> None:
        revision = shop.submitted("Cut")
        behind_the_services(revision.operations.get(), name="Saw")
        assert refused(revision, "approve", shop).codes == ("author_signature",)

    def test_what_becomes_effective_is_what_was_approved(self, shop: Shop) -> None:
        revision = shop.approve(shop.submitted("Cut"))
        behind_the_services(OperationMaterial.objects.all()[0].operation, run_minutes=Decimal(9))
        assert refused(revision, "make_effective", shop).codes == ("content_changed",)

    def test_every_covered_part_breaks_the_signature(self, shop: Shop) -> None:
        revision = shop.draft("Cut")
        operation = revision.operations.get()
        line = shop.product.lines[0]
        services.remove_material(row=OperationMaterial.objects.get(bom_line=line), actor=shop.author)
        services.omit_line(revision=revision, bom_line=line, why="packed elsewhere", actor=shop.author)
        services.add_requirement(operation=operation, meaning="performed", actor=shop.author)
        shop.approve(shop.submit(revision))
        signature = latest_signature(revision, "approved")
        assert signature is not None
        assert signature.digest == revision.content_hash
        for row, change in (
            (operation, {"name": "Saw"}),
            (operation.materials.get(), {"quantity": Decimal(1)}),
            (operation.requirements.get(), {"witness": True}),
            (revision.omitted_materials.get(), {"reason": "other"}),
        ):
            with transaction.atomic():
                assert is_intact(signature)
                behind_the_services(row, **change)
                assert not is_intact(signature), row
                transaction.set_rollback(True)


def test_the_next_revision_says_what_changed(shop: Shop) -> None:
    routing = shop.effective("Cut").routing
    second = services.new_revision(routing=routing, summary="", actor=shop.author)
    assert refused(second, "submit", shop).codes == ("change_summary",)
    services.change_summary(revision=second, summary="Nothing but the date", actor=shop.author)
    assert shop.submit(second).status == "in_review"


def test_a_material_that_is_switched_off_is_not_made(shop: Shop) -> None:
    revision = shop.draft("Cut")
    behind_the_services(shop.product.material, is_active=False)
    assert refused(revision, "submit", shop).codes == ("material_inactive",)


def test_required_equipment_stands_at_the_work_center(shop: Shop) -> None:
    with transaction.atomic(), acting(system_user("test")):
        kind = saved(EquipmentClass)
        elsewhere = WorkCenter(area=work_center_of(shop.site).area, code="WC2", name="Elsewhere")
        elsewhere.save()
        Equipment(work_center=elsewhere, equipment_class=kind, code="SCALE-1", name="Scale").save()
    revision = shop.draft("Cut")
    services.add_requirement(operation=revision.operations.get(), equipment_class=kind, actor=shop.author)
    shop.approve(shop.submit(revision))
    assert refused(revision, "make_effective", shop).codes == ("equipment_missing",)
    with transaction.atomic(), acting(system_user("test")):
        Equipment(work_center=work_center_of(shop.site), equipment_class=kind, code="SCALE-2", name="Scale").save()
    assert perform(revision, "make_effective", actor=shop.approver).status == "effective"


def test_postgresql_keeps_one_effective_revision(shop: Shop) -> None:
    """Guarantee 5, tried past the engine's effect."""
    first = shop.effective("Cut")
    second = services.new_revision(routing=first.routing, summary="Next", actor=shop.author)
    shop.approve(shop.submit(second))
    with pytest.raises(Exception, match="uq_routingrevision_effective"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS uq_routingrevision_effective IMMEDIATE")
        behind_the_services(second, status="effective")
    assert first.routing.revisions.filter(status="effective").get() == first


def test_nobody_without_the_right_moves_it(shop: Shop) -> None:
    revision = shop.draft("Cut")
    reader = make_user(site=shop.site, permissions=("mes_routing.view_routing",))
    with pytest.raises(Blocked) as caught:
        perform(revision, "submit", actor=reader, signature=proof(reader, "authored"))
    assert caught.value.codes == ("permission",)
    assert RoutingRevision.objects.get(pk=revision.pk).status == "draft"
