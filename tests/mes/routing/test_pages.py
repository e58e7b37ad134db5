"""The pages of routings: what they show, what the builder does in place, and who may."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.kernel.errors import Blocked
from core.kernel.wiring import ask
from core.web.questions import FindRecords
from mes.routing import services
from mes.routing.models import Operation, OperationMaterial, Routing, RoutingRevision, ScrapReason
from mes.routing.queries import bom_state, operations_of, unfinished_revision
from tests.support.people import make_site, make_user, work_center_of
from tests.support.routings import ENGINEER, Shop, make_shop
from tests.support.visits import seen, visit_as

HTMX = {"HX-Request": "true"}


def at(name: str, *args: Any) -> str:
    return reverse(f"mes_routing:{name}", args=args)


@pytest.fixture
def draft(shop: Shop) -> RoutingRevision:
    revision = unfinished_revision(shop.routing())
    assert revision is not None
    return revision


def hidden(page: str, name: str, draft: RoutingRevision, record: Any) -> dict[str, str]:
    """What the button of this deed sends besides its press, as the builder shows it."""
    form = page.partition(f'action="{at(name, draft.pk, record.pk)}"')[2].partition("</form>")[0]
    return dict(re.findall(r'<input type="hidden" name="(version|position|order|parts)" value="([^"]*)"', form))


class TestBuilder:
    def test_the_whole_page_and_the_fragment(self, client: Client, draft: RoutingRevision, shop: Shop) -> None:
        shop.operation(draft, "Cut")
        page = client.get(at("routingrevision_build", draft.pk))
        assert page.status_code == 200
        assert b"<html" in page.content
        fragment = client.get(at("routingrevision_build", draft.pk), headers=HTMX)
        assert fragment.content.lstrip().startswith(b'<div id="builder"')
        assert shop.product.lines[0].component.number.encode() in fragment.content

    def test_an_operation_is_added_and_the_cursor_stays_for_the_next(
        self, client: Client, draft: RoutingRevision, shop: Shop
    ) -> None:
        values = {"name": "Cut", "work_center": work_center_of(shop.site).pk}
        answer = client.post(at("routingrevision_add", draft.pk), values, headers=HTMX)
        assert answer.status_code == 200
        assert b'id="new-name" data-focus' in answer.content or b"data-focus" in answer.content
        operation = draft.operations.get()
        assert (operation.name, operation.work_center, operation.sequence) == ("Cut", work_center_of(shop.site), 10)

    def test_without_scripts_the_same_form_leads_back_to_the_page(self, client: Client, draft: RoutingRevision) -> None:
        answer = client.post(at("routingrevision_add", draft.pk), {"name": "Cut"})
        assert answer.status_code == 302
        assert answer["Location"] == at("routingrevision_build", draft.pk)

    def test_a_wrong_entry_is_shown_again_at_its_field(self, client: Client, draft: RoutingRevision) -> None:
        answer = client.post(at("routingrevision_add", draft.pk), {"name": "", "document": "NOPE-1"}, headers=HTMX)
        assert answer.status_code == 422
        assert b"There is nothing with the number NOPE-1 here." in answer.content
        assert b'value="NOPE-1"' in answer.content
        assert draft.operations.count() == 0

    def test_work_centers_of_other_sites_are_not_offered(self, client: Client, draft: RoutingRevision) -> None:
        foreign = work_center_of(make_site())
        answer = client.post(
            at("routingrevision_add", draft.pk), {"name": "Cut", "work_center": foreign.pk}, headers=HTMX
        )
        assert answer.status_code == 422
        assert draft.operations.count() == 0

    def test_an_operation_is_edited_in_place(self, client: Client, draft: RoutingRevision, shop: Shop) -> None:
        operation = shop.operation(draft, "Cut")
        form = client.get(at("routingrevision_build", draft.pk) + f"?edit={operation.pk}", headers=HTMX)
        assert f'id="operation-{operation.pk}-name"'.encode() in form.content
        values = {"sequence": 15, "name": "Saw", "work_center": "", "setup_minutes": "2,5", "run_minutes": ""}
        values["version"] = operation.row_version
        answer = client.post(at("operation_change", draft.pk, operation.pk), values, headers=HTMX)
        assert answer.status_code == 200
        operation.refresh_from_db()
        assert (operation.sequence, operation.name, operation.setup_minutes) == (15, "Saw", Decimal("2.5"))
        assert operation.run_minutes == 0

    def test_a_taken_number_is_said_at_the_form(self, client: Client, draft: RoutingRevision, shop: Shop) -> None:
        shop.operation(draft, "Cut")
        weld = shop.operation(draft, "Weld")
        entered = {"sequence": 10, "name": "Weld", "version": weld.row_version}
        answer = client.post(at("operation_change", draft.pk, weld.pk), entered, headers=HTMX)
        assert answer.status_code == 422
        assert b"rb-edit" in answer.content
        weld.refresh_from_db()
        assert weld.sequence == 20

    def test_operations_are_reordered_and_removed(self, client: Client, draft: RoutingRevision, shop: Shop) -> None:
        shop.operation(draft, "Cut")
        weld = shop.operation(draft, "Weld")
        page = client.get(at("routingrevision_build", draft.pk)).content.decode()
        client.post(at("operation_move", draft.pk, weld.pk), hidden(page, "operation_move", draft, weld), headers=HTMX)
        assert [o.name for o in operations_of(draft)] == ["Weld", "Cut"]
        page = client.get(at("routingrevision_build", draft.pk)).content.decode()
        sent = hidden(page, "operation_remove", draft, weld)
        client.post(at("operation_remove", draft.pk, weld.pk), sent, headers=HTMX)
        assert [o.name for o in operations_of(draft)] == ["Cut"]

    @pytest.mark.parametrize("values", [{}, {"position": ""}, {"position": "first"}, {"position": "-1"}])
    def test_a_move_without_a_place_is_refused_in_words(
        self, client: Client, draft: RoutingRevision, shop: Shop, values: dict[str, str]
    ) -> None:
        cut, mill = shop.operation(draft, "Cut"), shop.operation(draft, "Mill")
        values = {**values, "version": str(mill.row_version)}
        for headers in ({}, HTMX):
            answer = client.post(at("operation_move", draft.pk, mill.pk), values, headers=headers)
            assert answer.status_code == 422
            assert "at which place" in answer.content.decode()
        assert [operation.pk for operation in operations_of(draft)] == [cut.pk, mill.pk]

    def test_bom_lines_find_their_place(self, client: Client, draft: RoutingRevision, shop: Shop) -> None:
        operation = shop.operation(draft, "Cut")
        first, second = shop.product.lines
        answer = client.post(
            at("line_assign", draft.pk, second.pk), {"operation": operation.pk, "quantity": "1"}, headers=HTMX
        )
        assert b"0 of 2 lines have their place" in answer.content
        answer = client.post(at("line_omit", draft.pk, first.pk), {"why": "added by the customer"}, headers=HTMX)
        assert b"added by the customer" in answer.content
        answer = client.post(at("operation_assign", draft.pk, operation.pk), headers=HTMX)
        assert b"2 of 2 lines have their place" in answer.content
        row = OperationMaterial.objects.get(bom_line=second)
        assert row.quantity == 4
        entered = {"quantity": "5", "version": row.row_version}
        client.post(at("material_quantity", draft.pk, row.pk), entered, headers=HTMX)
        assert [state.line for state in bom_state(draft).excess_lines] == [second]
        row.refresh_from_db()
        client.post(at("material_remove", draft.pk, row.pk), {"version": row.row_version}, headers=HTMX)
        omission = draft.omitted_materials.get()
        client.post(at("omission_remove", draft.pk, omission.pk), {"version": omission.row_version}, headers=HTMX)
        assert len(bom_state(draft).open_lines) == 2

    def test_requirements_are_chosen_from_one_list(self, client: Client, draft: RoutingRevision, shop: Shop) -> None:
        operation = shop.operation(draft, "Cut")
        answer = client.post(
            at("operation_require", draft.pk, operation.pk), {"wanted": "witness:verified"}, headers=HTMX
        )
        assert b"Signature: Verified (by a second person)" in answer.content
        requirement = operation.requirements.get()
        seen_as = {"version": requirement.row_version}
        client.post(at("requirement_remove", draft.pk, requirement.pk), seen_as, headers=HTMX)
        assert operation.requirements.count() == 0

    def test_a_refusal_is_shown_in_the_notices_and_changes_nothing(self, client: Client, shop: Shop) -> None:
        revision = shop.submitted("Cut")
        answer = client.post(at("routingrevision_add", revision.pk), {"name": "Weld"}, headers=HTMX)
        assert answer.status_code == 409
        assert answer["HX-Retarget"] == "#tl-notices"
        assert b"only a draft can be edited" in answer.content
        assert revision.operations.count() == 1

    @pytest.mark.requirement("REC-17")
    @pytest.mark.parametrize("headers", [HTMX, {}])
    def test_a_stale_form_in_place_is_refused_in_words(
        self, client: Client, draft: RoutingRevision, shop: Shop, headers: dict[str, str]
    ) -> None:
        """Each form that overwrites what it shows carries its version; a colleague's change is not lost unseen."""
        operation = shop.operation(draft, "Cut")
        row = services.assign_line(
            bom_line=shop.product.lines[0], operation=operation, quantity=None, actor=shop.author
        )
        operation.refresh_from_db()
        draft.refresh_from_db()
        page = client.get(at("routingrevision_build", draft.pk) + f"?edit={operation.pk}").content.decode()
        seen = {"operation": operation.row_version, "row": row.row_version, "summary": draft.row_version}
        for part, version in seen.items():
            key = "summary" if part == "summary" else f"{part}-{(operation if part == 'operation' else row).pk}"
            assert re.search(rf'name="version" value="{version}" id="{key}-version"', page), part
        services.change_operation(
            operation=operation, name="Saw", work_center=None, document=None, sequence=10, actor=shop.author
        )
        services.change_quantity(row=row, quantity=Decimal(9), actor=shop.author)
        services.change_summary(revision=draft, summary="Theirs", actor=shop.author)
        forms: list[tuple[str, dict[str, Any]]] = [
            (at("operation_change", draft.pk, operation.pk), {"sequence": 10, "name": "Mine"}),
            (at("material_quantity", draft.pk, row.pk), {"quantity": "3"}),
            (at("routingrevision_summary", draft.pk), {"summary": "Mine"}),
        ]
        for (address, values), version in zip(forms, seen.values(), strict=True):
            for named, said in (({"version": version}, f"changed by {shop.author}"), ({}, "which version")):
                answer = client.post(address, {**values, **named}, headers=headers)
                assert answer.status_code == 409, address
                assert (
                    said in answer.content.decode() and at("routingrevision_build", draft.pk) in answer.content.decode()
                )
        for record in (operation, row, draft):
            record.refresh_from_db()
        assert (operation.name, row.quantity, draft.change_summary) == ("Saw", 9, "Theirs")
        assert client.post(forms[0][0], {"name": "", "version": seen["operation"]}, headers=HTMX).status_code == 422

    @pytest.mark.requirement("REC-17")
    def test_a_button_pressed_on_an_old_view_is_refused_in_words(
        self, client: Client, draft: RoutingRevision, shop: Shop
    ) -> None:
        """Moving and removing carry what was seen too: nobody acts upon what a colleague has changed meanwhile."""
        cut, weld = shop.operation(draft, "Cut"), shop.operation(draft, "Weld")
        first, second = shop.product.lines
        row = services.assign_line(bom_line=first, operation=cut, quantity=None, actor=shop.author)
        wanted = services.add_requirement(operation=cut, meaning="performed", actor=shop.author)
        omission = services.omit_line(revision=draft, bom_line=second, why="Customer adds it", actor=shop.author)
        page = client.get(at("routingrevision_build", draft.pk)).content.decode()
        buttons = {
            name: (at(name, draft.pk, record.pk), hidden(page, name, draft, record))
            for name, record in (
                ("operation_move", weld),
                ("operation_remove", cut),
                ("material_remove", row),
                ("requirement_remove", wanted),
                ("omission_remove", omission),
            )
        }
        assert all(values["version"] for _, values in buttons.values())
        services.change_quantity(row=row, quantity=Decimal(9), actor=shop.author)

        def refused(name: str, said: str, **changed: str) -> None:
            address, values = buttons[name]
            for headers in (HTMX, {}):
                answer = client.post(address, {**values, **changed}, headers=headers)
                assert answer.status_code == 409, name
                assert said in answer.content.decode(), name

        refused("operation_remove", "What belongs to")  # with a material that is another one by now
        refused("material_remove", f"changed by {shop.author}")
        for name in ("requirement_remove", "omission_remove", "operation_move", "operation_remove"):
            refused(name, "which version", version="")
        for name in ("requirement_remove", "omission_remove", "operation_move"):
            refused(name, "changed by", version="0")
        shop.operation(draft, "Paint")
        refused("operation_move", "the present order")
        assert [operation.name for operation in operations_of(draft)] == ["Cut", "Weld", "Paint"]
        row.refresh_from_db()
        assert (row.quantity, draft.omitted_materials.count(), cut.requirements.count()) == (9, 1, 1)

    def test_a_part_of_another_routing_is_not_reached(self, client: Client, draft: RoutingRevision, shop: Shop) -> None:
        other = shop.draft("Cut").operations.get()
        assert client.post(at("operation_remove", draft.pk, other.pk), headers=HTMX).status_code == 404
        assert Operation.objects.filter(pk=other.pk).exists()

    def test_the_checks_say_what_stands_against_submitting(self, client: Client, draft: RoutingRevision) -> None:
        answer = client.get(at("routingrevision_checks", draft.pk), headers=HTMX)
        assert b"The routing has no operation." in answer.content

    def test_operations_are_copied_from_another_routing(
        self, client: Client, draft: RoutingRevision, shop: Shop
    ) -> None:
        source = shop.draft("Saw", "Weld").routing
        answer = client.post(at("routingrevision_copy", draft.pk), {"source": source.code}, headers=HTMX)
        assert answer.status_code == 200
        assert [o.name for o in operations_of(draft)] == ["Saw", "Weld"]
        assert bom_state(draft).open_lines == []

    def test_building_is_for_those_who_may(self, draft: RoutingRevision, shop: Shop) -> None:
        reader = visit_as(make_user(site=shop.site, permissions=("mes_routing.view_routing",)))
        assert reader.get(at("routingrevision_build", draft.pk)).status_code == 403
        assert reader.post(at("routingrevision_add", draft.pk), {"name": "Cut"}).status_code == 403
        stranger = visit_as(make_user(site=make_site(), permissions=ENGINEER))
        assert stranger.post(at("routingrevision_add", draft.pk), {"name": "Cut"}).status_code == 404
        assert Client().get(at("routingrevision_build", draft.pk)).status_code == 302
        assert draft.operations.count() == 0


class TestReading:
    def test_list_detail_and_revision_in_few_queries(
        self, client: Client, shop: Shop, django_assert_max_num_queries: Any
    ) -> None:
        revision = shop.effective("Cut", "Weld", "Test")
        for _ in range(3):
            shop.draft("Cut")
        with django_assert_max_num_queries(15):
            assert client.get(at("routing_list")).status_code == 200
        with django_assert_max_num_queries(19):
            assert client.get(revision.routing.get_absolute_url()).status_code == 200
        with django_assert_max_num_queries(30):
            page = client.get(revision.get_absolute_url())
        assert page.status_code == 200
        assert revision.content_hash[:8].encode() in page.content

    def test_the_comparison_says_what_is_new(self, client: Client, shop: Shop) -> None:
        first = shop.effective("Cut", "Test")
        second = services.new_revision(routing=first.routing, summary="Weld it", actor=shop.author)
        shop.operation(second, "Weld")
        page = client.get(at("routingrevision_compare", second.pk)).content.decode()
        assert "From revision 1 to revision 2" in page
        assert "OP 30 Weld" in page
        assert "Added" in page

    def test_a_revision_of_another_site_is_not_there(self, shop: Shop) -> None:
        revision = shop.draft("Cut")
        stranger = visit_as(make_shop(make_site()).author)
        for name in ("routingrevision_detail", "routingrevision_compare"):
            assert stranger.get(at(name, revision.pk)).status_code == 404
        assert revision.routing.code.encode() not in stranger.get(at("routing_list")).content

    def test_suggestions_are_scoped(self, client: Client, shop: Shop) -> None:
        code = shop.routing().code
        assert code.encode() in client.get(at("routing_options", "routings") + f"?source={code}").content
        stranger = visit_as(make_shop(make_site()).author)
        assert code.encode() not in stranger.get(at("routing_options", "routings") + f"?source={code}").content
        assert client.get(at("routing_options", "people")).status_code == 404


class TestForms:
    def test_a_routing_is_created_and_opens_in_the_builder(self, client: Client, shop: Shop) -> None:
        material = shop.product.material
        answer = client.post(at("routing_create"), {"site": shop.site.pk, "material": material.number})
        routing = Routing.objects.get(material=material)
        assert (routing.code, routing.name) == (f"R-{material.number}", material.name)
        revision = unfinished_revision(routing)
        assert revision is not None
        assert answer["Location"] == at("routingrevision_build", revision.pk)

    def test_a_taken_code_is_refused(self, client: Client, shop: Shop) -> None:
        code = shop.routing().code
        values = {"site": shop.site.pk, "material": shop.product.material.number, "code": code}
        assert client.post(at("routing_create"), values).status_code == 422
        assert Routing.objects.filter(code=code).count() == 1

    def test_a_revision_is_begun(self, client: Client, shop: Shop) -> None:
        routing = shop.effective("Cut").routing
        assert client.get(at("routing_revise", routing.pk)).status_code == 200
        answer = client.post(at("routing_revise", routing.pk), {"summary": "Weld it"})
        revision = unfinished_revision(routing)
        assert revision is not None
        assert revision.change_summary == "Weld it"
        assert answer["Location"] == at("routingrevision_build", revision.pk)

    def test_a_routing_is_renamed_with_a_reason(self, client: Client, shop: Shop) -> None:
        routing = shop.routing()
        url = at("routing_change", routing.pk)
        assert client.post(url, {"code": "R-NEW", "name": "New"}).status_code == 422
        changed = {"code": "R-NEW", "name": "New", "reason": "Clearer name", **seen(routing)}
        assert client.post(url, changed).status_code == 302
        routing.refresh_from_db()
        assert routing.code == "R-NEW"
        assert routing.history.order_by("-history_id")[0].history_change_reason == "Clearer name"

    def test_a_move_page_shows_what_is_signed(self, client: Client, shop: Shop) -> None:
        revision = shop.draft("Cut")
        page = client.get(at("routingrevision_move", revision.pk, "submit"))
        assert page.status_code == 200
        assert b"10 Cut" in page.content

    def test_scrap_reasons(self, client: Client, shop: Shop) -> None:
        client.post(at("scrapreason_create"), {"code": "DENT", "name": "Dented", "is_active": "on"})
        reason = ScrapReason.objects.get(code="DENT")
        assert b"Dented" in client.get(at("scrapreason_list")).content
        values = {"code": "DENT", "name": "Dented in transport", "reason": "More exact"}
        assert client.post(at("scrapreason_edit", reason.pk), {**values, **seen(reason)}).status_code == 302
        reason.refresh_from_db()
        assert (reason.name, reason.is_active) == ("Dented in transport", False)
        viewer = visit_as(make_user(site=shop.site, permissions=("mes_routing.view_scrapreason",)))
        assert viewer.get(at("scrapreason_list")).status_code == 200
        assert viewer.post(at("scrapreason_create"), {"code": "X", "name": "X"}).status_code == 403
        with pytest.raises(Blocked):
            services.create_scrap_reason(code="X", name="X", actor=make_user(site=shop.site))
        assert ScrapReason.objects.count() == 1


def test_search_finds_a_routing_by_code_name_and_what_it_makes(shop: Shop) -> None:
    routing = shop.routing()
    see = ("mes_routing.view_routing",)
    for words in (routing.code, routing.name[:-1], routing.material.number):
        user = make_user(site=shop.site, permissions=see)
        assert routing.get_absolute_url() in [one.url for one in ask(FindRecords(words, user))], words
        stranger = make_user(site=shop.site)
        assert routing.get_absolute_url() not in [one.url for one in ask(FindRecords(words, stranger))], words
