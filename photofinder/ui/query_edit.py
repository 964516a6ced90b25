"""The line of the search bar: what is typed stays as typed, and words that nobody knows get a wave under them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from PySide6.QtCore import QPointF, Qt, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionFrame

from photofinder.ui.announcing import announce
from photofinder.ui.dragdrop import is_only_text
from photofinder.ui.theme import Theme

MAX_CHARACTERS = 2000
_WAVE = 2.0


class QueryEdit(QLineEdit):
    """A line that leaves pasted pictures and files to the window, and the keys that lead out of it to the bar."""

    paste_wanted = Signal()
    focus_changed = Signal()
    key_wanted = Signal(object)
    """A key press that means nothing to a line, or may mean more to the bar; the bar accepts it or not."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._unknown: tuple[str, ...] = ()
        self._writing = False
        self.textEdited.connect(self._edited)
        self.setMaxLength(MAX_CHARACTERS)
        self.setAcceptDrops(False)  # the whole window takes drops
        theme.changed.connect(self.update)

    @property
    def underlined(self) -> tuple[str, ...]:
        """The words of the line that have a wave under them."""
        text = self.text()
        return tuple(text[start:end] for start, end in self._spans(text))

    @property
    def place(self) -> int:
        """Where the cursor is, in code points: Qt counts UTF-16 units, of which an emoji has two."""
        return points_before(self.text(), self.cursorPosition())

    def finish_word(self) -> None:
        """The last word is written: it may have a wave, too."""
        self._writing = False
        self.update()

    def underline(self, words: Iterable[str]) -> None:
        """Put a wave under these words wherever they stand alone."""
        self._unknown = tuple(words)
        self.update()

    @Slot(str)
    def announce(self, text: str) -> None:
        """Let a screen reader say something while the keyboard stays here."""
        self.setAccessibleDescription(text)
        announce(self, text)

    def unknown_at(self, position: int) -> str:
        """The word with a wave at a place in the text, as Qt counts, or an empty string."""
        text = self.text()
        position = points_before(text, position)
        return next((text[start:end] for start, end in self._spans(text) if start <= position <= end), "")

    def _spans(self, text: str) -> list[tuple[int, int]]:
        if not self._unknown:
            return []
        words = "|".join(re.escape(word) for word in sorted(self._unknown, key=len, reverse=True))
        spans = [match.span() for match in re.finditer(rf"(?<!\w)(?:{words})(?!\w)", text, re.IGNORECASE)]
        return [span for span in spans if not (self._writing and span[1] == self.place)]

    @Slot()
    def _edited(self) -> None:
        self._writing = True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        clipboard = QGuiApplication.clipboard().mimeData()
        if event.matches(QKeySequence.StandardKey.Paste) and clipboard and not is_only_text(clipboard):
            self.paste_wanted.emit()
            event.accept()
            return
        event.ignore()
        self.key_wanted.emit(event)
        if not event.isAccepted():
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.finish_word()
        self.focus_changed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        text = self.text()
        spans = self._spans(text)
        if not spans:
            return
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        room = self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self)
        metrics = self.fontMetrics()
        # where the cursor is painted tells how far the line is scrolled: Qt says it nowhere else
        origin = self.cursorRect().center().x() - metrics.horizontalAdvance(text[: self.place])
        base = room.center().y() + metrics.ascent() / 2 + 2
        painter = QPainter(self)
        painter.setClipRect(room)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.colour("accent"), 1.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        for start, end in spans:
            x = float(origin + metrics.horizontalAdvance(text[:start]))
            until = float(origin + metrics.horizontalAdvance(text[:end]))
            wave = QPolygonF()
            up = True
            while x <= until:
                wave.append(QPointF(x, base + (0 if up else _WAVE)))
                x, up = x + 2.5, not up
            painter.drawPolyline(wave)
        painter.end()


def points_before(text: str, units: int) -> int:
    """How many code points of ``text`` come before a place that counts in units of UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "ignore"))
