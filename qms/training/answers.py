"""What training tells the apps below: who may not sign yet."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.errors import Blocker
from core.kernel.wiring import answers
from core.organization.queries import sites_of_person
from core.signing.questions import AgainstSigner
from qms.training.models import SigningPolicy
from qms.training.queries.gate import standing_of


@answers(AgainstSigner)
def untrained_in_signing(question: AgainstSigner) -> Iterator[Blocker]:
    """People of a site that asks for it sign only once they were trained on what a signature means (21 CFR 11.10(j)).

    The signature on the training itself is how they get there.
    """
    if question.meaning == "trained":
        return
    policies = SigningPolicy.objects.filter(is_on=True, site__in=sites_of_person(question.user))
    asked = [
        revision
        for policy in policies.select_related("document")
        if (revision := policy.document.revisions.filter(status="effective").first()) is not None
    ]
    known = standing_of(question.user, revisions=asked).trained
    for revision in asked:
        if revision.pk in known and (known[revision.pk] or now()) <= now():
            yield Blocker(
                "untrained_in_signing",
                _("%(who)s signs nothing before being trained on %(document)s.")
                % {"who": question.user, "document": revision},
                record=revision,
                remedy=_("Take this training under “My training”; its own signature is possible."),
                remedy_url=reverse("qms_training:trainingassignment_mine"),
            )
