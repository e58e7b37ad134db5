"""Small pictures of large ones, kept beside the originals and made anew whenever they are missing."""

from __future__ import annotations

import io
import os
import tempfile
from pathlib import Path

import structlog
from django.conf import settings
from PIL import Image, ImageOps, UnidentifiedImageError

from core.files import blobs
from core.web.outages import is_no_room

EDGE = 320
MAX_PIXELS = 80_000_000
"""Beyond this a picture is not opened: a small file can unpack to gigabytes."""
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "TIFF")
"""No other reader of the library sees a file that came from outside."""

log = structlog.get_logger("trueline.files")


class NoThumbnail(Exception):
    """The content is not a picture that can be shown small."""


def thumbnail(sha256: str) -> bytes:
    """A WebP picture of at most 320 px an edge, upright by its EXIF orientation; raises `NoThumbnail`."""
    cached = Path(settings.TRUELINE_CACHE_DIR) / "thumbnails" / f"{blobs.path_of(sha256).name}-{EDGE}.webp"
    if cached.exists():
        return cached.read_bytes()
    try:
        with blobs.open_checked(sha256) as file, Image.open(file, formats=FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise NoThumbnail(f"{picture.width} × {picture.height}")
            picture.thumbnail((EDGE, EDGE))  # a JPEG is read at an eighth of its size already
            upright = ImageOps.exif_transpose(picture)
            small = upright.convert("RGBA" if "A" in upright.getbands() else "RGB")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError, SyntaxError, ValueError) as error:
        raise NoThumbnail(str(error)) from error
    content = io.BytesIO()
    small.save(content, "WEBP", quality=80)
    try:
        _keep(cached, content.getvalue())
    except OSError as error:
        if not is_no_room(error):
            raise
        log.error("there is no room to keep a small picture", error=str(error))
    return content.getvalue()


def _keep(cached: Path, content: bytes) -> None:
    """Whole or not at all."""
    cached.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=cached.parent, suffix=".webp")
    try:
        with os.fdopen(handle, "wb") as target:
            target.write(content)
        os.replace(temporary, cached)
    finally:
        Path(temporary).unlink(missing_ok=True)
