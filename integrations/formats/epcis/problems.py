"""What is wrong with an EPCIS document: which event, which field, in plain words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Trouble:
    """One reason for a refusal. `event` counts from 1; 0 means the document itself. `code` is stable for programs."""

    event: int
    field: str
    code: str
    message: str

    def __str__(self) -> str:
        place = _("Event %(number)s") % {"number": self.event} if self.event else _("The document")
        return f"{place}, {self.field}: {self.message}" if self.field else f"{place}: {self.message}"


class EpcisError(ValueError):
    """The document is refused; `troubles` names each reason."""

    def __init__(self, troubles: Trouble | Iterable[Trouble]) -> None:
        self.troubles = (troubles,) if isinstance(troubles, Trouble) else tuple(troubles)
        super().__init__(" ".join(str(trouble) for trouble in self.troubles))


def refuse(code: str, message: str, *, field: str = "") -> EpcisError:
    """A refusal of the whole document."""
    return EpcisError(Trouble(0, field, code, message))
