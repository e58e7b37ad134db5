"""The gallery: each component and each shell with invented content, for designers, screenshots and axe."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.kernel.clock import now
from core.web.gallery import samples
from core.web.lifecycle import VIEW_KIT
from core.web.markup import TONES, icon_names
from core.web.questions import SignatureLine, TimelineEntry
from core.web.sse import EventsPage
from core.web.views.detail import Action, DetailPage, Fact, MoveButton, Related, Tab
from core.web.views.parts import Part, PartsMixin
from core.web.views.record import Page


class KitPage(PartsMixin):
    """Every component in every state."""

    permission = VIEW_KIT
    template_name = "core/web/kit.html"
    title = _("Kit")

    def parts(self) -> list[Part]:
        waiting = _("Checking what stands against it…")
        template = "core/web/_kit_part.html"
        return [
            Part(
                "sample",
                _("A part that comes later"),
                template,
                lambda: {"blockers": samples.blockers()},
                waiting,
                is_announced=True,
                holds_form=True,
            )
        ]

    def get(self, request: HttpRequest) -> HttpResponseBase:
        part = self.answer_part()
        if part is not None:
            return part
        if request.GET.get("messages"):
            messages.success(request, "NC-000042 was sent to the review board.")
            messages.error(request, "The label printer at M-12 does not answer.")
        return self.render(
            tones=[(tone, tone.capitalize()) for tone in TONES],
            icons=sorted(icon_names()),
            records=[samples.Sample(status) for status in samples.LIFECYCLE.by_state],
            record=samples.Sample(),
            blockers=samples.blockers(),
            gates=samples.gates(),
            open_gates=samples.gates()[1:2] + samples.gates()[3:],
            entries=samples.timeline(),
            lines=samples.signatures(),
            files=samples.files(),
            form=samples.filled(None),
            wrong_form=samples.filled({"title": "", "bore": "1,250.5", "kind": "major", "reason": "x"}),
            facts=facts(),
            rows=samples.rows(),
            read_at=now(),
            tabs=[
                Tab("a", _("Overview"), "", None, "?tab=a", True),
                Tab("b", _("Movements"), "", 14, "?tab=b"),
                Tab("c", _("Genealogy"), "", None, "?tab=c"),
            ],
        )


def facts() -> list[Fact]:
    """What happened."""
    return [
        Fact(_("Found at"), "PO-000123 · OP 20 Mill bore", "#"),
        Fact(_("Characteristic"), "Bore ⌀ 12.000 ± 0.020 mm"),
        Fact(_("Measured"), "12.041 mm, over the limit", tone="bad"),
        Fact(_("By"), "Anna Kowalska · 10:42"),
        Fact(_("Equipment · program"), "DMU-50 · V118 rev 3"),
        Fact(_("Gauge"), "G-117 · in date to 12 Jan"),
        Fact(_("Instruction"), "WI-0031 rev 4", "#"),
        Fact(_("Tool"), "T-88 · 412 cycles"),
    ]


class KitDetail(DetailPage):
    """The detail page with an invented nonconformance."""

    permission = VIEW_KIT
    template_name = "core/web/kit_detail.html"

    @cached_property
    def record(self) -> Any:
        return samples.Sample()

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Kit"), reverse("core_web:kit")), (self.number(), "")]

    def badges(self) -> list[tuple[Any, str, str]]:
        return [(_("Major"), "bad", "alert")]

    def facts(self) -> list[Fact]:
        return facts()

    def actions(self) -> list[Action]:
        return [Action(_("Print"), "#", "printer"), Action(_("Assign"), "#", "user")]

    def related(self) -> list[Related]:
        return [
            Related("NC-000017 · bore over limit, T-85", "#", _("use as is")),
            Related("NC-000011 · bore over limit, T-85", "#", _("rework")),
        ]

    def moves(self) -> list[MoveButton]:
        return [
            MoveButton(_("Send to review board"), "#", True, False, samples.blockers()),
            MoveButton(_("Cancel"), "#", False, True, ()),
        ]

    def timeline(self) -> list[TimelineEntry]:
        return samples.timeline()

    def signatures(self) -> list[SignatureLine]:
        return samples.signatures()

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(rows=samples.rows(), files=samples.files(), **more)


class KitTerminal(Page):
    """The terminal with an invented operation; `?nobody=1` with nobody signed on, `?gates=1` with closed gates."""

    permission = VIEW_KIT
    template_name = "core/web/kit_terminal.html"
    title = _("Operation")

    def get(self, request: HttpRequest) -> HttpResponseBase:
        nobody, is_closed = bool(request.GET.get("nobody")), bool(request.GET.get("gates"))
        return self.render(
            terminal={"code": "M-12", "name": "Milling 12"},
            operator="" if nobody else "Anna Kowalska",
            others=[] if nobody else ["Ben Okafor"],
            switch_url="#switch",
            lock_url="?nobody=1",
            idle_lock_seconds=60,
            hand=request.GET.get("hand", "right"),
            scan_url=reverse("core_web:scan"),
            gates=samples.gates() if is_closed else samples.gates()[1:2] + samples.gates()[3:],
            is_closed=is_closed,
        )

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """What locking leads to: nobody is signed on."""
        return self.get(request)


class KitEvents(EventsPage):
    """What the gallery's live region listens to."""

    permission = VIEW_KIT

    def topics(self) -> list[str]:
        return ["kit"]
