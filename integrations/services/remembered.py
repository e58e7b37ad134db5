"""Mappings that are remembered: the next file with these columns is mapped as the last one was, if somebody says so."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.organization.models import Site
from integrations.models import ImportMapping
from integrations.services import allowed_kind
from integrations.services.looking import Look
from integrations.services.mapping import parse_mapping


def remembered_for(kind: str, site: Site | None, look: Look) -> ImportMapping | None:
    """The mapping that was used for this set of columns before."""
    return ImportMapping.objects.filter(kind=kind, site=site, columns_key=look.key).first()


@service
def remember_mapping(
    *, kind: str, site: Site | None, look: Look, name: str, mapping: str, actor: Any, reason: str = ""
) -> ImportMapping:
    """Keep a mapping under its name for the next file with these columns; unchanged, nothing is written.

    Raises `Blocked` without the right to import, `MappingError` for a mapping that cannot be used.
    """
    chosen = allowed_kind(kind, site, actor)
    parsed = dict(parse_mapping(mapping, chosen.fields).raw)
    known = remembered_for(kind, site, look)
    wanted = name.strip() or _("%(kind)s, %(count)s columns") % {"kind": chosen.label, "count": len(look.columns)}
    if known is None:
        known = ImportMapping(kind=kind, site=site, columns_key=look.key)
    elif (known.name, known.mapping, known.columns) == (wanted, parsed, look.names):
        return known
    known.name, known.mapping, known.columns = wanted[:120], parsed, look.names
    known.save()
    return known
