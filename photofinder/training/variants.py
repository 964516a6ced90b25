"""What becomes of a photo on its way through phones, mails and editors: generated second versions of it."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance

Variant = Callable[[Image.Image, np.random.Generator], Image.Image]


def recompressed(image: Image.Image, quality: int, format: str = "JPEG") -> Image.Image:
    """Encoded and decoded again."""
    data = io.BytesIO()
    image.save(data, format, quality=quality)
    return Image.open(io.BytesIO(data.getvalue())).convert("RGB")


def _jpeg(quality: int) -> Variant:
    return lambda image, rng: recompressed(image, quality)


def _resized(scale: float) -> Variant:
    def resize(image: Image.Image, rng: np.random.Generator) -> Image.Image:
        size = (max(32, round(image.width * scale)), max(32, round(image.height * scale)))
        return recompressed(image.resize(size, Image.Resampling.LANCZOS), 85)

    return resize


def _cropped(share: float) -> Variant:
    """``share`` of the area is left out."""

    def crop(image: Image.Image, rng: np.random.Generator) -> Image.Image:
        side = (1 - share) ** 0.5
        width, height = round(image.width * side), round(image.height * side)
        left, top = int(rng.integers(image.width - width + 1)), int(rng.integers(image.height - height + 1))
        return recompressed(image.crop((left, top, left + width, top + height)), 88)

    return crop


def _lit(brightness: float, contrast: float, colour: float) -> Variant:
    def light(image: Image.Image, rng: np.random.Generator) -> Image.Image:
        changed = ImageEnhance.Brightness(image).enhance(brightness)
        changed = ImageEnhance.Color(ImageEnhance.Contrast(changed).enhance(contrast)).enhance(colour)
        return recompressed(changed, 88)

    return light


def _watermarked(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """A translucent strip with words in it, over a tenth of the photo or so."""
    marked = image.copy()
    width, height = marked.size
    left, top = rng.uniform(0.05, 0.5) * width, rng.uniform(0.05, 0.85) * height
    draw = ImageDraw.Draw(marked, "RGBA")
    draw.rectangle((left, top, left + 0.45 * width, top + 0.12 * height), fill=(255, 255, 255, 120))
    draw.text((left + 4, top + 2), "© Ana 2019", fill=(0, 0, 0, 220), font_size=max(8.0, 0.08 * height))
    return recompressed(marked, 88)


def _mirrored(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    return recompressed(image.transpose(Image.Transpose.FLIP_LEFT_RIGHT), 88)


def _turned_by_exif(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Stored lying on its side with an EXIF note, and read as the program reads photos."""
    from PIL.ExifTags import Base

    from photofinder.library.images import decode_bytes

    exif = Image.Exif()
    exif[Base.Orientation] = 6
    data = io.BytesIO()
    image.transpose(Image.Transpose.ROTATE_90).save(data, "JPEG", quality=88, exif=exif)
    return Image.fromarray(decode_bytes(data.getvalue()).pixels)


def _as_png(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    return recompressed(image, 0, "PNG")


def _as_webp(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    return recompressed(image, 70, "WEBP")


def _forwarded(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Cut a little, made smaller, compressed hard, and brighter: all at once."""
    cut = _cropped(0.06)(image, rng)
    return recompressed(_lit(1.12, 1.05, 1.1)(_resized(0.7)(cut, rng), rng), 45)


VARIANTS: dict[str, Variant] = {
    "resized to 75 %": _resized(0.75),
    "resized to 50 %": _resized(0.5),
    "JPEG quality 90": _jpeg(90),
    "JPEG quality 60": _jpeg(60),
    "JPEG quality 30": _jpeg(30),
    "PNG": _as_png,
    "WebP": _as_webp,
    "turned by EXIF": _turned_by_exif,
    "cut by 5 %": _cropped(0.05),
    "cut by 10 %": _cropped(0.10),
    "cut by 20 %": _cropped(0.20),
    "mirrored": _mirrored,
    "darker": _lit(0.6, 1.0, 1.0),
    "brighter, more colour": _lit(1.2, 1.2, 1.5),
    "grey": _lit(1.0, 1.0, 0.0),
    "watermarked": _watermarked,
    "cut, smaller, q 45, brighter": _forwarded,
}
"""By what is done; each is deterministic for a generator of random numbers."""
