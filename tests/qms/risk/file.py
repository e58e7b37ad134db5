"""A matrix in force, a risk file and the people. Made by services."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.lifecycle.services import perform
from core.organization.models import Site, User
from qms.risk import services
from qms.risk.models import RiskAssessment, RiskItem, RiskMatrix
from qms.risk.services import Estimate, MatrixContent
from tests.support.people import make_site, make_user, proof

APP = "qms_risk"
AUTHOR = tuple(f"{APP}.{right}" for right in ("view_riskassessment", "change_riskassessment", "view_riskmatrix"))
HEAD = (
    *AUTHOR,
    *(f"{APP}.{right}" for right in ("approve_riskassessment", "change_riskmatrix", "approve_riskmatrix")),
)
CONTENT = MatrixContent(
    name="Three by four",
    severities=("Negligible", "Serious", "Critical"),
    probabilities=("Improbable", "Remote", "Occasional", "Frequent"),
    bands=(("Low", "acceptable"), ("Medium", "reduce"), ("High", "unacceptable")),
    cells=((1, 1, 1, 2), (1, 2, 2, 3), (2, 2, 3, 3)),
)


@dataclass
class File:
    """Who assesses, who approves, and the matrix in force."""

    site: Site
    author: User
    head: User
    writer: User
    matrix: RiskMatrix

    def begun(self, **values: Any) -> RiskAssessment:
        """A draft without risks."""
        given = {"site": self.site, "kind": "product", "title": "Road frame", "matrix": self.matrix, **values}
        return services.create_assessment(**given, actor=self.author)

    def risk(self, assessment: RiskAssessment, **values: Any) -> RiskItem:
        """A risk that is unacceptable before and acceptable after its control."""
        given = {
            "hazard": "Weld cracks",
            "cause": "Porosity",
            "effect": "Rider falls",
            "before": Estimate(3, 3),
            "after": Estimate(3, 1),
            **values,
        }
        return services.add_item(assessment=assessment, **given, actor=self.author)

    def controlled(self, item: RiskItem, verification: str = "Test report 7") -> None:
        """With a verified control."""
        services.add_control(
            item=item, kind="inherent", description="Double seam", verification=verification, actor=self.author
        )

    def concluded(self, assessment: RiskAssessment) -> RiskAssessment:
        """With the conclusion."""
        return services.change_assessment(
            assessment=assessment,
            title=assessment.title,
            scope="",
            material=assessment.material,
            owner=self.author,
            conclusion="Acceptable: every risk is low.",
            review_months=12,
            actor=self.author,
        )

    def ready(self, **values: Any) -> RiskAssessment:
        """Everything in it that its approval needs."""
        assessment = self.begun(**values)
        self.controlled(self.risk(assessment, after=Estimate(2, 1)))
        return self.concluded(assessment)

    def approved(self, **values: Any) -> RiskAssessment:
        """Signed by its author, approved by a second person."""
        assessment = self.ready(**values)
        perform(assessment, "submit", actor=self.author, signature=proof(self.author, "authored"))
        return perform(assessment, "approve", actor=self.head, signature=proof(self.head, "approved"))


def make_matrix(writer: User, head: User, code: str = "M3X4") -> RiskMatrix:
    """A matrix in force."""
    matrix = services.create_matrix(code=code, content=CONTENT, actor=writer)
    perform(matrix, "approve", actor=head, signature=proof(head, "approved"))
    return perform(matrix, "make_effective", actor=head)


def make_file(site: Site | None = None) -> File:
    """The people of a risk file."""
    site = site or make_site()
    author, head, writer = (make_user(site=site, permissions=rights) for rights in (AUTHOR, HEAD, HEAD))
    return File(site, author, head, writer, make_matrix(writer, head))
