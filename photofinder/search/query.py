"""What is asked: words, photos from anywhere, photos of the catalogue, or any mixture of them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from photofinder.library.filters import Filters

MAX_CHARACTERS = 10_000  # far beyond any search; the caption regressor reads its first 200 words anyway

_KEPT_FORMAT_CHARACTERS = {"\u200c", "\u200d"}  # joiners: emoji and several scripts are spelt with them


@dataclass(frozen=True, slots=True, eq=False)
class PhotoVectorsOne:
    """The float32 unit vectors of one photo: ``feature`` (feature_dim,) and ``embedding``
    (embedding_dim,).
    """

    feature: NDArray[np.float32]
    embedding: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Query:
    """One search.

    ``text`` is what was typed, in any state, in the grammar of ``parse``; ``photos`` are photos that need not be in
    the catalogue; ``photo_ids`` are photos of the catalogue, which are left out of their own results.
    ``photo_weights``: how much each of ``photos`` and then of ``photo_ids`` counts beside the words, 1 unless given; a
    negative one asks for what is not like that photo. ``liked`` and ``disliked`` are photos of the catalogue that the
    person called right and wrong answers: they bring what is like them forward or back, and stay in the answer.
    ``filters`` must hold besides those typed in ``text``.
    """

    text: str = ""
    photos: tuple[PhotoVectorsOne, ...] = ()
    photo_ids: tuple[int, ...] = ()
    photo_weights: tuple[float, ...] = ()
    liked: tuple[int, ...] = ()
    disliked: tuple[int, ...] = ()
    filters: Filters = field(default_factory=Filters)


class PartKind(StrEnum):
    """What a part of a typed search is; a chip shows it."""

    WORDS = "words"
    WITHOUT = "without"
    TIME = "time"
    FOLDER = "folder"
    NAME = "name"
    CAMERA = "camera"
    TYPE = "type"
    ORIENTATION = "orientation"
    FAVORITES = "favorites"
    PLACE = "place"
    MISTAKE = "mistake"


@dataclass(frozen=True, slots=True)
class QueryPart:
    """A part of the typed text: ``text == typed[start:end]``, code points as Python counts them.

    ``label``: what was understood, language-neutral, where it says more than the text: ``"2019-08"``, ``"png"``; for
    WITHOUT the words that are subtracted. A MISTAKE is a filter whose value means nothing; it asks for nothing.
    """

    kind: PartKind
    text: str
    start: int
    end: int
    label: str | None = None


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """What a typed text asks for.

    ``clauses``: each is a tuple of alternatives («o»), of which the best counts; all clauses must hold. ``without``:
    phrases that the photo must not answer. ``parts``: disjoint, in the order of the text.
    """

    clauses: tuple[tuple[str, ...], ...] = ()
    without: tuple[str, ...] = ()
    filters: Filters = field(default_factory=Filters)
    parts: tuple[QueryPart, ...] = ()


def parse(text: str, today: date) -> ParsedQuery:
    """Understand a typed search; any string is accepted. ``today`` is what «ayer» counts from."""
    phrase = clean_text(text)
    if not phrase:
        return ParsedQuery()
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    return ParsedQuery(clauses=((phrase,),), parts=(QueryPart(PartKind.WORDS, text[start:end], start, end),))


def clean_text(text: str) -> str:
    """The phrase as it is understood: NFC, no control characters, single spaces, at most 10,000 characters.

    Any string is accepted (lone surrogates of a damaged command line are dropped); the result may be empty.
    """
    composed = unicodedata.normalize("NFC", text[:MAX_CHARACTERS])
    kept = "".join(_plain(character) for character in composed)
    return " ".join(kept.split())[:MAX_CHARACTERS].rstrip()


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    if category == "Cs" or (category == "Cf" and character not in _KEPT_FORMAT_CHARACTERS):
        return ""
    return character
