"""A packed folder of documents as a table: a row for each file, with the number and title that it seems to have.

What a file says of itself in a Markdown front matter (`id`, `title`, `revision`) counts first, then an index in the
folder (`index.csv` or `index.xlsx` with a column `file`), then its name. All of it is a proposal that a person sees in
the dry run. The content of each file waits by its SHA-256 until the import is applied (core.files.waiting).
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from core.files import waiting
from integrations.services import workbooks

ENDINGS = (".docx", ".xlsx", ".pdf", ".md", ".txt")
HEADER = ("file", "folder", "number", "title", "revision", "type", "department", "content")
MOST_OF_ONE = 64 * 1024 * 1024
_NUMBER = re.compile(r"^([A-Za-z]{1,8}(?:[-_ ]?[A-Za-z]{1,8})?[-_ ]?\d{1,6})(?=$|[-_ .])")
_VERSION = re.compile(r"[-_ ]v(\d{1,3})(?:[-_ ]\d{6,8})?$", re.IGNORECASE)
_FRONT = re.compile(r"\A---\s*\n(.*?)\n---\s*\n", re.DOTALL)
_HEADING = re.compile(r"^#\s+(.+)$", re.MULTILINE)


def is_folder(data: bytes) -> bool:
    """Whether the file is a ZIP archive of documents, not a workbook or another archive."""
    if not workbooks.is_workbook(data):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return False
    return "[Content_Types].xml" not in names and any(_is_document(name) for name in names)


def _is_document(name: str) -> bool:
    path = PurePosixPath(name)
    is_hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts)
    is_index = len(path.parts) == 1 and path.stem.lower() == "index"
    return path.suffix.lower() in ENDINGS and not is_hidden and not is_index


def cells_of(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """The header, then a row for each document, in the order of their names. Raises `workbooks.Unreadable`."""
    yield 1, list(HEADER)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        _refuse_unsafe(archive)
        index = _index(archive)
        taken: set[str] = set()
        for line, name in enumerate(sorted(filter(_is_document, archive.namelist())), start=2):
            try:
                content = archive.read(name)
            except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError) as problem:
                raise workbooks.Unreadable(line, f"{name}: {problem}") from problem
            told = _told(name, content, index.get(name, {}), taken)
            told["content"] = waiting.keep([content], limit=MOST_OF_ONE) if content else ""
            yield line, [told.get(column, "") for column in HEADER]


def _refuse_unsafe(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > workbooks.MAX_PARTS or sum(part.file_size for part in parts) > workbooks.MAX_UNPACKED:
        raise workbooks.Unreadable(1, _("The folder is too large; pack fewer files at once."))
    for part in parts:
        is_dense = part.file_size > workbooks.MAX_RATIO * max(part.compress_size, 1)
        if part.file_size > MOST_OF_ONE or (part.file_size > workbooks.SMALL_PART and is_dense):
            said = _("%(file)s unpacks to too much.") % {"file": part.filename[:80]}
            raise workbooks.Unreadable(1, said)


def _index(archive: zipfile.ZipFile) -> dict[str, dict[str, str]]:
    """What an index at the top of the folder says about each file, by its path."""
    for name in archive.namelist():
        if name.lower() == "index.csv":
            text = archive.read(name).decode("utf-8-sig", errors="replace")
            rows: list[list[str]] = list(csv.reader(io.StringIO(text, newline="")))
        elif name.lower() == "index.xlsx":
            rows = [cells for _line, cells in workbooks.cells_of(archive.read(name), "")]
        else:
            continue
        header = [cell.strip().lower() for cell in rows[0]] if rows else []
        if "file" in header:
            told = [dict(zip(header, (cell.strip() for cell in row), strict=False)) for row in rows[1:]]
            return {one["file"]: one for one in told if one.get("file")}
    return {}


def _told(name: str, content: bytes, index: dict[str, str], taken: set[str]) -> dict[str, str]:
    path = PurePosixPath(name)
    stem = path.stem
    version = _VERSION.search(stem)
    bare = stem[: version.start()] if version else stem
    found = _NUMBER.match(bare)
    rest = bare[found.end() :] if found else bare
    words = re.sub(r"[-_ ]+", " ", rest).strip() or bare
    told = {
        "number": found[1].upper().replace(" ", "-").replace("_", "-") if found else "",
        "title": words[:1].upper() + words[1:],
        "revision": version[1] if version else "1",
        **_front_matter(content, path.suffix.lower()),
    }
    told |= {key: value for key, value in index.items() if value and key in HEADER}
    number = told["number"] or re.sub(r"[^A-Z0-9]+", "-", bare.upper()).strip("-")[:36]
    if number in taken and not index.get("number"):
        number = re.sub(r"[^A-Z0-9]+", "-", f"{path.parent.name}-{number}".upper()).strip("-")[:40]
    taken.add(number)
    return {**told, "number": number, "file": name[:200], "folder": str(path.parent)[:200]}


def _front_matter(content: bytes, ending: str) -> dict[str, str]:
    if ending not in (".md", ".txt"):
        return {}
    text = content[:20_000].decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
    front = _FRONT.match(text)
    pairs = [line.partition(":") for line in front[1].splitlines()] if front else []
    named = {key.strip().lower(): value.strip().strip("\"'") for key, _colon, value in pairs if value.strip()}
    told = {ours: named[theirs] for theirs, ours in (("id", "number"), ("title", "title")) if theirs in named}
    if named.get("revision", "").replace(".", "").isalnum():
        told["revision"] = named["revision"][:12]
    heading = _HEADING.search(text)
    if "title" not in told and heading is not None:
        told["title"] = heading[1].strip()[:200]
    return told
