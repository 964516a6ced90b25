"""Pictures on their way to a search: read, encoded for the decoder, cut to a part, made small for a chip."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QImage

from photofinder.errors import PhotoUnreadable
from photofinder.library.decoder import Decoder
from photofinder.library.images import EXTENSIONS, DecodedPhoto

_CHIP_SIDE = 96
_TRIED = 24
"""Of many dropped files, before they are called unreadable."""

Box = tuple[float, float, float, float]
"""Left, top, right and bottom as fractions of a photo's width and height."""


def encoded(image: QImage) -> bytes:
    """The pixels as an uncompressed PNG: the decoder takes files, and zlib would cost a second for a big picture."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG", 100)  # type: ignore[call-overload]
    return bytes(data.data())


def cut(pixels: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    """The part ``box`` of an ``(h, w, 3)`` image, at least one pixel of it."""
    height, width = pixels.shape[:2]
    left, top = min(int(box[0] * width), width - 1), min(int(box[1] * height), height - 1)
    right, bottom = max(left + 1, round(box[2] * width)), max(top + 1, round(box[3] * height))
    return np.ascontiguousarray(pixels[top:bottom, left:right])


def chip_of(picture: QImage) -> QImage:
    """A small picture for the search bar."""
    return picture.scaled(
        _CHIP_SIDE,
        _CHIP_SIDE,
        Qt.AspectRatioMode.KeepAspectRatioByExpanding,
        Qt.TransformationMode.SmoothTransformation,
    )


def first_readable(paths: Sequence[Path], decoder: Decoder) -> tuple[DecodedPhoto, Path, int]:
    """The first photo that can be read, its path and how many before it could not; raises what the first one did.

    Those whose names promise a photo come first, and of thousands only a few are tried: a person waits.
    """
    promising = [path for path in paths if path.suffix.lower() in EXTENSIONS]
    others = [path for path in paths if path.suffix.lower() not in EXTENSIONS]
    first_error: PhotoUnreadable | None = None
    for skipped, path in enumerate([*promising, *others][:_TRIED]):
        try:
            return decoder.decode(path), path, skipped
        except PhotoUnreadable as error:
            first_error = first_error or error
    assert first_error is not None, "a search by files names at least one"
    raise first_error
