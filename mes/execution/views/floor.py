"""The terminal: what is ready, the operation at hand, and every deed on it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from core.kernel.errors import Blocked
from core.kernel.wiring import ask
from core.organization.views.terminal import TerminalPage
from core.printing.queries import default_printer
from core.signing.lifecycle import MEANINGS
from core.web.access import Access
from core.web.questions import DigestOf, SignatureLine, SignaturesOf
from mes.execution import services
from mes.execution.lifecycle import VIEW
from mes.execution.models import OrderOperation
from mes.execution.queries import (
    GateContext,
    Step,
    booking,
    counters,
    dispatch_list,
    fresh_bookings,
    gate,
    handovers_since,
    material_lines,
    next_action,
    open_calls,
    operation_for,
    people_at,
    recent_bookings,
    scanned_gauge,
    signature_needs,
    steps_at,
    telling,
)
from mes.execution.services import Outcome
from mes.execution.views import floor_forms as forms
from mes.execution.views.floor_signing import CompleteDialog, SignDialog
from mes.execution.views.floor_training import OverrideDialog, train_page
from qms.calibration.queries import equipment_called
from qms.training.lifecycle import TAKE

WHOLE = re.compile(r"[0-9]{1,15}")
"""What is taken for a whole number from an address or a form; `str.isdigit` takes "²" too."""
DIALOGS: dict[str, type[forms.Dialog]] = {
    "consume": forms.ConsumeDialog,
    "output": forms.OutputDialog,
    "unit": forms.UnitDialog,
    "defect": forms.DefectDialog,
    "complete": CompleteDialog,
    "sign": SignDialog,
    "override": OverrideDialog,
}


class Dispatch(TerminalPage):
    """What there is to do at this work center, ready or why not."""

    access = Access.PERMISSION
    permission = VIEW

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        terminal = self.terminal
        if terminal is None:
            raise Http404
        rows = dispatch_list(terminal.work_center, request.user, terminal=terminal)
        rows.sort(key=lambda row: (row.own_run is None, not row.is_ready))
        return render(
            request,
            "mes/execution/terminal_dispatch.html",
            self.terminal_context(
                title=terminal.work_center.name,
                rows=rows,
                note_url=reverse("terminal:notes", args=[terminal.code]),
                news=handovers_since(terminal.work_center, request.user),
            ),
        )


class OperationPage(TerminalPage):
    """Base of the pages and deeds of one operation."""

    access = Access.PERMISSION
    permission = VIEW

    @cached_property
    def operation(self) -> OrderOperation:
        """The operation of the address, among those the person may see."""
        asked = str(self.kwargs["pk"])
        found = operation_for(self.request.user, int(asked)) if WHOLE.fullmatch(asked) else None
        if found is None:
            raise Http404(_("There is no such operation here."))
        return found

    def address(self, name: str = "operation", *more: Any) -> str:
        """An address of this operation at this terminal."""
        return reverse(f"terminal:{name}", args=[self.kwargs["terminal"], self.operation.pk, *more])

    @cached_property
    def steps(self) -> list[Step]:
        return steps_at(self.operation)

    def step_number(self) -> int:
        """Which step is shown: the one asked for or just worked on, else the first that is not done."""
        asked = self.request.GET.get("step", "") or self.request.POST.get("step_number", "")
        if WHOLE.fullmatch(asked) and 1 <= int(asked) <= len(self.steps):
            return int(asked)
        return next((step.number for step in self.steps if not step.is_done), len(self.steps) or 1)

    def show(self, template: str, *, status: int = 200, **more: Any) -> HttpResponse:
        """A page of this operation with its banner."""
        order = self.operation.order
        context = self.terminal_context(
            title=f"{order.number} {self.operation}",
            operation=self.operation,
            order=order,
            counters=counters(self.operation),
            holds=GateContext(self.operation, self.request.user).lot_holds,
            back_url=self.address(),
            note_url=reverse("terminal:notes", args=[self.kwargs["terminal"]]),
            **more,
        )
        return render(self.request, template, context, status=status)


class Operation(OperationPage):
    """The operation at hand: gates, the step, its entries, and what can be done next."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page()

    def page(
        self,
        *,
        blockers: Any = (),
        problems: Sequence[str] = (),
        status: int = 200,
        entered: dict[str, str] | None = None,
    ) -> HttpResponse:
        """The page, with reasons (or what is wrong with the entry) on top after a refusal and what was typed kept."""
        context = GateContext(self.operation, self.request.user)
        own_run = context.own_run
        action = next_action(self.operation, own_run)
        gates = (
            gate(self.operation, action, self.request.user, context=context, terminal=self.terminal) if action else []
        )
        working = own_run is not None and own_run.status == "running"
        recent = recent_bookings(self.operation)
        number = self.step_number()
        needs = signature_needs(self.operation, context.requirements)
        return self.show(
            "mes/execution/terminal_operation.html",
            status=status,
            own_run=own_run,
            action=action,
            gates=telling(gates),
            is_ready=all(result.passed for result in gates),
            lacks_training=bool(context.missing_training or context.missing_qualifications),
            working=working,
            steps=self.steps,
            step=self.steps[number - 1] if self.steps else None,
            materials=material_lines(self.operation),
            all_done=all(step.is_done for step in self.steps),
            calls=open_calls(self.operation),
            people=people_at(self.operation),
            label_printer=self.label_printer(),
            needs=needs,
            needs_witness=self.operation.status == "in_progress" and any(n.witness and n.given is None for n in needs),
            recent=recent,
            fresh=fresh_bookings(recent, self.request.user) if working else [],
            blockers=blockers,
            problems=problems,
            entered=entered or {},
            gauge=self.gauge_at_hand(),
            refused_at=self.request.POST.get("data_point", "") if blockers or problems else "",
            refused_because=" ".join([*problems, *(f"{b.message} {b.remedy}".strip() for b in blockers)]),
        )

    def gauge_at_hand(self) -> Any:
        """The gauge that was scanned for this page or for the value before; it stands in the entries of its class."""
        code = self.request.GET.get("gauge", "")
        return equipment_called(code[:40], self.operation.order.site) if code else None

    def label_printer(self) -> Any:
        """The printer at which a label comes out in one tap; None where there is none, or nothing to label."""
        order = self.operation.order
        if order.lot_id is None:
            return None
        return default_printer(order.site, work_center=self.operation.work_center, terminal=self.terminal)


class TrainNow(OperationPage):
    """The training that the operation's instruction needs: what is new, sections, quiz, signature."""

    permission = TAKE

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return train_page(self, request)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return train_page(self, request)


class OperationDialog(OperationPage):
    """A page of its own for a deed that asks for something: components, output, a unit, a defect, a signature."""

    def form(self) -> Any:
        kind = DIALOGS[self.kwargs["dialog"]]
        bound = self.request.method == "POST"
        return kind(
            self.request.POST if bound else None,
            self.request.FILES if bound else None,
            operation=self.operation,
            request=self.request,
        )

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.dialog(self.form())

    def dialog(self, form: Any, *, blockers: Any = (), status: int = 200) -> HttpResponse:
        return self.show(
            "mes/execution/terminal_dialog.html",
            status=status,
            form=form,
            dialog=self.kwargs["dialog"],
            blockers=blockers,
            materials=material_lines(self.operation, with_choices=True) if form.shows_materials else (),
            **(signing_facts(self.operation) if form.is_signed else {}),
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form()
        if not form.is_valid():
            with suppress(Blocked):
                form.keep_refused(request.user)
            return self.dialog(form, status=422)
        try:
            outcome = form.deed(actor=request.user, terminal=self.terminal, client_id=client_id(request))
        except Blocked as refused:
            return self.dialog(form, blockers=refused.blockers, status=409)
        except ValidationError as error:
            form.add_error(None, error)
            return self.dialog(form, status=422)
        tell(request, outcome)
        return HttpResponseRedirect(form.next_address(self.address()))


def signing_facts(operation: OrderOperation) -> dict[str, Any]:
    """What somebody is about to sign at the station: the digest of it, who signed, and who is asked."""
    needs = signature_needs(operation, GateContext(operation, None).requirements)
    asked = [
        SignatureLine(_("A second person") if need.witness else _("Whoever did the work"), MEANINGS[need.meaning])
        for need in needs
        if need.given is None
    ]
    return {
        "is_signed": True,
        "digest": next(iter(ask(DigestOf(operation))), ""),
        "signatures": [*ask(SignaturesOf(operation)), *asked],
    }


def client_id(request: HttpRequest) -> uuid.UUID | None:
    """The id that the page gave its request: a second tap gets the first result."""
    try:
        return uuid.UUID(request.POST.get("client_id", ""))
    except ValueError:
        return None


TONES = {"good": messages.SUCCESS, "warn": messages.WARNING, "bad": messages.ERROR}


def tell(request: HttpRequest, outcome: Outcome[Any]) -> None:
    """Say on the next page what happened and what comes next."""
    messages.add_message(request, TONES[outcome.tone], f"{outcome.message} {outcome.next_step}".strip())


class OperationDeed(Operation):
    """The deeds of one tap: start, pause, leave, step, value, undo, call."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        deed = DEEDS.get(self.kwargs["deed"])
        if deed is None:
            raise Http404
        try:
            outcome = deed(self)
        except Blocked as refused:
            return self.page(blockers=refused.blockers, status=409, entered=self.entered())
        except ValidationError as error:
            return self.page(problems=error.messages, status=422, entered=self.entered())
        tell(request, outcome)
        step, gauge = request.POST.get("step_number", ""), request.POST.get("gauge", "").strip()
        kept = {"step": step if WHOLE.fullmatch(step) else "", "gauge": gauge}
        query = urlencode({name: value for name, value in kept.items() if value})
        return HttpResponseRedirect(f"{self.address()}?{query}" if query else self.address())

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(self.address())

    def start(self) -> Outcome[Any]:
        own = GateContext(self.operation, self.request.user).own_run
        begin = services.resume_operation if own is not None and own.status == "paused" else services.start_operation
        return begin(order_operation=self.operation, terminal=self.terminal, **self.common())

    def pause(self) -> Outcome[Any]:
        return services.pause_operation(order_operation=self.operation, **self.common())

    def leave(self) -> Outcome[Any]:
        return services.leave_operation(order_operation=self.operation, **self.common())

    def call(self) -> Outcome[Any]:
        return services.call_lead(order_operation=self.operation, **self.common())

    def label(self) -> Outcome[Any]:
        return services.print_label(order_operation=self.operation, terminal=self.terminal, **self.common())

    def step(self) -> Outcome[Any]:
        chosen = self._step()
        done = self.request.POST.get("done", "1") == "1"
        return services.complete_step(
            order_operation=self.operation, step=chosen.step, done=done, terminal=self.terminal, **self.common()
        )

    def value(self) -> Outcome[Any]:
        wanted = self.request.POST.get("data_point", "")
        entry = next((e for s in self.steps for e in s.entries if str(e.point.pk) == wanted), None)
        if entry is None:
            raise Http404
        return services.record_value(
            order_operation=self.operation,
            data_point=entry.point,
            value=self.typed(f"value-{wanted}"),
            gauge=scanned_gauge(self.operation, self.typed("gauge")),
            deviation=forms.chosen_deviation(self.operation, self.typed("deviation")),
            reason=self.typed("reason"),
            terminal=self.terminal,
            **self.common(),
        )

    def undo(self) -> Outcome[Any]:
        kind, _sep, pk = self.request.POST.get("fact", "").partition("-")
        fact = booking(self.operation, kind, int(pk)) if WHOLE.fullmatch(pk) else None
        if fact is None:
            raise Http404
        return services.undo_booking(fact=fact, reason=self.typed("reason"), **self.common())

    def _step(self) -> Step:
        wanted = self.request.POST.get("step", "")
        chosen = next((step for step in self.steps if str(step.step.pk) == wanted), None)
        if chosen is None:
            raise Http404
        return chosen

    def typed(self, name: str) -> str:
        """A typed text; a `ValidationError` in words when it cannot be kept as it is."""
        return str(forms.TYPED.clean(self.request.POST.get(name, "")))

    def entered(self) -> dict[str, str]:
        """What was typed, to be shown again where it was typed."""
        given = self.request.POST
        return {name: str(given[name]) for name in given if name.startswith(("value-", "reason", "gauge", "deviation"))}

    def common(self) -> dict[str, Any]:
        return {"actor": self.request.user, "client_id": client_id(self.request)}


DEEDS: dict[str, Callable[[OperationDeed], Outcome[Any]]] = {
    "start": OperationDeed.start,
    "pause": OperationDeed.pause,
    "leave": OperationDeed.leave,
    "call": OperationDeed.call,
    "label": OperationDeed.label,
    "step": OperationDeed.step,
    "value": OperationDeed.value,
    "undo": OperationDeed.undo,
}
