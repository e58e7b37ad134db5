"""Types of changes, what needs a change, and configuration under change control."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.kernel.records import subject_ref
from core.organization.services import require
from core.organization.services.configuration import configuring, values_of
from core.signing.services import Proof, sign
from qms.changes.lifecycle import CONFIGURE, SWITCH
from qms.changes.models import (
    ChangePolicy,
    ChangeType,
    ConfigurationControl,
    ConfigurationEdit,
    RequiredFunction,
)
from qms.changes.queries import configuration_switch, open_configuration_change
from qms.changes.services.drafting import refused


def _says(change_type: ChangeType) -> dict[str, Any]:
    functions = change_type.functions.order_by("function").values_list("function", "approves")
    said = [f"{name}: approves" if approves else name for name, approves in functions]
    return {**values_of(change_type), "functions": said}


def _set_functions(change_type: ChangeType, assess: Collection[str], approve: Collection[str]) -> None:
    present = {one.function: one for one in change_type.functions.all()}
    for function in sorted({*present} - {*assess, *approve}):
        present[function].delete()
    for function in sorted({*assess, *approve}):
        one = present.get(function) or RequiredFunction(change_type=change_type, function=function)
        if one.pk is None or one.approves != (function in approve):
            one.approves = function in approve
            one.save()


@service
def create_change_type(
    *,
    code: str,
    name: str,
    category: str,
    assess: Collection[str],
    approve: Collection[str],
    actor: Any,
    retrospective_days: int = 5,
    reason: str = "",
) -> ChangeType:
    """Add a type of change with the functions that assess it and those that approve its plan. Raises `Blocked`."""
    require(actor, CONFIGURE)
    if ChangeType.objects.filter(code=code.strip()).exists():
        raise refused("code_taken", _("The code %(code)s is taken.") % {"code": code}, _("Choose another code."))
    made = ChangeType(code=code.strip(), name=name.strip(), category=category, retrospective_days=retrospective_days)
    with configuring(made, _says):
        made.save()
        _set_functions(made, assess, approve)
    return made


@service
def set_change_type(
    *,
    change_type: ChangeType,
    name: str,
    category: str,
    assess: Collection[str],
    approve: Collection[str],
    is_active: bool,
    actor: Any,
    retrospective_days: int = 5,
    reason: str = "",
) -> ChangeType:
    """Change a type; changes whose functions were asked already go on as they are."""
    require(actor, CONFIGURE)
    found = ChangeType.objects.select_for_update().get(pk=change_type.pk)
    with configuring(found, _says):
        found.name, found.category, found.is_active = name.strip(), category, is_active
        found.retrospective_days = retrospective_days
        found.save()
        _set_functions(found, assess, approve)
    return found


@service
def set_policy(*, revision_type: ContentType, kind: str, is_active: bool, actor: Any, reason: str = "") -> ChangePolicy:
    """Say whether revisions of a kind (empty: of every kind) are approved and made effective through a change only."""
    require(actor, CONFIGURE)
    found = ChangePolicy.objects.select_for_update().filter(revision_type=revision_type, kind=kind).first()
    found = found or ChangePolicy(revision_type=revision_type, kind=kind)
    with configuring(found):
        found.is_active = is_active
        found.save()
    return found


@service
def switch_control(*, is_on: bool, actor: Any, signature: Proof | None, reason: str) -> ConfigurationControl:
    """Put configuration under change control, or take it out, with a reason and a signature “Approved”."""
    require(actor, SWITCH)
    if not reason.strip():
        raise refused("reason", _("This needs a reason."), _("Write why."))
    found = ConfigurationControl.objects.select_for_update().first() or configuration_switch()
    if found.pk is not None and found.is_on == is_on:
        raise refused("as_is", _("It is so already."), _("Reload the page."), found)
    found.is_on = is_on
    found.save()
    sign(record=found, meaning="approved", signature=signature, actor=actor, reason=reason)
    return found


@service
def note_configuration(*, record: Any, before: dict[str, Any], after: dict[str, Any], actor: Any) -> None:
    """Keep with the change that covers it what a piece of configuration said before and says now."""
    change = open_configuration_change(type(record))
    if change is not None:
        ConfigurationEdit.objects.create(change=change, before=before, after=after, **subject_ref(record))
