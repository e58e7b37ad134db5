"""How disposals look in the API."""

from __future__ import annotations

from core.retention.models import Disposal
from core.web.api import Shape


class DisposalShape(Shape):
    class Meta:
        model = Disposal
        fields = ("id", "table", "before", "ranges", "rows", "digest", "basis", "proposed_by", "status", "version")
