"""What is asked for, as vectors: collected from the words and the photos of a query before anything is scored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from photofinder.model.caption import Phrase
from photofinder.search.query import PhotoVectorsOne
from photofinder.search.vectors import FloatArray


@dataclass(frozen=True, slots=True)
class PhraseVectors:
    """A phrase that photos are compared with: its unit vector ``whole`` ``(d,)``, and those of its content ``words``,
    each asked for alone, ``(k, d)``."""

    whole: FloatArray
    words: FloatArray


@dataclass(slots=True)
class Wishes:
    """Vectors of what should be in the photo and of what should not.

    ``clauses``: all must hold, of each the best alternative counts. ``examples`` with positive ``weights``, ``unlike``
    with positive ``unlike_weights``. ``liked`` and ``disliked``: photos of answers. ``phrase``: all the words
    together, for telling which were understood. ``not_analysed`` and ``not_described``: catalogued photos of the query
    without vectors, and without the descriptor's.
    """

    phrase: Phrase | None = None
    clauses: list[list[PhraseVectors]] = field(default_factory=list)
    without: list[FloatArray] = field(default_factory=list)
    examples: list[PhotoVectorsOne] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    unlike: list[PhotoVectorsOne] = field(default_factory=list)
    unlike_weights: list[float] = field(default_factory=list)
    liked: list[PhotoVectorsOne] = field(default_factory=list)
    disliked: list[PhotoVectorsOne] = field(default_factory=list)
    not_analysed: list[int] = field(default_factory=list)
    not_described: list[int] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether there is anything to compare photos with."""
        return bool(self.clauses or self.without or self.examples or self.unlike)

    @property
    def has_likes(self) -> bool:
        """Whether the person called any answer right or wrong."""
        return bool(self.liked or self.disliked)

    @property
    def is_one_phrase(self) -> bool:
        """Whether one phrase is all there is."""
        alone = not (self.without or self.examples or self.unlike or self.has_likes)
        return alone and len(self.clauses) == 1 and len(self.clauses[0]) == 1

    @property
    def names_several_things(self) -> bool:
        """Whether any phrase has more than one content word."""
        return any(len(phrase.words) > 1 for clause in self.clauses for phrase in clause)

    @property
    def is_photos_alone(self) -> bool:
        """Whether photos to be like are all there is."""
        return bool(self.examples) and not (self.clauses or self.without or self.unlike or self.has_likes)

    @property
    def text_share(self) -> float:
        """How much of what is asked are words: 1 without photos to be like, one half with one of weight 1."""
        return 1 / (1 + self.photo_weight) if self.examples else 1.0

    @property
    def photo_weight(self) -> float:
        """How often the photos to be like count beside the words."""
        return float(np.mean(self.weights or [1.0]))

    @property
    def photos(self) -> list[PhotoVectorsOne]:
        """Every photo that photos are compared with."""
        return [*self.examples, *self.unlike, *self.liked, *self.disliked]

    def add_photo(self, photo: PhotoVectorsOne, weight: float) -> None:
        """A photo to be like (weight > 0) or unlike (< 0); of weight 0 it is asked for nothing."""
        if weight > 0:
            self.examples.append(photo)
            self.weights.append(weight)
        elif weight < 0:
            self.unlike.append(photo)
            self.unlike_weights.append(-weight)


def joined(phrases: Sequence[Phrase]) -> Phrase:
    """What was understood of several phrases; together they have no vector."""
    if len(phrases) == 1:
        return phrases[0]
    corrected: dict[str, str] = {}
    for phrase in phrases:
        corrected.update(phrase.corrected)
    return Phrase(
        " ".join(phrase.text for phrase in phrases),
        None,
        tuple(dict.fromkeys(word for phrase in phrases for word in phrase.known)),
        tuple(dict.fromkeys(word for phrase in phrases for word in phrase.unknown)),
        corrected,
    )
