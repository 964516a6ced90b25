"""Inverted lists: for each visual word, which photos have it and with which signature. Derived from the catalogue.

A photo's points lie in the catalogue; what is here only says quickly which photos are worth a look.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float32]

MOST_APART = 22
"""Bits of 64 in which two signatures may differ to count as the same; chance alone gives 32 on average."""


@dataclass(frozen=True, slots=True, eq=False)
class ObjectLists:
    """The lists of ``n`` photos with ``m`` points; the arrays may be mapped from a file.

    ``ids`` and ``revisions`` ``(n,)`` int64, ``sizes`` ``(n,)`` uint16: points of each photo. ``offsets``
    ``(words + 1,)`` int64: where in ``rows`` ``(m,)`` uint32 and ``signatures`` ``(m,)`` uint64 each word's list lies.
    """

    ids: IntArray
    revisions: IntArray
    sizes: NDArray[np.uint16]
    offsets: IntArray
    rows: NDArray[np.uint32]
    signatures: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def of(
        cls, words: int, ids: Sequence[int], revisions: Sequence[int], points: Sequence[NDArray[np.void]]
    ) -> ObjectLists:
        """From the kept points of photos."""
        sizes = np.array([len(one) for one in points], dtype=np.uint16)
        every = np.concatenate(points) if points else np.empty(0, dtype=[("word", "<u2"), ("signature", "<u8")])
        order = np.argsort(every["word"], kind="stable")
        return cls(
            np.asarray(ids, dtype=np.int64),
            np.asarray(revisions, dtype=np.int64),
            sizes,
            np.concatenate([[0], np.bincount(every["word"], minlength=words).cumsum()]).astype(np.int64),
            np.repeat(np.arange(len(points), dtype=np.uint32), sizes)[order],
            every["signature"][order],
        )

    def votes(self, asked: NDArray[np.void], weights: FloatArray) -> FloatArray:
        """How much speaks for each photo, ``(n,)``: TF-IDF over points whose signatures agree, too.

        ``asked``: points by word; ``weights`` ``(words,)``: squared IDF. A vote counts more the nearer the signatures.
        """
        total = np.zeros(len(self), dtype=np.float32)
        for word, signature in zip(asked["word"].tolist(), asked["signature"], strict=True):
            start, end = int(self.offsets[word]), int(self.offsets[word + 1])
            if start == end:
                continue
            apart = np.bitwise_count(self.signatures[start:end] ^ signature)
            near = np.flatnonzero(apart <= MOST_APART)
            if len(near):
                rows = self.rows[start:end][near].astype(np.int64)
                np.add.at(total, np.minimum(rows, len(total) - 1), weights[word] * _WORTH[apart[near]])
        lengths = np.sqrt(np.maximum(self.sizes, _FEW)).astype(np.float32)
        return np.asarray(total / lengths, dtype=np.float32)


def idf(words: int, photos: int, lists: Iterable[ObjectLists]) -> FloatArray:
    """Squared inverse document frequency of every word, ``(words,)``."""
    counts = np.zeros(words, dtype=np.float64)
    for one in lists:
        counts += np.diff(one.offsets)
    return np.asarray(np.log(np.maximum(photos, 1) / np.maximum(counts, 1) + 1) ** 2, dtype=np.float32)


_WORTH = np.exp(-((np.arange(65) / 16.0) ** 2)).astype(np.float32)
"""Of a vote by how far the signatures are apart (Jégou, Douze and Schmid 2009)."""
_FEW = 50
"""Photos with fewer points count as if they had so many, or one chance match would carry an empty sky to the front."""
