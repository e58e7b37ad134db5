"""The components: is it the right material, and may this lot or unit of it be used, as much as is asked for?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from mes.execution.guards.order import OPERATION
from mes.execution.models import OrderOperation
from mes.execution.queries.context import Component, context_of
from mes.execution.queries.materials import component_blockers
from traceability.queries import plain

CONSUMING = ("consume", "complete_unit")


def _components(deed: Deed) -> Sequence[Component]:
    found: Sequence[Component] = deed.params.get("components", ())
    return found


@guard(OPERATION, *CONSUMING, title=gettext_lazy("Component belongs to this operation"))
def component_belongs_here(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """The right part goes in; another one only with an explanation on record (ISO 13485 7.5.8; 21 CFR 211.101)."""
    planned = context_of(operation, deed).materials
    for component in _components(deed):
        if component.lot.material_id not in planned and not component.explanation.strip():
            yield Blocker(
                "component",
                _("%(component)s does not belong to %(operation)s.")
                % {"component": component.name, "operation": operation},
                record=component.lot,
                remedy=_("Scan a component from the list, or explain why this one is used instead."),
            )


@guard(OPERATION, *CONSUMING, title=gettext_lazy("Component released, in date, not on hold, enough of it"))
def component_is_usable(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """Only released, unexpired material of a usable revision, free of holds, as much as there is.

    ISO 13485 7.4.3, 8.3, 7.5.11; 21 CFR 211.84(a), 211.87, 211.137.
    """
    yield from component_blockers(context_of(operation, deed), _components(deed))


@guard(OPERATION, *CONSUMING, title=gettext_lazy("Component of this site"))
def component_is_of_this_site(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """Stock of another site is received here first, or its whereabouts would be lost (ISO 13485 7.5.9)."""
    site = context_of(operation, deed).order.site
    for component in _components(deed):
        if component.lot.site_id != site.pk:
            yield Blocker(
                "component_site",
                _("%(component)s belongs to %(other)s, this order to %(site)s.")
                % {"component": component.name, "other": component.lot.site, "site": site},
                record=component.lot,
                remedy=_("Have it transferred to this site first."),
            )


@guard(OPERATION, *CONSUMING, title=gettext_lazy("Serial number where one is required"))
def component_is_identified(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """A serialized component is built in as a named unit, one piece, once (ISO 13485 7.5.8, 7.5.9).

    That the lot alone does not do for it, `component_is_usable` says.
    """
    seen: set[int] = set()
    for component in _components(deed):
        unit = component.unit
        if unit is None:
            continue
        if unit.lot_id != component.lot.pk or component.quantity != 1:
            yield Blocker(
                "serial",
                _("Unit %(unit)s is one piece of another lot or quantity than given.") % {"unit": unit},
                record=unit,
                remedy=_("Scan the unit again."),
            )
        if unit.pk in seen:
            yield Blocker(
                "serial_twice",
                _("Unit %(unit)s was scanned twice.") % {"unit": unit},
                record=unit,
                remedy=_("Scan the other piece."),
            )
        seen.add(unit.pk)


@guard(OPERATION, *CONSUMING, title=gettext_lazy("Not more than planned, or explained"))
def consumption_is_explained(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """Using more of a component than the order needs is possible and recorded with why (21 CFR 211.101, 211.103)."""
    context = context_of(operation, deed)
    wanted: dict[int, Decimal] = {}
    explained: set[int] = set()
    for component in _components(deed):
        wanted[component.lot.material_id] = wanted.get(component.lot.material_id, Decimal(0)) + component.quantity
        if component.explanation.strip():
            explained.add(component.lot.material_id)
    for material, quantity in wanted.items():
        per_piece = context.materials.get(material)
        if per_piece is None or material in explained:
            continue
        before, planned = context.consumed.get(material, Decimal(0)), per_piece * context.order.quantity
        if before + quantity > planned:
            yield Blocker(
                "more_than_planned",
                _("%(material)s: %(after)s would be used, the order needs %(planned)s.")
                % {
                    "material": context.material_names[material],
                    "after": plain(before + quantity),
                    "planned": plain(planned),
                },
                remedy=_("Check the quantity, or explain why more is needed."),
            )


@guard(OPERATION, *CONSUMING, title=gettext_lazy("Quantities above zero"))
def quantities_are_positive(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """Nothing and less than nothing cannot be consumed; a mistake is undone instead."""
    for component in _components(deed):
        if component.quantity <= 0:
            yield Blocker(
                "quantity",
                _("%(component)s: the quantity must be above zero.") % {"component": component.name},
                record=component.lot,
                remedy=_("Enter the quantity used. To take something back, undo the entry."),
            )
