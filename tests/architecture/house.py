"""The floor plan as data, read from the import-linter contracts, and what is really there."""

import ast
import functools
import gc
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from config.apps import BASE_DIR, STOREYS


@functools.cache
def contracts() -> list[dict[str, Any]]:
    """The import-linter contracts of pyproject.toml."""
    tables = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    return list(tables)


def floors(storey: str) -> list[list[str]]:
    """The apps on each floor of a storey, bottom first."""
    contract = next((contract for contract in contracts() if contract.get("containers") == [storey]), None)
    if contract is None:
        return [[storey]]
    return [
        [f"{storey}.{name.strip(' ()')}" for name in re.split(r"[|:]", layer)] for layer in reversed(contract["layers"])
    ]


@functools.cache
def heights() -> dict[str, int]:
    """The height of every app of the plan; siblings on one floor have the same."""
    plan = [floor for storey in STOREYS for floor in floors(storey)]
    return {app: height for height, floor in enumerate(plan) for app in floor}


def apps_on_disk() -> set[str]:
    """Every package of a storey that is an app."""
    found = set()
    for storey in STOREYS:
        for config in (BASE_DIR / storey).glob("**/apps.py"):
            found.add(".".join(config.parent.relative_to(BASE_DIR).parts))
    return found


def app_of(module: str) -> str | None:
    """The app that a dotted module belongs to; None for a module of nobody's."""
    matches = [app for app in heights() if module == app or module.startswith(f"{app}.")]
    return max(matches, key=len) if matches else None


def python_files(*directories: str) -> Iterator[Path]:
    """Our Python files under the directories (all of ours by default), migrations excepted."""
    for directory in directories or (*STOREYS, "config", "tools", "tests", "bench"):
        for file in sorted((BASE_DIR / directory).glob("**/*.py")):
            if "migrations" not in file.parts:
                yield file


def imports(file: Path, *, top_level_only: bool = False) -> Iterator[tuple[int, str]]:
    """Line and full name of everything that a file imports, by default wherever in the file it stands."""
    package = list(file.relative_to(BASE_DIR).with_suffix("").parts)[:-1]
    for node in parse(file).body if top_level_only else ast.walk(parse(file)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            prefix = ".".join([*base, *(node.module or "").split(".")]).strip(".")
            for alias in node.names:
                yield node.lineno, f"{prefix}.{alias.name}"


@functools.cache
def parse(file: Path) -> ast.Module:
    """The syntax tree of a file.

    All of them together are millions of objects that stay: frozen, no later collection of garbage walks through them,
    which took longer than all that the tests look at.
    """
    gc.disable()
    try:
        tree = ast.parse(file.read_text(), filename=str(file))
        gc.freeze()
    finally:
        gc.enable()
    return tree


def show(file: Path) -> str:
    """The path of a file as it is shown in a failure."""
    return str(file.relative_to(BASE_DIR))
