"""What a file is, judged by its content; what it may be called."""

from __future__ import annotations

import unicodedata
import zipfile
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import puremagic

HEAD = 64 * 1024

ALLOWED: dict[str, tuple[str, ...]] = {
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "image/tiff": (".tif", ".tiff"),
    "image/heic": (".heic", ".heif"),
    "application/pdf": (".pdf",),
    "text/plain": (".txt", ".log", ".md", ".nc", ".gcode", ".step", ".stp", ".xml", ".svg", ".html"),
    "text/csv": (".csv",),
    "application/json": (".json",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx",),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": (".pptx",),
    "application/zip": (".zip",),
    "video/mp4": (".mp4", ".m4v"),
    "video/quicktime": (".mov",),
    "video/webm": (".webm",),
}
"""Types that may be attached, each with the endings of its names; the first is given to a misleading name."""

_OFFICE = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_SYNONYMS = {
    "image/jpg": "image/jpeg",
    "image/heif": "image/heic",
    "image/x-heic": "image/heic",
    "application/x-zip-compressed": "application/zip",
    "video/x-m4v": "video/mp4",
}


class NotAllowed(Exception):
    """The content is of no type that may be attached; the message names what was found."""


def detect(file: BinaryIO, name: str) -> str:
    """The media type of a file by its content; the name decides only between kinds of text.

    Raises `NotAllowed` for anything not in `ALLOWED`. The file is left at its beginning.
    """
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    found = _by_magic(head, file)
    file.seek(0)
    if found is None and _is_text(head):
        found = {".csv": "text/csv", ".json": "application/json"}.get(_ending(name), "text/plain")
    if found not in ALLOWED:
        raise NotAllowed(found or "application/octet-stream")
    return found


def clean_name(name: str, media_type: str) -> str:
    """A file name without directories, control characters and misleading endings, at most 120 characters."""
    base = PurePosixPath(name.replace("\\", "/")).name
    kept = "".join(letter for letter in unicodedata.normalize("NFC", base) if unicodedata.category(letter)[0] != "C")
    kept = "".join("_" if letter in '<>:"|?*/' else letter for letter in kept).strip(" .")
    stem, ending = Path(kept).stem.strip(" .") or "file", _ending(kept)
    endings = ALLOWED[media_type]
    return f"{stem[:110]}{ending if ending in endings else endings[0]}"


def _by_magic(head: bytes, file: BinaryIO) -> str | None:
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_zip(file)
    if not head or _is_text(head):
        return None
    try:
        matches = puremagic.magic_string(head)
    except puremagic.PureError:
        return None
    for match in matches:
        media_type = _SYNONYMS.get(str(match.mime_type), str(match.mime_type))
        if media_type in ALLOWED and not media_type.startswith("text/"):
            return media_type
    return str(matches[0].mime_type) or None if matches else None


def _kind_of_zip(file: BinaryIO) -> str:
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile:
        return "application/zip"
    if "[Content_Types].xml" in names:
        for folder, media_type in _OFFICE.items():
            if any(name.startswith(folder) for name in names):
                return media_type
    return "application/zip"


def _is_text(head: bytes) -> bool:
    if not head or b"\0" in head:
        return False
    for cut in range(4):  # the head may end inside a character
        try:
            (head[:-cut] if cut else head).decode("utf-8")
        except UnicodeDecodeError:
            continue
        return True
    return False


def _ending(name: str) -> str:
    return Path(name).suffix.lower()
