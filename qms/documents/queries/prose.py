"""Markdown as safe HTML."""

from __future__ import annotations

import functools
import re

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = frozenset(
    "p br hr h1 h2 h3 h4 h5 h6 ul ol li strong em s code pre blockquote a table thead tbody tr th td".split()  # noqa: SIM905
)
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
HEADING = re.compile(r"<(/?)h([1-6])>")


@functools.cache
def _parser() -> MarkdownIt:
    """CommonMark with tables and strikethrough. Raw HTML stays text; pictures are attachments, never links outward."""
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")


def markdown(text: str, heading: int = 2) -> SafeString:
    """The text as safe HTML; its highest heading becomes `h<heading>`, since the page has its own `h1`."""
    html = nh3.clean(
        _parser().render(text or ""),
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )
    lowered = HEADING.sub(lambda found: f"<{found[1]}h{min(6, int(found[2]) + heading - 1)}>", html)
    return mark_safe(lowered)
