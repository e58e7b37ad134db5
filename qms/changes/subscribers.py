"""What changes keep of what happens below."""

from __future__ import annotations

from core.kernel.deeds import current
from core.kernel.wiring import subscribe
from core.organization.events import ConfigurationChanged
from qms.changes.services import note_configuration


@subscribe(ConfigurationChanged)
def keep_what_changed(event: ConfigurationChanged) -> None:
    """The change that covers a piece of configuration shows what it altered."""
    present = current()
    if present is not None:
        note_configuration(record=event.record, before=dict(event.before), after=dict(event.after), actor=present.user)
