"""The stretches of a grid under one header: a month of the library, or how sure an answer is."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QDate, QLocale

from photofinder.messages import ENGLISH, SPANISH, number


@dataclass(frozen=True, slots=True)
class Section:
    """``count`` photos from row ``first`` on; ``year`` and ``month`` are 0 for what is no month.

    ``note`` explains the title in muted words; ``line``: a rule is drawn above it.
    """

    first: int
    count: int
    title: str
    note: str
    year: int = 0
    month: int = 0
    line: bool = False


def month_sections(moments: NDArray[np.int64], locale: QLocale) -> tuple[Section, ...]:
    """Sections of photos whose ``moments`` ``(n,)`` (seconds since 1970, wall clock) come in order, either way."""
    if not len(moments):
        return ()
    months = moments.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64)
    firsts = np.concatenate(([0], np.flatnonzero(np.diff(months)) + 1))
    counts = np.diff(np.concatenate((firsts, [len(months)])))
    return tuple(
        _month_section(first, count, month, locale)
        for first, count, month in zip(firsts.tolist(), counts.tolist(), months[firsts].tolist(), strict=True)
    )


def titled(sections: Sequence[Section], row: int) -> str:
    """The title above a row where that is no month, whose date says it: «Propuestas»; empty without one."""
    place = bisect.bisect_right(sections, row, key=lambda section: section.first) - 1
    return sections[place].title if place >= 0 and not sections[place].month else ""


def _month_section(first: int, count: int, month: int, locale: QLocale) -> Section:
    year, index = 1970 + month // 12, month % 12 + 1
    title = month_name(year, index, locale)
    return Section(first, count, title[:1].upper() + title[1:], photos_text(count, locale), year, index)


def month_name(year: int, month: int, locale: QLocale) -> str:
    """«agosto de 2019»."""
    spanish = locale.language() == QLocale.Language.Spanish
    return locale.toString(QDate(year, month, 1), "MMMM 'de' yyyy" if spanish else "MMMM yyyy")


def photos_text(count: int, locale: QLocale) -> str:
    """«214 fotos»."""
    if count == 1:
        return QCoreApplication.translate("Sections", "1 foto")
    language = SPANISH if locale.language() == QLocale.Language.Spanish else ENGLISH
    return QCoreApplication.translate("Sections", "{n} fotos").format(n=number(count, language))
