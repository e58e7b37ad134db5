"""Reasons for refusal are translatable. (Needs no database.)"""

import ast

import pytest

from tests.architecture import house


@pytest.mark.requirement("HOUSE-06")
def test_no_blocker_is_written_in_plain_text() -> None:
    """The message and the remedy of a Blocker come from gettext or from a variable, never from a literal."""
    plain, seen = [], 0
    for file in house.python_files("core", "traceability", "qms", "mes", "integrations"):
        if "gallery" in file.parts:
            continue  # invented reasons, to look at
        for node in ast.walk(house.parse(file)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Blocker":
                said = [*node.args[1:2], *(k.value for k in node.keywords if k.arg in ("message", "remedy"))]
                seen += 1
                if any(isinstance(one, (ast.Constant, ast.JoinedStr)) for one in said):
                    plain.append(f"{house.show(file)}:{node.lineno}")
    assert plain == []
    assert seen > 100, "the reader no longer finds the reasons"
