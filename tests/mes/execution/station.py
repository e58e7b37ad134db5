"""A terminal with somebody signed on, visited over HTTP."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.test import Client

from core.kernel.clock import now
from core.kernel.deeds import acting
from core.organization.models import Terminal, TerminalSession, User, WorkCenter
from core.organization.services import places, system_user
from core.organization.services.sign_on import lock
from core.organization.views.middleware import DEVICE_COOKIE, device_cookie
from mes.execution.models import OrderOperation


@dataclass
class Station:
    """An enrolled terminal and its browser."""

    terminal: Terminal
    token: str
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def __post_init__(self) -> None:
        self.client.cookies[DEVICE_COOKIE] = self.cookie

    @property
    def cookie(self) -> str:
        """What makes a browser this terminal."""
        return device_cookie(self.terminal.code, self.token)

    def sign_on(self, user: User) -> TerminalSession:
        """The person becomes the one whose entries are made; whoever was it stays clocked on."""
        with transaction.atomic(), acting(system_user("test")):
            TerminalSession.objects.filter(terminal=self.terminal, ended_at__isnull=True).update(activated_at=None)
            session, _made = TerminalSession.objects.update_or_create(
                terminal=self.terminal,
                user=user,
                ended_at=None,
                defaults={"activated_at": now(), "last_seen_at": now()},
            )
        return session

    def lock(self) -> None:
        """Nobody may type until badge and PIN are given again."""
        for session in TerminalSession.objects.filter(terminal=self.terminal, activated_at__isnull=False):
            lock(session=session)

    def address(self, operation: OrderOperation | None = None, rest: str = "") -> str:
        """A page of the terminal, or of an operation at it."""
        at = f"operations/{operation.pk}/" if operation is not None else ""
        return f"/t/{self.terminal.code}/{at}{rest}"

    def do(self, operation: OrderOperation, deed: str, **values: Any) -> Any:
        """One of the deeds of one tap."""
        return self.client.post(self.address(operation, f"{deed}/"), {"client_id": str(uuid.uuid4()), **values})

    def ask(self, operation: OrderOperation, dialog: str, **values: Any) -> Any:
        """One of the dialogs, filled in and sent."""
        return self.client.post(
            self.address(operation, f"dialog/{dialog}/"), {"client_id": str(uuid.uuid4()), **values}
        )


def make_station(work_center: WorkCenter, user: User | None = None) -> Station:
    """An enrolled terminal at the work center, with this person signed on."""
    system = system_user("test")
    code = f"t-{uuid.uuid4().hex[:8]}"
    terminal = places.create_terminal(work_center=work_center, code=code, name=f"Station {code}", actor=system)
    token = places.enrol_terminal(terminal=terminal, actor=system)
    station = Station(Terminal.objects.get(pk=terminal.pk), token)
    if user is not None:
        station.sign_on(user)
    return station
