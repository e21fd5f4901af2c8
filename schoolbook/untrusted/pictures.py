"""Pictures: decoded and written anew from their pixels, so that nothing else of the file is left."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO

from PIL import Image, ImageFile, ImageOps

from schoolbook.untrusted.terms import HALVED, LONGEST_SIDE, PIXELS, Kind, Refusal, Unwelcome

QUALITY = 88
ORIENTATION = 0x0112


def rewritten(content: bytes, kind: Kind) -> bytes:
    """The same picture, upright, without metadata, colour profile, comments or anything behind its end.

    Raises Unwelcome for one that is too large or moves, and whatever Pillow raises for one that is damaged.
    """
    # Asked for here, before anything is decoded.
    Image.MAX_IMAGE_PIXELS = None
    with Image.open(BytesIO(content), formats=[kind.name]) as picture:
        width, height = picture.size
        if width * height > PIXELS or max(width, height) > LONGEST_SIDE:
            raise Unwelcome(Refusal.TOO_MANY_PIXELS)
        if kind is Kind.PNG and getattr(picture, "is_animated", False):
            raise Unwelcome(Refusal.MOVING)
        if width * height > HALVED:
            picture.draft("RGB", (width // 2, height // 2))
        picture.load()
        upright = _upright(picture)
    plain = _plain(upright, kind)
    # Pillow would write comments and profiles that it finds here.
    plain.info.clear()
    written = BytesIO()
    options = {"quality": QUALITY} if kind is Kind.JPEG else {}
    plain.save(written, kind.name, **options)
    return written.getvalue()


def _upright(picture: ImageFile.ImageFile) -> Image.Image:
    """Turned as the camera says that it was held; a camera that says it badly is not believed."""
    turned: Image.Image = picture
    with suppress(OSError, SyntaxError, ValueError, KeyError, TypeError, OverflowError):
        if picture.getexif().get(ORIENTATION, 1) != 1:
            turned = ImageOps.exif_transpose(picture)
    return turned


def _plain(picture: Image.Image, kind: Kind) -> Image.Image:
    """In a mode that every program shows."""
    if kind is Kind.JPEG:
        return picture if picture.mode in {"L", "RGB"} else picture.convert("RGB")
    if picture.mode.startswith("I"):
        # Grey with 16 bits: the upper eight.
        return picture.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if picture.mode in {"1", "L", "RGB", "RGBA"} and "transparency" not in picture.info:
        return picture
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")
