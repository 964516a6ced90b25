"""Pairs of photos with nearly the same vector, without comparing all with all: exactly, inside overlapping cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float32]

_CELL = 192
"""Photos a cell, on average, if each were in one; each is in two."""
_MOST = 2048
_CHUNK = 2048
NEIGHBOUR = 16
"""Of the neighbours in its cells this one says how many photos there are that are alike anyway."""


@dataclass(frozen=True, slots=True, eq=False)
class Close:
    """Pairs of rows, the smaller first, and their cosines, ``(m,)`` each; ``done`` of ``total`` cells."""

    first: IntArray
    second: IntArray
    cosines: FloatArray
    done: int
    total: int


def close_in_cells(
    vectors: NDArray[np.float16], moments: IntArray, least: float, crowding: FloatArray, seed: int = 0
) -> Iterator[Close]:
    """The pairs of unit vectors ``(n, d)`` with a cosine of at least ``least`` that share a cell; some come twice.

    Cells are the places nearest to randomly chosen photos; a photo belongs to the two nearest. One that holds more
    than 2,048 is cut into stretches of time. ``crowding`` (n,) float32 is raised to each photo's cosine with its 16th
    neighbour in a cell: where that is high, photos are alike without being copies.
    """
    for done, (rows, total) in enumerate(_cells(vectors, moments, seed), start=1):
        members = vectors[rows].astype(np.float32)
        cosines = members @ members.T
        np.fill_diagonal(cosines, -1.0)
        if len(rows) > NEIGHBOUR:
            beside = np.partition(cosines, -NEIGHBOUR, axis=1)[:, -NEIGHBOUR]
            crowding[rows] = np.maximum(crowding[rows], beside)
        one, other = np.nonzero(np.triu(cosines >= least, 1))
        yield Close(
            np.minimum(rows[one], rows[other]), np.maximum(rows[one], rows[other]), cosines[one, other], done, total
        )


def _cells(vectors: NDArray[np.float16], moments: IntArray, seed: int) -> Iterator[tuple[IntArray, int]]:
    """The rows of each cell, and how many cells there are."""
    count = len(vectors)
    number = max(1, count // _CELL)
    if number == 1:
        yield np.arange(count), 1
        return
    centres = vectors[np.sort(np.random.default_rng(seed).choice(count, number, replace=False))].astype(np.float32)
    nearest = np.empty((count, 2), dtype=np.int64)
    for start in range(0, count, _CHUNK):
        cosines = vectors[start : start + _CHUNK].astype(np.float32) @ centres.T
        nearest[start : start + _CHUNK] = np.argpartition(cosines, -2, axis=1)[:, -2:]
    cells = nearest.ravel()
    order = np.lexsort((np.repeat(moments, 2), cells))
    ends = np.searchsorted(cells[order], np.arange(number + 1))
    stretches = [
        (low, min(low + _MOST, high))
        for first, high in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)
        for low in range(first, high, _MOST)
    ]
    for low, high in stretches:
        yield order[low:high] // 2, len(stretches)
