"""How a routing revision comes into force: written by one person, approved by a second, both signed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.kernel.permissions import ROLE_TEMPLATES, Permission, declare
from core.kernel.revisions import controlled_revision

ROUTING_REVISION = controlled_revision(
    "mes_routing.RoutingRevision",
    {
        "submit": _("You sign as the author. The revision can no longer be edited."),
        "approve": _("You sign as the second person. Orders will be held against exactly this content."),
        "reject": _("The author can edit the revision again and must sign again."),
        "withdraw": _("The revision goes back to draft before anybody approved it."),
        "make_effective": _("New orders use this revision from now on; the present one is superseded."),
        "supersede": _("Happens by itself when a newer revision becomes effective."),
        "discard": _("A revision that never became effective is given up; its name is not used again."),
        "make_obsolete": _("No new order can use this routing. Released orders keep what they were released with."),
    },
)

_ENGINEERS = ("process_engineer",)
_QUALITY = ("quality_engineer", "quality_head")

declare(
    Permission("mes_routing.view_routing", _("See routings"), ROLE_TEMPLATES),
    Permission("mes_routing.add_routing", _("Create routings and revisions"), _ENGINEERS),
    Permission("mes_routing.change_routingrevision", _("Edit draft routings"), _ENGINEERS),
    Permission("mes_routing.submit_routingrevision", _("Submit routings for review"), _ENGINEERS),
    Permission("mes_routing.approve_routingrevision", _("Approve routings"), (*_ENGINEERS, *_QUALITY)),
    Permission("mes_routing.make_effective_routingrevision", _("Make routings effective"), (*_ENGINEERS, *_QUALITY)),
    Permission("mes_routing.make_obsolete_routingrevision", _("Make routings obsolete"), _QUALITY),
    Permission("mes_routing.view_scrapreason", _("See scrap reasons"), ROLE_TEMPLATES),
    Permission("mes_routing.change_scrapreason", _("Configure scrap reasons"), (*_ENGINEERS, *_QUALITY)),
)
