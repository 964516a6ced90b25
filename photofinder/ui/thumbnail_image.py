"""Thumbnails as they are painted: squares of the middle with round corners, made while the window goes on.

``QImageReader.read`` lets other threads run Python while it decodes, cuts and scales; ``QImage.fromData`` and
``QImage.scaled`` do not (PySide6 6.11), and the GUI thread waited for them at every call from Qt into Python.

The reader is told that thumbnails are JPEG. Left to find out, it would try every plugin with Python's lock in hand, and
the one for SVG takes locks of Qt's that an object destroyed elsewhere may hold (``ui.garbage``).
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter, QPainterPath

_JPEG = QByteArray(b"jpeg")
CORNER = 8.0
"""Radius of a thumbnail's corners in logical pixels."""


@dataclass(frozen=True, slots=True)
class ThumbnailKey:
    """Which thumbnail: ``side`` in device pixels, of which ``ratio`` make a logical one (the corners are round)."""

    photo_id: int
    side: int
    ratio: float = 1.0


def middle_of(encoded: bytes, side: int) -> tuple[QImage, int]:
    """The middle of a JPEG as a square of ``side`` pixels, and how many pixels it was cut with.

    A null image and 0 when it cannot be read.
    """
    buffer = QBuffer(data := QByteArray(encoded))  # the buffer does not keep what it reads
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, _JPEG)
    reader.setAutoDetectImageFormat(False)
    middle = _middle(reader.size())
    if middle.isEmpty():
        return QImage(), 0
    reader.setClipRect(middle)
    reader.setScaledSize(QSize(side, side))
    image = reader.read()
    del reader, buffer, data
    return image, 0 if image.isNull() else middle.width()


def square(image: QImage, side: int) -> QImage:
    """The middle of a picture as a square of ``side`` pixels; a null image stays null."""
    if image.isNull():
        return image
    size = QSize(side, side)
    middle = image.copy(_middle(image.size()))
    return middle.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)


def rounded(image: QImage, ratio: float) -> QImage:
    """A picture without its corners, of which ``ratio`` pixels make a logical one; a null image stays null.

    The window then copies pixels and computes none.
    """
    if image.isNull():
        return image
    result = image.convertToFormat(QImage.Format.Format_RGB32)  # what was transparent is black
    result.convertTo(QImage.Format.Format_ARGB32_Premultiplied)
    corners = QPainterPath()
    corners.addRect(QRectF(result.rect()))
    corners.addRoundedRect(QRectF(result.rect()), CORNER * ratio, CORNER * ratio)  # twice covered is not filled
    painter = QPainter(result)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOut)
    painter.fillPath(corners, Qt.GlobalColor.black)
    painter.end()
    return result


def finished(image: QImage, key: ThumbnailKey) -> QImage:
    """The middle of a picture as it is painted; a null image stays null."""
    return rounded(square(image, key.side), key.ratio)


def _middle(size: QSize) -> QRect:
    edge = max(0, min(size.width(), size.height()))
    return QRect((size.width() - edge) // 2, (size.height() - edge) // 2, edge, edge)
