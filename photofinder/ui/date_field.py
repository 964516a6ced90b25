"""A day, a month or a year: typed in any usual way, or taken from a calendar; empty when it does not matter."""

from __future__ import annotations

import calendar
import re
from datetime import date

from PySide6.QtCore import QDate, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QCalendarWidget, QFrame, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from photofinder.library.filters import Period
from photofinder.search.query import parse
from photofinder.ui.theme import Theme

_DAY = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})$")
_DAY_FIRST_YEAR = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})$")
_MONTH = re.compile(r"(\d{1,2})[/.\-](\d{4})$")
_MONTH_FIRST_YEAR = re.compile(r"(\d{4})[/.\-](\d{1,2})$")
_YEAR = re.compile(r"(\d{4})$")


def understood(text: str, today: date, southern: bool = False) -> Period | None:
    """The days meant by «12/8/2019», «8/2019», «2019», «2019-08-12», «agosto de 2019», «ayer»…; None for none.

    ``southern``: whether summer is in January.
    """
    text = text.strip()
    try:
        if match := _DAY.match(text):
            day = date(int(match[3]), int(match[2]), int(match[1]))
            return Period(day, day)
        if match := _DAY_FIRST_YEAR.match(text):
            day = date(int(match[1]), int(match[2]), int(match[3]))
            return Period(day, day)
        if match := _MONTH.match(text):
            return _month(int(match[2]), int(match[1]))
        if match := _MONTH_FIRST_YEAR.match(text):
            return _month(int(match[1]), int(match[2]))
        if match := _YEAR.match(text):
            return Period(date(int(match[1]), 1, 1), date(int(match[1]), 12, 31))
    except ValueError:  # 31/2/2019
        return None
    parsed = parse(text, today, southern)
    periods = parsed.filters.periods
    return Period(periods[0].start, periods[-1].end) if periods and not parsed.clauses else None


def _month(year: int, month: int) -> Period:
    first = date(year, month, 1)
    return Period(first, date(year, month, calendar.monthrange(year, month)[1]))


class DateField(QWidget):
    """Label, line and calendar; takes effect when it is left or at Enter."""

    changed = Signal()

    def __init__(self, theme: Theme, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._period: Period | None = None
        self.southern = False
        """Whether summer is in January, from the next typing on."""
        self._shown = ""
        label = QLabel(name)
        self.edit = QLineEdit()
        self.edit.setPlaceholderText(self.tr("cualquier día"))
        self.edit.setAccessibleName(name)
        self._help = self.tr("Un día, un mes o un año: «12/8/2019», «agosto de 2019», «2019» (Alt+↓: calendario)")
        self.edit.setToolTip(self._help)
        self.edit.setAccessibleDescription(self._help)
        self.edit.editingFinished.connect(self._typed)
        self.clear = QAction(self.tr("Quitar la fecha"), self)
        self.clear.triggered.connect(self._clear)
        self.open = QAction(self.tr("Elegir en el calendario"), self)
        self.open.triggered.connect(self.open_calendar)
        for action in (self.open, self.clear):
            self.edit.addAction(action, QLineEdit.ActionPosition.TrailingPosition)
        for button in self.edit.findChildren(QToolButton):
            button.setAccessibleName(button.toolTip())
        label.setBuddy(self.edit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addWidget(label)
        layout.addWidget(self.edit)
        self.calendar: QFrame | None = None
        theme.changed.connect(self._paint_icons)
        self._paint_icons()
        self._update()

    @property
    def period(self) -> Period | None:
        """The days that are meant."""
        return self._period

    def show_day(self, day: date | None) -> None:
        """Show a day, or none; nothing is emitted."""
        self._period = None if day is None else Period(day, day)
        self._shown = "" if day is None else f"{day.day}/{day.month}/{day.year}"
        if not (self.edit.hasFocus() and self.edit.isModified()):
            self.edit.setText(self._shown)
        self._update()

    @Slot()
    def open_calendar(self) -> None:
        """Show a calendar at the day of the field."""
        popup = QFrame(self, Qt.WindowType.Popup)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        popup.setObjectName("calendar")
        calendar_ = QCalendarWidget()
        calendar_.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        calendar_.setGridVisible(False)
        day = date.today() if self._period is None else self._period.start
        calendar_.setSelectedDate(QDate(day.year, day.month, day.day))
        calendar_.activated.connect(self._picked)
        calendar_.clicked.connect(self._picked)
        inside = QVBoxLayout(popup)
        inside.setContentsMargins(4, 4, 4, 4)
        inside.addWidget(calendar_)
        self.calendar = popup
        popup.destroyed.connect(self._calendar_gone)
        popup.move(self.edit.mapToGlobal(QPoint(0, self.edit.height() + 2)))
        popup.resize(QSize(300, 230))
        popup.show()
        calendar_.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.open_calendar()
            event.accept()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _calendar_gone(self) -> None:
        self.calendar = None

    @Slot(QDate)
    def _picked(self, day: QDate) -> None:
        if self.calendar is not None:
            self.calendar.close()
        chosen = date(day.year(), day.month(), day.day())
        self.edit.setModified(False)
        self.show_day(chosen)
        self.changed.emit()

    @Slot()
    def _typed(self) -> None:
        text = self.edit.text().strip()
        if text == self._shown:
            self._mark(wrong=False)
            return
        period = understood(text, date.today(), self.southern) if text else None
        self._mark(wrong=bool(text) and period is None)
        if text and period is None:
            return
        self.edit.setModified(False)
        self._period, self._shown = period, text
        self._update()
        self.changed.emit()

    @Slot()
    def _clear(self) -> None:
        self.edit.clear()
        self._typed()

    def _mark(self, *, wrong: bool) -> None:
        self.edit.setProperty("wrong", wrong)
        self.edit.style().unpolish(self.edit)
        self.edit.style().polish(self.edit)
        said = self.tr("No entiendo esta fecha; prueba con «12/8/2019» o «agosto de 2019».") if wrong else self._help
        self.edit.setToolTip(said)
        self.edit.setAccessibleDescription(said)

    def _update(self) -> None:
        self.clear.setVisible(bool(self._shown))

    @Slot()
    def _paint_icons(self) -> None:
        self.open.setIcon(self._theme.icon("calendar", "muted"))
        self.clear.setIcon(self._theme.icon("close", "muted"))
