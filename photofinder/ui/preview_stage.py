"""The canvas of the preview with what floats over it: arrows, a sentence, and the bar of the slideshow."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from photofinder.ui.preview_bar import round_button
from photofinder.ui.preview_canvas import PreviewCanvas
from photofinder.ui.slideshow import Slideshow, SlideshowBar
from photofinder.ui.theme import Theme

_POINTER_MS = 2200
_ARROW = 44


class PreviewStage(QWidget):
    """During a slideshow there is the photo alone; bar and pointer come back when the mouse moves."""

    step_wanted = Signal(int)
    """By how many photos to go on, or back."""

    def __init__(self, show: Slideshow, theme: Theme) -> None:
        super().__init__()
        self.setMouseTracking(True)
        self._show = show
        self.canvas = PreviewCanvas()
        self.canvas.setParent(self)
        self._note = QLabel(self)
        self._note.setObjectName("previewNote")
        self._note.setWordWrap(True)
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._note.hide()
        self._back = round_button(theme, "left", self.tr("Foto anterior (←)"), self)
        self._on = round_button(theme, "right", self.tr("Foto siguiente (→)"), self)
        for arrow in (self._back, self._on):
            arrow.setObjectName("previewArrow")
        self.bar = SlideshowBar(show, theme, self)
        self.bar.hide()
        self._ends = (False, False)
        self._pointer = QTimer(self)
        self._pointer.setSingleShot(True)
        self._pointer.timeout.connect(self._rest)
        for signal, slot in (
            (self._back.clicked, self._go_back),
            (self.bar.back_wanted, self._go_back),
            (self._on.clicked, self._go_on),
            (self.bar.on_wanted, self._go_on),
        ):
            signal.connect(slot)
        show.changed.connect(self._slideshow_changed)

    @property
    def note(self) -> str:
        """The sentence over the picture."""
        return "" if self._note.isHidden() else self._note.text()

    def say(self, text: str) -> None:
        """A sentence over the picture; nothing for ``""``."""
        self._note.setText(text)
        self._note.setVisible(bool(text))
        self._place()

    def set_ends(self, *, is_first: bool, is_last: bool) -> None:
        """Whether the arrows lead anywhere."""
        self._ends = (is_first, is_last)
        self._show_arrows()

    def _show_arrows(self) -> None:
        for arrow, is_end in zip((self._back, self._on), self._ends, strict=True):
            arrow.setVisible(not is_end and not self._show.running)

    @Slot()
    def _slideshow_changed(self) -> None:
        running = self._show.running
        self._show_arrows()
        self.bar.setVisible(running)
        self._wake()
        self._place()

    @Slot()
    def _go_back(self) -> None:
        self.step_wanted.emit(-1)

    @Slot()
    def _go_on(self) -> None:
        self.step_wanted.emit(1)

    def _wake(self) -> None:
        self.unsetCursor()
        self._pointer.stop()
        if self._show.running:
            self.bar.show()
            self._pointer.start(_POINTER_MS)

    @Slot()
    def _rest(self) -> None:
        if self._show.running and not self.bar.underMouse() and not self.bar.menu.isVisible():
            self.setCursor(Qt.CursorShape.BlankCursor)
            self.bar.hide()

    def _place(self) -> None:
        area = self.rect()
        self.canvas.setGeometry(area)
        for arrow, left in ((self._back, 16), (self._on, area.width() - 16 - _ARROW)):
            arrow.setGeometry(left, (area.height() - _ARROW) // 2, _ARROW, _ARROW)
            arrow.raise_()
        self._note.setFixedWidth(max(120, min(460, area.width() - 140)))
        self._note.adjustSize()
        self._note.move((area.width() - self._note.width()) // 2, area.height() - self._note.height() - 28)
        self._note.raise_()
        self.bar.adjustSize()
        self.bar.move((area.width() - self.bar.width()) // 2, area.height() - self.bar.height() - 24)
        self.bar.raise_()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._wake()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()
