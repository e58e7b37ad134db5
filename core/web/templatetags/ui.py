"""The kit's components as template tags: `{% load ui %}`. docs/screens.md shows each in use."""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from collections.abc import Iterable, Sequence
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.db.models import Model
from django.forms import BoundField
from django.http import QueryDict
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from core.kernel.lifecycle import Lifecycle
from core.web import links, markup, slots
from core.web.markup import Text
from core.web.questions import Offer, SignatureLine, TimelineEntry
from core.web.stepper import steps_of

register = template.Library()


@register.filter
def as_json(value: Any) -> str:
    """A value as JSON for a data attribute; the template escapes it."""
    return json.dumps(value)


# --- words, figures, times


@register.simple_tag
def icon(name: str, label: Text = "") -> SafeString:
    """`{% icon "check" %}`; with a label where the icon stands alone."""
    return markup.icon(name, label)


@register.simple_tag
def navigation_links(links: Iterable[Any]) -> SafeString:
    """`{% navigation_links group.links %}`: the entries of one group of the navigation."""
    return markup.navigation_links(links)


@register.simple_tag
def badge(label: Text, tone: str = "neutral", icon: str = "") -> SafeString:
    """`{% badge _("Major") "bad" "alert" %}`: any mark as word + icon + tone."""
    return markup.badge(label, tone, icon)


@register.simple_tag
def state(record: Any) -> SafeString:
    """`{% state lot %}`: the present state of a record with a lifecycle."""
    return markup.state_of(record)


@register.simple_tag
def quantity(value: Any, unit: Text = "", decimals: int | None = None) -> SafeString:
    """`{% quantity line.quantity line.unit.symbol %}`."""
    return markup.quantity(value, unit, decimals)


@register.simple_tag(takes_context=True)
def site_time(context: Context, value: dt.datetime | None, site: Any = None, seconds: bool = False) -> SafeString:
    """`{% site_time lot.made_at lot.site %}`: in the site's zone with offset; without a site, the chosen one's."""
    return markup.site_time(value, _zone(context, site), seconds=seconds)


@register.simple_tag
def due(value: dt.datetime | None) -> SafeString:
    """`{% due nc.due_at %}`: how long still, or how long over."""
    return markup.due(value)


def _zone(context: Context, site: Any) -> dt.tzinfo:
    if site:
        return ZoneInfo(site if isinstance(site, str) else site.time_zone)
    shell = context.get("shell")
    return dt.UTC if shell is None else shell.zone


# --- forms


@register.inclusion_tag("ui/field.html")
def field(field: BoundField, label: Text = "") -> dict[str, Any]:
    """`{% field form.quantity %}`: label, help, unit, limits, required mark, error."""
    return {"field": field, "label": label or field.label, **field_facts(field)}


def field_facts(field: BoundField) -> dict[str, Any]:
    """What the field template shows beside the widget: unit, limits, kind."""
    inner = field.field
    low, high, unit = getattr(inner, "min_value", None), getattr(inner, "max_value", None), getattr(inner, "unit", "")
    limits = ""
    if low is not None and high is not None:
        limits = gettext("%(low)s to %(high)s") % {"low": markup.number(low), "high": markup.number(high)}
    elif low is not None:
        limits = gettext("at least %(low)s") % {"low": markup.number(low)}
    elif high is not None:
        limits = gettext("at most %(high)s") % {"high": markup.number(high)}
    return {
        "unit": unit,
        "limits": f"{limits} {unit}".strip() if limits else "",
        "kind": getattr(field.field.widget, "input_type", ""),
        "is_reason": type(inner).__name__ == "ReasonField",
    }


@register.filter
def facts_of(field: BoundField) -> dict[str, Any]:
    """`field|facts_of`: the same, for the kit's own templates."""
    return field_facts(field)


@register.simple_tag
def client_id() -> SafeString:
    """The hidden id that makes a double tap safe; `ui/form.html` and the generic pages have it already."""
    return format_html('<input type="hidden" name="client_id" value="{}">', uuid.uuid4())


@register.inclusion_tag("ui/error_summary.html")
def error_summary(form: Any, blockers: Sequence[Any] = (), signature_form: Any = None) -> dict[str, Any]:
    """All errors of a form and of the signer's fields on top, focused, each leading to its field."""
    forms = [one for one in (form, signature_form) if one is not None]
    return {"forms": forms, "has_errors": any(one.errors for one in forms), "blockers": blockers}


# --- panels


@register.simple_tag(takes_context=True)
def reachable(context: Context, url: Any) -> str:
    """`{% reachable url as to %}`: the address, or empty where it would refuse the visitor."""
    return links.reachable(context.get("request"), url)


@register.inclusion_tag("ui/blockers.html", takes_context=True)
def blockers(context: Context, blockers: Iterable[Any], title: Text = "") -> dict[str, Any]:
    """`{% blockers move.blockers _("Before it can be released") %}`: why not, each with its remedy."""
    return {"blockers": list(blockers), "title": title, "request": context.get("request")}


@register.simple_tag(takes_context=True)
def said(context: Context, blocker: Any) -> SafeString:
    """`{% said blocker %}`: what stands against it. The record is named once: in the words, or else behind them."""
    message, record = str(blocker.message), blocker.record
    if record is None:
        return format_html("{}", message)
    request = context.get("request")
    address = links.reachable(request, markup.url_of(record))
    names = [str(record), *(str(getattr(record, column, "") or "") for column in ("number", "code", "serial"))]
    found = next(
        (hit for name in names if name and (hit := re.search(rf"(?<!\w){re.escape(name)}(?!\w)", message))), None
    )
    if address and address in (getattr(request, "path", ""), blocker.remedy_url):
        return format_html("{}", message)  # whoever reads it is there already, or is led there by the remedy
    if found is None:
        name = format_html('<a href="{}">{}</a>', address, record) if address else f"({record})"
        return format_html("{} {}", message, name)
    if not address:
        return format_html("{}", message)
    before, name, after = message[: found.start()], found.group(), message[found.end() :]
    return format_html('{}<a href="{}">{}</a>{}', before, address, name, after)


@register.inclusion_tag("ui/gates.html", takes_context=True)
def gates(context: Context, results: Iterable[Any], title: Text = "") -> dict[str, Any]:
    """`{% gates results %}`: kernel GuardResults as chips; the failed ones with reasons and remedies under them."""
    found = list(results)
    failed = [result for result in found if result.blockers]
    return {"results": found, "failed": failed, "title": title, "request": context.get("request")}


@register.inclusion_tag("ui/timeline.html", takes_context=True)
def timeline(context: Context, entries: Iterable[TimelineEntry], site: Any = None) -> dict[str, Any]:
    """`{% timeline entries record.site %}`: what happened, newest first."""
    kept = {name: context.get(name) for name in ("shell", "request")}
    return {"entries": list(entries), "zone_name": site, **kept}


@register.inclusion_tag("ui/facts.html", takes_context=True)
def facts(context: Context, facts: Iterable[Any], layout: str = "grid") -> dict[str, Any]:
    """`{% facts facts %}`: label and value pairs; layout `grid` or `list`."""
    return {"facts": list(facts), "layout": layout, "request": context.get("request")}


@register.inclusion_tag("ui/later.html", takes_context=True)
def later(context: Context, key: str) -> dict[str, Any]:
    """`{% later "gates" %}`: the part of the page with this key, asked for by the browser once the page is shown."""
    return {"part": next(part for part in context["page"].parts() if part.key == key)}


@register.inclusion_tag("ui/stepper.html")
def stepper(record: Any, path: Sequence[str] = ()) -> dict[str, Any]:
    """`{% stepper record %}`: the states of a lifecycle from birth to end, with the present one marked."""
    lifecycle: Lifecycle = record.lifecycle
    known = (lambda: slots.mover().visited(record)) if isinstance(record, Model) else tuple
    return {"steps": steps_of(lifecycle, record.status, path, known)}


@register.inclusion_tag("ui/progress.html")
def progress(done: Any, total: Any, label: Text = "") -> dict[str, Any]:
    """`{% progress job.done job.total job.text %}`."""
    share = min(100, int(100 * done / total)) if total else 0
    return {"done": done, "total": total, "share": share, "label": label}


@register.inclusion_tag("ui/empty.html")
def empty(
    title: Text, text: Text = "", icon: str = "inbox", url: str = "", action: Text = "", offers: Iterable[Offer] = ()
) -> dict[str, Any]:
    """`{% empty _("No lots yet") _("Receive material to begin.") "package" url _("Receive") %}`."""
    buttons = [Offer(action, url)] if url else []
    return {"title": title, "text": text, "icon": icon, "buttons": [*buttons, *(offers or ())]}


@register.inclusion_tag("ui/tabs.html")
def tabs(tabs: Iterable[Any]) -> dict[str, Any]:
    """`{% tabs tabs %}`: links that change the part of the page, one of them current."""
    return {"tabs": list(tabs)}


@register.inclusion_tag("ui/attachments.html")
def attachments(attachments: Iterable[Any]) -> dict[str, Any]:
    """`{% attachments attachments %}`: files with size and digest; each leads to its download."""
    return {"attachments": list(attachments)}


@register.inclusion_tag("ui/signatures.html", takes_context=True)
def signatures(context: Context, lines: Iterable[SignatureLine]) -> dict[str, Any]:
    """`{% signatures lines %}`: who signed what meaning when, whether it is intact, and who is next."""
    return {"lines": list(lines), "shell": context.get("shell")}


@register.inclusion_tag("ui/scale.html")
def scale(value: Any, low: Any, high: Any, warn_low: Any = None, warn_high: Any = None) -> dict[str, Any]:
    """`{% scale 12.041 11.98 12.02 %}`: where a value lies between its limits, as a drawn band."""
    return markup.scale(value, low, high, warn_low, warn_high)


# --- addresses


@register.simple_tag(takes_context=True)
def address(context: Context, **changes: Any) -> str:
    """This page's address with parameters changed (None removes one): `{% address sort="-number" after=None %}`."""
    query: QueryDict = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else "?"


@register.filter
def url(record: Any) -> str:
    """`record|url`: the address of its page, or empty."""
    return markup.url_of(record)


_LINK = re.compile("(<a [^<>]*>)([^<>]*)(</a>)")


@register.filter
def unbroken(cell: Any) -> Any:
    """`cell|unbroken`: a text, or a link with nothing but a text, whose numbers are not broken after a hyphen."""
    if isinstance(cell, SafeString):
        link = _LINK.fullmatch(cell)
        text = markup.unbroken(unescape(link[2])) if link else ""
        return format_html("{}{}{}", SafeString(link[1]), text, SafeString(link[3])) if link else cell
    if not isinstance(cell, str | Model):
        return cell
    return markup.unbroken(str(cell))


@register.filter
def initials(name: Any) -> str:
    """`AK` for Anna Kowalska."""
    words = str(name).split()
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


@register.filter
def short_digest(digest: str) -> str:
    """The first and last four characters groups of a digest, enough to compare by eye."""
    return f"{digest[:8]}…{digest[-8:]}" if len(digest) > 20 else digest


@register.filter
def item(mapping: Any, key: str) -> Any:
    """`headers|item:column.name`: the entry of a mapping, or None."""
    return mapping.get(key) if mapping else None


@register.simple_tag
def target_state(record: Any, move: Any) -> SafeString:
    """The badge of the state that a move leads to."""
    target = record.lifecycle.state(move.target)
    return markup.badge(target.label, target.tone, target.icon)
