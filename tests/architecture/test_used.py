"""Nothing dead: what services, queries and answers offer is used by the product, not by tests alone."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.apps import BASE_DIR, OUR_APPS
from tests.architecture import house
from tests.architecture.test_app_shape import SHAPED, chain, members

pytestmark = pytest.mark.requirement("HOUSE-07")
OFFERING = {"services", "queries", "answers", "guards", "subscribers", "tasks"}
REGISTERED = {"answers", "effect", "guard", "job", "makes", "on_denied", "protect_also", "shared_task", "subscribe"}
"""Decorators that hand a function over to whoever calls it: it need not be named anywhere else."""
STOREYS = sorted({app.split(".")[0] for app in OUR_APPS})


def public_functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """The functions of a file that others may call, and nothing else calls for them."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            decorators = {name for one in node.decorator_list for name in chain(one)}
            if not decorators & REGISTERED:
                yield node


def named(tree: ast.Module) -> set[str]:
    """What a file uses by name; imports, `__all__` and a function's own body do not make it used."""
    found: set[str] = set()
    for top in tree.body:
        own = top.name if isinstance(top, ast.FunctionDef) else ""
        for node in ast.walk(top):
            name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
            if name and name != own:
                found.add(name)
    return found


@functools.cache
def used() -> frozenset[str]:
    """Every name that the product uses, in Python or in a template."""
    files = house.python_files(*STOREYS, "config", "tools")
    words = {name for file in files for name in named(house.parse(file))}
    for template in (BASE_DIR / "templates").glob("**/*.*"):
        words |= set(template.read_text().replace(".", " ").replace("|", " ").split())
    return frozenset(words)


def offered() -> Iterator[tuple[Path, str]]:
    for app in SHAPED:
        for name, path in members(app):
            if name in OFFERING:
                for file in [path] if path.is_file() else sorted(path.glob("**/*.py")):
                    yield from ((file, function.name) for function in public_functions(house.parse(file)))


def test_every_public_function_is_used_outside_the_tests() -> None:
    found = list(offered())
    assert len(found) > 200
    dead = [f"{house.show(file)}: {name}" for file, name in found if name not in used()]
    assert dead == [], "use it where the deed belongs, or remove it with its tests"


def test_the_search_finds_what_only_itself_and_imports_name() -> None:
    source = (
        "from x import alone\n__all__ = ['alone']\n@service\ndef alone(n):\n    return alone(n - 1)\n"
        "@answers(Q)\ndef registered(q): ...\ndef _private(): ...\ndef used(): ...\ndef other():\n    used()\n"
    )
    tree = ast.parse(source)
    assert [function.name for function in public_functions(tree)] == ["alone", "used", "other"]
    assert "alone" not in named(tree) and "used" in named(tree)
