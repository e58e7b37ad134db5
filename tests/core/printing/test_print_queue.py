"""Printers and their queue: sent once, tried again only where nothing was printed, in words whatever happens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.jobs.models import BackgroundJob
from core.jobs.services import run_job
from core.kernel.clock import now
from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.lifecycle.models import Transition
from core.lifecycle.services import perform
from core.organization.models import Site, Terminal, User, WorkCenter
from core.organization.services import places, system_user
from core.printing.models import Printer, PrinterDefault, PrintJob
from core.printing.queries import default_printer
from core.printing.services import printers as services
from core.printing.services.queue import hand_out, queue_print, send_print_job
from core.trail.models import TrailEvent
from tests.api.conftest import MAKE, program_of
from tests.support import zpl
from tests.support.kept import made_once
from tests.support.people import grant, make_site, make_user
from tests.support.printer import FakePrinter, fake_printer, free_port
from tests.support.visits import visit_as

PRIVATE = [ip_network("10.0.0.0/8"), ip_network("192.168.0.0/16"), ip_network("fc00::/7")]
SEE = ("core_printing.view_printer", "core_printing.view_printjob")
HANDLE, SET_UP = "core_printing.handle_printjob", "core_printing.change_printer"


@dataclass
class Plant:
    """A site with somebody who sets printers up and somebody who prints."""

    site: Site
    admin: User
    operator: User
    system: User
    center: WorkCenter
    terminal: Terminal


def make_plant() -> Plant:
    site, system = make_site(), system_user("test")
    area = places.create_area(site=site, code="A", name="Area", actor=system)
    center = places.create_work_center(area=area, code="WC1", name="Cell", actor=system)
    terminal, _token = _terminal(center, system)
    admin = make_user(site=site, permissions=(*SEE, SET_UP))
    return Plant(site, admin, make_user(site=site, permissions=(*SEE, HANDLE)), system, center, terminal)


def _terminal(center: WorkCenter, system: User) -> tuple[Terminal, Any]:
    made = places.create_terminal(work_center=center, code=f"t-{center.pk}", name="T", actor=system)
    return (made, None) if isinstance(made, Terminal) else made


kept_works = made_once(make_plant)


@pytest.fixture
def works(kept_works: Callable[[], Plant], db: None) -> Plant:
    return kept_works()


@pytest.fixture
def device(settings: Any) -> Iterator[FakePrinter]:
    """A printer of this machine, at an address that is allowed here."""
    with fake_printer() as found:
        settings.TRUELINE_PRINTER_NETWORKS = [ip_network("127.0.0.0/8")]
        settings.TRUELINE_PRINTER_PORTS = {found.port}
        settings.TRUELINE_PRINTER_TIMEOUT = 2.0
        yield found


def printer_at(works: Plant, port: int, code: str = "P1") -> Printer:
    return services.create_printer(
        site=works.site, code=code, name="Packing", address="127.0.0.1", port=port, actor=works.admin
    )


def queued(works: Plant, printer: Printer | None, document: bytes = b"^XA^XZ") -> PrintJob:
    return queue_print(
        site=works.site, subject=works.site, title="Labels", document=document, labels=1, printer=printer,
        actor=works.operator,
    )  # fmt: skip


def work(job: PrintJob) -> PrintJob:
    """What a worker does about it now: the newest background job, once."""
    run_job(BackgroundJob.objects.filter(subject_id=job.pk, handler="core_printing.send").latest("pk").pk)
    return PrintJob.objects.get(pk=job.pk)


def moves(job: PrintJob) -> list[str]:
    rows = Transition.objects.filter(subject_id=job.pk, subject_type__model="printjob").order_by("pk")
    return list(rows.values_list("move", flat=True))


@pytest.mark.requirement("LBL-05")
def test_a_test_label_arrives_whole_and_once(works: Plant, device: FakePrinter) -> None:
    printer = printer_at(works, device.port)
    job = services.print_test_label(printer=printer, actor=works.admin)
    assert job.status == "queued" and device.prints == []
    job = work(job)
    assert (job.status, job.problem, moves(job)) == ("sent", "", ["begin", "start", "deliver"])
    assert device.came.acquire(timeout=5)
    [label] = zpl.read(device.prints[0])
    assert label.texts == ["P1 Packing"] and len(label.of("BX") + label.of("BQ") + label.of("BC")) == 3
    send_print_job(print_job=job.pk, is_last_attempt=False)
    assert len(device.prints) == 1, "a second message about it sends nothing"


@pytest.mark.requirement("LBL-05")
@pytest.mark.parametrize("dpmm", [8, 12, 24])
def test_a_test_label_fits_whatever_the_printer_is_called(works: Plant, device: FakePrinter, dpmm: int) -> None:
    printer = services.create_printer(
        site=works.site, code="W" * 24, name="Ä" * 120, address="127.0.0.1", port=device.port, dpmm=dpmm,
        actor=works.admin,
    )  # fmt: skip
    assert work(services.print_test_label(printer=printer, actor=works.admin)).status == "sent"


@pytest.mark.requirement("LBL-05")
def test_a_printer_that_is_off_is_tried_again_and_then_told_in_words(
    works: Plant, device: FakePrinter, settings: Any
) -> None:
    port = free_port()
    settings.TRUELINE_PRINTER_PORTS = {port, device.port}
    printer = printer_at(works, port)
    job = work(queued(works, printer))
    assert (job.status, job.may_have_printed) == ("queued", False)
    assert "is off or not connected" in job.problem
    BackgroundJob.objects.filter(subject_id=job.pk).update(attempts=3, not_before=now())
    job = work(job)
    assert (job.status, job.may_have_printed) == ("failed", False)
    assert moves(job) == ["begin", "start", "wait", "start", "fail"]
    services.change_printer(
        printer=printer, name="Packing", address="127.0.0.1", port=device.port, dpmm=8, is_active=True,
        reason="new port", actor=works.admin,
    )  # fmt: skip
    perform(job, "retry", actor=works.operator)
    assert work(job).status == "sent" and device.came.acquire(timeout=5)
    assert device.prints == [b"^XA^XZ"]


@pytest.mark.requirement("LBL-05")
def test_what_may_have_printed_is_sent_again_only_with_a_reason(works: Plant, device: FakePrinter) -> None:
    device.breaks_off = True
    job = work(queued(works, printer_at(works, device.port), b"^XA" + b" " * 4_000_000 + b"^XZ"))
    assert (job.status, job.may_have_printed) == ("failed", True)
    assert "some of it may have been printed" in job.problem
    before = moves(job)
    with pytest.raises(Blocked) as refused:
        perform(job, "retry", actor=works.operator)
    assert refused.value.codes == ("second_print",) and moves(job) == before
    assert PrintJob.objects.get(pk=job.pk).status == "failed"
    device.breaks_off = False
    perform(job, "retry", actor=works.operator, reason="Torn label destroyed")
    assert work(job).status == "sent"


@pytest.mark.requirement("LBL-05")
def test_a_worker_that_died_while_sending_sends_nothing_twice(works: Plant, device: FakePrinter) -> None:
    job = queued(works, printer_at(works, device.port))
    perform(job, "start", actor=works.system)
    send_print_job(print_job=job.pk, is_last_attempt=False)
    job = PrintJob.objects.get(pk=job.pk)
    assert (job.status, job.may_have_printed, device.prints) == ("failed", True, [])
    assert "Look at the printer" in job.problem
    perform(job, "confirm", actor=works.operator)
    assert job.status == "confirmed"


@pytest.mark.requirement("LBL-05")
def test_what_is_cancelled_is_not_sent(works: Plant, device: FakePrinter) -> None:
    job = queued(works, printer_at(works, device.port))
    perform(job, "cancel", actor=works.operator)
    assert work(job).status == "cancelled" and device.prints == []
    sent = work(queued(works, Printer.objects.get()))
    with pytest.raises(Blocked):
        perform(sent, "cancel", actor=works.operator)
    perform(sent, "report_failure", actor=works.operator, reason="Ribbon empty")
    assert (sent.status, sent.problem, sent.may_have_printed) == ("failed", "Ribbon empty", True)


@pytest.mark.requirement("LBL-05")
@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "8.8.8.8", "::1", "0.0.0.0"])
def test_only_the_networks_of_printers_are_connected_to(works: Plant, settings: Any, address: str) -> None:
    settings.TRUELINE_PRINTER_NETWORKS = PRIVATE
    with pytest.raises(Blocked) as refused:
        services.create_printer(site=works.site, code="X", name="X", address=address, actor=works.admin)
    assert refused.value.codes == ("printer_address",) and not Printer.objects.exists()


@pytest.mark.requirement("LBL-05")
def test_a_name_is_judged_by_what_it_means_and_a_port_by_the_list(works: Plant, settings: Any) -> None:
    settings.TRUELINE_PRINTER_NETWORKS = PRIVATE
    printer = services.create_printer(site=works.site, code="X", name="X", address="localhost", actor=works.admin)
    job = work(queued(works, printer))
    assert job.status == "queued" and "outside the networks" in job.problem
    for port in (22, 6379, 5432):
        with pytest.raises(Blocked) as refused:
            services.change_printer(
                printer=printer, name="X", address="10.0.0.1", port=port, dpmm=8, is_active=True, reason="x",
                actor=works.admin,
            )  # fmt: skip
        assert refused.value.codes == ("printer_address",)
    assert Printer.objects.get().port == 9100


@pytest.mark.requirement("LBL-06")
def test_the_nearest_default_is_used(works: Plant, device: FakePrinter) -> None:
    here, cell, hand = (printer_at(works, device.port, code) for code in ("P1", "P2", "P3"))
    assert default_printer(works.site, terminal=works.terminal) is None
    services.use_printer(printer=here, actor=works.admin)
    assert default_printer(works.site, work_center=works.center) == here
    services.use_printer(printer=cell, work_center=works.center, actor=works.admin)
    assert default_printer(works.site, terminal=works.terminal) == cell
    use = services.use_printer(printer=hand, terminal=works.terminal, actor=works.admin)
    assert default_printer(works.site, terminal=works.terminal) == hand
    assert (default_printer(works.site, work_center=works.center), default_printer(works.site)) == (cell, here)
    services.end_printer_use(use=use, actor=works.admin)
    services.use_printer(printer=hand, work_center=works.center, actor=works.admin)
    assert default_printer(works.site, terminal=works.terminal) == hand and PrinterDefault.objects.count() == 2
    services.change_printer(
        printer=hand, name="P3", address="127.0.0.1", port=device.port, dpmm=8, is_active=False, reason="broken",
        actor=works.admin,
    )  # fmt: skip
    assert default_printer(works.site, terminal=works.terminal) == here
    with pytest.raises(Blocked) as refused:
        queued(works, hand := Printer.objects.get(code="P3"))
    assert refused.value.codes == ("printer_not_in_use",) and not PrintJob.objects.exists()
    with pytest.raises(Blocked) as refused:
        services.use_printer(printer=hand, actor=works.admin)
    assert refused.value.codes == ("printer_not_in_use",)


@pytest.mark.requirement("LBL-06")
def test_a_printer_serves_its_own_site(works: Plant, device: FakePrinter) -> None:
    other = make_plant()
    printer = printer_at(works, device.port)
    with pytest.raises(Blocked) as refused:
        queued(other, printer)
    assert refused.value.codes == ("printer_site",)
    with pytest.raises(Blocked) as refused:
        services.use_printer(printer=printer, work_center=other.center, actor=works.system)
    assert refused.value.codes == ("site",)
    for deed in (printer_at, lambda one, _port: services.print_test_label(printer=printer, actor=one.admin)):
        with pytest.raises(Blocked) as refused:
            deed(
                Plant(works.site, other.admin, works.operator, works.system, works.center, works.terminal), device.port
            )
        assert refused.value.codes == ("permission",)


@pytest.mark.requirement("LBL-06")
def test_a_pdf_is_handed_out_to_who_asked_and_not_forever(works: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    job = queued(works, None, b"%PDF-1.7")
    page = reverse("core_printing:printjob_document", args=[job.pk])
    assert visit_as(works.admin).get(page).status_code == 302 and PrintJob.objects.get().status == "queued"
    answer = visit_as(works.operator).get(page)
    assert (b"".join(answer), answer["Content-Type"]) == (b"%PDF-1.7", "application/pdf")
    job.refresh_from_db()
    assert (job.status, job.may_have_printed) == ("sent", True)
    assert hand_out(job=job, actor=works.operator).status == "sent"
    assert TrailEvent.objects.filter(kind="exported", subject_id=job.pk).count() == 2
    monkeypatch.setattr("core.printing.services.queue.now", lambda: now() + dt.timedelta(minutes=11))
    with pytest.raises(Blocked) as refused:
        hand_out(job=job, actor=works.operator)
    assert refused.value.codes == ("handed_out",)
    perform(job, "report_failure", actor=works.operator, reason="Paper jam")
    with pytest.raises(Blocked) as refused:
        perform(job, "retry", actor=works.operator, reason="again")
    assert refused.value.codes == ("no_printer",)


@pytest.mark.requirement("LBL-06")
def test_the_pages_set_up_a_printer_and_handle_its_queue(works: Plant, device: FakePrinter) -> None:
    admin, operator = visit_as(works.admin), visit_as(works.operator)
    values = {
        "site": works.site.pk,
        "code": "P9",
        "name": "Pack",
        "address": "127.0.0.1",
        "port": device.port,
        "dpmm": 12,
    }
    assert admin.post(reverse("core_printing:printer_create"), values).status_code == 302
    printer = Printer.objects.get()
    assert (printer.dpmm, printer.is_active) == (12, True)
    pk = [printer.pk]
    answer = admin.post(reverse("core_printing:printer_use", args=pk), {"work_center": works.center.pk})
    assert answer.status_code == 302 and default_printer(works.site, work_center=works.center) == printer
    assert str(works.center) in admin.get(printer.get_absolute_url()).content.decode()
    assert operator.post(reverse("core_printing:printer_test", args=pk)).status_code == 403
    assert admin.post(reverse("core_printing:printer_test", args=pk)).status_code == 302
    job = work(PrintJob.objects.get())
    assert job.title in operator.get(reverse("core_printing:printjob_list")).content.decode()
    perform(job, "report_failure", actor=works.operator, reason="Nothing came")
    shown = operator.get(job.get_absolute_url()).content.decode()
    assert "Nothing came" in shown and "Look at the printer first." in shown
    retry = reverse("core_printing:printjob_move", args=[job.pk, "retry"])
    assert operator.post(retry, {}).status_code == 409
    assert operator.post(retry, {"reason": "Ribbon changed"}).status_code == 302
    assert PrintJob.objects.get().status == "queued"
    end = reverse("core_printing:printerdefault_end", args=[PrinterDefault.objects.get().pk])
    assert admin.post(end).status_code == 302 and not PrinterDefault.objects.exists()


@pytest.mark.requirement("LBL-06")
def test_programs_do_the_same(works: Plant, device: FakePrinter) -> None:
    for user in (works.admin, works.operator):
        grant(user, works.site, MAKE)
    admin, operator = program_of(works.admin), program_of(works.operator)
    values = {
        "site": works.site.pk,
        "code": "P9",
        "name": "Pack",
        "address": "8.8.8.8",
        "port": device.port,
        "dpmm": "8",
    }
    assert admin.post("core/printing/printers/", values).status_code == 409
    made = admin.post("core/printing/printers/", {**values, "address": "127.0.0.1"})
    assert made.status_code == 201
    pk = made.json()["id"]
    assert operator.post(f"core/printing/printers/{pk}/test/").status_code == 403
    job = admin.post(f"core/printing/printers/{pk}/test/").json()
    assert job["status"] == "queued" and job["printer"] == pk
    assert admin.post(f"core/printing/printers/{pk}/use/", {"work_center": works.center.pk}).status_code == 201
    version = operator.get(f"core/printing/print-jobs/{job['id']}/")["ETag"]
    done = operator.post(f"core/printing/print-jobs/{job['id']}/cancel/", if_match=version)
    assert done.status_code == 200 and done.json()["status"] == "cancelled"


@pytest.mark.requirement("LBL-06")
def test_the_pages_cost_the_same_with_more_on_them(works: Plant, device: FakePrinter) -> None:
    printer = printer_at(works, device.port)
    visitor = visit_as(works.operator)
    pages = [reverse("core_printing:printjob_list"), printer.get_absolute_url(), reverse("core_printing:printer_list")]

    def costs() -> list[int]:
        found = []
        for page in pages:
            with CaptureQueriesContext(
                connection,
            ) as counted:
                assert visitor.get(page).status_code == 200
            found.append(len(counted))
        return found

    queued(works, printer)
    costs()
    few = costs()
    for number in range(5):
        queued(works, printer)
        printer_at(works, device.port, f"Q{number}")
    assert costs() == few and max(few) <= 15


def test_nobody_writes_the_state_of_a_print_by_hand(works: Plant) -> None:
    job = queued(works, None)
    job.status = "confirmed"
    with pytest.raises(Exception, match=r"(?i)transition"), acting(works.operator):
        job.save()
        connection.check_constraints()
