"""The demonstration plant: two sites, people of every role, AdventureWorks masters, one order made, one waiting.

Everything goes through the services that the screens use; every signature is given with a password.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from core.kernel.deeds import acting, through
from core.kernel.permissions import ALL_TEMPLATES
from core.lifecycle.services import perform
from core.organization.models import Equipment, EquipmentClass, Site, User, WorkCenter
from core.organization.services import people, places, system_user
from core.signing.services import Proof, identify
from integrations.services import import_records
from integrations.services.demo_changes import seed_changes
from integrations.services.demo_complaints import complaint, complaint_masters
from integrations.services.demo_documents import make_documents
from integrations.services.demo_masters import add_labels, add_partners, add_quality_masters, add_terminals
from integrations.services.demo_quality import calibrate_caliper, seed_gauges
from integrations.services.demo_risk import seed_risks
from integrations.services.demo_traceability import show_traceability
from integrations.services.demo_training import show_training, welding
from mes.execution import services as floor
from mes.execution.models import ProductionOrder
from mes.instructions.models import DataPoint
from mes.instructions.services import add_data_point, add_step, create_instruction
from mes.routing import services as routings
from mes.routing.models import RoutingRevision
from mes.routing.queries import unfinished_revision
from qms.documents.models import Document
from qms.documents.services import create_document, submit_revision
from qms.training.models import Curriculum
from traceability.models import Lot, Material, StorageLocation, UnitOfMeasure
from traceability.services import release_lot
from traceability.services.masters import create_location

PASSWORD = "trueline demo 2026"
PIN = "2580"
FILES = {
    "units": "UnitMeasure",
    "materials": "Product",
    "boms": "BillOfMaterials",
    "locations": "Location",
    "work_centers": "Location",
    "lots": "ProductInventory",
    "scrap_reasons": "ScrapReason",
}


@dataclass(frozen=True)
class Person:
    """One inhabitant of the demonstration plant."""

    username: str
    full_name: str
    role: str
    badge: str = ""
    sites: tuple[str, ...] = ("GRZ",)
    """Where they hold their role; the first is their home."""


SITES = (("GRZ", "Graz", "Europe/Vienna"), ("BOS", "Boston", "America/New_York"))
PEOPLE = (
    Person("ada", "Ada Winter", "admin", sites=("GRZ", "BOS")),
    Person("paul", "Paul Weber", "process_engineer"),
    Person("petra", "Petra Novak", "planner"),
    Person("anna", "Anna Kowalska", "operator", "B-1001"),
    Person("ben", "Ben Okafor", "operator", "B-1002"),
    Person("leo", "Leo Gruber", "lead", "B-1003"),
    Person("marta", "Marta Lind", "quality_engineer", "B-2001"),
    Person("quinn", "Quinn Ferrer", "quality_head", "B-2002"),
    Person("otto", "Otto Prüfer", "external_auditor"),
    Person("bob", "Bob Miller", "quality_engineer", sites=("BOS",)),
)


MANAGERS = {"anna": "leo", "ben": "leo", "marta": "quinn", "paul": "quinn"}
"""Who is asked when work of these is overdue."""


def data_directory() -> Path:
    """Where the AdventureWorks files lie."""
    return Path(settings.BASE_DIR) / "tests" / "data" / "adventureworks"


def is_seeded() -> bool:
    """Whether the demonstration plant stands already."""
    return User.objects.filter(username="ada").exists()


def proof(user: User, meaning: str) -> Proof:
    """Identify a person of the demonstration plant by their password."""
    return identify(identification=user.username, secret=PASSWORD, meaning=meaning, device="demo", expected=user)


def seed(say: Callable[[str], None]) -> None:
    """Make the demonstration plant; does nothing when it stands. `say` is told what happens."""
    if is_seeded():
        say("The demonstration plant stands already.")
        return
    with through("seed_demo"):
        site, users = people_and_sites()
        say(f"{len(SITES)} sites, {len(users)} people.")
        for kind in FILES:
            report = _import(kind, users["ada"], site)
            say(f"{kind}: {report}")
        _places(site)
        add_partners(users["ada"])
        seed_gauges(site, users)
        add_terminals(site)
        add_quality_masters(users)
        add_labels(users, proof)
        make_documents(site, users, PASSWORD)
        calibrate_caliper(users, proof)
        curriculum = welding(users)
        complaint_masters(users, proof)
        blade = _routing(
            site, users, "BL-2036", "WC10", curriculum=None, measure=("WIDTH", "Blade width", 23.9, 24.1),
            gauge_class=EquipmentClass.objects.get(code="CALIPER"),
        )  # fmt: skip
        fork = _routing(site, users, "FK-9939", "WC50", curriculum=None, measure=("TORQUE", "Crown torque", 10, 12))
        _frame(site, users, curriculum)
        say("Routings and work instructions approved and effective.")
        blades = _make(site, users, blade, Decimal(4), operator="anna")
        forks = _make(site, users, fork, Decimal(2), operator="anna", use=[blades])
        say(f"Made and released: {blades}, {forks}.")
        show_traceability(site, users, blades, proof)
        _order(site, users, "FR-R92R-62", Decimal(2))
        show_training(site, users, curriculum, proof)
        say("An order for two frames waits at the welding station; a procedure waits to be learned.")
        say(f"A customer complained: {complaint(site, users)} waits for its triage.")
        say(f"Approved: {seed_risks(site, users, proof)}.")
        seed_changes(site, users)
        say("Types of changes; a change of the welding instruction waits for its assessment.")


def people_and_sites() -> tuple[Site, dict[str, User]]:
    """The two sites and their people with roles, passwords, badges and PINs; nothing else yet."""
    actor = system_user("setup")
    with transaction.atomic(), acting(actor, reason="demonstration plant"):
        sites = {
            code: places.create_site(code=code, name=name, time_zone=zone, actor=actor) for code, name, zone in SITES
        }
        places.create_area(site=sites["BOS"], code="LAB", name="Laboratory", actor=actor)
        roles = {name: people.create_role_from_template(template=name, actor=actor) for name in ALL_TEMPLATES}
        users = {}
        for person in PEOPLE:
            user = people.create_user(
                username=person.username,
                full_name=person.full_name,
                badge=person.badge,
                password=PASSWORD,
                home_site=sites[person.sites[0]],
                must_change_password=False,
                actor=actor,
            )
            for code in person.sites:
                people.grant_role(user=user, role=roles[person.role], place=sites[code], actor=actor)
            users[person.username] = user
        for below, above in MANAGERS.items():
            users[below].manager = users[above]
            users[below].save()
    for person in PEOPLE:
        if person.badge:
            people.set_pin(pin=PIN, actor=users[person.username])
            users[person.username].refresh_from_db()
    return sites["GRZ"], users


def _import(kind: str, actor: User, site: Site) -> str:
    file = data_directory() / f"{FILES[kind]}.csv"
    report = import_records(
        kind=kind,
        data=file.read_bytes(),
        file_name=file.name,
        mapping=(data_directory() / "mappings" / f"{kind}.yaml").read_text(encoding="utf-8"),
        actor=actor,
        site=site,
        reason="opening balance",
    )
    if report.issues:
        raise RuntimeError(f"{kind}: {report.issues[0]}")
    return f"{report.totals['created']} created"


def _places(site: Site) -> None:
    """What AdventureWorks has no name for: where goods wait for a decision, and where what was shipped is booked."""
    kinds = StorageLocation.Kind
    for code, name, kind in (
        ("FLOOR", "Shop floor", kinds.PRODUCTION),
        ("QUAR", "Quarantine", kinds.QUARANTINE),
        ("CUSTOMERS", "With customers", kinds.SHIPPED),
    ):
        create_location(site=site, code=code, name=name, kind=kind, actor=system_user("setup"))


def _instruction(users: dict[str, User], site: Site, title: str, steps: list[dict[str, Any]]) -> Document:
    """A work instruction, authored by the process engineer, approved by the head of quality, effective."""
    paul, quinn = users["paul"], users["quinn"]
    document = create_document(kind="work_instruction", title=title, site=site, body=title, actor=paul)
    revision = document.revisions.get()
    instruction = create_instruction(revision=revision, actor=paul)
    for step in steps:
        made = add_step(
            work_instruction=instruction, title=step["title"], text=step.get("text", ""),
            caution=step.get("caution", ""), actor=paul,
        )  # fmt: skip
        for point in step.get("points", ()):
            add_data_point(step=made, actor=paul, **point)
    submit_revision(
        revision=revision,
        training_impact="none",
        training_rationale="The first of its kind: taught with the curriculum of the work center.",
        actor=paul,
        signature=proof(paul, "authored"),
    )
    perform(revision, "approve", actor=quinn, signature=proof(quinn, "approved"))
    perform(revision, "make_effective", actor=quinn)
    return document


def _limits(code: str, label: str, lower: float, upper: float, unit: str = "") -> dict[str, Any]:
    return {
        "code": code,
        "label": label,
        "kind": DataPoint.Kind.NUMBER,
        "unit": UnitOfMeasure.objects.get(code=unit) if unit else None,
        "lower_limit": Decimal(str(lower)),
        "upper_limit": Decimal(str(upper)),
        "decimals": 3,
    }


def _approved(users: dict[str, User], revision: RoutingRevision) -> RoutingRevision:
    paul, quinn = users["paul"], users["quinn"]
    perform(revision, "submit", actor=paul, signature=proof(paul, "authored"))
    perform(revision, "approve", actor=quinn, signature=proof(quinn, "approved"))
    return perform(revision, "make_effective", actor=quinn)


def _draft_routing(site: Site, users: dict[str, User], number: str) -> tuple[Material, RoutingRevision]:
    material = Material.objects.get(number=number)
    routing = routings.create_routing(
        site=site, material=material, code=f"R-{number}", name=material.name, actor=users["paul"]
    )
    revision = unfinished_revision(routing)
    if revision is None:
        revision = routings.new_revision(routing=routing, summary="First routing", actor=users["paul"])
    return material, revision


def _routing(
    site: Site, users: dict[str, User], number: str, center: str, *, curriculum: Curriculum | None,
    measure: tuple[str, str, float, float], gauge_class: EquipmentClass | None = None,
) -> Material:  # fmt: skip
    paul = users["paul"]
    material, revision = _draft_routing(site, users, number)
    code, label, lower, upper = measure
    document = _instruction(
        users, site, f"Make {material.name}",
        [
            {"title": "Check the parts", "text": "Take the components named on the list. Scan each lot."},
            {
                "title": f"Measure: {label.lower()}",
                "points": [{**_limits(code, label, lower, upper), "gauge_class": gauge_class}],
            },
        ],
    )  # fmt: skip
    operation = routings.add_operation(
        revision=revision, name=f"Make {material.name.lower()}", actor=paul, document=document,
        work_center=WorkCenter.objects.get(area__site=site, code=center),
    )  # fmt: skip
    routings.assign_open_lines(operation=operation, actor=paul)
    routings.add_requirement(operation=operation, meaning="performed", actor=paul)
    _approved(users, revision)
    return material


def _frame(site: Site, users: dict[str, User], curriculum: Curriculum) -> None:
    paul = users["paul"]
    material, revision = _draft_routing(site, users, "FR-R92R-62")
    centers = {c.code: c for c in WorkCenter.objects.filter(area__site=site)}
    weld = _instruction(
        users, site, "Weld a road frame",
        [
            {
                "title": "Clamp the tubes in the jig",
                "text": "Top, down, seat and head tube; then seat stays and chain stays. Tighten by hand.",
                "caution": "The jig is hot after a weld. Wear gloves.",
            },
            {
                "title": "Weld, let cool, measure the head tube bore",
                "text": "Let the frame cool to room temperature before you measure.",
                "points": [_limits("BORE", "Head tube bore", 33.98, 34.02, "MM")],
            },
        ],
    )  # fmt: skip
    finish = _instruction(
        users, site, "Paint and finish a frame",
        [
            {"title": "Paint", "points": [_limits("THICK", "Paint thickness", 0.08, 0.14, "MM")]},
            {
                "title": "Fit the fork and the decals",
                "points": [{"code": "LOOK", "label": "No runs, no scratches", "kind": DataPoint.Kind.CHECK}],
            },
        ],
    )  # fmt: skip
    welding = routings.add_operation(
        revision=revision, name="Weld frame", work_center=centers["WC20"], document=weld, actor=paul
    )
    finishing = routings.add_operation(
        revision=revision, name="Paint and finish", work_center=centers["WC60"], document=finish, actor=paul
    )
    late = ("DC-8732", "DC-9824", "PA-361R", "FK-9939")
    for bom in material.bills_of_material.filter(is_active=True):
        for line in bom.lines.filter(valid_to__isnull=True).select_related("component"):
            at = finishing if line.component.number in late else welding
            routings.assign_line(operation=at, bom_line=line, actor=paul)
    routings.add_requirement(operation=welding, curriculum=curriculum, actor=paul)
    routings.add_requirement(operation=welding, meaning="performed", actor=paul)
    routings.add_requirement(operation=finishing, meaning="performed", actor=paul)
    routings.add_requirement(operation=finishing, meaning="witnessed", witness=True, actor=paul)
    _approved(users, revision)


def _order(site: Site, users: dict[str, User], number: str, quantity: Decimal) -> ProductionOrder:
    order = floor.create_order(
        site=site, material=Material.objects.get(number=number), quantity=quantity, actor=users["petra"]
    )
    return floor.release_order(order=order, actor=users["petra"])


def _make(
    site: Site, users: dict[str, User], material: Material, quantity: Decimal, *, operator: str,
    use: list[Lot] | None = None,
) -> Lot:  # fmt: skip
    """Run an order through the floor and have its lot released; the components are first those of `use`."""
    anna, marta = users[operator], users["marta"]
    order = _order(site, users, material.number, quantity)
    preferred = {lot.material_id: lot for lot in use or ()}
    for operation in order.operations.order_by("sequence"):
        floor.start_operation(order_operation=operation, actor=anna)
        for line in operation.operation.materials.select_related("material"):
            wanted = line.quantity * quantity
            lot = preferred.get(line.material_id) or _opening_lot(site, line.material, wanted)
            floor.consume_lot(order_operation=operation, lot=lot, quantity=wanted, actor=anna)
        points = DataPoint.objects.filter(
            step__work_instruction__document_revision=operation.document_revision_id, lower_limit__isnull=False
        )
        for point in points:
            middle = ((point.lower_limit or 0) + (point.upper_limit or 0)) / 2
            gauge = Equipment.objects.get(code="CL-101") if point.gauge_class_id is not None else None
            floor.record_value(
                order_operation=operation, data_point=point, value=f"{middle:.3f}", gauge=gauge, actor=anna
            )
        floor.report_output(order_operation=operation, good=quantity, actor=anna)
        floor.complete_operation(order_operation=operation, actor=anna, signature=proof(anna, "performed"))
    lot = Lot.objects.get(production_record__order=order)
    return release_lot(lot=lot, actor=marta, signature=proof(marta, "released"))


def _opening_lot(site: Site, material: Material, quantity: Decimal) -> Lot:
    lots = Lot.objects.filter(site=site, material=material, status="released", movements__quantity__gte=quantity)
    return lots.select_related("material__uom", "site", "revision").order_by("number")[0]
