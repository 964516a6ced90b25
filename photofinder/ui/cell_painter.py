"""Paints one photo of the grid: a rounded square, a ring when selected, a badge when its drive is away."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap

from photofinder.ui.sections import Section
from photofinder.ui.theme import Theme
from photofinder.ui.thumbnail_image import CORNER

_INSET = 6
_TEXT_LEFT = 20
"""Of headers, in logical pixels: in line with the headline of the window."""


class Look(NamedTuple):
    """How a photo looks in the grid: its thumbnail, or whether it is known that there is none, and its marks."""

    pixmap: QPixmap | None
    nothing: bool
    offline: bool
    favorite: bool
    best: bool


class CellState(NamedTuple):
    """What the person does with a cell."""

    selected: bool
    focused: bool
    hovered: bool


class CellPainter:
    """Draws how a photo looks.

    Nearly all cells are a pixmap and nothing else, and for them there is one call into Qt: each costs microseconds, and
    the GUI thread's turn when workers wait for theirs.
    """

    def __init__(self, theme: Theme) -> None:
        self._theme = theme

    def paint(self, painter: QPainter, rect: QRect, look: Look, state: CellState, ratio: float) -> None:
        """Into ``rect``; the painter smooths nothing, and its device has ``ratio`` pixels to a logical one."""
        inside = rect.adjusted(_INSET, _INSET, -_INSET, -_INSET) if state.selected else rect
        if look.pixmap is not None:
            self._picture(painter, inside, look.pixmap, ratio, faint=look.offline)
            if state.hovered and not state.selected:
                self._fill(painter, inside, QColor(255, 255, 255, 30))
        else:
            self._fill(painter, inside, self._theme.colour("placeholder"))
            if look.nothing:
                side = min(40, rect.width() // 3)
                place = QRect(0, 0, side, side)
                place.moveCenter(rect.center())
                self._theme.icon("photo", "faint").paint(painter, place)
        if look.offline:
            self._badge(painter, QRectF(inside), QCoreApplication.translate("CellPainter", "sin conexión"))
        if look.favorite:
            self._star(painter, inside)
        if look.best:
            self._disc(painter, QRect(inside.left() + 6, inside.top() + 6, 24, 24), "check", "#7ee2a8")
        if state.selected:
            self._ring(painter, QRectF(rect).adjusted(1.5, 1.5, -1.5, -1.5), 3)
        if state.focused:
            self._focus(painter, QRectF(rect), selected=state.selected)

    def _picture(self, painter: QPainter, place: QRect, pixmap: QPixmap, ratio: float, *, faint: bool) -> None:
        """The pixmap has the size and the round corners already, unless the size just changed or it is inset."""
        fits = round(place.width() * ratio) == pixmap.width()
        if fits and not faint:
            painter.drawPixmap(place, pixmap)
            return
        smooth = QPainter.RenderHint.SmoothPixmapTransform
        painter.setRenderHint(smooth, not fits)
        if faint:
            painter.setOpacity(0.5)
        painter.drawPixmap(place, pixmap)
        painter.setOpacity(1.0)
        painter.setRenderHint(smooth, False)

    def _star(self, painter: QPainter, place: QRect) -> None:
        self._disc(painter, QRect(place.right() - 29, place.top() + 6, 24, 24), "star-filled", "#ffd25e")

    def _disc(self, painter: QPainter, disc: QRect, icon: str, colour: str) -> None:
        """An icon on a dark disc, so that it shows on any photo."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(15, 15, 18, 190))
        painter.drawEllipse(disc)
        self._theme.icon(icon, colour).paint(painter, disc.adjusted(4, 4, -4, -4))

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
