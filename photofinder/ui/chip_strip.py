"""The strip under the search bar in which chips wrap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from photofinder.ui.chips import HEIGHT, Chip, ChipContent
from photofinder.ui.theme import Theme

GAP: Final = 6
ROWS: Final = 3
"""More rows than these are scrolled."""


class ChipStrip(QScrollArea):
    """The chips in rows; the left and right arrows move among them, and only one is a stop of the Tab key."""

    removed = Signal(str)
    weighed = Signal(str, float)
    taken = Signal(str)
    left_up = Signal()
    """Back to the words."""
    left_down = Signal()
    """On to the photos."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("chipStrip")
        self.setAccessibleName(self.tr("Partes de la búsqueda"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self._theme = theme
        self._chips: list[Chip] = []
        self._inside = QWidget()
        self._inside.setObjectName("chips")
        self.setWidget(self._inside)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()

    @property
    def chips(self) -> Sequence[Chip]:
        """The chips from left to right."""
        return tuple(self._chips)

    def chip(self, key: str) -> Chip | None:
        """The chip with this key."""
        return next((chip for chip in self._chips if chip.content.key == key), None)

    def show_chips(self, contents: Iterable[ChipContent]) -> None:
        """Show these, in this order; a focused chip that stays keeps the focus, one that goes gives it to its
        neighbour.
        """
        wanted = list(contents)
        place = next((i for i, chip in enumerate(self._chips) if chip.hasFocus()), None)
        kept = {content.key for content in wanted}
        spare = [chip for chip in self._chips if chip.content.key not in kept]
        old = {chip.content.key: chip for chip in self._chips if chip.content.key in kept}
        shown: list[Chip] = []
        for content in wanted:
            chip = old.pop(content.key, None) or self._make()
            chip.show_content(content)
            shown.append(chip)
        self._chips = shown
        focus_is_lost = any(chip.hasFocus() for chip in spare)
        if focus_is_lost and place is not None:
            if shown:
                shown[min(place, len(shown) - 1)].setFocus(Qt.FocusReason.OtherFocusReason)
            else:
                self.left_up.emit()
        for chip in (*spare, *old.values()):
            chip.hide()
            chip.deleteLater()
        self._set_stop(next((chip for chip in shown if chip.hasFocus()), shown[0] if shown else None))
        self._arrange()
        self.setVisible(bool(shown))

    def focus_first(self) -> bool:
        """Put the keyboard on the first chip; False when there is none."""
        return self._focus(0)

    def focus_last(self) -> bool:
        """Put the keyboard on the last chip; False when there is none."""
        return self._focus(len(self._chips) - 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._arrange()

    def _make(self) -> Chip:
        chip = Chip(self._theme, self._inside)
        chip.removed.connect(self.removed)
        chip.weighed.connect(self.weighed)
        chip.taken.connect(self.taken)
        chip.left.connect(self._leave)
        chip.entered.connect(self._entered)
        chip.show()
        return chip

    def _arrange(self) -> None:
        width = max(self.viewport().width(), 120)
        x = y = 0
        for chip in self._chips:
            size = chip.sizeHint().boundedTo(QSize(width, HEIGHT))
            if x and x + size.width() > width:
                x, y = 0, y + HEIGHT + GAP
            chip.setGeometry(x, y, size.width(), HEIGHT)
            x += size.width() + GAP
        height = y + HEIGHT
        self._inside.resize(width, height)
        self.setFixedHeight(min(height, ROWS * HEIGHT + (ROWS - 1) * GAP + HEIGHT // 2))

    def _focus(self, place: int) -> bool:
        if not 0 <= place < len(self._chips):
            return False
        self._chips[place].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    @Slot(str, int)
    def _leave(self, key: str, pressed: int) -> None:
        place = next((i for i, chip in enumerate(self._chips) if chip.content.key == key), 0)
        if pressed in (Qt.Key.Key_Left.value, Qt.Key.Key_Right.value):
            step = -1 if pressed == Qt.Key.Key_Left.value else 1
            if place + step < 0:
                self.left_up.emit()
            else:
                self._focus(place + step)
        elif pressed == Qt.Key.Key_Down.value:
            self.left_down.emit()
        else:
            self.left_up.emit()

    @Slot(str)
    def _entered(self, key: str) -> None:
        chip = self.chip(key)
        self._set_stop(chip)
        if chip is not None:
            self.ensureWidgetVisible(chip, 0, 4)

    def _set_stop(self, stop: Chip | None) -> None:
        for chip in self._chips:
            chip.setFocusPolicy(Qt.FocusPolicy.StrongFocus if chip is stop else Qt.FocusPolicy.ClickFocus)
