"""How a routing revision comes into force: written by one person, approved by a second, both signed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.kernel.lifecycle import Lifecycle, Move, State
from core.kernel.permissions import ROLE_TEMPLATES, Permission, declare

ROUTING_REVISION = Lifecycle(
    "mes_routing.RoutingRevision",
    states=(
        State("draft", _("Draft"), tone="neutral", icon="pencil"),
        State("in_review", _("In review"), tone="info", icon="eye"),
        State("approved", _("Approved"), tone="info", icon="checks"),
        State("effective", _("Effective"), tone="good", icon="check"),
        State("superseded", _("Superseded"), tone="neutral", icon="arrow-right", final=True),
        State("obsolete", _("Obsolete"), tone="neutral", icon="archive", final=True),
    ),
    births=("draft",),
    moves=(
        Move(
            "submit",
            ("draft",),
            "in_review",
            _("Submit for review"),
            permission="mes_routing.submit_routingrevision",
            signature="authored",
            primary=True,
            explanation=_("You sign as the author. The revision can no longer be edited."),
        ),
        Move(
            "approve",
            ("in_review",),
            "approved",
            _("Approve"),
            permission="mes_routing.approve_routingrevision",
            signature="approved",
            not_by=("author", "submit"),
            primary=True,
            explanation=_("You sign as the second person. Orders will be held against exactly this content."),
        ),
        Move(
            "reject",
            ("in_review",),
            "draft",
            _("Send back"),
            permission="mes_routing.approve_routingrevision",
            reason_required=True,
            not_by=("author", "submit"),
            explanation=_("The author can edit the revision again and must sign again."),
        ),
        Move(
            "withdraw",
            ("in_review",),
            "draft",
            _("Withdraw"),
            permission="mes_routing.submit_routingrevision",
            reason_required=True,
            explanation=_("The revision goes back to draft before anybody approved it."),
        ),
        Move(
            "make_effective",
            ("approved",),
            "effective",
            _("Make effective"),
            permission="mes_routing.make_effective_routingrevision",
            primary=True,
            explanation=_("New orders use this revision from now on; the present one is superseded."),
        ),
        Move(
            "supersede",
            ("effective",),
            "superseded",
            _("Supersede"),
            permission="mes_routing.make_effective_routingrevision",
            explanation=_("Happens by itself when a newer revision becomes effective."),
        ),
        Move(
            "discard",
            ("draft", "approved"),
            "obsolete",
            _("Discard"),
            permission="mes_routing.submit_routingrevision",
            reason_required=True,
            destructive=True,
            explanation=_("A revision that never became effective is given up; its name is not used again."),
        ),
        Move(
            "make_obsolete",
            ("effective",),
            "obsolete",
            _("Make obsolete"),
            permission="mes_routing.make_obsolete_routingrevision",
            signature="approved",
            reason_required=True,
            destructive=True,
            explanation=_("No new order can use this routing. Released orders keep what they were released with."),
        ),
    ),
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
