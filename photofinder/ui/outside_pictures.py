"""Pictures on their way to a search: encoded for the decoder, cut to a part, made small for a chip."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QImage

_CHIP_SIDE = 96

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
