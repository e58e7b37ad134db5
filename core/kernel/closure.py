"""What a signature covers, declared on each signable model and on the child rows it takes along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Closure:
    """The content of one record for a signature (21 CFR 11.70).

    `covers` are field names hashed by value (foreign keys by id), `children` are reverse accessors whose rows are taken
    along with their own closure, `ignores` names every other field with the reason why a change of it leaves the
    signature valid. A field in neither fails a test. `attachments` adds the digests of the attached files.
    """

    covers: tuple[str, ...]
    children: tuple[str, ...] = ()
    ignores: Mapping[str, str] = field(default_factory=dict)
    attachments: bool = False
