"""Why an access review may not be signed yet, and why no test mail can be sent."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from core.organization.models import User
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


@guard(User, "test_mail", title=gettext_lazy("A mail server is named"))
def a_mail_server_is_named(user: User, deed: Deed) -> Iterator[Blocker]:
    """Without one nothing leaves this installation."""
    if not settings.TRUELINE_MAIL_IS_NAMED:
        yield Blocker(
            "no_mail_server",
            _("No mail server is named for this installation, so no mail is sent."),
            remedy=_("Whoever runs the server sets EMAIL_URL (docs/operation.md) and starts Trueline again."),
        )


@guard(User, "test_mail", title=gettext_lazy("The person has an e-mail address"))
def the_person_has_an_address(user: User, deed: Deed) -> Iterator[Blocker]:
    """The mail goes to whoever asks for it, and nowhere else."""
    if not user.email:
        yield Blocker(
            "no_address",
            _("No e-mail address is known for you."),
            remedy=_("Enter it on your own page under People."),
            remedy_url=reverse("core_organization:user_change", args=[user.pk]),
        )
