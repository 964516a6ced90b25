"""Paints one photo of the grid: a rounded square, a ring when selected, a badge when its drive is away."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from photofinder.ui.photo_model import FavoriteRole, Index, NoPictureRole, OfflineRole
from photofinder.ui.sections import Section
from photofinder.ui.theme import Theme
from photofinder.ui.thumbnail_loader import CORNER

_INSET = 6
_TEXT_LEFT = 20
"""Of headers, in logical pixels: in line with the headline of the window."""


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
        inside = rect.adjusted(_INSET, _INSET, -_INSET, -_INSET) if selected else rect
        pixmap = index.data(Qt.ItemDataRole.DecorationRole)
        offline = bool(index.data(OfflineRole))
        if isinstance(pixmap, QPixmap):
            self._picture(painter, inside, pixmap, faint=offline)
            if state & QStyle.StateFlag.State_MouseOver and not selected:
                self._fill(painter, inside, QColor(255, 255, 255, 30))
        else:
            self._fill(painter, inside, self._theme.colour("placeholder"))
            if index.data(NoPictureRole):
                side = min(40, rect.width() // 3)
                place = QRect(0, 0, side, side)
                place.moveCenter(rect.center())
                self._theme.icon("photo", "faint").paint(painter, place)
        if offline:
            self._badge(painter, QRectF(inside), self.tr("sin conexión"))
        if index.data(FavoriteRole):
            self._star(painter, inside)
        if selected:
            self._ring(painter, QRectF(rect).adjusted(1.5, 1.5, -1.5, -1.5), 3)
        if state & QStyle.StateFlag.State_HasFocus:
            self._focus(painter, QRectF(rect), selected=selected)

    def _picture(self, painter: QPainter, place: QRect, pixmap: QPixmap, *, faint: bool) -> None:
        """The pixmap has the size and the round corners already, unless the size just changed or it is inset."""
        fits = round(place.width() * painter.device().devicePixelRatioF()) == pixmap.width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not fits)
        if faint:
            painter.setOpacity(0.5)
        painter.drawPixmap(place, pixmap)
        if faint:
            painter.setOpacity(1.0)

    def _star(self, painter: QPainter, place: QRect) -> None:
        """On a dark disc, so that it shows on any photo."""
        disc = QRect(place.right() - 29, place.top() + 6, 24, 24)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(15, 15, 18, 190))
        painter.drawEllipse(disc)
        self._theme.icon("star-filled", "#ffd25e").paint(painter, disc.adjusted(4, 4, -4, -4))

    def _fill(self, painter: QPainter, place: QRect, colour: QColor) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(QRectF(place), CORNER, CORNER)

    def _focus(self, painter: QPainter, place: QRectF, *, selected: bool) -> None:
        """Two thin rings, light in dark: it shows on any photo, and differs from the ring of the selected."""
        if not selected:
            self._ring(painter, place.adjusted(1, 1, -1, -1), 2)
            return
        painter.setPen(QPen(self._theme.colour("text"), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(place.adjusted(4.5, 4.5, -4.5, -4.5), CORNER - 2, CORNER - 2)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(190, 190)

    def _ring(self, painter: QPainter, place: QRectF, width: float) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.colour("accent"), width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(place, CORNER + 1, CORNER + 1)

    def _badge(self, painter: QPainter, inside: QRectF, text: str) -> None:
        """The words, or in a small cell a crossed cloud alone (the tool tip has the words)."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
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


class HeaderPainter:
    """Paints the line above a section: title, muted note, and on hover what a click does."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme

    def paint(self, painter: QPainter, place: QRect, section: Section, *, hovered: bool) -> None:
        """Into ``place``, the whole width of the grid."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, baseline = place.left() + _TEXT_LEFT, place.bottom() - 14
        if section.line:
            painter.setPen(QPen(self._theme.colour("border"), 1))
            painter.drawLine(left, place.top() + 1, place.right() - _TEXT_LEFT, place.top() + 1)
        bold = QFont(painter.font())
        bold.setPointSizeF(11.5)
        bold.setWeight(QFont.Weight.DemiBold)
        plain = QFont(painter.font())
        plain.setPointSizeF(9.5)
        plain.setWeight(QFont.Weight.Normal)
        painter.setFont(bold)
        painter.setPen(self._theme.colour("text"))
        painter.drawText(left, baseline, section.title)
        left += round(QFontMetricsF(bold).horizontalAdvance(section.title)) + 10
        painter.setFont(plain)
        painter.setPen(self._theme.colour("muted"))
        painter.drawText(left, baseline, section.note)
        if hovered:
            left += round(QFontMetricsF(plain).horizontalAdvance(section.note)) + 16
            painter.setPen(self._theme.colour("accent"))
            painter.drawText(left, baseline, QCoreApplication.translate("HeaderPainter", "Seleccionar"))
