"""The changes of the demonstration plant."""

from __future__ import annotations

from core.lifecycle.services import perform
from core.organization.models import Site, User
from qms.changes.services import add_item, create_change_type, raise_change, start_assessment
from qms.documents.models import DocumentRevision


def seed_changes(site: Site, users: dict[str, User]) -> None:
    """Two types of changes, and one change that is being assessed."""
    paul, quinn = users["paul"], users["quinn"]
    process = create_change_type(
        code="PROCESS", name="Process and routing", category="process", assess=["production", "training"],
        approve=["engineering", "quality"], actor=quinn,
    )  # fmt: skip
    create_change_type(
        code="DOCUMENT", name="Document", category="document", assess=["training"], approve=["quality"], actor=quinn
    )
    change = raise_change(
        site=site, change_type=process, title="Let frames cool before they are measured",
        description="The frame cools for ten minutes more before the head tube bore is measured.",
        justification="Bores measured warm were outside the limits when they were cold.",
        owner=paul, actor=users["leo"],
    )  # fmt: skip
    weld = DocumentRevision.objects.get(document__title="Weld a road frame", status="effective")
    add_item(change=change, action="revise", revision=weld, actor=paul)
    perform(change, "submit", actor=users["leo"])
    start_assessment(change=change, actor=paul)
