"""What the filter panel does with its choices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

from photofinder.library.filters import Period

Value = TypeVar("Value", int, str)


def is_year(period: Period) -> bool:
    """Whether it is a whole calendar year."""
    return period == Period(date(period.start.year, 1, 1), date(period.start.year, 12, 31))


def toggled(values: tuple[Value, ...], value: Value) -> tuple[Value, ...]:
    """``values`` with ``value`` last, or without it where it was."""
    return tuple(one for one in values if one != value) if value in values else values + (value,)  # noqa: RUF005


def with_chosen(offered: Sequence[tuple[Value, int]], chosen: Iterable[Value]) -> list[tuple[Value, int]]:
    """What is offered, and before it what is chosen and no photo has any more."""
    known = {value for value, _ in offered}
    both: list[tuple[Value, int]] = [(value, 0) for value in chosen if value not in known]
    both.extend(offered)
    return both
