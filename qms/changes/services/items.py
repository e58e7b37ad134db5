"""The items of a change: which revision is replaced by which, brought, or ended."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.kernel.permissions import view_permission
from core.organization.queries import may
from qms.changes.lifecycle import BEFORE_RELEASE
from qms.changes.models import ChangeItem, ChangeOrder
from qms.changes.queries import effective_of, in_flight_of, kind_of, master_of
from qms.changes.services.drafting import refused, writable
from qms.changes.services.suggestions import refresh


def _visible(revision: Any, actor: Any) -> None:
    if not may(actor, view_permission(type(revision)), revision):
        raise refused("unknown", _("There is no such revision here."), _("Check the number."), None)


def _named_elsewhere(revision: Any, change: ChangeOrder) -> None:
    kind = ContentType.objects.get_for_model(revision)
    items = ChangeItem.objects.filter(revision_type=kind, change__status__in=BEFORE_RELEASE).exclude(change=change)
    other = (items.filter(to_id=revision.pk) | items.filter(from_id=revision.pk)).select_related("change").first()
    if other is not None:
        raise Blocked(
            Blocker(
                "named_elsewhere",
                _("%(revision)s is named by %(change)s already.") % {"revision": revision, "change": other.change},
                record=other.change,
                remedy=_("Put both into one change, or wait for the other one."),
                remedy_url=other.change.get_absolute_url(),
            )
        )


@service
def add_item(
    *, change: ChangeOrder, action: str, revision: Any, actor: Any, note: str = "", reason: str = ""
) -> ChangeItem:
    """Name what the change revises or ends (an effective revision), or brings (the first revision, on its way).

    Where a revision is on its way already, an item that revises leads to it. Raises `Blocked` for a revision in
    another state, and for one that another change names.
    """
    found = writable(change, "edit", actor=actor)
    _visible(revision, actor)
    kind, master = kind_of(revision), master_of(revision)
    effective = effective_of(kind, master)
    flying = in_flight_of(kind, master)
    if action == ChangeItem.Action.NEW:
        before, after = None, flying
        if effective is not None or flying is None:
            raise refused(
                "not_new",
                _("%(revision)s is not the first revision on its way.") % {"revision": revision},
                _("Revise what is effective, or begin a draft first."),
                revision,
            )
    else:
        before, after = effective, flying if action == ChangeItem.Action.REVISE else None
        if before is None:
            raise refused(
                "not_effective",
                _("Nothing of %(revision)s is effective.") % {"revision": revision},
                _("Name it as new."),
                revision,
            )
    for one in (before, after):
        if one is not None:
            _named_elsewhere(one, found)
    revision_type = ContentType.objects.get_for_model(kind.model)
    known = found.items.filter(revision_type=revision_type)
    if (before is not None and known.filter(from_id=before.pk).exists()) or (
        after is not None and known.filter(to_id=after.pk).exists()
    ):
        raise refused("named", _("The change names it already."), _("Look at its items."), revision)
    item = ChangeItem(
        change=found,
        action=action,
        revision_type=revision_type,
        from_id=None if before is None else before.pk,
        from_label="" if before is None else str(before)[:300],
        to_id=None if after is None else after.pk,
        to_label="" if after is None else str(after)[:300],
        note=note.strip()[:300],
    )
    item.save()
    if found.status != "draft":
        refresh(found)
    return item


@service
def name_revision(*, item: ChangeItem, actor: Any, reason: str = "") -> ChangeItem:
    """Let an item lead to the revision that is on its way now. Raises `Blocked` while none is begun."""
    writable(item.change, "plan", actor=actor)
    found = ChangeItem.objects.select_for_update(of=("self",)).select_related("change").get(pk=item.pk)
    before = found.from_revision
    flying = None if before is None else in_flight_of(kind_of(before), master_of(before))
    if found.action != ChangeItem.Action.REVISE or flying is None:
        raise refused(
            "no_revision",
            _("No other revision of %(item)s is on its way.") % {"item": found},
            _("Begin its next revision first."),
            found,
        )
    _named_elsewhere(flying, found.change)
    found.to_id, found.to_label = flying.pk, str(flying)[:300]
    found.save()
    return found


@service
def remove_item(*, item: ChangeItem, actor: Any, reason: str = "") -> ChangeOrder:
    """Take an item out of a change that is still written."""
    change = writable(item.change, "edit", actor=actor)
    ChangeItem.objects.select_for_update(of=("self",)).get(pk=item.pk).delete()
    if change.status != "draft":
        refresh(change)
    return change
