"""Partners, terminals, defect codes and label templates of the demonstration plant."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.contenttypes.models import ContentType

from core.lifecycle.services import perform
from core.organization.models import Site, User, WorkCenter
from core.organization.services import places, system_user
from core.signing.services import Proof
from core.worklist.services import set_escalation_rule, set_first_ladder
from integrations.services import import_records
from qms.nonconformance.models import NonConformance
from qms.nonconformance.services import create_defect_code
from traceability.queries.label_texts import STANDARDS
from traceability.services import create_label_template

TERMINALS = (("forming", "WC10"), ("welding", "WC20"), ("subassembly", "WC50"), ("final", "WC60"))
PARTNERS = """code,name,role
LINDNER,Lindner Tubes,supplier
STEIGER,Steiger Cycles,customer
"""


def add_partners(actor: User) -> None:
    """A supplier and a customer, by import."""
    report = import_records(
        kind="partners",
        data=PARTNERS.encode(),
        file_name="partners.csv",
        mapping="columns: {code: code, name: name, role: role}",
        actor=actor,
        reason="opening balance",
    )
    if report.issues:
        raise RuntimeError(f"partners: {report.issues[0]}")


def add_terminals(site: Site) -> None:
    """A terminal at each of four work centers."""
    actor = system_user("setup")
    for code, center in TERMINALS:
        work_center = WorkCenter.objects.get(area__site=site, code=center)
        places.create_terminal(work_center=work_center, code=code, name=work_center.name, actor=actor)


def add_quality_masters(users: dict[str, User]) -> None:
    """Defect codes, and who is asked when work is overdue."""
    quinn = users["quinn"]
    for code, name, severity in (
        ("DIM", "Dimension out of limits", "major"),
        ("SURF", "Surface damaged", "minor"),
        ("WELD", "Weld defect", "critical"),
        ("DOC", "Documentation wrong or missing", "minor"),
    ):
        create_defect_code(code=code, name=name, severity=severity, actor=quinn)
    setup = system_user("setup")
    set_first_ladder(actor=setup)
    of_nonconformances = ContentType.objects.get_for_model(NonConformance)
    set_escalation_rule(
        kind="triage", record_type=of_nonconformances, step=1, after=60, to_role="quality_head", actor=setup
    )


def add_labels(users: dict[str, User], proof: Callable[[User, str], Proof]) -> None:
    """The labels that the product brings, written by the process engineer, approved by the head of quality."""
    for key in ("lot-100x50", "unit-100x50", "location-100x50", "container-105x148"):
        name = str(STANDARDS[key].label)
        template = create_label_template(site=None, code=key.upper(), name=name, standard=key, actor=users["paul"])
        perform(template, "make_effective", actor=users["quinn"], signature=proof(users["quinn"], "approved"))
