"""Perceptual hashes of very small pictures, and the pairs whose hashes hardly differ, without comparing all with all.

The hash is the sign of the lowest frequencies (a cosine transform, as in Zauner 2010, chapter 3.2.1): compressing,
resizing, lighting and watermarks turn few of its bits, cutting and mirroring turn many.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from photofinder.library.look import TINY_SIDE

IntArray = NDArray[np.int64]

WORDS = 4
"""Of 64 bits: the hash has 16 x 16 frequencies, of which the first, the mean, is no bit of it (it is always 0)."""
_SIDE = 16
_COARSE = 8
_BANDS, _BITS = 4, 16
_BESIDE = 24
_CHUNK = 8192
_FLATTEST = 2.0


def hashes_of(tinies: NDArray[np.uint8]) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Hashes ``(n, 4)`` uint64 of pictures ``(n, 32, 32)`` uint8, and coarse ones ``(n,)`` of 8 x 8 frequencies."""
    fine = np.empty((len(tinies), WORDS), dtype=np.uint64)
    coarse = np.empty(len(tinies), dtype=np.uint64)
    for start in range(0, len(tinies), _CHUNK):
        stop = start + _CHUNK
        waves = _WAVES @ tinies[start:stop].astype(np.float32) @ _WAVES.T
        fine[start:stop] = _packed(waves)
        coarse[start:stop] = _packed(waves[:, :_COARSE, :_COARSE])[:, 0]
    return fine, coarse


def has_shape(tinies: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Whether there is anything to compare in pictures ``(n, 32, 32)``: an even grey has no frequencies but noise."""
    return np.asarray(tinies.std(axis=(1, 2), dtype=np.float32) > _FLATTEST)


def distance(some: NDArray[np.uint64], others: NDArray[np.uint64]) -> IntArray:
    """How many bits differ, row by row ``(n, 4)``; 0 to 255."""
    differing: IntArray = np.bitwise_count(some ^ others).sum(axis=1, dtype=np.int64)
    return differing


def close_pairs(coarse: NDArray[np.uint64], moments: IntArray) -> Iterator[tuple[IntArray, IntArray]]:
    """Pairs of rows, the smaller first, whose coarse hashes may differ by at most 7 bits; more than those, and again.

    Multi-index hashing (Norouzi, Punjani, Fleet 2012): of two hashes that differ by 7 bits at most one of four bands
    of 16 bits differs by at most one bit. A band of one value that thousands of photos share (a camera before a wall
    for a day) is not paired in full: each photo with the 24 that follow it in time.
    """
    everyone = np.arange(len(coarse))
    for band in range(_BANDS):
        codes = ((coarse >> np.uint64(_BITS * band)) & np.uint64(2**_BITS - 1)).astype(np.int64)
        order = np.lexsort((everyone, moments, codes))
        ordered = codes[order]
        last = np.searchsorted(ordered, ordered, side="right")
        for step in range(1, _BESIDE + 1):
            first = np.flatnonzero(np.arange(len(order)) + step < last)
            if not len(first):
                break
            yield _ascending(order[first], order[first + step])
        starts = np.searchsorted(ordered, np.arange(2**_BITS + 1))
        for bit in range(_BITS):
            other = codes ^ (1 << bit)
            rows = np.flatnonzero(codes < other)
            low, high = starts[other[rows]], starts[other[rows] + 1]
            for step in range(_BESIDE):
                inside = low + step < high
                if not inside.any():
                    break
                yield _ascending(rows[inside], order[low[inside] + step])


def _ascending(some: IntArray, others: IntArray) -> tuple[IntArray, IntArray]:
    return np.minimum(some, others), np.maximum(some, others)


def _packed(waves: NDArray[np.float32]) -> NDArray[np.uint64]:
    """Which frequencies are above their median, as words of 64 bits; the mean of the picture counts as below."""
    flat = waves.reshape(len(waves), -1)
    bits = flat > np.median(flat[:, 1:], axis=1, keepdims=True)
    bits[:, 0] = False
    return np.packbits(bits, axis=1).view(np.uint64)


def _waves() -> NDArray[np.float32]:
    frequency, place = np.arange(_SIDE)[:, None], np.arange(TINY_SIDE)[None]
    return np.asarray(np.cos(np.pi * (2 * place + 1) * frequency / (2 * TINY_SIDE)), dtype=np.float32)


_WAVES = _waves()
