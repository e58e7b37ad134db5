"""What may be approved or made effective through a change only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, Q, When
from django.urls import reverse
from django.utils.translation import gettext as _

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from qms.changes.lifecycle import BEFORE_RELEASE
from qms.changes.models import ChangeItem, ChangePolicy
from qms.changes.queries.controlled import kind_of

APPROVED = ("implementation", "ready")
"""States of a change whose plan is approved and whose items are not yet effective."""


def _type_of(revision: Any) -> ContentType:
    return ContentType.objects.get_for_model(revision)


def item_of(revision: Any) -> ChangeItem | None:
    """The item of a change before its release that leads to this revision, or that ends it."""
    items = ChangeItem.objects.filter(revision_type=_type_of(revision), change__status__in=BEFORE_RELEASE)
    leads = Q(to_id=revision.pk)
    named = items.filter(leads | Q(from_id=revision.pk, action="obsolete")).select_related("change")
    return named.order_by(Case(When(leads, then=0), default=1), "pk").first()


def needs_change(revision: Any) -> bool:
    """Whether a policy says that revisions of this kind need a change."""
    path = kind_of(revision).kind_path
    sort: Any = revision
    for step in path.split("__") if path else ():
        sort = getattr(sort, step)
    kinds = ["", str(sort)] if path else [""]
    return ChangePolicy.objects.filter(revision_type=_type_of(revision), kind__in=kinds, is_active=True).exists()


def change_blockers(revision: Any, deed: Deed, move: str) -> Iterator[Blocker]:
    """Against a move of a controlled revision that only an approved change makes, or that its change makes later."""
    change = deed.params.get("change")
    if move in ("retire", "restore"):
        if change is None:
            yield Blocker(
                "only_by_change",
                _("%(revision)s is retired or restored by a change only.") % {"revision": revision},
                record=revision,
                remedy=_("Ask for a change that does it."),
            )
        return
    if change is not None and change.items.filter(revision_type=_type_of(revision), to_id=revision.pk).exists():
        return
    item = item_of(revision)
    if move in ("make_effective", "make_obsolete") and item is not None:
        yield Blocker(
            "released_by_its_change",
            _("%(revision)s belongs to %(change)s, which releases all its items in one moment.")
            % {"revision": revision, "change": item.change},
            record=item.change,
            remedy=_("Release the change."),
            remedy_url=item.change.get_absolute_url(),
        )
        return
    if not needs_change(revision):
        return
    if item is None:
        yield Blocker(
            "needs_a_change",
            _("%(revision)s is under change control, and no change names it.") % {"revision": revision},
            record=revision,
            remedy=_("Ask for a change and name this revision in it."),
            remedy_url=reverse("qms_changes:changeorder_list"),
        )
    elif item.change.status not in APPROVED and not item.change.is_emergency:
        yield Blocker(
            "change_not_approved",
            _("%(change)s, which names %(revision)s, is “%(state)s”.")
            % {"change": item.change, "revision": revision, "state": item.change.get_status_display()},
            record=item.change,
            remedy=_("Wait until the plan of the change is approved."),
            remedy_url=item.change.get_absolute_url(),
        )
