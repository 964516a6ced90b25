"""What photos say of words: the text side of a joint space corrected by the photos it is compared with. NumPy only.

Captions teach the text side, and each says much of one photo. Three corrections come from all captioned photos at once,
in closed form (``training.lexicon``; measured: docs/MODEL.md):

- The head of the photos adds what the pooled feature says to the trained embedding and brings both to one vector
  (``projection``); phrases follow into that space.
- Fisher's linear discriminant (Fisher 1936) of a word is the mean of the photos whose captions hold it, less that of
  all, times the inverse covariance of photos. It is what tells these photos from others, and stands in the lexicon.
- The same inverse covariance is applied to every phrase: what most photos differ in counts less.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from photofinder.model import spanish

FloatArray = NDArray[np.float32]

SHARE = 1.0
"""Of the sharpened vector beside 1 of the vector itself."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """``projection`` (t, d): from what the text side says to the photos' space; ``usual`` (d,): the mean phrase there.

    ``precision`` (d, d): inverse covariance of photos. ``keys`` (n,) sorted; ``vectors`` (n, d): the discriminant of
    each word; its length, below 1, is how much it counts beside the text side.
    """

    projection: FloatArray
    usual: FloatArray
    precision: FloatArray
    keys: NDArray[np.uint32]
    vectors: NDArray[np.float16]

    @classmethod
    def read(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Lexicon | None:
        """From the arrays of ``caption.npz``; None for a pack without. Raises KeyError when some are missing."""
        if "lexicon" not in arrays:
            return None
        projection, usual, precision = (
            arrays[name].astype(np.float32) for name in ("projection", "usual", "precision")
        )
        keys, vectors = arrays["lexicon_keys"].astype(np.uint32), arrays["lexicon"].astype(np.float16)
        return cls(projection, usual, precision, keys, vectors)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """As ``read`` takes them."""
        return {
            "projection": self.projection.astype(np.float16),
            "usual": self.usual,
            "precision": self.precision.astype(np.float16),
            "lexicon_keys": self.keys,
            "lexicon": self.vectors,
        }

    def phrases(self, vectors: FloatArray) -> FloatArray:
        """What the text side makes of phrases ``(n, t)`` as it is compared with photos, ``(n, d)``; unit norm.

        What most photos differ in counts less.
        """
        there = unit_rows(vectors @ self.projection)
        beside = unit_rows((there - self.usual) @ self.precision)
        return unit_rows(there + np.float32(SHARE) * beside)

    def words(self, words: Sequence[str], vectors: FloatArray) -> FloatArray:
        """The same of folded words ``(n, t)``, each as a phrase of its own; those it has are drawn to their photos."""
        result = self.phrases(vectors)
        if not len(self.keys):
            return result
        keys = feature_keys(spanish.stem(word) for word in words)
        rows = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        found = self.keys[rows] == keys
        drawn = self.vectors[rows[found]].astype(np.float32)
        own = 1 - np.linalg.norm(drawn, axis=1, keepdims=True)
        result[found] = unit_rows(own * result[found] + drawn)
        return result


def feature_keys(names: Iterable[str]) -> NDArray[np.uint32]:
    """CRC-32 of each feature's text; of its stem for a word of the lexicon, so that inflections share a place."""
    return np.fromiter((zlib.crc32(name.encode()) for name in names), dtype=np.uint32)


def unit_rows(vectors: NDArray[np.floating]) -> FloatArray:
    """Each row of ``(n, d)`` divided by its length; a row of zeros stays."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)
