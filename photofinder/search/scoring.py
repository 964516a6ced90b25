"""Scores of photos: cosines with words and with photos, and how several wishes become one number.

Every wish is first turned into log-odds by its calibration, so that words and photos can be weighed against each
other. How wishes combine was measured; ``docs/SEARCH.md`` has the figures and the command.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from photofinder.search.calibration import SimilarWeights
from photofinder.search.query import PhotoVectorsOne
from photofinder.search.vectors import FloatArray, IntArray, VectorTable

if TYPE_CHECKING:
    from photofinder.search.described import Described


def all_of(logits: Sequence[FloatArray]) -> FloatArray:
    """Log-odds that every wish holds: their mean, so that none is ignored and none decides alone."""
    return np.asarray(np.mean(np.stack(logits), axis=0), dtype=np.float32)


def any_of(logits: Sequence[FloatArray]) -> FloatArray:
    """Log-odds that one of several alternatives holds: those of the best one."""
    return np.asarray(np.max(np.stack(logits), axis=0), dtype=np.float32)


UNWANTED_WEIGHT = 0.3
UNWANTED_SHIFT = 5.0
"""How «sin» counts: weight and shift of ``but_not``, chosen on captioned training photos (``training/wishes.py``)."""
UNWANTED_USUAL = -4.4
"""Log-odds of a photo with a phrase: the median of the captioned training photos with 1,605 named concepts."""

LIKED_WEIGHT = 20.0
DISLIKED_WEIGHT = 10.0
"""Log-odds for a cosine of 1 with what was liked or disliked (``training/wishes.py``)."""
SURE_BY_LIKES = 0.25
"""The share of that which counts for how sure an answer is: all of it puts photos in order (docs/SEARCH.md)."""


def unwanted_loss(other: FloatArray, weight: float = UNWANTED_WEIGHT, shift: float = UNWANTED_SHIFT) -> FloatArray:
    """What a photo loses for log-odds ``other`` of showing what is unwanted: ``weight * log(1 + exp(other + shift))``.

    Less what a usual photo would lose, so that it loses nothing and one that lacks it more than others gains a little
    (0.31 at most): otherwise every «sin» would make all answers look less sure. -inf, a photo without features, neither
    loses nor gains.
    """
    usual = np.logaddexp(0.0, UNWANTED_USUAL + shift)
    loss = np.float32(weight) * (np.logaddexp(np.float32(0), other + np.float32(shift)) - np.float32(usual))
    return np.asarray(np.where(np.isneginf(other), np.float32(0), loss), dtype=np.float32)


def but_not(logit: FloatArray | None, unwanted: Sequence[FloatArray], weights: Sequence[float]) -> FloatArray:
    """Log-odds after taking away, for each unwanted thing and as often as its weight says, ``unwanted_loss``.

    ``logit`` None: nothing else is asked for, and the log-odds of showing nothing unwanted are the answer.
    """
    if logit is None:
        return np.asarray(-any_of(unwanted), dtype=np.float32)
    result = logit.copy()
    for other, weight in zip(unwanted, weights, strict=True):
        result -= np.float32(weight) * unwanted_loss(other)
    return np.asarray(result, dtype=np.float32)


def by_likes(liked: Sequence[FloatArray], disliked: Sequence[FloatArray]) -> FloatArray:
    """How log-odds change, ``(n,)``, by what the person called right and wrong: cosines ``(n,)`` of each such photo, of
    which there is at least one (Rocchio 1971).

    The mean change over all photos is taken out, so that a like says which photos, not how many.
    """
    parts = [
        np.float32(weight) * np.mean(np.stack(cosines), axis=0)
        for cosines, weight in ((liked, LIKED_WEIGHT), (disliked, -DISLIKED_WEIGHT))
        if cosines
    ]
    change = np.stack(parts).sum(0)
    return np.asarray(change - (change.mean() if len(change) else 0), dtype=np.float32)


def weighed(by_text: FloatArray | None, by_photo: FloatArray | None, weight: float) -> FloatArray | None:
    """Log-odds of words and photos together: their mean, in which the photos count ``weight`` times."""
    if by_text is None or by_photo is None:
        return by_photo if by_text is None else by_text
    return np.asarray((by_text + np.float32(weight) * by_photo) / np.float32(1 + weight), dtype=np.float32)


class Scorer:
    """Cosines of catalogued photos (rows of the table of embeddings) with vectors."""

    def __init__(
        self,
        embeddings: VectorTable,
        features: VectorTable,
        weights: SimilarWeights,
        described: Described | None = None,
    ) -> None:
        """``described``: whose distances put photos in order where they are compared with photos."""
        self._embeddings = embeddings
        self._features = features
        self._weights = weights
        self._described = described

    def text(self, rows: IntArray, vector: FloatArray) -> FloatArray:
        """Cosines ``(len(rows),)`` with a phrase."""
        return self._embeddings.cosines(vector, rows)

    def photo(self, rows: IntArray, example: PhotoVectorsOne) -> FloatArray:
        """Likeness ``(len(rows),)`` to a photo, or to a mean of photos; -inf for a photo without features."""
        likeness = np.float32(self._weights.feature) * self._feature_cosines(rows, example.feature)
        if self._weights.embedding:
            likeness += np.float32(self._weights.embedding) * self._embeddings.cosines(example.embedding, rows)
        return self._in_its_order(likeness, rows, example)

    def marked(self, rows: IntArray, photo: PhotoVectorsOne) -> FloatArray:
        """Cosines ``(len(rows),)`` with the embedding of a photo that was called a right or a wrong answer."""
        return self._in_its_order(self.text(rows, photo.embedding), rows, photo)

    def _in_its_order(self, likeness: FloatArray, rows: IntArray, photo: PhotoVectorsOne) -> FloatArray:
        if self._described is None or photo.described is None:
            return likeness
        return self._described.reordered(likeness, self._embeddings.ids[rows], photo.described)

    def _feature_rows(self, rows: IntArray) -> IntArray:
        """Rows of the table of features for the same photos; both tables mostly have the same photos in one order."""
        ids = self._embeddings.ids[rows]
        if len(self._features) == len(self._embeddings) and np.array_equal(self._features.ids[rows], ids):
            return rows
        return self._features.rows_of(ids)

    def _feature_cosines(self, rows: IntArray, vector: FloatArray) -> FloatArray:
        feature_rows = self._feature_rows(rows)
        there = feature_rows >= 0
        there[there] = self._features.usable[feature_rows[there]]
        cosines = np.full(len(rows), -np.inf, dtype=np.float32)
        cosines[there] = self._features.cosines(vector, feature_rows[there])
        return cosines


def mean_photo(photos: Sequence[PhotoVectorsOne], weights: Sequence[float]) -> PhotoVectorsOne:
    """The weighted mean of photos (not unit when several); weights > 0."""
    share = np.asarray(weights, dtype=np.float32) / np.float32(sum(weights))
    described = [one.described for one in photos if one.described is not None]
    return PhotoVectorsOne(
        share @ np.stack([one.feature for one in photos]),
        share @ np.stack([one.embedding for one in photos]),
        share @ np.stack(described) if len(described) == len(photos) else None,
    )
