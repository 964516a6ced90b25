"""Why a photo was found: where in it is what was asked for, and which words lie nearest to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from photofinder.model import spanish
from photofinder.model.caption import CaptionRegressor
from photofinder.search.calibration import SimilarWeights
from photofinder.search.query import PhotoVectorsOne
from photofinder.search.vectors import FloatArray

_SPREAD = 1.0
"""Standard deviation, in places of the feature map, of what is left out at a time."""
_VOCABULARY = 3000
_LEAST_LETTERS = 3
_FIRM = 0.1
"""Added to the deviation of a word over other photos: of a few photos it is no more than a guess."""


class Spatial(Protocol):
    """The features of each place of a photo: ``model.visual.SpatialFeatures``."""

    @property
    def features(self) -> FloatArray:
        """(rows, columns, feature_dim)."""

    @property
    def box(self) -> tuple[float, float, float, float]:
        """What part of the photo they are of: left, top, right, bottom in [0, 1]."""


class Network(Protocol):
    """What of a ``model.visual.VisualNetwork`` is needed."""

    def spatial(self, image: NDArray[np.uint8]) -> Spatial:
        """The features of each place."""

    def embed(self, features: FloatArray) -> FloatArray:
        """Raw pooled features to unit embeddings."""


Score = Callable[[FloatArray], FloatArray]
"""Raw pooled features ``(n, feature_dim)`` to how well each answers ``(n,)``."""


@dataclass(frozen=True, slots=True, eq=False)
class HeatMap:
    """``heat`` (rows, columns) float32 in [0, 1]: how much each place speaks for the photo; of its part ``box``."""

    heat: FloatArray
    box: tuple[float, float, float, float]


def heat_map(image: NDArray[np.uint8], network: Network, score: Score) -> HeatMap:
    """How much worse the photo would answer without each place, found by leaving it out of the pooled feature.

    1 is the place that matters most; all is 0 when no place speaks for the photo.
    """
    spatial = network.spatial(image)
    rows, columns, dim = spatial.features.shape
    places = spatial.features.reshape(-1, dim)
    y, x = np.divmod(np.arange(len(places)), columns)
    squares = np.square(y[:, None] - y[None]) + np.square(x[:, None] - x[None])
    kept = 1.0 - np.exp(-squares / (2 * _SPREAD**2))
    kept /= np.maximum(kept.sum(1, keepdims=True), 1e-6)
    pooled = np.concatenate([places.mean(0, keepdims=True), kept.astype(np.float32) @ places])
    scores = score(np.ascontiguousarray(pooled, dtype=np.float32))
    lost = np.maximum(scores[0] - scores[1:], 0.0)
    most = float(lost.max(initial=0.0))
    heat = lost / most if most > 1e-6 else np.zeros_like(lost)
    return HeatMap(heat.reshape(rows, columns).astype(np.float32), spatial.box)


def text_score(network: Network, vectors: Sequence[FloatArray]) -> Score:
    """Likeness to phrases: the mean of their cosines."""
    wanted = np.mean(np.stack(vectors), axis=0)
    return lambda features: network.embed(features) @ wanted


def photo_score(network: Network, example: PhotoVectorsOne, weights: SimilarWeights) -> Score:
    """Likeness to a photo, mixed of the cosines of features and embeddings as in a search."""

    def score(features: FloatArray) -> FloatArray:
        unit = features / np.maximum(np.linalg.norm(features, axis=1, keepdims=True), 1e-6)
        mixed = weights.feature * (unit @ example.feature)
        if weights.embedding:
            mixed = mixed + weights.embedding * (network.embed(features) @ example.embedding)
        return np.asarray(mixed, dtype=np.float32)

    return score


class NearestWords:
    """The words that a photo answers better than other photos do."""

    def __init__(self, regressor: CaptionRegressor) -> None:
        """Embeds the most frequent words once: a second's work."""
        found: list[tuple[str, FloatArray]] = []
        stems: set[str] = set()
        for word in regressor.vocabulary[:_VOCABULARY]:
            folded = spanish.fold(word)
            stem = spanish.stem(folded)
            if len(word) < _LEAST_LETTERS or spanish.is_function_word(folded) or stem in stems:
                continue
            if (vector := regressor(word).vector) is not None:
                stems.add(stem)
                found.append((word, vector))
        self._words = [word for word, _ in found]
        self._matrix = np.stack([vector for _, vector in found]) if found else np.empty((0, 0), np.float32)

    def of(self, embedding: FloatArray, others: FloatArray, limit: int = 8) -> tuple[str, ...]:
        """The nearest words of an embedding ``(d,)``, nearest first; ``others`` ``(n, d)``: those of other photos.

        A word that is near to every photo says nothing: likeness counts in standard deviations over ``others``.
        """
        if not self._words:
            return ()
        own = self._matrix @ embedding
        if len(others) > 1:
            usual = self._matrix @ others.T
            own = (own - usual.mean(1)) / (usual.std(1) + _FIRM)
        return tuple(self._words[place] for place in np.argsort(-own)[:limit])
