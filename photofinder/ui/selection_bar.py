"""Under the photos while several are chosen: how many, and what can be done with them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton

_AROUND = 18 + 12 + 10 + 10
"""Margins and gaps, in logical pixels."""


class SelectionBar(QFrame):
    """Buttons of actions that work on the chosen photos; hidden while fewer than two are chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("selectionBar")
        self.setAccessibleName(self.tr("Fotos elegidas"))
        self._count = QLabel()
        self._count.setObjectName("selectionCount")
        self._buttons: list[QToolButton] = []
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(18, 7, 12, 7)
        self._layout.setSpacing(4)
        self._layout.addWidget(self._count)
        self._layout.addSpacing(10)
        self._layout.addStretch(1)
        self.hide()

    @property
    def text(self) -> str:
        """«7 seleccionadas»."""
        return self._count.text()

    def set_actions(self, actions: Sequence[QAction]) -> None:
        """The buttons, in this order; the last one stands apart."""
        for action in actions:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setIconSize(QSize(18, 18))
            button.setAccessibleName(action.text().rstrip("…"))
            self._buttons.append(button)
            if action is actions[-1]:
                self._layout.addSpacing(10)
            self._layout.addWidget(button)
        self._show_words()

    def show_count(self, count: int, shown: str) -> None:
        """``shown``: the count as it is written."""
        self._count.setText(self.tr("{n} seleccionadas").format(n=shown))
        self.setVisible(count > 1)
        self._show_words()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_words()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())  # the words give way, not the window

    def _show_words(self) -> None:
        """Icons alone where the words have no room: tool tips and names have them."""
        for widget in (self._count, *self._buttons):
            widget.ensurePolished()
        self._set_style(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        needed = self._count.sizeHint().width() + sum(one.sizeHint().width() for one in self._buttons)
        if needed + 4 * len(self._buttons) + _AROUND > self.width():
            self._set_style(Qt.ToolButtonStyle.ToolButtonIconOnly)

    def _set_style(self, style: Qt.ToolButtonStyle) -> None:
        for button in self._buttons:
            button.setToolButtonStyle(style)
