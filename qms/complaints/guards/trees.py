"""What stands between a decision tree and its use."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.revisions import written_by
from core.kernel.wiring import guard
from core.signing.queries import is_intact
from qms.complaints.models import DecisionTreeVersion
from qms.complaints.queries import TreeError, latest_signature, read_tree, writer_ids

VERSION = "qms_complaints.DecisionTreeVersion"


@guard(VERSION, "edit", title=gettext_lazy("Still a draft"))
def version_is_a_draft(record: DecisionTreeVersion, deed: Deed) -> Iterator[Blocker]:
    """What was signed is not changed."""
    if record.status != "draft":
        yield Blocker(
            "not_a_draft",
            _("%(version)s is no draft any more; what was signed is not changed.") % {"version": record},
            record=record,
            remedy=_("Begin a new version, or have this one rejected or withdrawn with a reason."),
            remedy_url=record.tree.get_absolute_url(),
        )


@guard(VERSION, "submit", "make_effective", title=gettext_lazy("It is a tree"))
def it_is_a_tree(record: DecisionTreeVersion, deed: Deed) -> Iterator[Blocker]:
    """Every answer leads to a question or a result, nothing in a circle, and each names its clause."""
    try:
        read_tree(record.content)
    except TreeError as error:
        for problem in error.problems:
            yield Blocker("tree", problem, record=record, remedy=_("Correct the text of the tree."))


@guard(VERSION, "submit", title=gettext_lazy("The change is explained"))
def version_is_explained(record: DecisionTreeVersion, deed: Deed) -> Iterator[Blocker]:
    """A later version says what changed and why."""
    if record.number > 1 and not record.change_summary.strip():
        yield Blocker(
            "no_change_summary",
            _("%(version)s does not say what changed and why.") % {"version": record},
            record=record,
            remedy=_("Write what changed against the version before."),
        )


@guard(VERSION, "approve", title=gettext_lazy("Another person wrote it"))
def another_person_wrote_the_tree(record: DecisionTreeVersion, deed: Deed) -> Iterator[Blocker]:
    """Whoever wrote in the draft does not approve it, even if somebody else submitted it."""
    yield from written_by(deed.actor, writer_ids(record), record)


@guard(VERSION, "approve", title=gettext_lazy("Signed by its author, unchanged since"))
def tree_is_signed_by_its_author(record: DecisionTreeVersion, deed: Deed) -> Iterator[Blocker]:
    yield from _unfit_signature(record, "authored")


@guard(VERSION, "make_effective", title=gettext_lazy("Approved, unchanged since"))
def tree_is_approved(record: DecisionTreeVersion, deed: Deed) -> Iterator[Blocker]:
    """What comes into force is what was approved (21 CFR 11.70)."""
    yield from _unfit_signature(record, "approved")


@guard(VERSION, "supersede", title=gettext_lazy("Another version took its place"))
def another_version_took_its_place(record: DecisionTreeVersion, deed: Deed) -> Iterator[Blocker]:
    """Alone it would leave people without a version."""
    others = DecisionTreeVersion.objects.filter(tree=record.tree_id, status="effective").exclude(pk=record.pk)
    if not others.exists():
        yield Blocker(
            "no_successor",
            _("No other version of %(tree)s is in force.") % {"tree": record.tree},
            record=record,
            remedy=_("Make a newer version effective, or make this one obsolete."),
        )


def _unfit_signature(record: DecisionTreeVersion, meaning: str) -> Iterator[Blocker]:
    signature = latest_signature(record, meaning)
    if signature is None or not is_intact(signature):
        yield Blocker(
            "signature_missing" if signature is None else "signature_broken",
            _("%(version)s lacks a signature that fits what it says.") % {"version": record},
            record=record,
            remedy=_("Discard this version and begin a new one."),
        )
