"""Which photos show the same picture, and which were taken in one go: by hash, by vector, by when and with what."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from photofinder.albums.alignment import correlation, straight_correlation
from photofinder.albums.cells import close_in_cells
from photofinder.albums.hashes import close_pairs, distance, has_shape, hashes_of

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float32]

HASH_LIMIT = 48
"""Bits of 255 in which the hashes of one picture differ at most. Of 230,000 pairs of different validation photos the
closest differ in 88, and 1 in 10,000 in 96 or less."""
LEAST_COSINE = 0.90
"""Of vectors of one picture, where the library has no photos that are alike anyway."""
MOST_COSINE = 0.985
"""The same where photos are alike anyway: 15 of the neighbours of a photo are nearly this close."""
LEAST_CORRELATION = 0.95
"""Of the very small pictures of two photos with close vectors, cut and mirrored as they may be."""
HASH_CORRELATION = 0.9
BURST_SECONDS = 10
"""Within which photos may be of one burst, if their very small pictures fit upon each other."""
BURST_CORRELATION = 0.8
"""So well, and the vectors have at least the next. Chosen on bursts of training photos (``training/bursts.py``): of
others taken in the same seconds none reached 0.77."""
BURST_LEAST_COSINE = 0.4
QUICK_SECONDS = 3
"""Within which a scene may also move more than that, if it is still the same by its vector."""
QUICK_COSINE = 0.88
"""By the vectors of the bundled pack. Of training photos of the same seconds wrong pairs fall with it to 0.89 and no
more; real series move more than those photos do, so it stays a little below."""
QUICK_CORRELATION = 0.4
QUICK_SURE = 0.92
"""Of vectors so close that the pictures need not fit at all: a flock of birds, a dance."""
_BURST_CHUNK = 4_096
_BURST_BESIDE = 4
_CROWDED = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Described:
    """``n`` photos as they are compared, in the order of their ids.

    ``features`` (n, d) float16 of unit norm, a row of zeros where there is none; ``tinies`` (n, 32, 32) uint8, all 0
    where there is none; ``moments`` (n,) seconds, of which ``timed`` (n,) were written by a camera, ``cameras`` (n,)
    a number for each camera.
    """

    features: NDArray[np.float16]
    tinies: NDArray[np.uint8]
    moments: IntArray
    timed: NDArray[np.bool_]
    cameras: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Pairs of rows, the smaller first, ``(m,)`` each; ``strength`` in [0, 1] orders them."""

    first: IntArray
    second: IntArray
    strength: FloatArray

    def __len__(self) -> int:
        return len(self.first)


@dataclass(frozen=True, slots=True)
class Alike:
    """What ``alike_pairs`` found: pairs that show one picture, and pairs taken in one go."""

    same: Pairs
    bursts: Pairs


def alike_pairs(described: Described) -> Generator[tuple[int, int], None, Alike]:
    """Find both kinds of pairs; yields how many steps of how many are done, and may be closed at any of them."""
    by_hash = _by_hash(described)
    crowding = np.zeros(len(described.moments), dtype=np.float32)
    found: list[tuple[IntArray, IntArray]] = []
    rows = np.flatnonzero(described.features.any(axis=1))
    features = described.features if len(rows) == len(described.features) else described.features[rows]
    inner = np.zeros(len(rows), dtype=np.float32)
    last = (0, 1)
    for close in close_in_cells(features, described.moments[rows], LEAST_COSINE, inner):
        found.append((rows[close.first], rows[close.second]))
        last = (close.done, close.total + 1)
        yield last
    crowding[rows] = inner
    by_vector = _distinct(found)
    in_bursts = bursts_of(described)
    while True:
        try:
            next(in_bursts)
        except StopIteration as end:
            bursts: Pairs = end.value
            break
        yield last
    return Alike(_verified(described, by_hash, by_vector, crowding), bursts)


def needed_cosine(crowding: FloatArray) -> FloatArray:
    """The cosine that says «the same picture» of photos with such neighbours; the adaptive threshold.

    The distance to accept is half of that to the 16th neighbour, within fixed limits.
    """
    needed: FloatArray = (1 - _CROWDED * (1 - crowding)).astype(np.float32)
    return needed.clip(LEAST_COSINE, MOST_COSINE)


def bursts_of(described: Described) -> Generator[None, None, Pairs]:
    """Photos of one camera that follow each other within seconds and show the same scene; yields between two steps."""
    order = np.lexsort((described.moments, described.cameras))
    order = order[described.timed[order]]
    shaped = has_shape(described.tinies)
    some, others, strengths = [], [], []
    for step in range(1, _BURST_BESIDE + 1):
        every, beside = order[:-step], order[step:]
        near = described.moments[beside] - described.moments[every] <= BURST_SECONDS
        near &= described.cameras[every] == described.cameras[beside]
        every, beside = every[near], beside[near]
        for start in range(0, len(every), _BURST_CHUNK):
            one, other = every[start : start + _BURST_CHUNK], beside[start : start + _BURST_CHUNK]
            cosines = _cosines(described.features, one, other)
            worth = cosines >= BURST_LEAST_COSINE
            one, other, cosines = one[worth], other[worth], cosines[worth]
            alike = _is_burst(described, shaped, one, other, cosines)
            some.append(np.minimum(one, other)[alike])
            others.append(np.maximum(one, other)[alike])
            strengths.append(cosines[alike])
            yield
    none = np.empty(0, dtype=np.int64)
    return Pairs(
        np.concatenate([none, *some]),
        np.concatenate([none, *others]),
        np.concatenate([none, *strengths], dtype=np.float32),
    )


def _is_burst(
    described: Described, shaped: NDArray[np.bool_], one: IntArray, other: IntArray, cosines: FloatArray
) -> NDArray[np.bool_]:
    """Of neighbours in time that are somewhat alike: whether they show one scene. Without a picture the vector says."""
    fits = straight_correlation(described.tinies[one], described.tinies[other])
    has_both = shaped[one] & shaped[other]
    quick = np.abs(described.moments[other] - described.moments[one]) <= QUICK_SECONDS
    moved = quick & (cosines >= QUICK_COSINE) & (~has_both | (fits >= QUICK_CORRELATION) | (cosines >= QUICK_SURE))
    return np.asarray(moved | (has_both & (fits >= BURST_CORRELATION)))


def _by_hash(described: Described) -> tuple[IntArray, IntArray]:
    shaped = np.flatnonzero(has_shape(described.tinies))
    fine, coarse = hashes_of(described.tinies[shaped])
    found = []
    for one, other in close_pairs(coarse, described.moments[shaped]):
        near = distance(fine[one], fine[other]) <= HASH_LIMIT
        found.append((shaped[one[near]], shaped[other[near]]))
    return _distinct(found)


def _verified(
    described: Described,
    by_hash: tuple[IntArray, IntArray],
    by_vector: tuple[IntArray, IntArray],
    crowding: FloatArray,
) -> Pairs:
    """The candidates whose very small pictures fit upon each other."""
    first, second = _distinct([by_hash, by_vector])
    hashed = np.isin(_numbered(first, second), _numbered(*by_hash))
    cosines = _cosines(described.features, first, second)
    needed = needed_cosine(np.maximum(crowding[first], crowding[second]))
    worth = hashed | (cosines >= needed)
    first, second, hashed = first[worth], second[worth], hashed[worth]
    cosines, needed = cosines[worth], needed[worth]
    shaped = has_shape(described.tinies)
    straight, mirrored = correlation(described.tinies[first], described.tinies[second])
    best = np.maximum(straight, mirrored)
    strict = LEAST_CORRELATION + 0.03 * (needed - LEAST_COSINE) / (MOST_COSINE - LEAST_COSINE)
    is_same = (hashed & (best >= HASH_CORRELATION)) | ((cosines >= needed) & (best >= strict))
    is_same &= shaped[first] & shaped[second]
    return Pairs(first[is_same], second[is_same], np.maximum(cosines, best)[is_same].clip(0, 1))


def _cosines(features: NDArray[np.float16], first: IntArray, second: IntArray) -> FloatArray:
    cosines = np.empty(len(first), dtype=np.float32)
    for start in range(0, len(first), 4096):
        one, other = features[first[start : start + 4096]], features[second[start : start + 4096]]
        cosines[start : start + 4096] = np.vecdot(one.astype(np.float32), other.astype(np.float32))
    return cosines


def _distinct(found: Iterable[tuple[IntArray, IntArray]]) -> tuple[IntArray, IntArray]:
    """Every pair once, in order."""
    several = list(found)
    if not several:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    numbers = np.unique(np.concatenate([_numbered(one, other) for one, other in several]))
    return numbers >> 32, numbers & 0xFFFFFFFF


def _numbered(first: IntArray, second: IntArray) -> IntArray:
    """One number a pair."""
    return first.astype(np.int64) << 32 | second
