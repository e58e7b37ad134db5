"""The requirements file is well formed, and tests name only requirements that exist."""

import ast

from tests.architecture import house
from tests.support.traceability import requirements

FIELDS = {"id", "title", "text", "source", "risk"}


def named_by_tests() -> dict[str, set[str]]:
    """Requirement ids in ``@pytest.mark.requirement(…)``, with the files that name them."""
    found: dict[str, set[str]] = {}
    for file in house.python_files("tests", "bench"):
        for node in ast.walk(house.parse(file)):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("mark.requirement"):
                for argument in node.args:
                    assert isinstance(argument, ast.Constant), f"{house.show(file)}: write requirement ids as literals"
                    found.setdefault(str(argument.value), set()).add(house.show(file))
    return found


def test_every_requirement_is_complete_and_unique() -> None:
    rows = requirements()
    assert all(set(row) == FIELDS and all(str(value).strip() for value in row.values()) for row in rows)
    assert len({row["id"] for row in rows}) == len(rows)
    assert {row["risk"] for row in rows} <= {"P0", "P1", "P2"}


def test_tests_name_only_known_requirements() -> None:
    known = {row["id"] for row in requirements()}
    assert {id: files for id, files in named_by_tests().items() if id not in known} == {}
