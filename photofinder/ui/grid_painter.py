"""What of the grid is painted: the headers and cells in sight, and no others."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from photofinder.ui.cell_painter import CellPainter, CellState, HeaderPainter
from photofinder.ui.photo_model import PhotoModel
from photofinder.ui.section_layout import Stretch
from photofinder.ui.theme import Theme

if TYPE_CHECKING:
    from photofinder.ui.photo_grid import PhotoGrid


class GridPainter:
    """Paints one grid and knows what the mouse is over."""

    def __init__(self, grid: PhotoGrid, photos: PhotoModel, theme: Theme) -> None:
        self._grid = grid
        self._photos = photos
        self._cells = CellPainter(theme)
        self._headers = HeaderPainter(theme)
        self._row = self._header = -1
        self.over: Callable[[QPainter, QRect, int, bool], None] | None = None
        """Paints over a cell: the photo's id, and whether mouse or keyboard is on it."""

    def hover(self, row: int, header: int) -> None:
        """The mouse is over this cell or over the header of this section; -1 for none."""
        layout, viewport = self._grid.cell_layout, self._grid.viewport()
        if row != self._row:
            for changed in (self._row, row):
                if 0 <= changed < layout.count:
                    viewport.update(self._cell_rect(changed))
            self._row = row
        if header != self._header:
            for changed in (self._header, header):
                if 0 <= changed < len(layout):
                    viewport.update(self._header_rect(changed))
            self._header = header

    def paint(self, painter: QPainter, area: QRect) -> None:
        """Everything in ``area`` of the viewport."""
        layout, offset = self._grid.cell_layout, self._grid.verticalOffset()
        ratio = self._grid.viewport().devicePixelRatioF()
        for stretch in layout.between(area.top() + offset, area.bottom() + offset):
            if layout.header:
                place = self._header_rect(stretch.section)
                if place.intersects(area):
                    section = self._photos.sections[stretch.section]
                    self._headers.paint(painter, place, section, hovered=stretch.section == self._header)
            self._paint_cells(painter, stretch, area, ratio)

    def _cell_rect(self, row: int) -> QRect:
        layout = self._grid.cell_layout
        left, top = layout.place(row)
        return QRect(left, top - self._grid.verticalOffset(), layout.cell, layout.cell)

    def _header_rect(self, section: int) -> QRect:
        layout = self._grid.cell_layout
        top = layout.section_top(section) - self._grid.verticalOffset()
        return QRect(0, top, self._grid.viewport().width(), layout.header)

    def _paint_cells(self, painter: QPainter, stretch: Stretch, area: QRect, ratio: float) -> None:
        current = self._grid.currentIndex().row() if self._grid.hasFocus() else -1
        selection = self._grid.selectionModel()
        is_any_selected = selection.hasSelection()
        for row in range(stretch.first, stretch.stop):
            place = self._cell_rect(row)
            if not place.intersects(area):
                continue
            selected = is_any_selected and selection.isSelected(self._photos.index(row))
            state = CellState(selected, row == current, row == self._row)
            self._cells.paint(painter, place, self._photos.look(row), state, ratio)
            if self.over is not None:
                self.over(painter, place, self._photos.photo_ids[row], row in (current, self._row))
