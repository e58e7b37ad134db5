"""The GS1 syntax dictionary as data: what each application identifier may hold, need and exclude.

The form of the file is told at its own head. It is read once per process.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

FILE = Path(__file__).with_name("gs1-syntax-dictionary.txt")
LONGEST_AI = 4
_RANGE = re.compile(r"^(\d{2,4})(?:-(\d{2,4}))?$")
_FLAGS = re.compile(r"""^[*!?"$%&'()+,\-./:;<=>@[\\\]^_`{|}~]+$""")
_COMPONENT = re.compile(r"^(?P<open>\[)?(?P<kind>[NXYZ])(?P<some>\.\.)?(?P<size>\d+)(?P<close>\])?(?P<rules>(,\w+)*)$")

Alternatives = tuple[tuple[str, ...], ...]
"""Groups of identifiers or patterns (`n` stands for any digit): one group, all of it."""


class DictionaryError(Exception):
    """A line of the dictionary that cannot be read: the file and this program do not fit each other."""


@dataclass(frozen=True)
class Component:
    """A part of a value: its characters (N digits, X set 82, Y set 39, Z base64url), its length, its rules."""

    kind: str
    least: int
    most: int
    optional: bool
    linters: tuple[str, ...]


@dataclass(frozen=True)
class Identifier:
    """An application identifier of the dictionary.

    `predefined`: needs no separator behind it. `link_attribute`: may stand in the query of a Digital Link. `keys`: None
    for what is no primary key of a Digital Link, else its qualifiers in order, per alternative.
    """

    ai: str
    title: str
    components: tuple[Component, ...]
    predefined: bool
    link_attribute: bool
    required: tuple[Alternatives, ...]
    excluded: tuple[str, ...]
    keys: Alternatives | None

    @property
    def least(self) -> int:
        """The length of the shortest value."""
        return sum(part.least for part in self.components if not part.optional)

    @property
    def most(self) -> int:
        """The length of the longest value."""
        return sum(part.most for part in self.components)


def matches(pattern: str, ai: str) -> bool:
    """Whether an identifier is meant by a name or pattern of the dictionary such as 01 or 310n."""
    return len(pattern) == len(ai) and all(p in ("n", a) for p, a in zip(pattern, ai, strict=True))


def _component(token: str) -> Component | None:
    found = _COMPONENT.match(token)
    if found is None or bool(found["open"]) != bool(found["close"]):
        return None
    size = int(found["size"])
    rules = tuple(found["rules"].split(",")[1:])
    return Component(found["kind"], 1 if found["some"] else size, size, bool(found["open"]), rules)


def _range(token: str) -> list[str]:
    found = _RANGE.match(token)
    if found is None:
        raise DictionaryError(f"{token} is no application identifier")
    first, last = found[1], found[2] or found[1]
    return [str(number).zfill(len(first)) for number in range(int(first), int(last) + 1)]


def _line(line: str) -> Iterator[Identifier]:
    """The identifiers that one line of the dictionary defines."""
    rules, _hash, title = line.partition("#")
    name, *tokens = rules.split()
    flags = tokens.pop(0) if tokens and _FLAGS.match(tokens[0]) else ""
    components: list[Component] = []
    required: list[Alternatives] = []
    excluded: list[str] = []
    keys: Alternatives | None = None
    for token in tokens:
        component = _component(token)
        key, _equals, value = token.partition("=")
        if component is not None:
            components.append(component)
        elif key == "req":
            required.append(tuple(tuple(group.split("+")) for group in value.split(",")))
        elif key == "ex":
            excluded += value.split(",")
        elif key == "dlpkey":
            keys = tuple(tuple(group.split(",")) for group in value.split("|")) if value else ((),)
        else:
            raise DictionaryError(f"“{token}” of ({name}) is not understood")
    for ai in _range(name):
        yield Identifier(
            ai=ai,
            title=title.strip(),
            components=tuple(components),
            predefined="*" in flags,
            link_attribute="?" in flags,
            required=tuple(required),
            excluded=tuple(excluded),
            keys=keys,
        )


@cache
def identifiers() -> Mapping[str, Identifier]:
    """All application identifiers of the dictionary, by their digits. Raises `DictionaryError` for an odd line."""
    lines = (line.strip() for line in FILE.read_text(encoding="utf-8").splitlines())
    return MappingProxyType({one.ai: one for line in lines if line and not line.startswith("#") for one in _line(line)})


def identifier(text: str) -> Identifier | None:
    """The application identifier that a text begins with; None where it begins with none that is known."""
    known = identifiers()
    for length in range(2, LONGEST_AI + 1):
        if text[:length] in known:
            return known[text[:length]]
    return None
