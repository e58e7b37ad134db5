"""Small pictures of large ones, kept beside the originals and made anew whenever they are missing."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageOps, UnidentifiedImageError

from core.files import blobs

EDGE = 320
MAX_PIXELS = 80_000_000
"""Beyond this a picture is not opened: a small file can unpack to gigabytes."""


class NoThumbnail(Exception):
    """The content is not a picture that can be shown small."""


def thumbnail(sha256: str) -> bytes:
    """A WebP picture of at most 320 px an edge, upright by its EXIF orientation; raises `NoThumbnail`."""
    cached = Path(settings.TRUELINE_CACHE_DIR) / "thumbnails" / f"{blobs.path_of(sha256).name}-{EDGE}.webp"
    if cached.exists():
        return cached.read_bytes()
    try:
        with blobs.open_checked(sha256) as file, Image.open(file) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise NoThumbnail(f"{picture.width} × {picture.height}")
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((EDGE, EDGE))
            small = upright.convert("RGBA" if "A" in upright.getbands() else "RGB")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError, SyntaxError) as error:
        raise NoThumbnail(str(error)) from error
    cached.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=cached.parent, suffix=".webp")
    with os.fdopen(handle, "wb") as target:
        small.save(target, "WEBP", quality=80)
    os.replace(temporary, cached)
    return cached.read_bytes()
