"""How an answer is laid out: what is surely right, a line, what may be; or by date. What is too unlike stays away."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from PySide6.QtCore import QCoreApplication, QLocale

from photofinder.search.certainty import OBJECTS, PHOTOS, WORDS, Grades, Limits, grade, levels
from photofinder.search.results import SearchResult
from photofinder.ui.found import Found
from photofinder.ui.search_lane import Asked
from photofinder.ui.sections import Section, month_sections, photos_text


class Order(StrEnum):
    """How the photos of an answer follow each other; the value is what the settings keep."""

    LIKENESS = "likeness"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Arranged:
    """``shown`` under ``sections``; ``hidden`` were too unlike; ``sure`` of the shown ones surely answer."""

    shown: Found
    sections: tuple[Section, ...]
    sure: int
    hidden: int


def limits_for(asked: Asked, result: SearchResult) -> Limits | None:
    """From where on an answer is sure, and to where it goes; None when nothing was compared."""
    if asked.only_filters:
        return None
    if result.objects is not None:
        return OBJECTS
    return PHOTOS if asked.photos and not result.known else WORDS


def arrange(found: Found, order: Order, limits: Limits | None, *, with_weak: bool, locale: QLocale) -> Arranged:
    """``limits``: None when nothing was compared; what only passed filters is sure, and comes by date."""
    kept = found if limits is None or with_weak else found.at(found.probabilities >= limits.floor)
    hidden = len(found) - len(kept)
    grades = Grades(len(found), 0, 0) if limits is None else grade(found.probabilities, limits)
    if order is Order.DATE or limits is None:
        kept = kept.at(np.lexsort((-kept.photo_ids, -kept.moments)))
        return Arranged(kept, month_sections(kept.moments, locale), grades.sure, hidden)
    # a photo that lacks a word of the phrase may come first in it
    kept = kept.at(np.argsort(-levels(kept.probabilities, limits), kind="stable"))
    counts = (grades.sure, grades.perhaps, grades.weak if with_weak else 0)
    sections: list[Section] = []
    first = 0
    for (title, note), count in zip(_titles(*counts[:2]), counts, strict=True):
        if count:
            if kept.points is not None:
                note = _points_note(kept.points[first : first + count].tolist())
            notes = photos_text(count, locale) + (f" · {note}" if note else "")
            sections.append(Section(first, count, title, notes, line=bool(sections)))
        first += count
    return Arranged(kept, tuple(sections), grades.sure, hidden)


def _points_note(points: list[int]) -> str:
    """How many points of an object were found again in some photos: «de 6 a 9 puntos coinciden»."""
    translate = QCoreApplication.translate
    least, most = min(points), max(points)
    if least < most:
        return translate("ResultSections", "de {least} a {most} puntos coinciden").format(least=least, most=most)
    return translate("ResultSections", "{n} puntos coinciden").format(n=most)


def _titles(sure: int, perhaps: int) -> tuple[tuple[str, str], ...]:
    """Of the three sections, with what is said of each; ``sure``, ``perhaps``: how many photos the first two have."""
    translate = QCoreApplication.translate
    if sure:
        one = translate("ResultSections", "se parece menos a lo que buscas")
        many = translate("ResultSections", "se parecen menos a lo que buscas")
    else:  # less than nothing would be an odd thing to say
        one = translate("ResultSections", "se parece algo a lo que buscas")
        many = translate("ResultSections", "se parecen algo a lo que buscas")
    return (
        (translate("ResultSections", "Seguro"), ""),
        (translate("ResultSections", "Quizá"), one if perhaps == 1 else many),
        (translate("ResultSections", "Poco parecidas"), translate("ResultSections", "casi nada coincide")),
    )
