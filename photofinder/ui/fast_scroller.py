"""The bar beside the library: years from top to bottom, a handle, and the month in a bubble while it is dragged."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QLocale, QPoint, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QWheelEvent
from PySide6.QtWidgets import QAbstractSlider, QLabel, QWidget

from photofinder.ui.section_layout import SectionLayout
from photofinder.ui.sections import Section, month_name
from photofinder.ui.theme import Theme

WIDTH = 58
_ENDS = 14
_APART = 22
"""Logical pixels between two years; of those in between only a dot is drawn."""
_HANDLE = 34
_BUBBLE_MS = 700


class FastScroller(QAbstractSlider):
    """Its value is the scroll position of the grid. Arrows go by months, page keys by years."""

    def __init__(self, theme: Theme, locale: QLocale, grid: QWidget) -> None:
        super().__init__(grid)
        self._theme = theme
        self._locale = locale
        self._sections: tuple[Section, ...] = ()
        self._layout: SectionLayout | None = None
        self._labels: tuple[tuple[int, int, bool], ...] = ()  # y, year, whether it is written
        self._drawn: QPixmap | None = None
        self._drawn_for: tuple[object, ...] = ()
        self._told = -1
        self._pointed: int | None = None
        self.setOrientation(Qt.Orientation.Vertical)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(self.tr("Ir a una fecha"))
        self.setToolTip(self.tr("Arrastra para ir a una fecha (flechas: por meses; Av Pág y Re Pág: por años)"))
        self._bubble = QLabel(grid)
        self._bubble.setObjectName("scrollBubble")
        self._bubble.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._bubble.hide()
        self._hide_later = QTimer(self)
        self._hide_later.setSingleShot(True)
        self._hide_later.setInterval(_BUBBLE_MS)
        self._hide_later.timeout.connect(self._bubble.hide)
        self.valueChanged.connect(self._moved)
        self.hide()

    @property
    def bubble(self) -> str:
        """The month in the bubble; empty when there is none to be seen."""
        return "" if self._bubble.isHidden() else self._bubble.text()

    def show_months(self, sections: tuple[Section, ...], layout: SectionLayout, maximum: int, page: int) -> None:
        """The library has these months now, laid out like this; ``maximum`` and ``page`` of the grid's scroll bar."""
        self._sections, self._layout = sections, layout
        self.setRange(0, maximum)
        self.setPageStep(page)
        self._place_labels()
        self._moved()

    def month_at(self, value: int) -> str:
        """«agosto de 2019», of what is at the top of the grid at a scroll position."""
        if self._layout is None or not self._sections or self._sections[0].year == 0:
            return ""
        section = self._sections[min(max(self._layout.section_at(value), 0), len(self._sections) - 1)]
        return month_name(section.year, section.month, self._locale)

    def go_by_months(self, months: int) -> None:
        """To the header that many months down (or up, when negative)."""
        if self._layout is None or not self._sections:
            return
        here = max(self._layout.section_at(self.value()), 0)
        if months < 0 and self.value() > self._layout.section_top(here):
            months += 1  # first to the beginning of this one
        self.setValue(self._layout.section_top(min(max(here + months, 0), len(self._sections) - 1)))

    def go_by_years(self, years: int) -> None:
        """To the first header of the next year down (1) or to the first of this one or the one above (-1)."""
        if self._layout is None or not self._sections:
            return
        here = max(self._layout.section_at(self.value()), 0)
        firsts = [n for n, one in enumerate(self._sections) if n == 0 or one.year != self._sections[n - 1].year]
        tops = [self._layout.section_top(n) for n in firsts]
        if years > 0:
            wanted = [top for n, top in zip(firsts, tops, strict=True) if n > here]
            self.setValue(wanted[0] if wanted else self.maximum())
        else:
            wanted = [top for top in tops if top < self.value()]
            self.setValue(wanted[-1] if wanted else 0)

    # Events -------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Down:
                self.go_by_months(1)
            case Qt.Key.Key_Up:
                self.go_by_months(-1)
            case Qt.Key.Key_PageDown:
                self.go_by_years(1)
            case Qt.Key.Key_PageUp:
                self.go_by_years(-1)
            case Qt.Key.Key_Home:
                self.setValue(0)
            case Qt.Key.Key_End:
                self.setValue(self.maximum())
            case _:
                event.ignore()
                return
        self._show_bubble(self._y_of(self.value()), self.value(), stay=False)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._drag(event.position().toPoint())
            event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        if self.isSliderDown():
            self._drag(place)
        else:
            self._pointed = place.y()
            self._show_bubble(place.y(), self._value_of(place.y()), stay=True)
            self.update()
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)
        self._hide_later.start()
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        self._pointed = None
        if not self.isSliderDown():
            self._bubble.hide()
        self.update()
        super().leaveEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the grid's

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._bubble.hide()
        self.update()

    def resizeEvent(self, event: object) -> None:
        self._place_labels()

    def _drag(self, place: QPoint) -> None:
        value = self._value_of(place.y())
        self.setValue(value)
        self._show_bubble(self._y_of(value), value, stay=True)

    # What is seen -------------------------------------------------------------------------------------------------

    def _y_of(self, value: int) -> int:
        room = max(1, self.height() - 2 * _ENDS)
        return _ENDS + round(room * min(max(value, 0), self.maximum()) / max(1, self.maximum()))

    def _value_of(self, y: int) -> int:
        room = max(1, self.height() - 2 * _ENDS)
        return round(min(max((y - _ENDS) / room, 0.0), 1.0) * self.maximum())

    def _place_labels(self) -> None:
        labels: list[tuple[int, int, bool]] = []
        if self._layout is not None and self._sections and self._sections[0].year:
            written = -_APART
            for number, section in enumerate(self._sections):
                if number == 0 or section.year != self._sections[number - 1].year:
                    y = self._y_of(self._layout.section_top(number) if number else 0)
                    fits = y - written >= _APART
                    written = y if fits else written
                    labels.append((y, section.year, fits))
        self._labels = tuple(labels)
        self.update()

    def _moved(self) -> None:
        self.update()
        if self._layout is not None and (section := self._layout.section_at(self.value())) != self._told:
            self._told = section
            self.setAccessibleDescription(self.month_at(self.value()))

    def _show_bubble(self, y: int, value: int, *, stay: bool) -> None:
        text = self.month_at(value)
        if not text:
            return
        self._bubble.setText(text)
        self._bubble.adjustSize()
        top = min(max(y - self._bubble.height() // 2, 4), self.height() - self._bubble.height() - 4)
        self._bubble.move(self.x() - self._bubble.width() - 4, top)
        self._bubble.show()
        self._bubble.raise_()
        self._hide_later.stop()
        if not stay:
            self._hide_later.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        here = self._y_of(self.value())
        if self.maximum() > 0:
            self._paint_handle(painter, here)
        painter.drawPixmap(0, 0, self._years_drawn())
        for y, year, is_written in self._labels:
            if is_written and abs(y - here) < 10:
                self._write(painter, y, year, "text")
        if self.hasFocus():
            painter.setPen(QPen(self._theme.colour("accent"), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), 8, 8)
        painter.end()

    def _years_drawn(self) -> QPixmap:
        """All years and dots, muted, drawn once for many turns of the wheel."""
        ratio = self.devicePixelRatioF()
        drawn_for = (self._labels, self._theme.name, self.size(), ratio, self.font())
        if self._drawn is None or self._drawn_for != drawn_for:
            self._drawn_for = drawn_for
            self._drawn = QPixmap(self.size() * ratio)
            self._drawn.setDevicePixelRatio(ratio)
            self._drawn.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._drawn)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(self.font())
            for y, year, is_written in self._labels:
                if is_written:
                    self._write(painter, y, year, "muted")
                else:
                    painter.setPen(Qt.PenStyle.NoPen)
                    painter.setBrush(self._theme.colour("scroll"))
                    painter.drawEllipse(QRectF(WIDTH - 21, y - 1.5, 3, 3))
            painter.end()
        return self._drawn

    def _write(self, painter: QPainter, y: int, year: int, colour: str) -> None:
        font = painter.font()
        font.setPointSizeF(8.5)
        painter.setFont(font)
        painter.setPen(self._theme.colour(colour))
        place = QRect(0, y - 9, WIDTH - 16, 18)
        painter.drawText(place, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), str(year))

    def _paint_handle(self, painter: QPainter, y: int) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        active = self.isSliderDown() or self._pointed is not None
        if self._pointed is not None and not self.isSliderDown():
            painter.setBrush(self._theme.colour("scroll"))
            painter.drawRoundedRect(QRectF(WIDTH - 14, self._pointed - 1, 8, 2), 1, 1)
        painter.setBrush(self._theme.colour("accent" if active else "scroll"))
        top = min(max(y - _HANDLE / 2, 4), self.height() - _HANDLE - 4)
        painter.drawRoundedRect(QRectF(WIDTH - 11, top, 5, _HANDLE), 2.5, 2.5)
