"""Paints one photo of the grid: a rounded square, a ring when selected, a badge when its drive is away."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from photofinder.ui.photo_model import Index, NoPictureRole, OfflineRole
from photofinder.ui.theme import Theme

_RADIUS = 9.0


class PhotoDelegate(QStyledItemDelegate):
    """Draws what the model knows; asking for the decoration makes the model ask for the thumbnail."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        drawn: Any = option  # the stubs leave out the fields of QStyleOption
        rect: QRect = drawn.rect
        state: QStyle.StateFlag = drawn.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        inside = QRectF(rect).adjusted(5, 5, -5, -5) if selected else QRectF(rect)
        shape = QPainterPath()
        shape.addRoundedRect(inside, _RADIUS, _RADIUS)
        pixmap = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(pixmap, QPixmap):
            painter.save()
            painter.setClipPath(shape)
            if index.data(OfflineRole):
                painter.setOpacity(0.55)
            painter.drawPixmap(inside.toRect().adjusted(0, 0, 1, 1), pixmap)
            if state & QStyle.StateFlag.State_MouseOver and not selected:
                painter.fillRect(inside, QColor(255, 255, 255, 26))
            painter.restore()
        else:
            painter.fillPath(shape, self._theme.colour("placeholder"))
            if index.data(NoPictureRole):
                side = min(40, rect.width() // 3)
                place = QRect(0, 0, side, side)
                place.moveCenter(rect.center())
                self._theme.icon("photo", "faint").paint(painter, place)
        if index.data(OfflineRole):
            self._badge(painter, inside, self.tr("sin conexión"))
        if selected:
            self._ring(painter, QRectF(rect).adjusted(1.5, 1.5, -1.5, -1.5), 3)
        elif state & QStyle.StateFlag.State_HasFocus:
            self._ring(painter, QRectF(rect).adjusted(1, 1, -1, -1), 2)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(190, 190)

    def _ring(self, painter: QPainter, place: QRectF, width: float) -> None:
        painter.setPen(QPen(self._theme.colour("accent"), width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(place, _RADIUS + 2, _RADIUS + 2)

    def _badge(self, painter: QPainter, inside: QRectF, text: str) -> None:
        """The words, or in a small cell a crossed cloud alone (the tool tip has the words)."""
        font = painter.font()
        font.setPointSizeF(8)
        painter.setFont(font)
        width = painter.fontMetrics().horizontalAdvance(text) + 16
        has_room = width <= inside.width() * 0.6
        place = QRectF(inside.left() + 7, inside.bottom() - 29, width if has_room else 22, 22)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(15, 15, 18, 205))
        painter.drawRoundedRect(place, 11, 11)
        if not has_room:
            self._theme.icon("offline", "#ffffff").paint(painter, place.toRect().adjusted(4, 4, -4, -4))
            return
        painter.setPen(QColor("#ffffff"))
        painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), text)
