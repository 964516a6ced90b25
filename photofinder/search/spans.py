"""Stretches of time that have names: months, seasons, feasts, decades, and the days around today."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from photofinder.library.filters import Period

MonthDays = tuple[int, int, int, int]
FIRST_YEAR = 1900

MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
    "diciembre",
)  # fmt: skip
SEASONS: dict[str, tuple[MonthDays, MonthDays]] = {
    # north, south; by the equinoxes and solstices, the same every year
    "primavera": ((3, 20, 6, 20), (9, 22, 12, 20)),
    "verano": ((6, 21, 9, 21), (12, 21, 3, 19)),
    "otono": ((9, 22, 12, 20), (3, 20, 6, 20)),
    "invierno": ((12, 21, 3, 19), (6, 21, 9, 21)),
}
FEASTS: dict[str, MonthDays] = {
    "navidad": (12, 24, 1, 6),
    "nochebuena": (12, 24, 12, 25),
    "nochevieja": (12, 31, 1, 1),
    "ano nuevo": (1, 1, 1, 1),
    "reyes": (1, 5, 1, 6),
    "halloween": (10, 31, 11, 1),
}
MOVABLE: dict[str, tuple[int, int]] = {"semana santa": (-7, 1), "carnaval": (-52, -46)}
"""First and last day counted from Easter Sunday."""


@dataclass(frozen=True, slots=True)
class When:
    """A time: any of ``periods``, or any of ``month_days`` of any year."""

    periods: tuple[Period, ...] = ()
    month_days: tuple[MonthDays, ...] = ()

    @property
    def label(self) -> str:
        """The time in no language, as ``fecha:`` understands it: ``2019-08``, ``2015..2018``, ``*-12-24..*-01-06``."""
        return ",".join([*map(_label, self.periods), *map(_yearly_label, self.month_days)])


def _label(period: Period) -> str:
    start, end = period.start, period.end
    if start == end:
        return start.isoformat()
    if start != date.min and end != date.max:
        if (start, end) == (year(start.year).start, year(end.year).end):
            return str(start.year) if start.year == end.year else f"{start.year}..{end.year}"
        if period == month(start.year, start.month):
            return f"{start.year}-{start.month:02d}"
    first = "" if start == date.min else start.isoformat()
    return f"{first}..{'' if end == date.max else end.isoformat()}"


def _yearly_label(days: MonthDays) -> str:
    first, day, last, last_day = days
    if days == month_days(first):
        return f"*-{first:02d}"
    start = f"*-{first:02d}-{day:02d}"
    return start if (first, day) == (last, last_day) else f"{start}..*-{last:02d}-{last_day:02d}"


def year(number: int) -> Period:
    """All of a year."""
    return Period(date(number, 1, 1), date(number, 12, 31))


def month(number: int, which: int) -> Period:
    """All of a month of one year."""
    return Period(date(number, which, 1), date(number, which, calendar.monthrange(number, which)[1]))


def month_days(which: int) -> MonthDays:
    """All of a month of any year."""
    return which, 1, which, 29 if which == 2 else calendar.monthrange(2001, which)[1]


def easter(of_year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    a, (b, c) = of_year % 19, divmod(of_year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    which, day = divmod(h + m - 7 * n + 114, 31)
    return date(of_year, which, day + 1)


def stretch(days: MonthDays, of_year: int) -> Period:
    """The stretch that begins in a year."""
    first, day, last, last_day = days
    end_year = of_year + (1 if (last, last_day) < (first, day) else 0)
    return Period(_day(of_year, first, day), _day(end_year, last, last_day))


def _day(of_year: int, which: int, day: int) -> date:
    return date(of_year, which, min(day, calendar.monthrange(of_year, which)[1]))


def named(name: str, southern: bool) -> MonthDays | None:
    """When a season, a feast or a month is, every year; None for what moves with Easter or is not known."""
    if name in SEASONS:
        return SEASONS[name][1 if southern else 0]
    if name in MONTHS:
        return month_days(MONTHS.index(name) + 1)
    return FEASTS.get(name)


def of_year(name: str, number: int, southern: bool) -> tuple[Period, ...]:
    """A named time of one year; the winter of 2019 is the one that began in 2018 and the one that began in 2019."""
    if name in MOVABLE:
        first, last = MOVABLE[name]
        sunday = easter(number)
        return (Period(sunday + timedelta(first), sunday + timedelta(last)),)
    days = named(name, southern)
    if days is None:
        return ()
    one = stretch(days, number)
    if name in SEASONS and one.end.year > number and number > FIRST_YEAR:
        return stretch(days, number - 1), one
    return (one,)


def latest(name: str, today: date, southern: bool, *, over: bool) -> Period | None:
    """The last one of a named time that has begun, or with ``over`` the last one that is over."""
    for number in (today.year, today.year - 1, today.year - 2):
        for one in reversed(of_year(name, number, southern)):
            if (one.end < today) if over else (one.start <= today):
                return one
    return None


def every_year(name: str, today: date, southern: bool) -> When:
    """A named time of any year."""
    if name in MOVABLE:
        return When(tuple(one for number in range(1970, today.year + 1) for one in of_year(name, number, southern)))
    days = named(name, southern)
    return When() if days is None else When(month_days=(days,))


def around(unit: str, back: int, today: date) -> Period | None:
    """The calendar day, week (from Monday), weekend, month or year that lies ``back`` of them before today."""
    try:
        if unit == "dia":
            day = today - timedelta(days=back)
            return Period(day, day)
        if unit in ("semana", "finde"):
            monday = today - timedelta(days=today.weekday() + 7 * back)
            return Period(monday + timedelta(days=5 if unit == "finde" else 0), monday + timedelta(days=6))
        if unit == "mes":
            number, which = divmod(today.year * 12 + today.month - 1 - back, 12)
            return month(number, which + 1)
        return year(today.year - back)
    except (OverflowError, ValueError, calendar.IllegalMonthError):
        return None  # before the calendar


def last(unit: str, count: int, today: date) -> Period | None:
    """The last so many days, weeks, months or years until today."""
    days = {"dia": 1, "semana": 7, "finde": 7, "mes": 30.44, "ano": 365.25}[unit] * count
    try:
        return Period(today - timedelta(days=round(days)), today)
    except OverflowError:
        return None


def intersected(some: tuple[Period, ...], others: tuple[Period, ...]) -> tuple[Period, ...]:
    """What lies in any of the ones and in any of the others; one period without days when nothing does."""
    both = [
        Period(max(one.start, other.start), min(one.end, other.end))
        for one in some
        for other in others
        if max(one.start, other.start) <= min(one.end, other.end)
    ]
    return tuple(both) or (Period(date.max, date.min),)


def all_but(when: When) -> When:
    """The rest of all time, or of every year."""
    if when.month_days:
        (a, b, c, d) = when.month_days[0]
        after = date(2000, c, d) + timedelta(days=1)
        before = date(2000, a, b) - timedelta(days=1)
        return When(month_days=((after.month, after.day, before.month, before.day),))
    rest: tuple[Period, ...] = (Period(date.min, date.max),)
    for one in when.periods:
        sides = []
        if one.start > date.min:
            sides.append(Period(date.min, one.start - timedelta(days=1)))
        if one.end < date.max:
            sides.append(Period(one.end + timedelta(days=1), date.max))
        rest = intersected(rest, tuple(sides) or (Period(date.max, date.min),))
    return When(rest)


def between(start: When | None, end: When | None, today: date) -> When | None:
    """From the beginning of one time to the end of another, in whichever order they were named."""
    if start is None or end is None:
        return None
    if start.month_days and end.month_days:
        return When(month_days=((*start.month_days[0][:2], *end.month_days[-1][2:]),))
    (first, first_end), (last, last_end) = _edges(start, today), _edges(end, today)
    return When((Period(min(first, last), max(first_end, last_end)),))


def since(start: When | None, after: bool, today: date) -> When | None:
    """From the beginning of a time on, or with ``after`` from its end."""
    if start is None:
        return None
    first, last = _edges(start, today)
    return When((Period(last + timedelta(days=1) if after else first, date.max),))


def until(end: When | None, before: bool, today: date) -> When | None:
    """Up to the end of a time, or with ``before`` to its beginning."""
    if end is None:
        return None
    first, last = _edges(end, today)
    return When((Period(date.min, first - timedelta(days=1) if before else last),))


def _edges(when: When, today: date) -> tuple[date, date]:
    """First and last day; of what comes every year, those of the last one that has begun."""
    if when.month_days:
        numbers = (today.year, today.year - 1)
        begun = [stretch(when.month_days[0], number) for number in numbers]
        found = next((one for one in begun if one.start <= today), begun[-1])
        return found.start, found.end
    if len(when.periods) > 2:  # of every year, such as «semana santa»
        found = next((one for one in reversed(when.periods) if one.start <= today), when.periods[-1])
        return found.start, found.end
    return when.periods[0].start, when.periods[-1].end
