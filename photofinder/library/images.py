"""A photo file to pixels that can be trusted: upright, sRGB, small. Run it in a disposable process.

Nothing here writes, and only regular files are opened. What a file is, its content decides, never its name.
"""

from __future__ import annotations

import errno
import io
import os
import stat
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)
from PIL.ExifTags import Base

from photofinder.errors import FailureReason, PhotoUnreadable
from photofinder.library.exif import DAMAGED_EXIF, Exposure, read_camera, read_exposure, read_position, read_taken_at

EXTENSIONS: frozenset[str] = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".heic", ".heif", ".hif", ".avif", ".webp", ".png", ".gif"}
    | {".tif", ".tiff", ".bmp"}
)
"""Names that are looked into, lower-case with the dot."""

THUMBNAIL_SIDE = 512
"""Longest side of a thumbnail, in pixels."""

MAX_PIXELS = 200_000_000
"""The largest photo that is decoded whole, read from its header. Phones make 200 megapixels (16,320 x 12,240);
a 20,000 x 20,000 PNG is twice that and would need 1.6 GB."""

MAX_DRAFT_PIXELS = 1_000_000_000
"""The same for sequential JPEG, of which only an eighth of each side is ever in memory."""

PASTED = Path("<pasted image>")
"""Stands for the path in ``PhotoUnreadable`` when the image never was a file."""

_READ_WHOLE = 64 * 2**20  # bytes; one sequential read is what slow disks and network folders do best
_DRAFT_SHARE = 0.95
"""How much of a thumbnail's side a JPEG may be decoded to: an eighth of 4,000 and of 4,032 pixels, what 12 megapixels
mostly are, is 500 and 504. The next larger size has four times the pixels, all to be scaled down again: 42 ms of a core
a photo, not 30. The features of the network stay within a cosine of 0.9997."""
_THUMBNAIL_QUALITY = 80  # about 30 KB at 512 px

Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2  # Pillow refuses twice as many: now what we do, in TIFF and GIF 179 million

_UNDECODABLE = (*DAMAGED_EXIF, Image.DecompressionBombError)
_GONE = {errno.ENOENT, errno.ENOTDIR, errno.ENODEV, errno.ENXIO, getattr(errno, "ESTALE", errno.ENOENT)}
_FORBIDDEN = {errno.EACCES, errno.EPERM}

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDEWAYS = {_UPRIGHT[orientation] for orientation in (5, 6, 7, 8)}


@dataclass(frozen=True, slots=True)
class PhotoInfo:
    """What is known of a photo besides its pixels."""

    width: int
    """Pixels of the whole photo, after EXIF orientation."""
    height: int
    taken_at: str | None
    """ISO 8601 local time without zone, from EXIF."""
    camera: str | None
    lat: float | None
    """Decimal degrees, north positive; None together with ``lon``."""
    lon: float | None
    exposure: Exposure = field(default_factory=Exposure)
    """Lens, time, aperture, sensitivity, focal length: for whoever looks at the photo, not in the catalogue."""


@dataclass(frozen=True, slots=True)
class DecodedPhoto:
    """A photo made small."""

    pixels: NDArray[np.uint8]
    """(h, w, 3), sRGB, upright, C-contiguous, writable; never longer than the side asked for, never enlarged.

    Of a JPEG at the size of a thumbnail the long side may be a twentieth shorter."""
    info: PhotoInfo
    thumbnail: bytes
    """JPEG of the same pixels, long side at most ``THUMBNAIL_SIDE``."""


def decode(path: Path, side: int = THUMBNAIL_SIDE) -> DecodedPhoto:
    """Read a photo file, its long side reduced to at most ``side`` pixels (>= 1).

    A file that ends before its last pixel is DAMAGED, however little is missing: a photo that is half grey would
    be found and shown as if it were whole. Damage in the middle of a JPEG that leaves its length alone cannot be
    told from content and is not noticed.

    Raises ``PhotoUnreadable``.
    """
    try:
        with open_regular(path) as file:
            size = os.fstat(file.fileno()).st_size
            if size == 0:
                raise PhotoUnreadable(path, FailureReason.EMPTY)
            return _decode(io.BytesIO(file.read()) if size <= _READ_WHOLE else file, path, side)
    except NotARegularFileError as error:
        raise PhotoUnreadable(path, FailureReason.NOT_AN_IMAGE) from error
    except OSError as error:
        raise PhotoUnreadable(path, _reason(error)) from error


def decode_bytes(data: bytes, side: int = THUMBNAIL_SIDE, path: Path = PASTED) -> DecodedPhoto:
    """Like ``decode``, for image data that was dropped or pasted; ``path`` is what ``PhotoUnreadable`` says."""
    if not data:
        raise PhotoUnreadable(path, FailureReason.EMPTY)
    return _decode(io.BytesIO(data), path, side)


class NotARegularFileError(OSError):
    """The path names a folder, a pipe, a device or a socket."""


def open_regular(path: Path) -> BinaryIO:
    """Open a regular file for reading; anything else is refused without opening it. Raises ``OSError``."""
    # O_NONBLOCK: should the name become a pipe between stat and open, opening it must not wait for a writer.
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
    try:
        if stat.S_ISREG(path.stat().st_mode):
            file = os.fdopen(os.open(path, flags), "rb")
            if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return file
            file.close()
    except ValueError as error:  # a NUL in the name: no file can be called that
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path)) from error
    raise NotARegularFileError(errno.EINVAL, "not a regular file", str(path))


def _decode(source: BinaryIO, path: Path, side: int) -> DecodedPhoto:
    if side < 1:
        raise ValueError(f"side must be at least 1, not {side}")
    with warnings.catch_warnings():  # Pillow warns about odd metadata; nobody here can act on it
        warnings.simplefilter("ignore")
        try:
            image, info = _read(source, path, side)
        except MemoryError as error:
            raise PhotoUnreadable(path, FailureReason.TOO_LARGE) from error
    pixels = np.array(image)
    thumbnail = _shrink(Image.fromarray(pixels), THUMBNAIL_SIDE)
    encoded = io.BytesIO()
    thumbnail.save(encoded, "JPEG", quality=_THUMBNAIL_QUALITY)
    return DecodedPhoto(pixels, info, encoded.getvalue())


def _read(source: BinaryIO, path: Path, side: int) -> tuple[Image.Image, PhotoInfo]:
    """An upright RGB image of at most ``side`` and what is known of the photo."""
    kind = _kind(source)
    if kind is None:
        raise PhotoUnreadable(path, FailureReason.NOT_AN_IMAGE)
    if kind == "JPEG" and _ends_in_zeros(source):
        raise PhotoUnreadable(path, FailureReason.DAMAGED)
    try:
        file = _opener(kind)(source)
        width, height = file.size
        sequential = kind == "JPEG" and not file.info.get("progressive")
        if width * height > (MAX_DRAFT_PIXELS if sequential else MAX_PIXELS):
            raise PhotoUnreadable(path, FailureReason.TOO_LARGE)
        if max(width, height) > side:
            file.draft(None, _fit(width, height, round(side * _DRAFT_SHARE) if side <= THUMBNAIL_SIDE else side))
        if kind == "PNG":  # its EXIF may come after the pixels
            file.load()
        orientation, said = _what_exif_says(file)  # of a TIFF it can be read only before the pixels
        file.load()
    except Image.DecompressionBombError as error:
        raise PhotoUnreadable(path, FailureReason.TOO_LARGE) from error
    except _UNDECODABLE as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # from reading the file: Pillow's own carry no errno
        raise PhotoUnreadable(path, FailureReason.DAMAGED) from error

    profile = file.info.get("icc_profile")
    image = _to_srgb(_flatten(file, side), profile if isinstance(profile, bytes) else None)
    # Pillow has already turned a TIFF, libheif a HEIC, whose EXIF orientation is for information only.
    turn = _UPRIGHT.get(orientation) if kind not in ("TIFF", "HEIF") else None
    if turn is not None:
        image = image.transpose(turn)
        if turn in _SIDEWAYS:
            width, height = height, width
    return image, PhotoInfo(width, height, *said)


def _kind(source: BinaryIO) -> str | None:
    """The format by its first bytes, None when it is none of ours."""
    head = source.read(64)
    source.seek(0)
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    # "BM" alone also begins plain text, so the size of the header that must follow is looked at too.
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in {12, 16, 40, 52, 56, 64, 108, 124}:
        return "BMP"
    if head[4:8] == b"ftyp":
        end = min(max(int.from_bytes(head[:4], "big"), 16), len(head))
        brands = {head[at : at + 4] for at in (8, *range(16, end, 4))}
        if brands & {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"}:
            return "HEIF"
        if brands & {b"avif", b"avis"}:
            return "AVIF"
        if brands & {b"mif1", b"msf1"}:
            return "HEIF"
    return None


_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
)


def _opener(kind: str) -> Callable[[BinaryIO], ImageFile.ImageFile]:
    """Pillow's reader of one format.

    Not ``Image.open``: that warns or raises at a pixel cap of its own, and refuses a JPEG whose list of further
    pictures (MPO) is damaged although the first, the one we want, is well.
    """
    if kind == "HEIF":
        import pillow_heif  # 45 ms of import that most folders never need

        pillow_heif.options.DECODE_THREADS = 1  # photos are decoded side by side, not each in pieces
        reader: Callable[[BinaryIO], ImageFile.ImageFile] = pillow_heif.HeifImageFile
        return reader
    return _READERS[kind]


_READERS: dict[str, Callable[[BinaryIO], ImageFile.ImageFile]] = {
    "JPEG": JpegImagePlugin.JpegImageFile,
    "PNG": PngImagePlugin.PngImageFile,
    "WEBP": WebPImagePlugin.WebPImageFile,
    "AVIF": AvifImagePlugin.AvifImageFile,
    "TIFF": TiffImagePlugin.TiffImageFile,
    "GIF": GifImagePlugin.GifImageFile,
    "BMP": BmpImagePlugin.BmpImageFile,
}


def _ends_in_zeros(source: BinaryIO) -> bool:
    """Whether zeros replace the end of a JPEG, as after a crash while copying: libjpeg paints them grey, silently.

    Zeros after the end marker are padding and harmless. Files too large to be held in memory are not looked at.
    """
    if not isinstance(source, io.BytesIO):
        return False
    data = source.getbuffer()
    if bytes(data[-64:]).strip(b"\0"):
        return False
    return not bytes(data).rstrip(b"\0").endswith(b"\xff\xd9")


def _what_exif_says(
    file: ImageFile.ImageFile,
) -> tuple[int, tuple[str | None, str | None, float | None, float | None, Exposure]]:
    """Orientation (1 when it is absurd) and the last fields of ``PhotoInfo``."""
    try:
        exif = file.getexif()
    except DAMAGED_EXIF:
        return 1, (None, None, None, None, Exposure())
    orientation = exif.get(Base.Orientation)
    lat, lon = read_position(exif) or (None, None)
    said = (read_taken_at(exif), read_camera(exif), lat, lon, read_exposure(exif))
    return orientation if isinstance(orientation, int) else 1, said


def _fit(width: int, height: int, side: int) -> tuple[int, int]:
    """The size with the same shape whose long side is at most ``side``."""
    scale = min(1.0, side / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _shrink(image: Image.Image, side: int) -> Image.Image:
    size = _fit(*image.size, side)
    return image if size == image.size else image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)


def _flatten(image: Image.Image, side: int) -> Image.Image:
    """An image of at most ``side`` without alpha or palette: mode L, RGB, CMYK or LAB."""
    mode = image.mode
    if mode == "F" or mode.startswith("I"):
        return _shrink(Image.fromarray(_to_eight_bits(np.asarray(image))), side)
    if mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        # Premultiplied while it shrinks, or the colour of what cannot be seen would bleed into the edges.
        small = _shrink(image.convert("RGBA").convert("RGBa"), side).convert("RGBA")
        white = Image.new("RGB", small.size, "white")
        white.paste(small, mask=small.getchannel("A"))
        return white
    if mode not in ("L", "RGB", "CMYK", "LAB"):
        image = image.convert("L" if mode == "1" else "RGB")
    return _shrink(image, side)


def _to_eight_bits(values: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Grey values of 16 or 32 bits to [0, 255]; a range that no format defines (maps) is stretched to it."""
    if values.dtype.kind == "u" and values.dtype.itemsize == 2:
        return np.right_shift(values.astype(np.uint16, copy=False), 8).astype(np.uint8)
    finite = np.nan_to_num(values.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(finite.min()), float(finite.max())
    if values.dtype.kind != "f" and low >= 0.0 and high <= 65535.0:
        low, high = 0.0, 65535.0 if high > 255.0 else 255.0
    elif low >= 0.0 and high <= 1.0:
        low, high = 0.0, 1.0
    finite -= low
    finite *= 255.0 / max(high - low, 1e-12)
    return finite.round().clip(0, 255).astype(np.uint8)


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """RGB of the same size, through the embedded colour profile where it is not sRGB itself."""
    if profile is not None or image.mode == "LAB":
        convert = _colour_transform(profile, image.mode)
        if convert is not None:
            return convert(image)
    if image.mode == "LAB":
        image = image.getchannel(0)
    return image if image.mode == "RGB" else image.convert("RGB")


@lru_cache(maxsize=8)  # a camera writes the same profile into every photo
def _colour_transform(profile: bytes | None, mode: str) -> Callable[[Image.Image], Image.Image] | None:
    """None when the profile is sRGB, damaged, or for another kind of pixels."""
    from PIL import ImageCms

    try:
        if mode == "LAB":
            source = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
        else:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile or b""))
            spaces = {"RGB": "RGB", "L": "GRAY", "CMYK": "CMYK"}
            if source.profile.xcolor_space.strip() != spaces[mode]:
                return None
            if "srgb" in (source.profile.profile_description or "").casefold():
                return None
        transform = ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), mode, "RGB")
    except (ImageCms.PyCMSError, *_UNDECODABLE):
        return None
    return transform.apply


def _reason(error: OSError) -> FailureReason:
    if error.errno in _FORBIDDEN:
        return FailureReason.NO_PERMISSION
    if error.errno in _GONE:
        return FailureReason.VANISHED
    return FailureReason.READ_ERROR
