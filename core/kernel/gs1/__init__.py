"""GS1 identification: element strings and Digital Link, read and written by the rules of GS1's own syntax dictionary.

The rules are data: `gs1-syntax-dictionary.txt` is GS1's file (Apache License 2.0, beside it), unchanged; a newer one is
taken by replacing it. Only the tests of content that it names (check digits, dates, …) are code: `linters.py`.

- `parse` reads what a scanner sends or a person types: an element string with or without its symbology identifier,
  the bracketed form that people read, a Digital Link address;
- `build` makes one of application identifiers and values, or says in words which rule forbids it.
"""

from core.kernel.gs1.dictionary import Identifier, identifier, identifiers
from core.kernel.gs1.elements import CARRIERS, GS, ElementString, build, gtin, is_gtin, parse
from core.kernel.gs1.linters import LINTERS, check_digit, date_of
from core.kernel.gs1.problems import Gs1Error, Problem

__all__ = (
    "CARRIERS",
    "GS",
    "LINTERS",
    "ElementString",
    "Gs1Error",
    "Identifier",
    "Problem",
    "build",
    "check_digit",
    "date_of",
    "gtin",
    "is_gtin",
    "identifier",
    "identifiers",
    "parse",
)
