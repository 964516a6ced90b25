"""How an answer is laid out: what is surely right, a line, what may be; or by date. What is too unlike stays away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from PySide6.QtCore import QCoreApplication, QLocale

from photofinder.search.certainty import PHOTOS, WORDS, Grades, Limits, grade
from photofinder.search.engine import Hit, SearchResult
from photofinder.ui.search_lane import Asked
from photofinder.ui.sections import Section, month_sections, photos_text


class Order(StrEnum):
    """How the photos of an answer follow each other; the value is what the settings keep."""

    LIKENESS = "likeness"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Arranged:
    """``hits`` to show under ``sections``; ``hidden`` were too unlike; ``sure`` of the shown ones surely answer."""

    hits: tuple[Hit, ...]
    sections: tuple[Section, ...]
    sure: int
    hidden: int


def limits_for(asked: Asked, result: SearchResult) -> Limits | None:
    """From where on an answer is sure, and to where it goes; None when nothing was compared."""
    if asked.only_filters:
        return None
    return PHOTOS if asked.photos and not result.known else WORDS


def arrange(
    hits: Sequence[Hit],
    moments: Mapping[int, int],
    order: Order,
    limits: Limits | None,
    *,
    with_weak: bool,
    locale: QLocale,
) -> Arranged:
    """``moments``: when each was taken, seconds since 1970 on the wall clock.

    ``limits``: None when nothing was compared; what only passed filters is sure, and comes by date.
    """
    floor = 0.0 if limits is None or with_weak else limits.floor
    kept = tuple(hit for hit in hits if hit.probability >= floor)
    hidden = len(hits) - len(kept)
    grades = Grades(len(hits), 0, 0) if limits is None else grade([hit.probability for hit in hits], limits)
    if order is Order.DATE or limits is None:
        kept = tuple(sorted(kept, key=lambda hit: (-moments.get(hit.photo_id, 0), -hit.photo_id)))
        dates = np.fromiter((moments.get(hit.photo_id, 0) for hit in kept), dtype=np.int64, count=len(kept))
        return Arranged(kept, month_sections(dates, locale), grades.sure, hidden)
    counts = (grades.sure, grades.perhaps, grades.weak if with_weak else 0)
    sections: list[Section] = []
    first = 0
    for (title, note), count in zip(_titles(), counts, strict=True):
        if count:
            notes = photos_text(count, locale) + (f" · {note}" if note else "")
            sections.append(Section(first, count, title, notes, line=bool(sections)))
        first += count
    return Arranged(kept, tuple(sections), grades.sure, hidden)


def _titles() -> tuple[tuple[str, str], ...]:
    translate = QCoreApplication.translate
    return (
        (translate("ResultSections", "Seguro"), ""),
        (translate("ResultSections", "Quizá"), translate("ResultSections", "se parecen menos a lo que buscas")),
        (translate("ResultSections", "Poco parecidas"), translate("ResultSections", "casi nada coincide")),
    )
