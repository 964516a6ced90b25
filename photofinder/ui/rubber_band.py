"""Selecting photos by drawing a rectangle over them, from any place where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QObject, QPoint, QRect, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QApplication

from photofinder.ui.row_selection import selection_of

if TYPE_CHECKING:
    from photofinder.ui.photo_grid import PhotoGrid

_SCROLL_MS = 16
_EDGE = 36
"""Logical pixels from the upper and lower edge within which the grid scrolls along."""


class RubberBand(QObject):
    """One rectangle at a time, in the coordinates of the whole content, so that it can grow while scrolling."""

    def __init__(self, grid: PhotoGrid) -> None:
        super().__init__(grid)
        self._grid = grid
        self._from: QPoint | None = None
        self._to = QPoint()
        self._place = QPoint()
        self._drawn = False
        self._before = QItemSelection()
        self._toggle = False
        self._timer = QTimer(self)
        self._timer.setInterval(_SCROLL_MS)
        self._timer.timeout.connect(self._scroll)

    @property
    def is_pressed(self) -> bool:
        """Whether the mouse button went down beside the photos and is still down."""
        return self._from is not None

    def press(self, place: QPoint, keys: Qt.KeyboardModifier) -> None:
        """The button went down at a place of the viewport; with Ctrl or Shift what is selected stays."""
        self._from = self._to = place + self._offset()
        self._place = place
        self._drawn = False
        model, flag = self._grid.selectionModel(), QItemSelectionModel.SelectionFlag
        keep = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        self._before = QItemSelection(model.selection()) if keys & keep else QItemSelection()
        self._toggle = bool(keys & Qt.KeyboardModifier.ControlModifier)
        if not keys & keep and self._grid.header_at(place) < 0:
            model.select(QItemSelection(), flag.Clear)

    def move(self, place: QPoint) -> None:
        """The mouse is there now."""
        assert self._from is not None
        self._place = place
        self._to = place + self._offset()
        if not self._drawn and (self._to - self._from).manhattanLength() < QApplication.startDragDistance():
            return
        self._drawn = True
        self._select()
        near_edge = place.y() < _EDGE or place.y() > self._grid.viewport().height() - _EDGE
        if near_edge and not self._timer.isActive():
            self._timer.start()
        elif not near_edge:
            self._timer.stop()

    def release(self) -> bool:
        """The button went up; whether a rectangle was drawn."""
        was_drawn, self._drawn, self._from = self._drawn, False, None
        self._timer.stop()
        self._grid.viewport().update()
        return was_drawn

    def paint(self, painter: QPainter) -> None:
        """Over the photos."""
        if not self._drawn or self._from is None:
            return
        colour = self._grid.palette().highlight().color()
        painter.setPen(QPen(colour, 1))
        painter.setBrush(QColor(colour.red(), colour.green(), colour.blue(), 46))
        painter.drawRoundedRect(self._rect().translated(-self._offset()), 3, 3)

    def _rect(self) -> QRect:
        assert self._from is not None
        return QRect(self._from, self._to).normalized()

    def _offset(self) -> QPoint:
        return QPoint(0, self._grid.verticalOffset())

    def _select(self) -> None:
        rect, flag = self._rect(), QItemSelectionModel.SelectionFlag
        runs = list(self._grid.cell_layout.inside(rect.left(), rect.top(), rect.right(), rect.bottom()))
        chosen = QItemSelection(self._before)
        chosen.merge(selection_of(self._grid.model(), runs), flag.Toggle if self._toggle else flag.Select)
        self._grid.selectionModel().select(chosen, flag.ClearAndSelect)
        self._grid.viewport().update()

    @Slot()
    def _scroll(self) -> None:
        bar, height = self._grid.verticalScrollBar(), self._grid.viewport().height()
        beyond = self._place.y() - (height - _EDGE) if self._place.y() > height // 2 else self._place.y() - _EDGE
        before = bar.value()
        bar.setValue(before + max(-120, min(120, beyond)))
        if bar.value() == before:
            self._timer.stop()
        elif self._from is not None:
            self._to = self._place + self._offset()
            self._select()
