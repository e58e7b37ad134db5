"""What a person is about to import, between upload and signature: kept for a day, named by a signed word.

The word goes from page to page and to programs; it says whose it is and what exactly was looked at.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from core.files import blobs, waiting
from core.jobs.models import BackgroundJob
from core.kernel.errors import Blocked, Blocker
from core.organization.models import Site
from integrations.services import import_records, is_large, request_import
from integrations.services.reading import MAX_BYTES

SALT = "trueline.import"
REPORT_BYTES = 200 * 1024 * 1024
"""More than the verdicts of the largest file take."""


@dataclass(frozen=True)
class DryRun:
    """Whose it is, what kind of rows, for which site, and the addresses of file, mapping and report that wait."""

    user: int | None
    kind: str
    site: int | None
    name: str
    file: str
    mapping: str = ""
    report: str = ""

    @property
    def word(self) -> str:
        """The word by which it is found again."""
        return signing.dumps({name: value for name, value in asdict(self).items() if value}, salt=SALT, compress=True)

    def data(self) -> bytes:
        """The file. Raises `Blocked` when its day is over."""
        return _load(self.file)

    def mapping_text(self) -> str:
        """The mapping as text, empty before there is one."""
        return _load(self.mapping).decode() if self.mapping else ""

    def told(self) -> dict[str, Any]:
        """The report of the dry run, as `ImportReport.as_dict` told it."""
        found: dict[str, Any] = json.loads(_load(self.report))
        return found

    def site_record(self) -> Site | None:
        """The site that the rows belong to."""
        return None if self.site is None else Site.objects.get(pk=self.site)

    def with_mapping(self, text: str) -> DryRun:
        """The same file read by this mapping; not tried yet."""
        return replace(self, mapping=waiting.keep([text.encode()], limit=MAX_BYTES), report="")

    def with_report(self, told: dict[str, Any]) -> DryRun:
        """The same with what was found."""
        return replace(self, report=waiting.keep([json.dumps(told).encode()], limit=REPORT_BYTES))


def find(word: str, user: Any) -> DryRun:
    """The dry run of this word. Raises `Blocked` for a word of somebody else, of another day, or made up."""
    try:
        told = signing.loads(word, salt=SALT, max_age=waiting.KEPT_FOR)
        found = DryRun(**{"site": None, **told})
        if found.user != user.pk:
            raise signing.BadSignature("somebody else's")
    except (signing.BadSignature, TypeError) as error:
        raise Blocked(_over()) from error
    return found


def try_file(*, run: DryRun, mapping: str, actor: Any) -> DryRun | BackgroundJob:
    """Say what would become of every row of a file by a mapping; a worker finds it out where the file is large.

    Raises `MappingError` for a mapping that cannot be used, and `Blocked` as `import_records` does.
    """
    run, data = run.with_mapping(mapping), run.data()
    asked: dict[str, Any] = {"kind": run.kind, "file_name": run.name, "mapping": mapping, "site": run.site_record()}
    if is_large(data):
        return request_import(sha256=run.file, dry_run=True, actor=actor, **asked)
    return run.with_report(import_records(data=data, dry_run=True, actor=actor, **asked).as_dict())


def _over() -> Blocker:
    return Blocker(
        "dry_run_over",
        _("This is no dry run of yours of the last day."),
        remedy=_("Choose the file again."),
    )


def _load(sha256: str) -> bytes:
    try:
        return waiting.load(sha256)
    except (blobs.BlobMissing, blobs.BlobDamaged) as gone:
        raise Blocked(_over()) from gone
