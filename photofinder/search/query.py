"""What is asked: words, photos from anywhere, photos of the catalogue, or any mixture of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from photofinder.library.filters import Filters
from photofinder.library.places import Places
from photofinder.model.descriptors import Comparison
from photofinder.search.clauses import read_words, take_literals
from photofinder.search.exact_filters import Found, filters_of_times, find_filters, joined
from photofinder.search.moments import Moment, find_moments
from photofinder.search.parts import Offer, PartKind, QueryPart, without_part
from photofinder.search.place_words import find_places
from photofinder.search.typed import MAX_CHARACTERS, FoldedText, clean_text

__all__ = [
    "MAX_CHARACTERS",
    "Offer",
    "ParsedQuery",
    "PartKind",
    "PhotoVectorsOne",
    "Query",
    "QueryPart",
    "clean_text",
    "parse",
    "without_part",
]


_TIED = re.compile(r"\Apero\s+(?=\S)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, eq=False)
class PhotoVectorsOne:
    """The float32 unit vectors of one photo: ``feature`` (feature_dim,) and ``embedding``
    (embedding_dim,). ``described``: the raw numbers (dim,) of the descriptor that photos are compared by, if any.
    """

    feature: NDArray[np.float32]
    embedding: NDArray[np.float32]
    described: NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """One search.

    ``text`` is what was typed, in any state, in the grammar of ``parse``; ``photos`` are photos that need not be in
    the catalogue; ``photo_ids`` are photos of the catalogue, which are left out of their own results.
    ``photo_weights``: how much each of ``photos`` and then of ``photo_ids`` counts beside the words, 1 unless given; a
    negative one asks for what is not like that photo. ``liked`` and ``disliked`` are photos of the catalogue that the
    person called right and wrong answers: they bring what is like them forward or back, and stay in the answer.
    ``filters`` must hold besides those typed in ``text``. ``compare``: how photos are compared with photos; None for
    the features of the pack, which also stand in where the descriptor's vector is missing.
    """

    text: str = ""
    photos: tuple[PhotoVectorsOne, ...] = ()
    photo_ids: tuple[int, ...] = ()
    photo_weights: tuple[float, ...] = ()
    liked: tuple[int, ...] = ()
    disliked: tuple[int, ...] = ()
    filters: Filters = field(default_factory=Filters)
    compare: Comparison | None = None


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """What a typed text asks for.

    ``clauses``: each is a tuple of alternatives («o», and then the whole), of which the best counts; all clauses must
    hold. ``without``: phrases that the photo must not answer. ``parts``: disjoint, in the order of the text.
    ``offers``: times and a place that some of the words may also mean; nothing is filtered by them.
    """

    clauses: tuple[tuple[str, ...], ...] = ()
    without: tuple[str, ...] = ()
    filters: Filters = field(default_factory=Filters)
    parts: tuple[QueryPart, ...] = ()
    offers: tuple[Offer, ...] = ()


def parse(text: str, today: date, southern: bool = False, places: Places | None = None) -> ParsedQuery:
    """Understand a typed search (``docs/SEARCH.md`` has the grammar); any string is accepted.

    ``today`` is what «ayer» counts from; ``southern``: whether summer is in January; ``places``: where photos were
    taken, without which «en Sevilla» is only words.
    """
    phrase = clean_text(text)
    if not phrase:
        return ParsedQuery()
    folded = FoldedText(text)
    exact = find_filters(folded, today, southern)
    literals = take_literals(folded)
    moments, offers = find_moments(folded, today, southern)
    where, place_offers = find_places(folded, places or Places())
    words = read_words(folded, literals)

    def part(kind: PartKind, start: int, end: int, label: str | None = None) -> QueryPart:
        first, last = folded.span(start, end)
        return QueryPart(kind, text[first:last], first, last, label)

    parts = [part(one.kind, one.start, one.end, one.label) for one in exact]
    for moment in moments:
        label = moment.when.label
        parts.append(part(PartKind.TIME, moment.start, moment.end, f"-{label}" if moment.negated else label))
    parts += [part(PartKind.PLACE, one.start, one.end, one.label) for one in where]
    parts += [part(PartKind.WITHOUT, one.start, one.end, ", ".join(one.phrases)) for one in words.unwanted]
    parts += [part(PartKind.WORDS, *run) for run in words.runs]
    if not parts:  # «¿?», «🐶»: nothing the grammar reads, but something was asked
        start = len(text) - len(text.lstrip())
        parts = [QueryPart(PartKind.WORDS, text.strip(), start, start + len(text.strip()))]
        return ParsedQuery(clauses=((phrase,),), parts=tuple(parts))
    filters = filters_of_times(
        [(one.when, False) for one in exact if one.when is not None] + [(one.when, one.negated) for one in moments]
    )
    for one in exact:
        filters = joined(filters, one.filters or Filters())
    for place in where:
        filters = joined(filters, place.filters)
    alternatives = words.alternatives
    if len(parts) == 1 and len(alternatives) == 1 and not literals:
        # plain words: as they are, with whatever stands between them; «pero» ties them to a photo beside them
        alternatives = (_TIED.sub("", phrase),)
    return ParsedQuery(
        clauses=(alternatives,) if alternatives else (),
        without=tuple(phrase for one in words.unwanted for phrase in one.phrases),
        filters=filters,
        parts=tuple(sorted(parts, key=lambda one: one.start)),
        offers=(*(() if _has_time(exact, moments) else offers), *(() if _has_place(exact) else place_offers)),
    )


def _has_place(exact: Sequence[Found]) -> bool:
    return any(one.kind is PartKind.PLACE for one in exact)


def _has_time(exact: Sequence[Found], moments: Sequence[Moment]) -> bool:
    """Whether a time was given besides, so that offering another one would only confuse."""
    return bool(moments) or any(one.when is not None for one in exact)
