"""What a search answers with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from photofinder.library.filters import Filters
from photofinder.model.caption import Phrase
from photofinder.model.descriptors import Comparison
from photofinder.search.query import Offer, ParsedQuery, QueryPart
from photofinder.search.vectors import FloatArray, IntArray
from photofinder.search.wishes import Wishes


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of comparing by a descriptor.

    ``used``: False when a photo of the query has no vector, so that the pack's features compared it; ``not_described``
    are those of the query, catalogued, that have none. ``lacking``: how many of the photos compared have none, and were
    found by the pack's features.
    """

    comparison: Comparison
    used: bool
    lacking: int
    not_described: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """One photo of the answer.

    ``score`` orders the hits: for one phrase a cosine in [-1, 1], for photos a weighted cosine in [-1, 1], for
    anything more (words and photos, «sin», «o», likes) a log-odds (any real number), and 1 for filters alone, which
    give the newest first. ``probability`` in [0, 1] is what a person is told.
    ``offline``: the photo is known but its folder cannot be reached now. ``distance``: of a search by photos alone with
    a descriptor, how far this one is from them; None where it was not measured.
    ``points``: of a search for the same object, how many of its points were found again; None in any other search.
    """

    photo_id: int
    path: Path
    score: float
    probability: float
    offline: bool
    distance: float | None = None
    points: int | None = None


@dataclass(frozen=True, slots=True)
class ObjectSearch:
    """Of a search for the same object: the ``points`` it has, and how many photos were ready for it or still wait."""

    points: int
    prepared: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """The bare answer, best first: ids (n,) int64, scores (n,) float32, probabilities (n,) float64.

    ``distances`` (n,) float32, NaN where there is none; None unless a descriptor measured them.
    ``moments`` (n,) int64, seconds since 1970 on the wall clock: only of what filters alone found.
    """

    photo_ids: IntArray
    scores: FloatArray
    probabilities: NDArray[np.float64]
    phrase: Phrase | None
    not_analysed: tuple[int, ...] = ()
    parsed: ParsedQuery = field(default_factory=ParsedQuery)
    compared: Compared | None = None
    distances: FloatArray | None = None
    moments: IntArray | None = None

    def listed_distances(self) -> list[float | None]:
        """One a photo; None where there is none."""
        if self.distances is None:
            return [None] * len(self.photo_ids)
        return [None if np.isnan(distance) else float(distance) for distance in self.distances]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The answer as it is shown.

    ``known`` and ``unknown`` are the words of the phrase as typed; ``suggestions`` maps unknown words to
    known ones that are spelt alike; ``corrected`` maps misspelt words to what was read instead;
    ``not_analysed`` are the query's own photos (ids) that have no vectors yet and so could not be compared.
    ``parts`` are what the typed text was understood as, and ``filters`` what it asks for besides content;
    ``offers`` are times that its words may also mean. ``compared``: set when a descriptor was to compare photos.
    ``objects``: None unless the same object was searched for.
    """

    hits: tuple[Hit, ...]
    known: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    suggestions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    corrected: Mapping[str, str] = field(default_factory=dict)
    not_analysed: tuple[int, ...] = ()
    parts: tuple[QueryPart, ...] = ()
    filters: Filters = field(default_factory=Filters)
    offers: tuple[Offer, ...] = ()
    compared: Compared | None = None
    objects: ObjectSearch | None = None


def no_photos(parsed: ParsedQuery, wishes: Wishes) -> Ranking:
    """Nothing to show, with what was understood."""
    empty = np.empty(0, dtype=np.float32)
    return Ranking(
        np.empty(0, dtype=np.int64), empty, empty.astype(np.float64), wishes.phrase, tuple(wishes.not_analysed), parsed
    )
