"""What a password must not be, beyond Django's list of common ones."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

OF_THE_HOUSE = ("trueline", "production", "manufacturing", "quality", "plant", "operator", "administrator")
"""Words that somebody tries first here, as they do the organization's name and the person's own names and badge."""
SHORTEST = 4
AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")


class OneKnownWord:
    """Refuses one known word, however often repeated, with digits and signs around it.

    Most of the long passwords that attackers try first are of this kind. Sentences of several words stay allowed.
    """

    def __init__(self) -> None:
        self.common = CommonPasswordValidator().passwords

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError when the password is one known word."""
        core = AROUND.sub("", password.lower())
        if not core or any(self._is_known(word, user) for word in self._roots(core)):
            raise ValidationError(self.get_help_text(), code="password_known_word")

    def _roots(self, core: str) -> set[str]:
        """The word itself, and the one of which it is a repetition."""
        lengths = (size for size in range(SHORTEST, len(core)) if len(core) % size == 0)
        return {core} | {core[:size] for size in lengths if core[:size] * (len(core) // size) == core}

    def _is_known(self, word: str, user: Any) -> bool:
        names = [str(getattr(user, name, "") or "").lower() for name in ("username", "full_name", "badge")]
        names.append(settings.TRUELINE_ORGANIZATION.lower())
        words = {*names, *re.split(r"[\W\d_]+", " ".join(names))}
        return word in self.common or word in OF_THE_HOUSE or word in words

    def get_help_text(self) -> str:
        """What to choose instead."""
        return _(
            "One known word or name with digits around it is guessed first: choose several words, or random signs."
        )


LONGEST_LINE = 64
"""Characters of a line of the list: a digest of 40, a colon and a count."""


class NotBreached:
    """Refuses a password whose SHA-1 digest stands in the installation's list of breached ones, if it has a list.

    Such lists are published as sorted lines `DIGEST:count`; the file is searched where it lies, whatever its size, and
    nothing is asked over the network.
    """

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError when the password is in the list."""
        path = settings.TRUELINE_BREACHED_PASSWORDS
        digest = hashlib.new("sha1", password.encode(), usedforsecurity=False)  # the digest of the published lists
        if path and self._is_listed(Path(path), digest.hexdigest().upper().encode()):
            raise ValidationError(self.get_help_text(), code="password_breached")

    def _is_listed(self, path: Path, digest: bytes) -> bool:
        """Whether a line begins with the digest: halve the file until one line is left."""
        with path.open("rb") as file:
            low, high = 0, path.stat().st_size
            while low < high:
                middle = (low + high) // 2
                file.seek(max(middle - 1, 0))
                if middle:
                    file.readline()  # to the next beginning of a line
                line = file.readline(LONGEST_LINE)
                found = line[:40].upper()
                if found == digest:
                    return True
                if not line or found > digest:
                    high = middle
                else:
                    low = file.tell()
        return False

    def get_help_text(self) -> str:
        """What to choose instead."""
        return _("This password is in a published list of stolen ones: choose another.")
