"""The risk file of the demonstration plant: a matrix in force, and the risks of a road frame with their controls."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from core.lifecycle.services import perform
from core.organization.models import Site, User
from core.signing.services import Proof
from qms.documents.models import Document
from qms.risk import services
from qms.risk.models import RiskAssessment, RiskMatrix
from qms.risk.services import Estimate, MatrixContent
from traceability.models import Material

MATRIX = MatrixContent(
    name="Harm to the rider",
    severities=("Annoying", "Minor injury", "Serious injury", "Death"),
    probabilities=("Improbable", "Remote", "Occasional", "Probable", "Frequent"),
    bands=(("Low", "acceptable"), ("Medium", "reduce"), ("High", "unacceptable")),
    cells=((1, 1, 1, 2, 2), (1, 1, 2, 2, 3), (1, 2, 2, 3, 3), (2, 2, 3, 3, 3)),
)
RISKS = (
    ("Weld cracks", "Porosity by a wet or dirty tube", "The frame breaks while riding, the rider falls",
     Estimate(4, 3), Estimate(4, 1), "inherent", "Tubes are degreased; every weld is looked at under a glass",
     "Fatigue test of 12 frames, report T-118", True),
    ("Head tube bore too wide", "Measured before the frame is cold", "The headset works loose, steering has play",
     Estimate(3, 4), Estimate(3, 1), "protective", "The bore is measured cold, and the frame held when it is out",
     "1,200 bores of the last year: none out at the customer", True),
    ("Sharp edge at the seat tube", "Burr not removed", "The rider cuts a hand when adjusting the seat",
     Estimate(2, 3), Estimate(2, 2), "information", "The instruction for finishing names the edge",
     "Looked at in the audit of May", False),
)  # fmt: skip
"""Hazard, cause, effect, before, after, kind of control, control, what verifies it, whether it is about welding."""


def seed_risks(site: Site, users: Mapping[str, User], prove: Callable[[User, str], Proof]) -> RiskAssessment:
    """Approved by a second person; two of its risks are about the instruction for welding."""
    marta, quinn = users["marta"], users["quinn"]
    assessment = services.create_assessment(
        site=site,
        kind="product",
        title="Road frame",
        matrix=_matrix(users, prove),
        material=Material.objects.get(number="FR-R92R-62"),
        scope="Riding on roads, riders up to 120 kg.",
        actor=marta,
    )
    welding = Document.objects.get(title="Weld a road frame")
    for hazard, cause, effect, before, after, kind, control, verification, is_welding in RISKS:
        item = services.add_item(
            assessment=assessment, hazard=hazard, cause=cause, effect=effect, before=before, after=after, actor=marta
        )
        services.add_control(item=item, kind=kind, description=control, verification=verification, actor=marta)
        if is_welding:
            services.link_item(item=item, record=welding, actor=marta)
    services.change_assessment(
        assessment=assessment,
        title=assessment.title,
        scope=assessment.scope,
        material=assessment.material,
        owner=marta,
        conclusion="What stays is low or reduced as far as possible; the benefit of riding outweighs it.",
        review_months=12,
        actor=marta,
    )
    perform(assessment, "submit", actor=marta, signature=prove(marta, "authored"))
    return perform(assessment, "approve", actor=quinn, signature=prove(quinn, "approved"))


def _matrix(users: Mapping[str, User], prove: Callable[[User, str], Proof]) -> RiskMatrix:
    """Written by the quality engineer, approved and made effective by the head of quality."""
    quinn = users["quinn"]
    matrix = services.create_matrix(code="RIDER", content=MATRIX, actor=users["marta"])
    perform(matrix, "approve", actor=quinn, signature=prove(quinn, "approved"))
    return perform(matrix, "make_effective", actor=quinn)
