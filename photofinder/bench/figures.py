"""What a measurement is: runs, their median, the machine's limit and the project's target."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

LEAST_RUNS = 5
"""Fewer runs say little about a machine that does other things, too."""


@dataclass(frozen=True, slots=True)
class Text:
    """Something to read, in both languages."""

    es: str
    en: str

    def __call__(self, language: str) -> str:
        """The text in ``"es"`` or ``"en"``."""
        return self.es if language == "es" else self.en


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured quantity.

    ``key`` and ``unit`` make the name in JSON (``phrase_ms``); ``runs`` are the values measured, one a run, at least
    one. ``limit`` is what this machine allows at best, in the same unit, and ``limit_is`` says what was measured for
    it. ``target`` is what the project wants. For both, ``more_is_better`` says which side is the good one.
    """

    key: str
    unit: str
    text: Text
    runs: tuple[float, ...]
    limit: float | None = None
    limit_is: Text | None = None
    target: float | None = None
    more_is_better: bool = False

    def __post_init__(self) -> None:
        if not self.runs:
            raise ValueError(f"{self.key}: nothing was measured")

    @property
    def name(self) -> str:
        """Key and unit."""
        return f"{self.key}_{self.unit}" if self.unit else self.key

    @property
    def median(self) -> float:
        """The median of the runs."""
        return statistics.median(self.runs)

    @property
    def meets_target(self) -> bool | None:
        """Whether the median is as good as the target; None without one."""
        if self.target is None:
            return None
        return self.median >= self.target if self.more_is_better else self.median <= self.target

    def as_json(self) -> dict[str, Any]:
        """``NAME_median``, ``NAME_runs``, and, where there are any, ``NAME_limit`` and ``NAME_target``."""
        found: dict[str, Any] = {
            f"{self.name}_median": rounded(self.median),
            f"{self.name}_runs": [rounded(value) for value in self.runs],
        }
        if self.limit is not None:
            found[f"{self.name}_limit"] = rounded(self.limit)
        if self.target is not None:
            found[f"{self.name}_target"] = rounded(self.target)
        return found


@dataclass(frozen=True, slots=True)
class Part:
    """What one part of the benchmark found: figures, and facts that are counted rather than measured."""

    name: str
    figures: tuple[Figure, ...]
    facts: dict[str, Any] = field(default_factory=dict)
    notes: tuple[Text, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """One flat object: the facts, then each figure's keys."""
        found: dict[str, Any] = dict(self.facts)
        for figure in self.figures:
            found |= figure.as_json()
        if self.notes:
            found["notes"] = [note("en") for note in self.notes]
        return found


def rounded(value: float) -> float:
    """Five significant digits: more would pretend."""
    return float(f"{value:.5g}") if math.isfinite(value) else value


def seconds_of(action: Callable[[], object]) -> float:
    """How long ``action`` takes, in seconds."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def exponent(sizes: Sequence[float], values: Sequence[float]) -> float | None:
    """The slope of ``log(value)`` over ``log(size)`` (least squares): 1 grows in proportion, 0 does not grow.

    None with fewer than two different sizes, or when a value is not positive.
    """
    if len(set(sizes)) < 2 or min(values, default=0.0) <= 0 or min(sizes) <= 0:
        return None
    return statistics.linear_regression([math.log(size) for size in sizes], [math.log(value) for value in values]).slope
