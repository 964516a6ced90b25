"""The grid of thumbnails: a list view whose layout is arithmetic, so a million photos cost what one screenful does.

``QListView`` lays out item by item: 100,000 photos take 120-270 ms at every resize, and with batched layout the scroll
position is lost whenever photos are added (measured, PySide6 6.11). All cells are alike here, so a cell's place
follows from its row; selection, keyboard, dragging and accessibility stay Qt's.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QHoverEvent, QKeyEvent, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyleOptionViewItem, QWidget

from photofinder.ui.photo_delegate import PhotoDelegate
from photofinder.ui.photo_model import Index, PhotoModel
from photofinder.ui.theme import Theme

GAP = 6
MARGIN = 18
SMALLEST, LARGEST, USUAL = 96, 384, 190
"""Cell sizes of the slider, in logical pixels."""


class PhotoGrid(QListView):
    """Shows a ``PhotoModel``; cells grow a little so that a row fills the width."""

    preview_wanted = Signal(object)
    """Id of the photo to show large."""

    def __init__(self, model: PhotoModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("grid")
        self._photos = model
        self._wanted_cell = USUAL
        self._columns = 1
        self._cell = USUAL
        self._hovered = -1
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setAcceptDrops(False)
        self.viewport().setAcceptDrops(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setItemDelegate(PhotoDelegate(theme, self))
        self.setModel(model)
        self.doubleClicked.connect(self._preview)
        self.setAccessibleName(self.tr("Fotos"))

    # For the window -----------------------------------------------------------------------------------------------

    def set_cell_size(self, side: int) -> None:
        """The wanted side of a cell in logical pixels; the photo at the top stays in sight."""
        self._wanted_cell = min(max(side, SMALLEST), LARGEST)
        self.updateGeometries()
        self.viewport().update()

    def photo_id(self, index: Index) -> int | None:
        """The photo of an index of this grid."""
        return self._photos.photo_ids[index.row()] if index.isValid() else None

    def current_id(self) -> int | None:
        """The photo under the keyboard."""
        return self.photo_id(self.currentIndex())

    def selected_ids(self) -> list[int]:
        """The selected photos, in the order they are shown."""
        return [self._photos.photo_ids[row] for row in sorted(index.row() for index in self.selectedIndexes())]

    def go_to(self, photo_id: int) -> None:
        """Make a photo the current and only selected one, in sight."""
        row = self._photos.row_of(photo_id)
        if row is not None:
            index = self._photos.index(row)
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(index)

    @contextmanager
    def keeping_place(self) -> Iterator[None]:
        """While the model changes: keep selection, current photo and what is at the top, as far as they remain."""
        selected, current, value = self.selected_ids(), self.current_id(), self.verticalScrollBar().value()
        ids = self._photos.photo_ids
        top_row = self._line_at(value) * self._columns
        top = ids[top_row] if value > 0 and top_row < len(ids) else None
        offset = value - self._rect(top_row).top()
        yield
        if self._photos.photo_ids is ids:
            return
        chosen = QItemSelection()
        for photo_id in selected:
            if (row := self._photos.row_of(photo_id)) is not None:
                chosen.select(self._photos.index(row), self._photos.index(row))
        self.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if current is not None and (row := self._photos.row_of(current)) is not None:
            self.selectionModel().setCurrentIndex(self._photos.index(row), QItemSelectionModel.SelectionFlag.NoUpdate)
        self.updateGeometries()
        if top is not None and (row := self._photos.row_of(top)) is not None:
            value = self._rect(row).top() + offset
        self.verticalScrollBar().setValue(value)

    # Layout -------------------------------------------------------------------------------------------------------

    def _rect(self, row: int) -> QRect:
        """A cell in the coordinates of the whole content."""
        line, column = divmod(row, self._columns)
        step = self._cell + GAP
        return QRect(MARGIN + column * step, GAP + line * step, self._cell, self._cell)

    def _line_at(self, y: int) -> int:
        return max(0, (y - GAP) // (self._cell + GAP))

    def _row_near(self, point: QPoint) -> int:
        """The row whose cell is nearest to a point of the viewport; -1 when there are no photos."""
        step = self._cell + GAP
        column = min(max((point.x() - MARGIN) // step, 0), self._columns - 1)
        row = self._line_at(point.y() + self.verticalOffset()) * self._columns + column
        return min(row, len(self._photos.photo_ids) - 1)

    def updateGeometries(self) -> None:
        if not hasattr(self, "_photos"):
            return  # Qt asks while the base class is being built
        top = self._line_at(self.verticalOffset()) * self._columns if self.verticalOffset() > 0 else 0
        offset = self.verticalOffset() - self._rect(top).top()
        before = (self._columns, self._cell)
        width = max(self.viewport().width() - 2 * MARGIN + GAP, self._wanted_cell)
        self._columns = max(1, width // (self._wanted_cell + GAP))
        self._cell = max(48, width // self._columns - GAP)
        lines = math.ceil(len(self._photos.photo_ids) / self._columns)
        height = 2 * GAP + lines * (self._cell + GAP) + MARGIN
        page = self.viewport().height()
        bar = self.verticalScrollBar()
        bar.setSingleStep(max(1, self._cell // 2))
        bar.setPageStep(page)
        bar.setRange(0, max(0, height - page))
        if before != (self._columns, self._cell) and top > 0:
            bar.setValue(self._rect(top).top() + offset)
        screenful = self._columns * (page // (self._cell + GAP) + 2)
        self._photos.set_cell(round(self._cell * self.devicePixelRatioF()), screenful)

    def reset(self) -> None:
        super().reset()
        self.updateGeometries()  # at once: Qt would wait for the event loop, and a photo may be gone to before that

    def doItemsLayout(self) -> None:
        QAbstractItemView.doItemsLayout(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        QAbstractItemView.resizeEvent(self, event)

    def visualRect(self, index: Index) -> QRect:
        if not index.isValid():
            return QRect()
        return self._rect(index.row()).translated(0, -self.verticalOffset())

    def indexAt(self, point: QPoint) -> QModelIndex:
        row = self._row_near(point)
        index = self._photos.index(row) if row >= 0 else QModelIndex()
        return index if self.visualRect(index).contains(point) else QModelIndex()

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        if not index.isValid():
            return
        cell, page, bar = self._rect(index.row()), self.viewport().height(), self.verticalScrollBar()
        if hint == QAbstractItemView.ScrollHint.PositionAtTop:
            bar.setValue(cell.top() - GAP)
        elif hint == QAbstractItemView.ScrollHint.PositionAtCenter:
            bar.setValue(cell.center().y() - page // 2)
        elif cell.top() - GAP < bar.value():
            bar.setValue(cell.top() - GAP)
        elif cell.bottom() + GAP > bar.value() + page:
            bar.setValue(cell.bottom() + GAP - page)

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def horizontalOffset(self) -> int:
        return 0

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().update()

    def isIndexHidden(self, index: Index) -> bool:
        return False

    def sizeHint(self) -> QSize:
        return QSize(900, 600)

    def dataChanged(self, first: Index, last: Index, roles: list[int] | None = None) -> None:  # type: ignore[override]
        if first == last:
            self.viewport().update(self.visualRect(first))
        else:
            self.viewport().update()

    # Selection and keyboard ---------------------------------------------------------------------------------------

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        count = len(self._photos.photo_ids)
        if count == 0:
            return QModelIndex()
        move = QAbstractItemView.CursorAction
        page = self._columns * max(1, self.viewport().height() // (self._cell + GAP))
        steps = {
            move.MoveLeft: -1,
            move.MovePrevious: -1,
            move.MoveRight: 1,
            move.MoveNext: 1,
            move.MoveUp: -self._columns,
            move.MoveDown: self._columns,
            move.MovePageUp: -page,
            move.MovePageDown: page,
            move.MoveHome: -count,
            move.MoveEnd: count,
        }
        current = self.currentIndex()
        if not current.isValid():
            return self._photos.index(count - 1 if action == move.MoveEnd else 0)
        row = current.row() + steps[action]
        if action == move.MoveUp and row < 0:
            row = current.row()
        return self._photos.index(min(max(row, 0), count - 1))

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """From the photo at the rectangle's first corner to that at its last, in reading order."""
        ends = (self._row_near(rect.topLeft()), self._row_near(rect.bottomRight()))
        if min(ends) >= 0:
            chosen = QItemSelection(self._photos.index(min(ends)), self._photos.index(max(ends)))
            self.selectionModel().select(chosen, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        return QRegion(self.viewport().rect())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            index = self.currentIndex()
            if index.isValid():
                self._preview(index)
            event.accept()
        elif event.key() == Qt.Key.Key_Escape or (event.text().isprintable() and event.text()):
            event.ignore()  # the window's: Esc leaves the search, letters start one
        else:
            super().keyPressEvent(event)

    def _preview(self, index: QModelIndex) -> None:
        self.preview_wanted.emit(self.photo_id(index))

    # Painting -----------------------------------------------------------------------------------------------------

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.HoverMove, QEvent.Type.HoverEnter, QEvent.Type.HoverLeave):
            over = -1
            if isinstance(event, QHoverEvent) and event.type() != QEvent.Type.HoverLeave:
                over = self.indexAt(event.position().toPoint()).row()
            if over != self._hovered:
                for row in (self._hovered, over):
                    if row >= 0:
                        self.viewport().update(self._rect(row).translated(0, -self.verticalOffset()))
                self._hovered = over
        return super().viewportEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        first = self._line_at(event.rect().top() + self.verticalOffset()) * self._columns
        last = (self._line_at(event.rect().bottom() + self.verticalOffset()) + 1) * self._columns
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        selection, current = self.selectionModel(), self.currentIndex()
        base = option.state & ~(QStyle.StateFlag.State_HasFocus | QStyle.StateFlag.State_Selected)
        for row in range(first, min(last, len(self._photos.photo_ids))):
            index = self._photos.index(row)
            option.rect = self.visualRect(index)
            option.state = base
            if selection.isSelected(index):
                option.state |= QStyle.StateFlag.State_Selected
            if index == current and self.hasFocus():
                option.state |= QStyle.StateFlag.State_HasFocus
            if row == self._hovered:
                option.state |= QStyle.StateFlag.State_MouseOver
            else:
                option.state &= ~QStyle.StateFlag.State_MouseOver
            self.itemDelegate().paint(painter, option, index)
        painter.end()
