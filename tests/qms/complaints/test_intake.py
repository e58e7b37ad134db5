"""The intake: what is written down, what the label names, what is similar, and what is refused."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest

from core.kernel.errors import Blocked
from core.signing.queries import is_intact, signatures_of
from qms.complaints import services
from qms.complaints.models import Complaint
from qms.complaints.queries import identify, similar_to
from tests.qms.complaints.conftest import Desk


@pytest.mark.requirement("CMP-01")
def test_everything_that_was_told_is_kept(desk: Desk) -> None:
    told = {
        "event_on": desk.today,
        "complainant_name": "Ada",
        "complainant_address": "Road 1",
        "complainant_phone": "+43 1",
        "complainant_email": "a@b.example",
        "claimed_product": "Pump",
        "claimed_udi": "no GS1 at all",
        "claimed_lot": "X-1",
        "claimed_serial": "S-1",
        "harm": "minor",
        "harm_note": "A bruise.",
    }
    found = desk.received(told=told, files=[io.BytesIO(b"a letter")])
    found.refresh_from_db()
    assert {name: getattr(found, name) for name in told} == told
    assert (found.recorded_by, found.received_on, found.aware_on) == (desk.clerk, desk.today, desk.today)
    assert (found.material, found.lot, found.unit) == (None, None, None)


@pytest.mark.requirement("CMP-03")
def test_a_udi_a_lot_or_a_serial_names_what_was_made_here(desk: Desk) -> None:
    site = desk.world.site
    material = desk.world.material(gtin="09506000134352")
    lot = desk.world.lot(5, material, number="B7")
    unit = desk.world.unit(lot)
    udi = f"(01)09506000134352(10)B7(21){unit.serial}"
    assert identify(site=site, udi=udi).unit == unit
    assert identify(site=site, udi="(01)09506000134352").material == material
    assert identify(site=site, lot="B7").lot == lot
    assert identify(site=site, serial=unit.serial).lot == lot
    assert identify(site=site, product=material.number, lot="B7").lot == lot
    desk.world.lot(5, number="B7")
    assert identify(site=site, lot="B7").lot is None  # two materials have this number
    assert not identify(site=site, udi="(01)00000000000000", lot="nothing")


@pytest.mark.requirement("CMP-04")
def test_similar_complaints_are_found_by_lot_and_by_words(desk: Desk) -> None:
    lot = desk.world.lot(5)
    first = desk.received(lot)
    other = desk.received(title="Label torn", nature="The label of the carton is torn.")
    values: dict[str, Any] = {"site": desk.world.site, "today": desk.today}
    assert similar_to(**values, words="", lot=lot) == [first]
    assert similar_to(**values, words="Valve stayed open after infusion") == [first]
    assert similar_to(**values, words="carton label") == [other]
    assert similar_to(**values, words="carton") == [other]
    assert similar_to(**values, words="Nothing of this kind") == []
    assert similar_to(**values, words="carton label", without=other) == []
    assert similar_to(site=desk.world.site, today=desk.today + dt.timedelta(days=800), words="carton label") == []


@pytest.mark.requirement("CMP-04")
def test_a_similar_one_is_named_with_what_both_have_in_common(desk: Desk) -> None:
    first = desk.received()
    count = Complaint.objects.count()
    with pytest.raises(Blocked) as refused:
        desk.received(similar_to=first)
    assert refused.value.codes == ("similar_reason",)
    assert Complaint.objects.count() == count
    second = desk.received(similar_to=first, similar_reason="The same valve.")
    assert (second.similar_to, second.similar_reason) == (first, "The same valve.")
    third = desk.received()
    services.link_similar(complaint=third, similar_to=first, reason="The same ward.", actor=desk.engineer)
    with pytest.raises(Blocked) as refused:
        services.link_similar(complaint=third, similar_to=third, reason="Me", actor=desk.engineer)
    assert refused.value.codes == ("similar",)


@pytest.mark.requirement("CMP-01")
def test_what_cannot_be_is_refused_and_nothing_is_recorded(desk: Desk) -> None:
    tomorrow = desk.today + dt.timedelta(days=1)
    yesterday = desk.today - dt.timedelta(days=1)
    for values, code in (
        ({"received_on": tomorrow}, "future"),
        ({"told": {"event_on": tomorrow}}, "future"),
        ({"received_on": yesterday, "aware_on": desk.today}, "aware_on"),
        ({"title": " "}, "title"),
        ({"nature": " "}, "nature"),
    ):
        with pytest.raises(Blocked) as refused:
            desk.received(**values)
        assert refused.value.codes == (code,)
    with pytest.raises(Blocked) as refused:
        desk.received(actor=desk.world.operator)
    assert refused.value.codes == ("permission",)
    assert Complaint.objects.count() == 0


@pytest.mark.requirement("CMP-01")
def test_a_correction_needs_its_reason_and_finds_the_lot(desk: Desk) -> None:
    lot = desk.world.lot(5, number="L-77")
    found = desk.received()
    with pytest.raises(Blocked) as refused:
        services.change_intake(complaint=found, told={"claimed_lot": "L-77"}, reason=" ", actor=desk.clerk)
    assert refused.value.codes == ("reason_missing",)
    services.change_intake(complaint=found, told={"claimed_lot": "L-77"}, reason="Read again.", actor=desk.clerk)
    found.refresh_from_db()
    assert found.lot == lot


@pytest.mark.requirement("CMP-10")
def test_evidence_is_covered_by_the_closing_signature(desk: Desk) -> None:
    found = desk.resolved()
    services.add_file(complaint=found, file=io.BytesIO(b"spring.png"), caption="Spring", actor=desk.engineer)
    desk.reply(found)
    desk.close(found)
    assert is_intact(signatures_of(found)[0])
    with pytest.raises(Blocked) as refused:
        services.add_file(complaint=found, file=io.BytesIO(b"more"), actor=desk.engineer)
    assert refused.value.codes == ("not_editable",)
