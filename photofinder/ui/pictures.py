"""Small drawings made of pictures."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPainterPath, QPixmap


def rounded(picture: QPixmap, side: int, ratio: float) -> QPixmap:
    """The middle of a picture in a circle of ``side`` logical pixels, for a screen with ``ratio`` pixels to one."""
    pixels = round(side * ratio)
    filled = picture.scaled(
        pixels, pixels, Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
    )
    result = QPixmap(pixels, pixels)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    shape = QPainterPath()
    shape.addEllipse(0, 0, pixels, pixels)
    painter.setClipPath(shape)
    painter.drawPixmap((pixels - filled.width()) // 2, (pixels - filled.height()) // 2, filled)
    painter.end()
    result.setDevicePixelRatio(ratio)
    return result
