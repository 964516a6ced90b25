"""Above the groups of duplicates: how far the search for them is, then what can be done with them."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QToolButton

from photofinder.ui.theme import Theme


class DuplicatesBar(QFrame):
    """Hidden until duplicates are looked for."""

    select_wanted = Signal()
    """Select the photos of every group but the one to keep."""
    left = Signal()
    """Back to all photos; what still runs is to stop."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("taskStrip")
        self.setAccessibleName(self.tr("Duplicadas y ráfagas"))
        self._theme = theme
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setRange(0, 1000)
        self._progress.setFixedWidth(180)
        self._progress.setAccessibleName(self.tr("Cuánto falta"))
        self.select = QPushButton(self.tr("Seleccionar las demás"))
        self.select.setToolTip(self.tr("Seleccionar todas menos la mejor de cada grupo (Ctrl+Mayús+S)"))
        self.select.setProperty("primary", True)
        self.cancel = QPushButton(self.tr("Cancelar"))
        self.cancel.setToolTip(self.tr("Dejar de buscar y volver a todas las fotos"))
        self.close_button = QToolButton()
        self.close_button.setIconSize(QSize(16, 16))
        self.close_button.setToolTip(self.tr("Volver a todas las fotos (Esc)"))
        self.close_button.setAccessibleName(self.tr("Volver a todas las fotos"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(18, 8, 12, 8)
        layout.setSpacing(12)
        for widget in (self._text, self._progress, self.select, self.cancel, self.close_button):
            layout.addWidget(widget, 1 if widget is self._text else 0)
        self.select.clicked.connect(self.select_wanted)
        self.cancel.clicked.connect(self.left)
        self.close_button.clicked.connect(self.left)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()
        self.hide()

    @property
    def text(self) -> str:
        """What it says; empty when hidden."""
        return "" if self.isHidden() else self._text.text()

    @property
    def is_running(self) -> bool:
        """Whether duplicates are still being looked for."""
        return not self.isHidden() and not self._progress.isHidden()

    def show_running(self, text: str, share: float) -> None:
        """``share`` from 0 to 1."""
        self._show(text, running=True)
        self._progress.setValue(round(1000 * share))

    def show_end(self, text: str, *, any_found: bool) -> None:
        """What was found; with groups, the others can be selected."""
        self._show(text, running=False)
        self.select.setVisible(any_found)

    def _show(self, text: str, *, running: bool) -> None:
        self._text.setText(text)
        self._progress.setVisible(running)
        self.cancel.setVisible(running)
        self.select.setVisible(False)
        self.close_button.setVisible(not running)
        self.show()

    @Slot()
    def _paint_icons(self) -> None:
        self.close_button.setIcon(self._theme.icon("close"))
