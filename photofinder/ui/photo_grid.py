"""The grid of thumbnails: a list view whose layout is arithmetic, so a million photos cost what one screenful does.

``QListView`` lays out item by item: 100,000 photos take 120-270 ms at every resize, and with batched layout the scroll
position is lost whenever photos are added (measured, PySide6 6.11). All cells are alike here, so a cell's place
follows from its row (``section_layout``); selection, keyboard, dragging and accessibility stay Qt's. Headers are no
rows: they are painted between the cells, and a click on one selects what is under it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
from PySide6.QtGui import (
    QHoverEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from photofinder.ui.fast_scroller import WIDTH as SCROLLER
from photofinder.ui.fast_scroller import FastScroller
from photofinder.ui.grid_painter import GridPainter
from photofinder.ui.photo_model import Index, PhotoModel
from photofinder.ui.row_selection import count_of, rows_of, runs_of, selected_runs, selection_of, toggle_run
from photofinder.ui.rubber_band import RubberBand
from photofinder.ui.section_layout import SectionLayout, Spacing
from photofinder.ui.theme import Theme

GAP = 6
MARGIN = 18
SPACING = Spacing(gap=GAP, margin=MARGIN, top=GAP, after_section=12, header=46)
ZOOM_STEP = 16
"""Logical pixels that a notch of Ctrl and the wheel changes a cell by."""
SMALLEST, LARGEST, USUAL = 96, 384, 190
"""Cell sizes of the slider, in logical pixels."""


class PhotoGrid(QListView):
    """Shows a ``PhotoModel``; cells grow a little so that a line fills the width."""

    preview_wanted = Signal(object)
    """Id of the photo to show large."""
    drag_wanted = Signal()
    """The chosen photos are being dragged."""
    cell_size_wanted = Signal(int)
    """Ctrl and the wheel: the side in logical pixels that cells should have."""

    def __init__(self, model: PhotoModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("grid")
        self._photos = model
        self._wanted_cell = USUAL
        self._layout = SectionLayout((), 1, USUAL, SPACING, headers=False)
        self._zoom_point: QPoint | None = None
        self._painter = GridPainter(self, model, theme)
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
        self.setModel(model)
        self.doubleClicked.connect(self._preview)
        self.setAccessibleName(self.tr("Fotos"))
        self.scroller = FastScroller(theme, model.locale, self)
        self.scroller.valueChanged.connect(self.verticalScrollBar().setValue)
        self.verticalScrollBar().valueChanged.connect(self.scroller.setValue)
        self._band = RubberBand(self)
        theme.changed.connect(self.viewport().update)

    # For the window -----------------------------------------------------------------------------------------------

    def set_cell_size(self, side: int) -> None:
        """The wanted side of a cell in logical pixels; the photo under the cursor, or at the top, stays in sight."""
        self._wanted_cell = min(max(side, SMALLEST), LARGEST)
        self.updateGeometries()
        self.viewport().update()

    def paint_over(self, over: Callable[[QPainter, QRect, int, bool], None] | None) -> None:
        """Let this paint over each cell (``GridPainter.over``), or nothing."""
        self._painter.over = over

    @property
    def cell_layout(self) -> SectionLayout:
        """Where the cells lie."""
        return self._layout

    def photo_id(self, index: Index) -> int | None:
        """The photo of an index of this grid."""
        return self._photos.photo_ids[index.row()] if index.isValid() else None

    def current_id(self) -> int | None:
        """The photo under the keyboard."""
        return self.photo_id(self.currentIndex())

    def selected_count(self) -> int:
        """How many photos are selected; quick also when 100,000 are."""
        return count_of(selected_runs(self.selectionModel()))

    def selected_ids(self) -> list[int]:
        """The selected photos, in the order they are shown."""
        ids = self._photos.photo_ids
        return [ids[row] for row in rows_of(selected_runs(self.selectionModel())) if row < len(ids)]

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
        top_row = self._layout.near(0, value)
        top = ids[top_row] if value > 0 and 0 <= top_row < len(ids) else None
        offset = value - self._rect(top_row).top() if top is not None else 0
        yield
        if self._photos.photo_ids is ids:
            return
        rows = sorted(row for photo_id in selected if (row := self._photos.row_of(photo_id)) is not None)
        chosen = selection_of(self._photos, runs_of(rows))
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
        left, top = self._layout.place(row)
        return QRect(left, top, self._layout.cell, self._layout.cell)

    def updateGeometries(self) -> None:
        if not hasattr(self, "scroller"):
            return  # Qt asks while the base class is being built
        bar, before = self.verticalScrollBar(), self._layout
        anchor = self._anchor(before)
        width = max(self.viewport().width() - 2 * MARGIN + GAP, self._wanted_cell)
        columns = max(1, width // (self._wanted_cell + GAP))
        cell = max(48, width // columns - GAP)
        sections = self._photos.sections
        counts = [section.count for section in sections] or [len(self._photos.photo_ids)] * bool(self._photos.photo_ids)
        self._layout = SectionLayout(counts, columns, cell, SPACING, headers=bool(sections))
        page = self.viewport().height()
        bar.setSingleStep(max(1, cell // 2))
        bar.setPageStep(page)
        bar.setRange(0, max(0, self._layout.height + MARGIN - page))
        bar.setEnabled(bar.maximum() > 0)  # the style sheet hides the handle of one that has nothing to do
        if (
            anchor is not None
            and (before.columns, before.cell) != (columns, cell)
            and before.count == self._layout.count
        ):
            row, fraction, y = anchor
            bar.setValue(round(self._rect(row).top() + fraction * cell) - y)
        self.scroller.show_months(sections, self._layout, bar.maximum(), page)
        screenful = columns * (page // (cell + GAP) + 2)
        ratio = self.devicePixelRatioF()
        self._photos.set_cell(round(cell * ratio), ratio, screenful)

    def _anchor(self, layout: SectionLayout) -> tuple[int, float, int] | None:
        """What stays in its place when cells change: a row, how far down in its cell, and where on the screen."""
        if self.verticalOffset() == 0 and self._zoom_point is None:
            return None
        point = self._zoom_point or QPoint(0, 0)
        y = point.y() + self.verticalOffset()
        row = layout.near(point.x(), y)
        if row < 0:
            return None
        return row, (y - layout.place(row)[1]) / layout.cell, point.y()

    def reset(self) -> None:
        super().reset()
        if hasattr(self, "scroller"):
            self._painter.hover(-1, -1)
            months = bool(self._photos.sections) and self._photos.sections[0].year > 0
            self.scroller.setVisible(months)
            self.setViewportMargins(0, 0, SCROLLER if months else 0, 0)
            policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if months else Qt.ScrollBarPolicy.ScrollBarAlwaysOn
            self.setVerticalScrollBarPolicy(policy)
        self.updateGeometries()  # at once: Qt would wait for the event loop, and a photo may be gone to before that

    def doItemsLayout(self) -> None:
        QAbstractItemView.doItemsLayout(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        QAbstractItemView.resizeEvent(self, event)
        self.scroller.setGeometry(self.width() - SCROLLER, 0, SCROLLER, self.height())

    def visualRect(self, index: Index) -> QRect:
        if not index.isValid() or index.row() >= self._layout.count:
            return QRect()
        return self._rect(index.row()).translated(0, -self.verticalOffset())

    def indexAt(self, point: QPoint) -> QModelIndex:
        row = self._layout.near(point.x(), point.y() + self.verticalOffset())
        index = self._photos.index(row) if row >= 0 else QModelIndex()
        return index if self.visualRect(index).contains(point) else QModelIndex()

    def header_at(self, point: QPoint) -> int:
        """The section whose header is at a point of the viewport; -1 where there is none."""
        y = point.y() + self.verticalOffset()
        section = self._layout.section_at(y)
        is_header = section >= 0 and self._layout.section_top(section) <= y < self._layout.cells_top(section)
        return section if is_header else -1

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        if not index.isValid() or index.row() >= self._layout.count:
            return
        cell, page, bar = self._rect(index.row()), self.viewport().height(), self.verticalScrollBar()
        section = self._layout.section_of(index.row())
        top = cell.top() - GAP
        if cell.top() == self._layout.cells_top(section):
            top = self._layout.section_top(section) - (GAP if section == 0 else 0)  # with its header
        if hint == QAbstractItemView.ScrollHint.PositionAtTop:
            bar.setValue(top)
        elif hint == QAbstractItemView.ScrollHint.PositionAtCenter:
            bar.setValue(cell.center().y() - page // 2)
        elif top < bar.value():
            bar.setValue(top)
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

    # Selection, keyboard and wheel --------------------------------------------------------------------------------

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        count = self._layout.count
        if count == 0:
            return QModelIndex()
        current = self.currentIndex()
        move = QAbstractItemView.CursorAction
        if not current.isValid():
            return self._photos.index(count - 1 if action == move.MoveEnd else 0)
        row = current.row()
        match action:
            case move.MoveLeft | move.MovePrevious:
                row -= 1
            case move.MoveRight | move.MoveNext:
                row += 1
            case move.MoveUp:
                row = self._layout.beside(row, -1)
            case move.MoveDown:
                row = self._layout.beside(row, 1)
            case move.MovePageUp | move.MovePageDown:
                page = max(self._layout.cell, self.viewport().height() - self._layout.cell)
                centre = self._rect(row).center()
                down = page if action == move.MovePageDown else -page
                row = self._layout.near(centre.x(), centre.y() + down)
            case move.MoveHome:
                row = 0
            case move.MoveEnd:
                row = count - 1
        return self._photos.index(min(max(row, 0), count - 1))

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """From the photo at the rectangle's first corner to that at its last, in reading order."""
        offset = self.verticalOffset()
        first = self._layout.near(rect.left(), rect.top() + offset)
        last = self._layout.near(rect.right(), rect.bottom() + offset)
        if min(first, last) >= 0:
            chosen = selection_of(self._photos, [(min(first, last), max(first, last))])
            self.selectionModel().select(chosen, command)

    def select_section(self, section: int, *, add: bool) -> None:
        """Select all under a header; with ``add``, beside what is selected already (or no longer, when it all is)."""
        rows = self._layout.rows_of(section)
        toggle_run(self._photos, self.selectionModel(), (rows.first, rows.stop - 1), add=add)

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

    def startDrag(self, actions: Qt.DropAction) -> None:
        self.drag_wanted.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
            return
        self._zoom_point = event.position().toPoint()
        steps = event.angleDelta().y() / 120
        self.cell_size_wanted.emit(round(self._wanted_cell + steps * ZOOM_STEP))
        self._zoom_point = None
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        if event.button() == Qt.MouseButton.LeftButton and not self.indexAt(place).isValid():
            self._band.press(place, event.modifiers())
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            event.accept()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._band.is_pressed:
            self._band.move(event.position().toPoint())
            event.accept()
        else:
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self._band.is_pressed or event.button() != Qt.MouseButton.LeftButton:
            super().mouseReleaseEvent(event)
            return
        was_drag = self._band.release()
        section = self.header_at(event.position().toPoint())
        if not was_drag and section >= 0:
            keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
            self.select_section(section, add=bool(event.modifiers() & keys))
        event.accept()

    def _preview(self, index: QModelIndex) -> None:
        self.preview_wanted.emit(self.photo_id(index))

    # Painting -----------------------------------------------------------------------------------------------------

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.HoverMove, QEvent.Type.HoverEnter, QEvent.Type.HoverLeave):
            over = header = -1
            if isinstance(event, QHoverEvent) and event.type() != QEvent.Type.HoverLeave:
                place = event.position().toPoint()
                over, header = self.indexAt(place).row(), self.header_at(place)
            self._painter.hover(over, header)
        return super().viewportEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        self._painter.paint(painter, event.rect())
        self._band.paint(painter)
        painter.end()
