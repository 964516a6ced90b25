"""Dragging photos out to other programs: their files, and under the pointer what is being carried."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QDrag, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from photofinder.ui.desktop import file_url
from photofinder.ui.theme import Theme

_SIDE, _SHIFT, _BADGE = 96, 6, 26


def drag_files(source: QWidget, paths: Sequence[Path], pictures: Sequence[QPixmap], theme: Theme) -> None:
    """Drag these files until the button is let go; only copies can come of it. ``pictures``: of the first ones."""
    if not paths:
        return
    data = QMimeData()
    data.setUrls([file_url(path) for path in paths])
    drag = QDrag(source)
    drag.setMimeData(data)
    drag.setPixmap(carried(pictures, len(paths), theme, source.devicePixelRatioF()))
    drag.setHotSpot(QPoint(_SIDE // 2, _SIDE // 2))
    drag.exec(Qt.DropAction.CopyAction, Qt.DropAction.CopyAction)  # never move: the person's files stay


def carried(pictures: Sequence[QPixmap], count: int, theme: Theme, ratio: float) -> QPixmap:
    """Up to three photos on a heap, with their number on a badge when there are several."""
    side = _SIDE + 2 * _SHIFT + _BADGE // 2
    pixmap = QPixmap(round(side * ratio), round(side * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    heap = min(3, count)
    for depth in reversed(range(heap)):
        place = QRectF(depth * _SHIFT, _BADGE / 2 + depth * _SHIFT, _SIDE, _SIDE)
        shape = QPainterPath()
        shape.addRoundedRect(place, 9, 9)
        painter.fillPath(shape, theme.colour("placeholder"))
        if depth < len(pictures):
            painter.save()
            painter.setClipPath(shape)
            painter.drawPixmap(place, pictures[depth], QRectF(pictures[depth].rect()))
            painter.restore()
        painter.setPen(QPen(theme.colour("border"), 1))
        painter.drawPath(shape)
    if count > 1:
        text = str(count)
        font = painter.font()
        font.setBold(True)
        painter.setFont(font)
        width = max(_BADGE, painter.fontMetrics().horizontalAdvance(text) + 14)
        badge = QRectF(min(_SIDE - width / 2, side - width), 0, width, _BADGE)
        painter.setPen(QPen(QColor("#ffffff"), 2))
        painter.setBrush(theme.colour("accent_fill"))
        painter.drawRoundedRect(badge.adjusted(1, 1, -1, -1), _BADGE / 2, _BADGE / 2)
        painter.drawText(badge, int(Qt.AlignmentFlag.AlignCenter), text)
    painter.end()
    return pixmap
