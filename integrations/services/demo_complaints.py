"""Complaints in the demonstration plant: codes, decision trees, and a customer who complains."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from core.lifecycle.services import perform
from core.organization.models import Site, User
from core.signing.services import Proof
from qms.complaints.models import DecisionTreeVersion
from qms.complaints.services import create_code, record_complaint
from qms.complaints.services.examples import create_examples
from traceability.models import Lot


def complaint_masters(users: Mapping[str, User], prove: Callable[[User, str], Proof]) -> None:
    """Codes, and the example decision trees: one approved and in force, the others wait as drafts to be judged."""
    marta, quinn = users["marta"], users["quinn"]
    for kind, code, name in (
        ("event", "BROKEN", "Broke in use"),
        ("event", "NOISE", "Noise or play"),
        ("event", "FINISH", "Finish damaged"),
        ("cause", "MATERIAL", "Material"),
        ("cause", "ASSEMBLY", "Assembly"),
        ("cause", "MISUSE", "Used otherwise than meant"),
        ("cause", "NOT-FOUND", "Cause not found"),
    ):
        create_code(kind=kind, code=code, name=name, actor=marta)
    create_examples(actor=marta)
    draft = DecisionTreeVersion.objects.get(tree__code="FDA-MDR")
    perform(draft, "submit", actor=marta, signature=prove(marta, "authored"))
    perform(draft, "approve", actor=quinn, signature=prove(quinn, "approved"))
    perform(draft, "make_effective", actor=quinn)


def complaint(site: Site, users: Mapping[str, User]) -> str:
    """A customer complains of what was made here; returns its number."""
    lot = Lot.objects.filter(site=site, status="released").order_by("-pk")[0]
    found = record_complaint(
        site=site,
        title="Crown came loose on the first ride",
        nature="The rider heard a crack. The crown had play after 20 km. Nobody was hurt.",
        channel="email",
        told={
            "claimed_product": lot.material.number, "claimed_lot": lot.number, "harm": "none",
            "complainant_name": "Eva Steiger", "complainant_organization": "Steiger Cycles",
        },
        actor=users["petra"],
    )  # fmt: skip
    return found.number
