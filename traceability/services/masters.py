"""Writes of definitions: materials and their revisions, bills of material, storage locations."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from core.kernel.deeds import Deed, service
from core.kernel.errors import Blocked, Blocker
from core.kernel.gs1 import Gs1Error
from core.kernel.gs1 import gtin as read_gtin
from core.kernel.wiring import effect, makes
from core.lifecycle.services import begin, perform
from core.organization.models import Site
from core.organization.services import require
from traceability.models import (
    BillOfMaterial,
    BillOfMaterialLine,
    Material,
    MaterialRevision,
    StorageLocation,
    UnitOfMeasure,
)
from traceability.queries import convert


def _refuse(code: str, message: str, remedy: str, record: Any = None) -> Blocked:
    return Blocked(Blocker(code, message, record=record, remedy=remedy))


def _gtin(text: str, material: Material | None = None) -> str:
    """A GTIN as 14 digits; empty for none. Raises `Blocked` for a wrong one, and for that of another material."""
    if not text.strip():
        return ""
    try:
        number = read_gtin(text)
    except Gs1Error as error:
        remedy = _("Enter it as it stands under the barcode, or leave it empty.")
        raise _refuse("gtin", str(error), remedy, material) from error
    other = Material.objects.filter(gtin=number).first()
    if other is not None and other != material:
        said = _("%(gtin)s is the GTIN of %(material)s.") % {"gtin": number, "material": other}
        raise _refuse("gtin_taken", said, _("Each material has a GTIN of its own. Correct the wrong one."), other)
    return number


def _refuse_taken(exists: bool, what: str, record: Any = None) -> None:
    if exists:
        raise _refuse("taken", _("%(what)s exists already.") % {"what": what}, _("Choose another one."), record)


@service
def create_material(
    *,
    number: str,
    name: str,
    uom: UnitOfMeasure,
    kind: str = Material.Kind.COMPONENT,
    tracking: str = Material.Tracking.LOT,
    shelf_life_days: int | None = None,
    revision: str = "",
    gtin: str = "",
    shelf_life_rule: str = Material.ShelfLifeRule.FIXED,
    retest_days: int | None = None,
    open_life_days: int | None = None,
    actor: Any,
) -> Material:
    """Create a material, with its first revision as a draft if one is named.

    Raises `Blocked` on a taken number, and on a GTIN that is wrong or another material's.
    """
    require(actor, "traceability.change_material")
    _refuse_taken(Material.objects.filter(number=number).exists(), number)
    material = Material(
        number=number,
        name=name,
        uom=uom,
        kind=kind,
        tracking=tracking,
        shelf_life_days=shelf_life_days,
        gtin=_gtin(gtin),
        shelf_life_rule=shelf_life_rule,
        retest_days=retest_days,
        open_life_days=open_life_days,
    )
    material.save()
    if revision:
        begin(MaterialRevision(material=material, revision=revision), actor=actor)
    return material


@service
def change_material(
    *,
    material: Material,
    name: str,
    kind: str,
    shelf_life_days: int | None,
    is_active: bool,
    gtin: str | None = None,
    shelf_life_rule: str | None = None,
    retest_days: int | None = None,
    open_life_days: int | None = None,
    actor: Any,
    reason: str,
) -> Material:
    """Change what may change about a material: its ledger keeps the unit of measure, its records the tracking.

    None leaves `gtin`, `shelf_life_rule`, `retest_days` and `open_life_days` as they are; 0 days mean none. Lots that
    are there keep the days they have. Raises `Blocked` without a reason, and on a GTIN that is wrong or another's.
    """
    require(actor, "traceability.change_material")
    if not reason.strip():
        raise _refuse("reason", _("A change needs a reason."), _("Write why."), material)
    material = Material.objects.select_for_update().get(pk=material.pk)
    material.name, material.kind = name, kind
    material.shelf_life_days, material.is_active = shelf_life_days, is_active
    if gtin is not None:
        material.gtin = _gtin(gtin, material)
    if shelf_life_rule is not None:
        material.shelf_life_rule = shelf_life_rule
    if retest_days is not None:
        material.retest_days = retest_days or None
    if open_life_days is not None:
        material.open_life_days = open_life_days or None
    material.save()
    return material


@service
def add_revision(*, material: Material, revision: str, description: str = "", actor: Any) -> MaterialRevision:
    """Begin a draft revision of a material."""
    require(actor, "traceability.change_material")
    _refuse_taken(MaterialRevision.objects.filter(material=material, revision=revision).exists(), revision, material)
    return begin(MaterialRevision(material=material, revision=revision, description=description), actor=actor)


@makes("traceability.MaterialRevision", "make_effective")
@service
def make_revision_effective(*, revision: MaterialRevision, actor: Any, reason: str = "") -> MaterialRevision:
    """Make a draft revision effective; the one before becomes superseded in the same transaction."""
    return perform(revision, "make_effective", actor=actor, reason=reason)


@effect("traceability.MaterialRevision", "make_effective")
def supersede_the_one_before(record: MaterialRevision, deed: Deed) -> None:
    """At most one revision is effective (PostgreSQL checks it at commit)."""
    others = MaterialRevision.objects.filter(material=record.material, status="effective").exclude(pk=record.pk)
    for other in others.order_by("pk"):
        perform(other, "supersede", actor=deed.actor, reason=deed.reason)


@service
def allow_use_up(*, revision: MaterialRevision, until: dt.date | None, actor: Any, reason: str) -> MaterialRevision:
    """Decide until when lots of a superseded revision may still be used; None ends it."""
    require(actor, "traceability.release_materialrevision")
    if not reason.strip():
        raise _refuse("reason", _("This decision needs a reason."), _("Write why."), revision)
    revision = MaterialRevision.objects.select_for_update().get(pk=revision.pk)
    if revision.status != "superseded":
        raise _refuse(
            "state",
            _("Only a superseded revision is used up; %(revision)s is not.") % {"revision": revision},
            _("Make the next revision effective first."),
            revision,
        )
    revision.use_up_until = until
    revision.save()
    return revision


@service
def create_bill_of_material(*, material: Material, code: str = "1", actor: Any) -> BillOfMaterial:
    """Create the active bill of material of an assembly; the one before is no longer used."""
    require(actor, "traceability.change_billofmaterial")
    _refuse_taken(BillOfMaterial.objects.filter(material=material, code=code).exists(), code, material)
    for before in BillOfMaterial.objects.select_for_update().filter(material=material, is_active=True):
        before.is_active = False
        before.save()
    bom = BillOfMaterial(material=material, code=code)
    bom.save()
    return bom


_CONTAINS = """
WITH RECURSIVE below(id) AS (
  SELECT %(component)s::bigint
  UNION
  SELECT l.component_id FROM below
  JOIN traceability_billofmaterial b ON b.material_id = below.id
  JOIN traceability_billofmaterialline l ON l.bom_id = b.id
)
SELECT EXISTS (SELECT FROM below WHERE id = %(assembly)s)
"""


def _contains(component: Material, assembly: Material) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_CONTAINS, {"component": component.pk, "assembly": assembly.pk})
        return bool(cursor.fetchone()[0])


@service
def add_bom_line(
    *,
    bom: BillOfMaterial,
    component: Material,
    quantity: Decimal,
    uom: UnitOfMeasure,
    valid_from: dt.date,
    valid_to: dt.date | None = None,
    actor: Any,
) -> BillOfMaterialLine:
    """Add a component to a bill of material from a day on.

    Raises `Blocked` for a loop (an assembly inside itself), a unit that does not fit the component's, a quantity that
    is not positive, dates in the wrong order, or the same component on the same day twice.
    """
    require(actor, "traceability.change_billofmaterial")
    BillOfMaterial.objects.select_for_update().get(pk=bom.pk)
    if quantity <= 0:
        raise _refuse("quantity", _("The quantity must be more than zero."), _("Correct the quantity."), bom)
    if valid_to is not None and valid_to < valid_from:
        raise _refuse("dates", _("The line ends before it begins."), _("Correct the dates."), bom)
    if _contains(component, bom.material):
        raise _refuse(
            "loop",
            _("%(component)s contains %(assembly)s itself.") % {"component": component, "assembly": bom.material},
            _("Choose another component."),
            bom,
        )
    convert(Decimal(1), uom, component.uom)
    taken = bom.lines.filter(component=component, valid_from=valid_from).exists()
    _refuse_taken(taken, _("%(component)s from this day") % {"component": component}, bom)
    line = BillOfMaterialLine(
        bom=bom, component=component, quantity=quantity, uom=uom, valid_from=valid_from, valid_to=valid_to
    )
    line.save()
    return line


@service
def end_bom_line(*, line: BillOfMaterialLine, valid_to: dt.date, actor: Any, reason: str = "") -> BillOfMaterialLine:
    """End a line after a last day. Raises `Blocked` when that day lies before its first."""
    require(actor, "traceability.change_billofmaterial")
    line = BillOfMaterialLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
    if valid_to < line.valid_from:
        raise _refuse("dates", _("The line ends before it begins."), _("Correct the dates."), line)
    line.valid_to = valid_to
    line.save()
    return line


@service
def create_location(
    *, site: Site, code: str, name: str, kind: str = StorageLocation.Kind.STOCK, actor: Any
) -> StorageLocation:
    """Create a storage location at a site. Raises `Blocked` when the site has that code already."""
    require(actor, "traceability.change_storagelocation", site)
    _refuse_taken(StorageLocation.objects.filter(site=site, code=code).exists(), code, site)
    location = StorageLocation(site=site, code=code, name=name, kind=kind)
    location.save()
    return location
