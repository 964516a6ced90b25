"""One line about a longer task under the photos: how far it is, a way to stop it, and how it ended."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QToolButton

from photofinder.ui.theme import Theme


class TaskStrip(QFrame):
    """Hidden until there is something to say."""

    cancelled = Signal()
    opened = Signal()
    """The person wants to see what was made."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("taskStrip")
        self._theme = theme
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1000)
        self._bar.setFixedWidth(180)
        self._bar.setAccessibleName(self.tr("Cuánto falta"))
        self.cancel_button = QPushButton(self.tr("Cancelar"))
        self.cancel_button.setToolTip(self.tr("Dejarlo: lo que ya está hecho se queda"))
        self.open_button = QPushButton()
        self.close_button = QToolButton()
        self.close_button.setIconSize(QSize(16, 16))
        self.close_button.setToolTip(self.tr("Quitar este aviso"))
        self.close_button.setAccessibleName(self.tr("Quitar este aviso"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(18, 8, 12, 8)
        layout.setSpacing(12)
        for widget in (self._text, self._bar, self.cancel_button, self.open_button, self.close_button):
            layout.addWidget(widget, 1 if widget is self._text else 0)
        self.cancel_button.clicked.connect(self._cancel)
        self.open_button.clicked.connect(self.opened)
        self.close_button.clicked.connect(self.hide)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()
        self.hide()

    @property
    def text(self) -> str:
        """What it says; empty when hidden."""
        return "" if self.isHidden() else self._text.text()

    @property
    def is_running(self) -> bool:
        """Whether the task goes on."""
        return not self.isHidden() and not self._bar.isHidden()

    def show_running(self, text: str, share: float) -> None:
        """``share`` from 0 to 1."""
        self._show(text, running=True)
        self._bar.setValue(round(1000 * share))

    def show_end(self, text: str, open_label: str = "") -> None:
        """How it ended; with ``open_label`` there is something to look at."""
        self._show(text, running=False)
        self.open_button.setText(open_label)
        self.open_button.setVisible(bool(open_label))

    def _show(self, text: str, *, running: bool) -> None:
        self._text.setText(text)
        self._bar.setVisible(running)
        self.cancel_button.setVisible(running)
        self.cancel_button.setEnabled(True)
        self.close_button.setVisible(not running)
        self.open_button.setVisible(False)
        self.show()

    @Slot()
    def _cancel(self) -> None:
        self.cancel_button.setEnabled(False)
        self.cancelled.emit()

    @Slot()
    def _paint_icons(self) -> None:
        self.close_button.setIcon(self._theme.icon("close"))
