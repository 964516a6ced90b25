"""What a time of a search was understood as, in words: the dates behind «el verano pasado»."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from PySide6.QtCore import QCoreApplication, QLocale

from photofinder.library.filters import Period

_MOST = 3


def meaning(label: str) -> str:
    """The dates of a part's label (``"2019-08"``, ``"2015..2018,*-12-24..*-01-06"``), in the window's language."""
    times = label.removeprefix("-").split(",")
    if len(times) > _MOST:  # Easter of every year: the latest ones are of interest
        more = QCoreApplication.translate("Chips", "y {n} veces más").format(n=len(times) - _MOST)
        return ", ".join([*map(_one, reversed(times[-_MOST:])), more])
    return ", ".join(map(_one, times))


def period_label(period: Period) -> str:
    """A stretch of days as people say it: a year, a month, a day, or from when to when."""
    translate = QCoreApplication.translate
    start, end = period.start, period.end
    if start == date.min:
        return translate("Chips", "hasta {day}").format(day=day_label(end))
    if end == date.max:
        return translate("Chips", "desde {day}").format(day=day_label(start))
    if start == end:
        return day_label(start)
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
        return str(start.year) if start.year == end.year else f"{start.year}–{end.year}"
    if (start.year, start.month, start.day) == (end.year, end.month, 1) and (end + timedelta(days=1)).day == 1:
        month = QLocale().standaloneMonthName(start.month)
        return translate("Chips", "{month} de {year}").format(month=month, year=start.year)
    return f"{day_label(start)} – {day_label(end)}"


def day_label(day: date) -> str:
    """«12 ago 2019», in the language of the window."""
    month = QLocale().standaloneMonthName(day.month, QLocale.FormatType.ShortFormat).rstrip(".")
    return QCoreApplication.translate("Chips", "{day} {month} {year}").format(day=day.day, month=month, year=day.year)


def _one(time: str) -> str:
    if time.startswith("*-"):
        return _every_year(time)
    first, dots, last = time.partition("..")
    start = _first_day(first) if first else date.min
    end = (_last_day(last) if last else date.max) if dots else _last_day(first)
    return period_label(Period(start, end))


def _every_year(time: str) -> str:
    first, _, last = time.replace("*-", "").partition("..")
    what = _month_day(first)
    if last:
        between = QCoreApplication.translate("Chips", "del {first} al {last}")
        what = between.format(first=what, last=_month_day(last))
    return QCoreApplication.translate("Chips", "{what} de cualquier año").format(what=what)


def _month_day(text: str) -> str:
    month, _, day = text.partition("-")
    name = QLocale().standaloneMonthName(int(month))
    if not day:
        return name
    return QCoreApplication.translate("Chips", "{day} de {month}").format(day=int(day), month=name)


def _first_day(text: str) -> date:
    year, month, day = [*map(int, text.split("-")), 1, 1][:3]
    return date(year, month, day)


def _last_day(text: str) -> date:
    parts = [*map(int, text.split("-"))]
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    return date(year, month, parts[2] if len(parts) > 2 else calendar.monthrange(year, month)[1])
