"""The catalogue of permissions: declared as data by each app, granted through roles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise

ROLE_TEMPLATES = (
    "operator",
    "lead",
    "planner",
    "process_engineer",
    "quality_engineer",
    "quality_head",
    "auditor",
    "admin",
)
"""Templates of people who work here; what everybody may see is declared with all of them."""

EXTERNAL_TEMPLATES = ("external_auditor",)
"""Templates of guests, who see what is named for them and nothing else."""

ALL_TEMPLATES = ROLE_TEMPLATES + EXTERNAL_TEMPLATES


@dataclass(frozen=True)
class Permission:
    """One right, `<app_label>.<verb>_<model>`; `templates` names the role templates that carry it.

    `gmp` marks a right over production or quality records, which administrators never hold.
    """

    code: str
    label: str | Promise
    templates: tuple[str, ...] = ()
    gmp: bool = True


_catalogue: dict[str, Permission] = {}


def declare(*permissions: Permission) -> None:
    """Add permissions to the catalogue; a second declaration of a code is refused."""
    for permission in permissions:
        known = _catalogue.get(permission.code)
        if known is not None and known != permission:
            raise ValueError(f"permission {permission.code} is declared twice")
        unknown = set(permission.templates) - set(ALL_TEMPLATES)
        if unknown:
            raise ValueError(f"permission {permission.code} names unknown role templates {sorted(unknown)}")
        if permission.gmp and "admin" in permission.templates and not permission.code.split(".")[1].startswith("view_"):
            raise ValueError(f"permission {permission.code}: administrators hold no GMP rights")
        _catalogue[permission.code] = permission


def catalogue() -> Mapping[str, Permission]:
    """Every declared permission by code."""
    return MappingProxyType(_catalogue)


def view_permission(model: Any) -> str:
    """The right to see records of a model: its `view_permission`, or `<app>.view_<model>`."""
    return str(getattr(model, "view_permission", "") or f"{model._meta.app_label}.view_{model._meta.model_name}")
