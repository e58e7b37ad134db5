"""Matrices: written, approved with a signature, effective; a further revision supersedes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import Deed, service
from core.kernel.errors import Blocked, Blocker
from core.kernel.wiring import effect
from core.lifecycle.services import attempt, begin, perform
from core.organization.services import require
from qms.risk.lifecycle import MATRIX_CHANGE
from qms.risk.models import RiskMatrix

MODEL = "qms_risk.RiskMatrix"


@dataclass(frozen=True)
class MatrixContent:
    """What a matrix says. `bands` are (name, acceptability); `cells` one row for each severity, lowest first."""

    name: str
    severities: Sequence[str]
    probabilities: Sequence[str]
    bands: Sequence[tuple[str, str]]
    cells: Sequence[Sequence[int]]


def _write(matrix: RiskMatrix, content: MatrixContent, actor: Any) -> None:
    matrix.name = content.name.strip()
    matrix.severities, matrix.probabilities = list(content.severities), list(content.probabilities)
    matrix.bands = [{"label": label, "acceptability": asks} for label, asks in content.bands]
    matrix.cells = [list(row) for row in content.cells]
    attempt(matrix, "edit", actor=actor)


@service
def create_matrix(*, code: str, content: MatrixContent, actor: Any, reason: str = "") -> RiskMatrix:
    """Begin a matrix as a draft. Raises `Blocked` when the code is taken or a combination is not judged."""
    require(actor, MATRIX_CHANGE)
    code = code.strip()
    known = RiskMatrix.objects.filter(code=code).first()
    if not code or known is not None:
        raise Blocked(
            Blocker(
                "code_taken",
                _("There is a matrix %(code)s already.") % {"code": code},
                record=known,
                remedy=_("Choose another code, or begin the next revision of that one."),
            )
        )
    matrix = begin(RiskMatrix(code=code, revision=1, name=content.name, author=actor), actor=actor)
    _write(matrix, content, actor)
    matrix.save()
    return matrix


@service
def change_matrix(*, matrix: RiskMatrix, content: MatrixContent, actor: Any, reason: str = "") -> RiskMatrix:
    """Change a draft. Raises `Blocked` once it is approved, or when a combination is not judged."""
    found = RiskMatrix.objects.select_for_update(of=("self",)).get(pk=matrix.pk)
    require(actor, MATRIX_CHANGE)
    _write(found, content, actor)
    found.save()
    return found


@service
def revise_matrix(*, matrix: RiskMatrix, change_summary: str, actor: Any, reason: str = "") -> RiskMatrix:
    """Begin the next revision as a copy. Raises `Blocked` while another is on its way."""
    require(actor, MATRIX_CHANGE)
    revisions = list(RiskMatrix.objects.select_for_update(of=("self",)).filter(code=matrix.code).order_by("-revision"))
    flying = next((one for one in revisions if one.status in ("draft", "approved")), None)
    if flying is not None:
        raise Blocked(
            Blocker(
                "revision_in_flight",
                _("%(matrix)s is on its way already.") % {"matrix": flying},
                record=flying,
                remedy=_("Continue with it, or discard it first."),
                remedy_url=flying.get_absolute_url(),
            )
        )
    copy = RiskMatrix(
        code=matrix.code,
        revision=revisions[0].revision + 1,
        name=matrix.name,
        severities=matrix.severities,
        probabilities=matrix.probabilities,
        bands=matrix.bands,
        cells=matrix.cells,
        change_summary=change_summary.strip(),
        author=actor,
    )
    return begin(copy, actor=actor)


@effect(MODEL, "make_effective")
def supersede_the_one_before(record: RiskMatrix, deed: Deed) -> None:
    """The old revision ends in the moment in which the new one begins."""
    for old in RiskMatrix.objects.filter(code=record.code, status="effective").exclude(pk=record.pk):
        perform(old, "supersede", actor=deed.actor, reason=_("Replaced by %(matrix)s") % {"matrix": record})
