"""What the page of a lot says of its splits and merges."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from core.web.views import Action, Related
from traceability.models import GenealogyLink, Lot
from traceability.queries import plain

SPLIT = "traceability.split_lot"


def kin_related(links: list[GenealogyLink], lot: Lot) -> list[Related]:
    """From which lots a lot was split off or merged, and what was split off or merged of it."""
    found = []
    for link in links:
        parent, child = link.parent_lot, link.child_lot
        if parent is None or child is None:
            continue
        note = f"{plain(link.quantity)} {link.uom.symbol}"
        if child == lot:
            found.append(Related(_("Came from %(lot)s") % {"lot": parent}, parent.get_absolute_url(), note))
        else:
            found.append(Related(_("Went into %(lot)s") % {"lot": child}, child.get_absolute_url(), note))
    return found


def kin_actions(links: list[GenealogyLink], lot: Lot) -> list[Action]:
    """Splitting and merging a lot, and taking back what made it."""
    if lot.status not in ("quarantine", "released"):
        return []
    actions = [
        Action(_("Split"), reverse("traceability:lot_split", args=[lot.pk]), "split", SPLIT),
        Action(_("Merge"), reverse("traceability:lot_merge", args=[lot.pk]), "layers", SPLIT),
    ]
    made_by = {link.source_id for link in links if link.child_lot == lot and link.source_id is not None}
    actions += [
        Action(
            _("Take the split or merge back"),
            reverse("traceability:transformation_undo", args=[pk]),
            "undo",
            SPLIT,
        )
        for pk in sorted(made_by)
    ]
    return actions
