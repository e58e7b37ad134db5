"""What a print is made of, for those who have one printed: its sources, its data, and where it may be cut."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

CUT = "<!-- cut -->"
"""Where a template allows a long document to be cut: between block elements at the top of its content."""


class Refused(Exception):
    """A print asked for something it may not have: any address outside static files and its own attachments."""


@dataclass(frozen=True)
class DataFile:
    """A file embedded in the PDF, as source data of what is printed."""

    name: str
    content: bytes
    media_type: str = "application/json"
    description: str = ""


@dataclass(frozen=True)
class Source:
    """Where a print may read from: `static(path)` and `blob(sha256)` return bytes and a media type."""

    static: Callable[[str], tuple[bytes, str]]
    blob: Callable[[str], tuple[bytes, str]] | None = None
