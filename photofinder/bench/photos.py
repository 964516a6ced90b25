"""Photos to measure with: 12 megapixels, seeded, with the detail and the weight of real ones, made once."""

from __future__ import annotations

import io
import json
import shutil
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image

SIZE = (4000, 3000)
"""12 megapixels."""

FORMAT = 1
_DISTINCT = {"jpg": 24, "heic": 4, "png": 8}
"""Pictures that are drawn; the other files show the same ones with another comment inside, so that each is to be read,
decoded and analysed like any other, and making two thousand takes seconds."""

_COLOURED_CELLS = 100
_MARKER = "made.json"
_QUALITY = 90
Tell = Callable[[str, str], None]


def draw_photo(size: tuple[int, int], seed: int) -> Image.Image:
    """A picture of noise at all scales, the coarse ones in colour and stronger: it weighs about what a photo does."""
    rng = np.random.default_rng(seed)
    image = Image.new("RGB", size, tuple(int(part) for part in rng.integers(70, 180, 3)))
    cells, share = 4, 0.75
    while cells < 2 * max(size):
        width, height = min(cells, size[0]), max(1, min(cells, size[0]) * size[1] // size[0])
        in_colour = cells <= _COLOURED_CELLS
        noise = rng.integers(0, 256, (height, width, 3) if in_colour else (height, width), dtype=np.uint8)
        layer = Image.fromarray(noise).convert("RGB").resize(size, Image.Resampling.BICUBIC)
        image = Image.blend(image, layer, share)
        cells, share = cells * 4, share * 0.6
    return image


def jpeg_bytes(image: Image.Image, quality: int = _QUALITY) -> bytes:
    """The picture as a baseline JPEG."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, exif=_exif())
    return buffer.getvalue()


def photo_folder(work: Path, name: str, counts: dict[str, int], size: tuple[int, int], tell: Tell) -> Path:
    """A folder with so many different files of each kind (``"jpg"``, ``"heic"``, ``"png"``), made unless it is there.

    Raises OSError.
    """
    label = "-".join(f"{kind}{count}" for kind, count in sorted(counts.items()))
    folder = work / f"{name}-{size[0]}x{size[1]}-{label}-{FORMAT}"
    if (folder / _MARKER).is_file():
        return folder
    tell(f"preparando {sum(counts.values())} fotos en {folder}", f"making {sum(counts.values())} photos in {folder}")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for kind, count in counts.items():
        distinct = [_ENCODERS[kind](draw_photo(size, seed)) for seed in range(min(count, _DISTINCT[kind]))]
        for number in range(count):
            path = folder / f"IMG_{number:05d}.{kind}"
            path.write_bytes(_marked(distinct[number % len(distinct)], kind, number))
    (folder / _MARKER).write_text(json.dumps(counts), encoding="utf-8")
    return folder


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "PhotoFinder", "bench"
    exif[0x0132] = "2024:05:04 12:30:00"
    return exif


def _marked(data: bytes, kind: str, number: int) -> bytes:
    """The same picture in a file with other bytes: a comment, a text chunk, a free box."""
    if kind == "jpg":
        comment = f"{number:08d}".encode()
        return data[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + data[2:]
    return data + _trailer(kind, number)


def _trailer(kind: str, number: int) -> bytes:
    """Bytes after the end, which readers leave alone: for HEIF a box of free space, for PNG anything."""
    payload = f"{number:08d}".encode()
    return struct.pack(">I4s", 8 + len(payload), b"free") + payload if kind == "heic" else payload


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=3)
    return buffer.getvalue()


def _heic(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    pillow_heif.from_pillow(image).save(buffer, quality=60, enc_params={"preset": "ultrafast"})
    return buffer.getvalue()


_ENCODERS: dict[str, Callable[[Image.Image], bytes]] = {"jpg": jpeg_bytes, "png": _png, "heic": _heic}
