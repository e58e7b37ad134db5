"""JSON as the API writes it."""

from __future__ import annotations

import json
from typing import Any

from rest_framework.utils.encoders import JSONEncoder


def encoded(body: Any) -> str:
    """The body as JSON text; decimals and times as strings."""
    return json.dumps(body, cls=JSONEncoder, ensure_ascii=False)
