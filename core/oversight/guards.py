"""Why an access review may not be signed yet."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from core.oversight.models import AccessReview
from core.oversight.queries import grants_beyond, undecided

NAMED = 5


@guard(AccessReview, "sign", title=gettext_lazy("Every line is decided"))
def every_line_is_decided(review: AccessReview, deed: Deed) -> Iterator[Blocker]:
    """Nobody's access is passed over."""
    names = [str(line) for line in undecided(review)]
    if names:
        yield Blocker(
            "undecided",
            _("%(count)d lines are not decided: %(names)s.") % {"count": len(names), "names": "; ".join(names[:NAMED])},
            record=review,
            remedy=_("Decide about each: keep or end, with a reason. About one's own access somebody else decides."),
        )


@guard(AccessReview, "sign", title=gettext_lazy("No grant came meanwhile"))
def no_grant_came_meanwhile(review: AccessReview, deed: Deed) -> Iterator[Blocker]:
    """What was granted after the review was opened is looked at too."""
    names = [str(grant) for grant in grants_beyond(review)]
    if names:
        yield Blocker(
            "granted_meanwhile",
            _("Granted after the review was opened: %(names)s.") % {"names": "; ".join(names[:NAMED])},
            record=review,
            remedy=_("Take the new grants into the review, then decide about them."),
        )
