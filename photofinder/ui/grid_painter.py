"""What of the grid is painted: the headers and cells in sight, and no others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from photofinder.ui.photo_delegate import HeaderPainter
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
        self._headers = HeaderPainter(theme)
        self._row = self._header = -1

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

    def paint(self, painter: QPainter, area: QRect, option: QStyleOptionViewItem) -> None:
        """Everything in ``area`` of the viewport; ``option`` as the view initialises it."""
        layout, offset = self._grid.cell_layout, self._grid.verticalOffset()
        for stretch in layout.between(area.top() + offset, area.bottom() + offset):
            if layout.header:
                place = self._header_rect(stretch.section)
                if place.intersects(area):
                    section = self._photos.sections[stretch.section]
                    self._headers.paint(painter, place, section, hovered=stretch.section == self._header)
            self._paint_cells(painter, option, stretch, area)

    def _cell_rect(self, row: int) -> QRect:
        layout = self._grid.cell_layout
        left, top = layout.place(row)
        return QRect(left, top - self._grid.verticalOffset(), layout.cell, layout.cell)

    def _header_rect(self, section: int) -> QRect:
        layout = self._grid.cell_layout
        top = layout.section_top(section) - self._grid.verticalOffset()
        return QRect(0, top, self._grid.viewport().width(), layout.header)

    def _paint_cells(self, painter: QPainter, option: QStyleOptionViewItem, stretch: Stretch, area: QRect) -> None:
        drawn: Any = option  # the stubs leave out the fields of QStyleOption
        selection = self._grid.selectionModel()
        current = self._grid.currentIndex().row() if self._grid.hasFocus() else -1
        flag = QStyle.StateFlag
        base = drawn.state & ~(flag.State_HasFocus | flag.State_Selected | flag.State_MouseOver)
        delegate = self._grid.itemDelegate()
        for row in range(stretch.first, stretch.stop):
            place = self._cell_rect(row)
            if not place.intersects(area):
                continue
            index = self._photos.index(row)
            state = base
            if selection.isSelected(index):
                state |= flag.State_Selected
            if row == current:
                state |= flag.State_HasFocus
            if row == self._row:
                state |= flag.State_MouseOver
            drawn.rect, drawn.state = place, state
            delegate.paint(painter, option, index)
