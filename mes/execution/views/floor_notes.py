"""Notes, counts, times, photos and hand-overs: what a station may keep while the network is away, and send later."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.kernel.errors import Blocked
from core.organization.models import User
from core.organization.views.terminal import TerminalPage
from core.web.access import Access
from core.web.forms import Form, QuantityField
from mes.execution import services
from mes.execution.lifecycle import VIEW
from mes.execution.models import FloorNote, OrderOperation
from mes.execution.queries import changes_since, operations_for


class NoteForm(Form):
    """A note as the page, or the queue of a station that was without network, sends it."""

    kind = forms.ChoiceField(choices=FloorNote.Kind.choices)
    text = forms.CharField(max_length=4000, required=False)
    number = QuantityField(max_digits=18, decimal_places=6, min_value=0, required=False)
    photo = forms.FileField(required=False)
    noted_at = forms.DateTimeField(required=False)
    client_id = forms.UUIDField(required=False)
    operation = forms.ModelChoiceField(queryset=OrderOperation.objects.none(), required=False)
    operator = forms.ModelChoiceField(queryset=User.objects.filter(is_active=True, is_system=False), required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["operation"].queryset = operations_for(user)  # type: ignore[attr-defined]


class Notes(TerminalPage):
    """Takes one note. The queue asks for JSON; a plain form is led back to where it came from."""

    access = Access.PERMISSION
    permission = VIEW

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse("terminal:handover", args=[kwargs["terminal"]]))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = NoteForm(request.POST, request.FILES, user=request.user)
        if not form.is_valid():
            said = "; ".join(str(error) for errors in form.errors.values() for error in errors)
            return self._answer(request, said, status=422)
        values = form.cleaned_data
        author = values["operator"]
        if author is not None and author.pk != request.user.pk:
            said = _t("Waits until %(who)s is signed on here.") % {"who": author}
            return self._answer(request, said, status=409, waits=True)
        terminal = self.terminal
        if terminal is None:
            raise LookupError("a terminal's page is only shown at a terminal")
        try:
            outcome = services.leave_note(
                work_center=terminal.work_center,
                kind=values["kind"],
                order_operation=values["operation"],
                text=values["text"],
                number=values["number"],
                photos=[values["photo"]] if values["photo"] else (),
                noted_at=values["noted_at"],
                client_id=values["client_id"],
                actor=request.user,
            )
        except Blocked as refused:
            said = " ".join(f"{blocker.message} {blocker.remedy}".strip() for blocker in refused.blockers)
            return self._answer(request, said, status=409)
        return self._answer(request, f"{outcome.message} {outcome.next_step}".strip())

    def _answer(self, request: HttpRequest, said: str, *, status: int = 200, waits: bool = False) -> HttpResponse:
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse({"said": said, "waits": waits}, status=status)
        if status != 200:
            context = self.handover_context(said=said, typed=request.POST.get("text", ""))
            return render(request, "mes/execution/terminal_handover.html", context, status=status)
        messages.success(request, said)
        return HttpResponseRedirect(reverse("terminal:handover", args=[self.kwargs["terminal"]]))

    def handover_context(self, **more: Any) -> dict[str, Any]:
        """What the hand-over page shows: since when, and what changed."""
        terminal = self.terminal
        if terminal is None:
            raise LookupError("a terminal's page is only shown at a terminal")
        since, changes = changes_since(terminal.work_center, self.request.user)
        return self.terminal_context(
            title=_("Hand-over"),
            since=since,
            changes=changes,
            site=terminal.work_center.area.site,
            note_url=reverse("terminal:notes", args=[terminal.code]),
            **more,
        )


class HandOver(Notes):
    """What changed since the person's last shift, and the hand-over for the next one."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return render(request, "mes/execution/terminal_handover.html", self.handover_context())
