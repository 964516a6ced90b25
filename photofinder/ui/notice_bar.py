"""One calm sentence above the photos, with at most one thing to do about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from photofinder.ui.theme import Theme

PASSING_MS = 15_000
"""How long what was merely done stays said: long enough to read it twice and to reach «Undo» by keyboard."""


class NoticeBar(QFrame):
    """Hidden until it has something to say; the next sentence replaces the last."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self._theme = theme
        self._action: Callable[[], None] | None = None
        self._icon_name = "info"
        self._passing = QTimer(self)
        self._passing.setSingleShot(True)
        self._passing.timeout.connect(self._pass)
        self._icon = QLabel()
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.button = QPushButton()
        self.button.setProperty("primary", True)
        self.button.clicked.connect(self._act)
        self._cross = QToolButton()
        self._cross.setIconSize(QSize(14, 14))
        self._cross.setAccessibleName(self.tr("Cerrar el aviso"))
        self._cross.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 8, 8, 8)
        layout.setSpacing(10)
        layout.addWidget(self._icon)
        layout.addWidget(self._text, 1)
        layout.addWidget(self.button)
        layout.addWidget(self._cross)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()
        self.hide()

    @property
    def text(self) -> str:
        """The sentence that is shown; empty when hidden."""
        return "" if self.isHidden() else self._text.text()

    def say(
        self,
        text: str,
        *,
        warning: bool = False,
        action: str = "",
        do: Callable[[], None] | None = None,
        passing: bool = False,
    ) -> None:
        """Show a sentence; ``action`` is the label of a button that does ``do`` and hides the sentence.

        ``passing``: it tells of something that is done, and goes by itself once nobody points at it.
        """
        self._icon_name = "warning" if warning else "info"
        self._text.setText(text)
        self._action = do
        self.button.setText(action)
        self.button.setVisible(bool(action))
        self.setAccessibleName(text)
        self._paint_icons()
        self.show()
        if passing:
            self._passing.start(PASSING_MS)
        else:
            self._passing.stop()

    @property
    def is_passing(self) -> bool:
        """Whether what is said goes by itself."""
        return self._passing.isActive()

    @Slot()
    def _pass(self) -> None:
        if self.underMouse() or self.button.hasFocus() or self._cross.hasFocus():
            self._passing.start(PASSING_MS)
        else:
            self.hide()

    @Slot()
    def _act(self) -> None:
        self.hide()
        if self._action is not None:
            self._action()

    @Slot()
    def _paint_icons(self) -> None:
        self._icon.setPixmap(self._theme.icon(self._icon_name, "accent").pixmap(20, 20))
        self._cross.setIcon(self._theme.icon("close", "muted"))
