"""What routings tell documents, the search and the first steps of a plant."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from core.kernel.wiring import answers
from core.organization.queries import scoped
from core.web.questions import FindRecords, FirstStep, FirstStepsOf, Found
from mes.routing.models import Routing, RoutingRevision
from mes.routing.queries import revisions_using
from qms.documents.questions import Use, WhereUsed


@answers(WhereUsed)
def routings_that_name_it(question: WhereUsed) -> Iterator[Use]:
    """The routings in review, approved or effective whose operations name the document as their instruction."""
    for revision in revisions_using(question.document_revision.document, "in_review", "approved", "effective"):
        label = _("Routing %(revision)s at %(site)s") % {"revision": revision, "site": revision.routing.site.code}
        yield Use(label, revision.get_absolute_url())


@answers(FindRecords)
def routings_found(question: FindRecords) -> Iterator[Found]:
    """Routings by code, by name and by what they make."""
    words = question.words
    match = Q(code__icontains=words) | Q(name__icontains=words) | Q(material__number__iexact=words)
    rows = scoped(Routing.objects.filter(match), question.user, "mes_routing.view_routing")
    for routing in rows.select_related("material")[: question.limit]:
        rank = 0 if routing.code.lower() == words.lower() else 1
        yield Found(_("Routing"), str(routing), routing.get_absolute_url(), str(routing.material), rank)


@answers(FirstStepsOf)
def a_routing_is_effective(question: FirstStepsOf) -> Iterator[FirstStep]:
    """Without an effective routing no order can be released."""
    effective = RoutingRevision.objects.filter(status="effective")
    yield FirstStep(
        order=40,
        title=_("A routing"),
        text=_("Write how a material is made: operations, components, instructions. Somebody else approves it."),
        url=reverse("mes_routing:routing_list"),
        permission="mes_routing.add_routing",
        done=scoped(effective, question.user, "mes_routing.add_routing"),
    )
