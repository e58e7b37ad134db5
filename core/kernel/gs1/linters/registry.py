"""The names of the tests of content, and the functions that do them."""

from __future__ import annotations

from collections.abc import Callable

Linter = Callable[[str], str]
LINTERS: dict[str, Linter] = {}


def linter(function: Linter) -> Linter:
    """Register a function under the name that the dictionary uses."""
    LINTERS[function.__name__] = function
    return function
