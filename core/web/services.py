"""The one deed of the web kit itself: saying that a list was exported."""

from __future__ import annotations

from typing import Any

from core.kernel.deeds import service
from core.kernel.wiring import publish
from core.web.events import ListExported


@service
def report_export(*, page: str, query: str, format: str, rows: int, actor: Any) -> None:
    """Publish that `actor` exports a list, before the first byte leaves."""
    publish(ListExported(page=page, query=query, format=format, rows=rows, actor=actor))
