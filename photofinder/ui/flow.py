"""Widgets one after another, in as many rows as the width asks for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

GAP = 6


class Flow(QWidget):
    """The left and right arrows move among the widgets; the Tab key stops at each."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._widgets: tuple[QWidget, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def widgets(self) -> tuple[QWidget, ...]:
        """What is shown, in order."""
        return self._widgets

    def fill(self, widgets: Sequence[QWidget]) -> None:
        """Show these instead of what was there; the place of the keyboard stays."""
        place = next((i for i, widget in enumerate(self._widgets) if widget.hasFocus()), None)
        old = self._widgets
        self._widgets = tuple(widgets)
        for widget in self._widgets:
            widget.setParent(self)
            widget.installEventFilter(self)
            widget.show()
        if place is not None and self._widgets:
            self._widgets[min(place, len(self._widgets) - 1)].setFocus(Qt.FocusReason.OtherFocusReason)
        for widget in old:
            widget.hide()
            widget.deleteLater()
        self._arrange()

    def sizeHint(self) -> QSize:
        return QSize(120, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._arrange()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and watched in self._widgets:
            step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
            place = self._widgets.index(watched) + step
            if step and 0 <= place < len(self._widgets):
                self._widgets[place].setFocus(Qt.FocusReason.TabFocusReason)
                return True
        return super().eventFilter(watched, event)

    def _arrange(self) -> None:
        width = max(self.width(), 120)
        x = y = row = 0
        for widget in self._widgets:
            size = widget.sizeHint().boundedTo(QSize(width, 200))
            if x and x + size.width() > width:
                x, y, row = 0, y + row + GAP, 0
            widget.setGeometry(x, y, size.width(), size.height())
            x += size.width() + GAP
            row = max(row, size.height())
        self.setFixedHeight(y + row)
