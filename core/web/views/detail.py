"""The one detail page: what it is, where it stands, what is next and why not, its parts and its story."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponseBase
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.kernel.errors import Blocker
from core.kernel.lifecycle import Lifecycle, Move
from core.kernel.wiring import ask
from core.web import slots
from core.web.access import may
from core.web.links import is_open
from core.web.markup import Text
from core.web.questions import CommentsGoTo, SignatureLine, SignaturesOf, TimelineEntry, WatchedAt
from core.web.views.parts import Part, PartsMixin
from core.web.views.record import RecordPage


@dataclass(frozen=True)
class Fact:
    """A label and its value; `wide` takes the whole row, `tone` colours the value (with a word in it)."""

    label: Text
    value: Any
    url: str = ""
    tone: str = ""
    wide: bool = False


@dataclass(frozen=True)
class Action:
    """A button of the head beside the moves; without the permission at this record it is not shown."""

    label: Text
    url: str
    icon: str = ""
    permission: str = ""
    primary: bool = False
    new_window: bool = False
    rare: bool = False
    """Whether it stands in the menu "More" instead of a button of its own."""


@dataclass(frozen=True)
class Related:
    """A record that belongs to this one, with its role or quantity at the right."""

    label: Text
    url: str = ""
    note: Any = ""


@dataclass(frozen=True)
class Tab:
    """A part of the page with a template of its own; `count` stands behind the label."""

    key: str
    label: Text
    template_name: str
    count: int | None = None
    url: str = ""
    is_current: bool = False


@dataclass(frozen=True)
class MoveButton:
    """A move as the page offers it."""

    label: Text
    url: str
    is_primary: bool
    is_destructive: bool
    blockers: Sequence[Blocker]

    @property
    def allowed(self) -> bool:
        return not self.blockers

    @property
    def is_theirs(self) -> bool:
        """Whether the visitor holds the right."""
        return len(self.obstacles) == len(self.blockers)

    @property
    def obstacles(self) -> list[Blocker]:
        """What stands against it apart from the visitor's own rights: whoever holds the right must clear it too."""
        return [blocker for blocker in self.blockers if blocker.code != "permission"]


class DetailPage(PartsMixin, RecordPage):
    """The page of one record. Override the small methods; templates extend generic/detail.html and fill its blocks."""

    template_name = "generic/detail.html"
    move_url_name: ClassVar[str] = ""
    stepper_path: ClassVar[Sequence[str]] = ()
    show_timeline: ClassVar[bool] = True
    timeline_later: ClassVar[bool] = False
    """Whether the browser asks for the timeline once the page is shown; spares the page its statements."""
    signatures_later: ClassVar[bool] = False
    """Whether it asks then who signed, and whether that still fits."""
    gates_later: ClassVar[bool] = False
    """Whether it asks then what stands against the next step; the buttons lead to their pages meanwhile."""

    settled_on_its_page: ClassVar[Sequence[str]] = ()
    """Codes of blockers that the page of a move puts right itself, such as something that it asks for."""

    def badges(self) -> Sequence[tuple[Text, str, str]]:
        """Marks beside the state as (word, tone, icon)."""
        return ()

    def owner(self) -> Any:
        """Who has to act next, where the record says so."""
        return getattr(self.record, "owner", None)

    def due_at(self) -> dt.datetime | None:
        """By when."""
        return getattr(self.record, "due_at", None)

    def facts(self) -> Sequence[Fact]:
        """What the record says about itself, for the first card."""
        return ()

    def tabs(self) -> Sequence[Tab]:
        """Parts of the page behind `?tab=`; none means one page."""
        return ()

    def related(self) -> Sequence[Related]:
        """Records that belong to this one."""
        return ()

    def actions(self) -> Sequence[Action]:
        """Buttons beside the moves: print, edit, assign."""
        return ()

    def work_elsewhere(self) -> Related | None:
        """What happens elsewhere before the primary move can be made, in words; the move is no button until then."""
        return None

    def timeline(self) -> Sequence[TimelineEntry]:
        """What happened to the record, newest first."""
        return slots.timeline(self.record)

    def signatures(self) -> Sequence[SignatureLine]:
        """Who signed, and who is asked to."""
        return ask(SignaturesOf(self.record))

    def site(self) -> Any:
        """The site in whose zone the record's times are shown."""
        return getattr(self.record, "site", None)

    def move_url(self, move: str) -> str:
        """The page of a move: `<app>:<model>_<move>` if there is one, else `move_url_name` (`<app>:<model>_move`)."""
        meta = self.model._meta
        base = f"{meta.app_label}:{meta.model_name}"
        for name, args in (
            (f"{base}_{move}", [self.record.pk]),
            (self.move_url_name or f"{base}_move", [self.record.pk, move]),
        ):
            try:
                return reverse(name, args=args)
            except NoReverseMatch:
                continue
        return ""

    def move_urls(self) -> dict[str, str]:
        """The moves from the present state that have a page, with its address."""
        lifecycle = getattr(self.record, "lifecycle", None)
        if not isinstance(lifecycle, Lifecycle):
            return {}
        offered: list[Move] = [move for move in lifecycle.from_state(self.record.status) if not move.automatic]
        urls = {move.name: self.move_url(move.name) for move in offered}
        return urls if any(urls.values()) else {}

    def asks_gates(self) -> bool:
        """Whether this request asks what stands against the moves, or leaves that to the part that comes later."""
        return not self.gates_later or self.wanted_part() == "gates"

    def moves(self) -> list[MoveButton]:
        """The moves that this visitor is offered: theirs to do, allowed now or not.

        Of others' moves the next step, as long as something else than the visitor's right stands against it.
        """
        urls = self.move_urls()
        if not urls:  # Moved elsewhere, or by others: no gate needs to be asked.
            return []
        found = []
        for state in slots.mover().available_moves(self.record, self.request.user, gates=self.asks_gates()):
            url = urls[state.move.name]
            blockers = [one for one in state.blockers if one.code not in self.settled_on_its_page]
            button = MoveButton(state.move.label, url, state.move.primary, state.move.destructive, blockers)
            if url and (button.is_theirs or (state.move.primary and button.obstacles)):
                found.append(button)
        return found

    def is_permitted(self, action: Action) -> bool:
        """Whether the visitor holds the action's permission at this record, and is let in where it leads."""
        is_held = not action.permission or may(self.request.user, action.permission, self.record)
        return is_held and is_open(self.request, action.url)

    @cached_property
    def permitted_actions(self) -> list[Action]:
        """The actions that the visitor is offered."""
        return [action for action in self.actions() if self.is_permitted(action)]

    def current_tabs(self) -> list[Tab]:
        """The tabs with their addresses, one of them current."""
        tabs = list(self.tabs())
        wanted = self.request.GET.get("tab", "")
        current = wanted if any(tab.key == wanted for tab in tabs) else (tabs[0].key if tabs else "")
        return [
            Tab(tab.key, tab.label, tab.template_name, tab.count, f"?tab={tab.key}", tab.key == current) for tab in tabs
        ]

    def steps(self) -> dict[str, Any]:
        """The moves as the templates show them: the primary one, and the others."""
        moves = self.moves()
        elsewhere = self.work_elsewhere()
        primary = next((b for b in moves if b.is_primary and (b.allowed or elsewhere is None)), None)
        return {
            "primary": primary,
            "other_moves": [button for button in moves if button is not primary and button.is_theirs],
            "rare_actions": [action for action in self.permitted_actions if action.rare],
            "work_elsewhere": elsewhere if primary is None else None,
        }

    def parts(self) -> Sequence[Part]:
        found = []
        if self.timeline_later:
            found.append(
                Part(
                    "timeline",
                    _("Timeline"),
                    "generic/_timeline.html",
                    lambda: {"timeline": self.timeline(), "site": self.site()},
                    _("Reading what happened…"),
                )
            )
        if self.signatures_later:
            found.append(
                Part(
                    "signatures",
                    _("Signatures"),
                    "generic/_signatures.html",
                    lambda: {"signatures": self.signatures()},
                    _("Checking the signatures…"),
                )
            )
        if self.gates_later:
            waiting = _("Checking what stands against the next step…")
            found.append(
                Part("gates", _("The next step"), "generic/_gates.html", self.steps, waiting, is_announced=True)
            )
        return found

    def context(self, **more: Any) -> dict[str, Any]:
        tabs = self.current_tabs()
        return super().context(
            record=self.record,
            number=self.number(),
            site=self.site(),
            badges=self.badges(),
            owner=self.owner(),
            due_at=self.due_at(),
            has_lifecycle=isinstance(getattr(self.record, "lifecycle", None), Lifecycle),
            gates_wait=self.gates_later and bool(self.move_urls()),
            **self.steps(),
            actions=[action for action in self.permitted_actions if not action.rare],
            facts=self.facts(),
            related=self.related(),
            tabs=tabs,
            tab=next((tab for tab in tabs if tab.is_current), None),
            timeline=self.timeline() if self.show_timeline and not self.timeline_later else [],
            signatures=() if self.signatures_later else self.signatures(),
            comments_to=next(iter(ask(CommentsGoTo(self.record))), "") if self.show_timeline else "",
            watched_at=next(iter(ask(WatchedAt(self.record))), "") if self.show_timeline else "",
            **more,
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.answer_part() or self.render()
