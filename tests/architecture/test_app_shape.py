"""The shape of every app: the names of its files, their order, their size; no signals; no raw writes."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

from config.apps import BASE_DIR, OUR_APPS
from core.kernel.records import RecordClass, models_of
from tests.architecture import house

LINES: tuple[tuple[str, ...], ...] = (
    ("apps", "migrations"),
    ("lifecycle",),
    ("models",),
    ("events", "questions"),
    ("queries",),
    ("guards",),
    ("services",),
    ("subscribers", "answers"),
    ("forms", "serializers", "filters", "tables"),
    ("views", "api", "tasks"),
    ("urls", "admin", "management", "templatetags", "testing"),
)
"""The files of an app, lowest line first: a file imports only from its own line and lower ones (its package too)."""
LINE_OF = {name: line for line, names in enumerate(LINES) for name in names}
NOT_APP_SHAPED = {"core.kernel", "core.web"}
"""They have no tables: the kernel is the ground, the web kit is a library of views and components."""
LIBRARIES = {
    "core.files": {"blobs", "media", "s3", "scanning", "thumbnails", "waiting"},
    "core.printing": {"barcodes", "documents", "labels", "render", "seal", "verify"},
    "core.trail": {"merkle"},
}
"""Pure libraries (no model, no service) that stand below their app's lifecycle."""
MOST_LINES = 400


def app_directory(app: str) -> Path:
    return BASE_DIR.joinpath(*app.split("."))


def members(app: str) -> Iterator[tuple[str, Path]]:
    """Name and path of every file and package directly in an app (not those of an app inside it)."""
    for path in sorted(app_directory(app).iterdir()):
        if path.name in {"__init__.py", "__pycache__"} or path.name.startswith("."):
            continue
        yield path.stem if path.suffix == ".py" else path.name, path


SHAPED = [app for app in OUR_APPS if app not in NOT_APP_SHAPED]


@pytest.mark.requirement("HOUSE-03")
@pytest.mark.parametrize("app", SHAPED)
def test_an_app_has_only_files_of_known_names(app: str) -> None:
    allowed = set(LINE_OF) | LIBRARIES.get(app, set()) | ({"adapters", "formats"} if app == "integrations" else set())
    assert {name for name, _ in members(app)} - allowed == set()


def upward_imports(app: str) -> Iterator[str]:
    """Imports inside an app from a higher line. (``ready()`` in apps.py runs when everything is loaded.)"""
    line_of = LINE_OF | dict.fromkeys(LIBRARIES.get(app, ()), 0)
    for name, path in members(app):
        if name == "migrations" or name not in line_of:
            continue
        for file in [path] if path.is_file() else sorted(path.glob("**/*.py")):
            for lineno, imported in house.imports(file, top_level_only=name == "apps"):
                if not imported.startswith(f"{app}."):
                    continue
                there = imported.removeprefix(f"{app}.").split(".")[0]
                if line_of.get(there, -1) > line_of[name]:
                    yield f"{house.show(file)}:{lineno} imports {imported}, which stands above it"


@pytest.mark.requirement("HOUSE-03")
@pytest.mark.parametrize("app", SHAPED)
def test_a_file_imports_only_from_lower_lines(app: str) -> None:
    assert list(upward_imports(app)) == []


@pytest.mark.requirement("HOUSE-03")
def test_an_apps_own_rules_and_doors_are_not_used_by_others() -> None:
    """Others call queries and services, or extend a view; never the guards, reactions and addresses of an app."""
    private = {"guards", "subscribers", "answers", "urls", "api", "admin", "management"}
    wrong = []
    for file in house.python_files(*{app.split(".")[0] for app in OUR_APPS}):
        here = house.app_of(".".join(file.relative_to(BASE_DIR).with_suffix("").parts))
        for lineno, imported in house.imports(file):
            there = house.app_of(imported)
            if there is None or there == here or there in NOT_APP_SHAPED:
                continue
            if imported.removeprefix(f"{there}.").split(".")[0] in private:
                wrong.append(f"{house.show(file)}:{lineno} imports {imported}")
    assert wrong == []


DOORS = {"views", "api", "tasks", "forms", "serializers", "filters", "tables", "urls", "admin", "management"}


def calls_of(tree: ast.Module, name: str) -> list[int]:
    """The lines on which something of this name is called."""
    found = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return sorted(node.lineno for node in found if chain(node.func)[-1:] == [name])


@pytest.mark.requirement("HOUSE-03")
def test_no_door_makes_a_rule() -> None:
    """A door translates a refusal; the reason for it is made below, where every other door meets it too."""
    wrong = [
        f"{house.show(file)}:{lineno}"
        for app in SHAPED
        for name, path in members(app)
        if name in DOORS
        for file in ([path] if path.is_file() else sorted(path.glob("**/*.py")))
        for lineno in calls_of(house.parse(file), "Blocker")
    ]
    assert wrong == []


def test_the_search_for_rules_in_doors_finds_them() -> None:
    source = "raise Blocked(Blocker('a', 'b'))\nerrors.Blocker('c', 'd')\nblockers(1)"
    assert calls_of(ast.parse(source), "Blocker") == [1, 2]


@pytest.mark.requirement("HOUSE-03")
def test_python_files_are_short() -> None:
    lengths = {house.show(file): len(file.read_text().splitlines()) for file in house.python_files()}
    assert lengths
    assert {file: lines for file, lines in lengths.items() if lines > MOST_LINES} == {}


@pytest.mark.requirement("HOUSE-04")
def test_no_signals_of_our_own() -> None:
    """Django's and simple-history's may be connected where there is no other way (post_migrate); none is defined."""
    defined = [
        f"{house.show(file)}:{lineno}"
        for file in house.python_files()
        for lineno, imported in house.imports(file)
        if imported.startswith("django.dispatch")
    ]
    assert defined == []


RAW_WRITES = {"bulk_create", "bulk_update", "_raw_delete", "abulk_create", "abulk_update", "aupdate"}
QUERYSET_STEPS = {
    "objects",
    "filter",
    "exclude",
    "all",
    "select_for_update",
    "order_by",
    "_base_manager",
    "_default_manager",
}
ALLOWED_RAW_WRITES = ("core/kernel/bulk.py", "core/kernel/records.py", "core/kernel/writes.py")


def chain(node: ast.expr) -> list[str]:
    """The names along a chain of attributes and calls, outermost last: ``Lot.objects.filter(…)`` → Lot, objects, …"""
    names: list[str] = []
    while True:
        if isinstance(node, ast.Attribute):
            names.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Name):
            names.append(node.id)
            return names[::-1]
        else:
            return names[::-1]


def raw_writes(tree: ast.Module, free: dict[str, set[str]]) -> Iterator[tuple[int, str]]:
    """Raw writes in a file; ``free`` says which method is allowed on which model's name."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        method, names = node.func.attr, chain(node.func.value)
        is_update = method == "update" and bool(node.keywords) and bool(QUERYSET_STEPS & set(names))
        if (is_update or method in RAW_WRITES) and not (names and method in free.get(names[0], set())):
            yield node.lineno, f"{'.'.join(names)}.{method}"


@pytest.mark.requirement("REC-03")
def test_no_raw_writes_on_records() -> None:
    free = {model.__name__: {"bulk_create"} for model in models_of(RecordClass.FACT)}
    for model in models_of(RecordClass.OPERATIONAL):
        free[model.__name__] = {"bulk_create", "bulk_update", "update"}
    wrong = [
        f"{house.show(file)}:{lineno} {what}"
        for file in house.python_files(*{app.split(".")[0] for app in OUR_APPS})
        if house.show(file) not in ALLOWED_RAW_WRITES
        for lineno, what in raw_writes(house.parse(file), free)
    ]
    assert wrong == []


def test_the_search_for_raw_writes_finds_them() -> None:
    source = "\n".join(
        [
            "Lot.objects.filter(pk=1).update(status='released')",
            "lot.lines.all().update(status='released')",
            "Lot.objects.bulk_create(lots)",
            "context.update(page=1)",
            "Reading.objects.bulk_create(readings)",
        ]
    )
    assert [line for line, _ in raw_writes(ast.parse(source), {"Reading": {"bulk_create"}})] == [1, 2, 3]


def test_apps_carry_their_storey_in_the_label() -> None:
    wrong = [
        app.name for app in apps.get_app_configs() if app.name in OUR_APPS and app.label != app.name.replace(".", "_")
    ]
    assert wrong == []
