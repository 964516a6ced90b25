"""What could be typed next: a list under the search bar that never takes the keyboard from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from photofinder.ui.plain_text import plain_tip
from photofinder.ui.theme import Theme

ROWS = 8
_ROW = 34


class Source(StrEnum):
    """Where a completion comes from."""

    WORD = "word"
    HISTORY = "history"
    SAVED = "saved"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Completion:
    """One line of the list: ``text`` is the whole phrase once it is taken; ``label`` what is shown."""

    text: str
    label: str
    source: Source
    name: str = ""
    """Of the saved search."""


_ICONS = {Source.WORD: "search", Source.HISTORY: "history", Source.SAVED: "star-filled", Source.PLACE: "place"}


class CompletionList(QFrame):
    """Lies over the window under ``anchor``. The bar moves its line by the arrow keys and takes it by Enter."""

    chosen = Signal(object)
    """A ``Completion`` that was clicked."""
    moved = Signal(str)
    """What a screen reader says of the line that the arrow keys went to; empty when they went back to what is typed."""

    def __init__(self, theme: Theme, anchor: QWidget) -> None:
        super().__init__(anchor)
        self.setObjectName("completions")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._theme = theme
        self._anchor = anchor
        self._items: tuple[Completion, ...] = ()
        self._list = QListWidget()
        self._list.setObjectName("completionList")
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setAccessibleName(self.tr("Sugerencias"))
        self._list.setMouseTracking(True)
        self._list.setUniformItemSizes(True)
        self._list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._list.setIconSize(QSize(16, 16))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.itemClicked.connect(self._clicked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.addWidget(self._list)
        self.hide()

    @property
    def items(self) -> tuple[Completion, ...]:
        """What is offered; nothing when the list is hidden."""
        return () if self.isHidden() else self._items

    @property
    def current(self) -> Completion | None:
        """The line the arrow keys went to."""
        row = self._list.currentRow()
        return self._items[row] if self.isVisible() and 0 <= row < len(self._items) else None

    def offer(self, items: Sequence[Completion]) -> None:
        """Show these, none of them chosen; hide when there are none."""
        self._items = tuple(items[:ROWS])
        if not self._items:
            self.hide()
            return
        self._list.clear()
        for completion in self._items:
            item = QListWidgetItem(self._icon(_ICONS[completion.source]), completion.label)
            item.setSizeHint(QSize(0, _ROW))
            item.setToolTip(plain_tip(completion.label))
            self._list.addItem(item)
        self._list.setCurrentRow(-1)
        self.place()
        self.show()
        self.raise_()

    def _icon(self, name: str) -> QIcon:
        icon = QIcon(self._theme.icon(name, "muted").pixmap(16, 16))
        icon.addPixmap(self._theme.icon(name, "on_accent").pixmap(16, 16), QIcon.Mode.Selected)
        return icon

    def place(self) -> None:
        """Lie under the anchor, inside the window."""
        window = self._anchor.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        corner = self._anchor.mapTo(window, QPoint(0, self._anchor.height() + 4))
        room = max(window.height() - corner.y() - 8, _ROW + 14)
        self.setGeometry(corner.x(), corner.y(), self._anchor.width(), min(len(self._items) * _ROW + 16, room))

    def move_line(self, step: int) -> bool:
        """Down by 1 or up by -1, from the first line to none of them; False when it was on none and goes up."""
        row = self._list.currentRow()
        if row < 0 and step < 0:
            return False
        row = min(row + step, len(self._items) - 1)
        self._list.setCurrentRow(row)
        self.moved.emit(self._said(row) if row >= 0 else "")
        return True

    def _said(self, row: int) -> str:
        text = self.tr("{what}, sugerencia {n} de {total}")
        return text.format(what=self._items[row].label, n=row + 1, total=len(self._items))

    @Slot(QListWidgetItem)
    def _clicked(self, item: QListWidgetItem) -> None:
        row = self._list.row(item)
        if 0 <= row < len(self._items):
            self.chosen.emit(self._items[row])
