"""Decision trees are written, approved by another person, and come into force, one version of each at a time."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import Deed, service
from core.kernel.wiring import effect
from core.lifecycle.services import attempt, begin, perform
from core.organization.services import require
from core.worklist.models import Kind as Work
from core.worklist.services import complete_for
from core.worklist.services import revisions as work
from qms.complaints.models import DecisionTree, DecisionTreeVersion
from qms.complaints.queries import version_in_flight
from qms.complaints.services.common import refuse

VERSION = "qms_complaints.DecisionTreeVersion"
CHANGE = "qms_complaints.change_decisiontreeversion"


@service
def create_tree(
    *, code: str, name: str, authority: str, content: str, is_example: bool = False, actor: Any
) -> DecisionTree:
    """Begin a decision tree with the draft of its first version. Raises `Blocked` when the code is taken."""
    require(actor, CHANGE)
    if DecisionTree.objects.filter(code=code.strip()).exists():
        raise refuse("code_taken", _("The code %(code)s is taken.") % {"code": code}, _("Choose another code."))
    tree = DecisionTree(code=code.strip(), name=name.strip(), authority=authority.strip())
    tree.save()
    draft = DecisionTreeVersion(tree=tree, number=1, author=actor, content=content, is_example=is_example)
    begin(draft, actor=actor)
    return tree


@service
def revise_tree(*, tree: DecisionTree, change_summary: str = "", actor: Any, reason: str = "") -> DecisionTreeVersion:
    """Begin the next version as a copy of the latest. Raises `Blocked` while another one is on its way."""
    require(actor, CHANGE)
    found = DecisionTree.objects.select_for_update().get(pk=tree.pk)
    flying = version_in_flight(found)
    if flying is not None:
        raise refuse(
            "version_in_flight",
            _("%(version)s is on its way already: it is “%(status)s”.")
            % {"version": flying, "status": flying.get_status_display()},
            _("Continue with it, or discard it first."),
            flying,
        )
    latest = found.versions.order_by("-number")[0]
    base = found.versions.filter(status="effective").first() or latest
    draft = DecisionTreeVersion(
        tree=found, number=latest.number + 1, author=actor, content=base.content, change_summary=change_summary.strip()
    )
    return begin(draft, actor=actor)


@service
def write_version(
    *, version: DecisionTreeVersion, content: str, change_summary: str = "", actor: Any, reason: str = ""
) -> DecisionTreeVersion:
    """Change the text of a draft; whether it is a tree is asked when it is submitted."""
    found = DecisionTreeVersion.objects.select_for_update(of=("self",)).select_related("tree").get(pk=version.pk)
    require(actor, CHANGE, found)
    attempt(found, "edit", actor=actor, reason=reason)
    found.content, found.change_summary = content, change_summary.strip()
    found.save()
    return found


@effect(VERSION, "submit")
def ask_for_approval(record: DecisionTreeVersion, deed: Deed) -> None:
    """Whoever approves decision trees is asked, but for the author."""
    work.ask_for_approval(record, deed)


@effect(VERSION, "approve")
def ask_to_make_effective(record: DecisionTreeVersion, deed: Deed) -> None:
    """Somebody says from when it counts."""
    work.ask_to_make_effective(record, deed, title=_("Make %(version)s effective") % {"version": record})


@effect(VERSION, "reject")
def return_to_the_author(record: DecisionTreeVersion, deed: Deed) -> None:
    """The author reads why and reworks it."""
    work.ask_for_rework(record, deed)


@effect(VERSION, "withdraw", "discard")
def take_the_work_back(record: DecisionTreeVersion, deed: Deed) -> None:
    """Nobody has to approve it any more."""
    work.take_the_work_back(record, deed)


@effect(VERSION, "make_effective")
def supersede_the_one_before(record: DecisionTreeVersion, deed: Deed) -> None:
    """The old version ends in the moment in which the new one begins."""
    DecisionTree.objects.select_for_update().get(pk=record.tree_id)
    for old in DecisionTreeVersion.objects.filter(tree=record.tree_id, status="effective").exclude(pk=record.pk):
        perform(old, "supersede", actor=deed.actor, reason=_("Replaced by %(version)s") % {"version": record})
    record.effective_from = deed.at
    record.save()
    complete_for(subject=record, kind=Work.ACTION, actor=deed.actor)


@effect(VERSION, "supersede", "make_obsolete")
def note_the_end(record: DecisionTreeVersion, deed: Deed) -> None:
    """Until when complaints were judged by it."""
    record.effective_until = deed.at
    record.save()
