"""What the pages of CAPAs share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet

from core.kernel.errors import Blocker
from core.web import slots
from core.web.views import MovePage
from qms.capa.lifecycle import VIEW
from qms.capa.models import Capa
from qms.capa.queries import capas

SETTLED = frozenset(
    {
        "no_decision", "owner", "priority", "due", "plan_unsigned", "not_approved", "not_verified", "adverse_effect",
        "closing_unsigned", "no_information",
    }
)  # fmt: skip
"""What the page of a move asks for: no reason not to open it."""


class CapaDeed(MovePage):
    """A deed on a CAPA."""

    model, permission = Capa, VIEW
    gates_later = True
    tab = ""

    def get_queryset(self) -> QuerySet[Any]:
        return capas()

    def success_url(self, result: Any) -> str:
        return f"{self.record_url()}?tab={self.tab}" if self.tab else super().success_url(result)


class SignedDeed(CapaDeed):
    """A deed that signs something of its own and then makes a move; nobody has signed it yet."""

    makes_move: ClassVar[str] = ""

    def blockers(self) -> Sequence[Blocker]:
        """What stands against the move beside what this page asks for."""
        states = slots.mover().available_moves(self.record, self.request.user, self.makes_move)
        return [one for state in states[:1] for one in state.blockers if one.code not in SETTLED]

    def already_signed(self) -> Sequence[Any]:
        return ()

    def digest(self) -> str:
        return ""


class PartDeed(MovePage):
    """A deed on a part of a CAPA."""

    permission = VIEW
    list_url_name = "qms_capa:capa_list"
    tab = "overview"

    def number(self) -> str:
        return str(self.record.capa.number)

    def site(self) -> Any:
        return self.record.capa.site

    def record_url(self) -> str:
        return str(self.record.capa.get_absolute_url())

    def success_url(self, result: Any) -> str:
        return f"{self.record_url()}?tab={self.tab}"
