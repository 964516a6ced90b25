"""What photos say of words: the text side of a joint space corrected by the photos it is compared with. NumPy only.

Captions teach the text side, and each says much of one photo. Two corrections come from all captioned photos at once,
in closed form (``training.lexicon``; measured: docs/MODEL.md):

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

SHARE = 0.5
"""Of the sharpened vector beside 1 of the vector itself."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """``usual`` (d,): the mean phrase; ``precision`` (d, d): inverse covariance of photos; ``keys`` (n,) sorted.

    ``vectors`` (n, d): the discriminant of each word; its length, below 1, is how much it counts beside the text side.
    """

    usual: FloatArray
    precision: FloatArray
    keys: NDArray[np.uint32]
    vectors: NDArray[np.float16]

    @classmethod
    def read(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Lexicon | None:
        """From the arrays of ``caption.npz``; None for a pack without. Raises KeyError when some are missing."""
        if "lexicon" not in arrays:
            return None
        usual, precision = (arrays[name].astype(np.float32) for name in ("usual", "precision"))
        return cls(usual, precision, arrays["lexicon_keys"].astype(np.uint32), arrays["lexicon"].astype(np.float16))

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """As ``read`` takes them."""
        return {
            "usual": self.usual,
            "precision": self.precision.astype(np.float16),
            "lexicon_keys": self.keys,
            "lexicon": self.vectors,
        }

    def sharpened(self, vectors: FloatArray) -> FloatArray:
        """Unit vectors ``(n, d)`` of phrases or words, with less of what most photos differ in; unit norm."""
        beside = _unit(np.asarray((vectors - self.usual) @ self.precision, dtype=np.float32))
        return _unit(np.asarray(vectors + np.float32(SHARE) * beside, dtype=np.float32))

    def taught(self, words: Sequence[str], vectors: FloatArray) -> FloatArray:
        """Sharpened vectors ``(n, d)`` of folded words, those of known words drawn to their photos; unit norm."""
        if not len(self.keys):
            return vectors
        keys = feature_keys(spanish.stem(word) for word in words)
        rows = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        found = self.keys[rows] == keys
        result = vectors.copy()
        drawn = self.vectors[rows[found]].astype(np.float32)
        own = 1 - np.linalg.norm(drawn, axis=1, keepdims=True)
        result[found] = _unit(own * vectors[found] + drawn)
        return result


def feature_keys(names: Iterable[str]) -> NDArray[np.uint32]:
    """CRC-32 of each feature's text; of its stem for a word of the lexicon, so that inflections share a place."""
    return np.fromiter((zlib.crc32(name.encode()) for name in names), dtype=np.uint32)


def _unit(vectors: FloatArray) -> FloatArray:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)
