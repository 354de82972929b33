"""Image files into RGBA pixels, with Pillow, which is imported when the first one comes. No state."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

__all__ = ["decode_file"]

# What programs send. Formats that run something, such as PostScript, are not among them.
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "PPM", "TIFF")


def decode_file(
    data: bytes, max_pixels: int, formats: tuple[str, ...] = _FORMATS
) -> tuple[int, int, bytes] | None:
    """Width, height and RGBA of the first picture; None: no picture, or one of more than `max_pixels`."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - imported when it is needed

    try:
        with Image.open(io.BytesIO(data), formats=formats) as opened:
            # The header says how large it is: checked before a pixel is made.
            if opened.width * opened.height > max_pixels or not opened.width or not opened.height:
                return None
            converted: PillowImage = opened.convert("RGBA")
            return converted.width, converted.height, converted.tobytes()
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError):
        return None
