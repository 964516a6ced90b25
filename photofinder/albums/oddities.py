"""Photos unlike the others of a library: those whose features a Gaussian, fitted to the library itself, finds unlikely.

The density lives in the first principal components, which is the inner layer of a linear autoencoder (Bourlard and
Kamp 1988); what lies far out in it is odd. Nothing is trained beforehand: every library, and every pack, has its own.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from photofinder.albums.duplicates import Comparing
from photofinder.library.catalog import Catalog
from photofinder.library.filters import KINDS

FloatArray = NDArray[np.float32]

COMPONENTS = 16
FEWEST = 100
"""Photos from which on a library says what is usual in it."""
MOST_ODD = 0.01
"""Share of a library that is called odd at most."""
_FAR = 3.5
"""Robust standard deviations, of the logarithm of the distance, from which on a photo is odd.

As Iglewicz and Hoaglin (1993) advise."""
_FITTED = 20_000
_SEED = 3


@dataclass(frozen=True, slots=True, eq=False)
class Density:
    """What is usual: the mean ``(d,)`` and the directions ``(d, k)`` of the first principal components, whitened."""

    mean: FloatArray
    whitening: FloatArray

    @classmethod
    def of(cls, features: NDArray[np.float16]) -> Density:
        """Fitted to ``(n, d)``, with ``COMPONENTS`` components at most."""
        fitted = features.astype(np.float32)
        mean = fitted.mean(axis=0)
        fitted -= mean
        variances, directions = np.linalg.eigh((fitted.T @ fitted).astype(np.float64) / max(1, len(fitted) - 1))
        kept = [place for place in range(-1, -1 - min(COMPONENTS, len(variances)), -1) if variances[place] > 1e-9]
        return cls(mean, (directions[:, kept] / np.sqrt(variances[kept])).astype(np.float32))

    def distances(self, features: NDArray[np.float16]) -> FloatArray:
        """How far each of ``(n, d)`` lies from the middle, ``(n,)`` float32: the square of Mahalanobis' distance."""
        places = (features.astype(np.float32) - self.mean) @ self.whitening
        return np.asarray(np.vecdot(places, places))


def mark_odd(catalog: Catalog) -> Generator[Comparing, None, int]:
    """Tell anew which photos are odd, and store it as a kind; returns how many are. ``catalog``: open for writing.

    A library of fewer than 100 analysed photos has none. The density is fitted to about 20,000 photos, and the others
    pass by it: of 100,000 photos 1 second and 130 MB.
    """
    yield Comparing(0, 2)
    shown = catalog.searchable_ids()
    share = _FITTED / max(1, len(shown))
    chance = np.random.default_rng(_SEED)
    sample = [rows[chance.random(len(rows)) < share] for _, rows in _features(catalog, shown)]
    odd = np.empty(0, dtype=np.int64)
    if sum(map(len, sample)) >= FEWEST:
        yield Comparing(1, 2)
        density = Density.of(np.concatenate(sample))
        told = [(ids, density.distances(rows)) for ids, rows in _features(catalog, shown)]
        if told:  # else all of them left the catalogue meanwhile
            ids, distances = (np.concatenate(several) for several in zip(*told, strict=True))
            odd = ids[odd_rows(distances)]
    catalog.set_kind(KINDS["odd"], odd.tolist())
    return len(odd)


def _features(catalog: Catalog, shown: NDArray[np.int64]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float16]]]:
    """Ids and features of the photos that are ``shown``, some thousand at a time."""
    for _, ids, vectors in catalog.vector_chunks("feature"):
        wanted = np.isin(ids, shown)
        yield ids[wanted], vectors[wanted]


def odd_rows(distances: FloatArray) -> NDArray[np.int64]:
    """Which of ``(n,)`` distances are far beyond the usual ones, the farthest first; at most one in a hundred."""
    logs = np.log(distances + np.float32(1e-6))
    middle = np.median(logs)
    spread = 1.4826 * np.median(np.abs(logs - middle)) + 1e-6
    order = np.argsort(-distances, kind="stable")[: max(1, int(MOST_ODD * len(distances)))]
    odd: NDArray[np.int64] = order[(logs[order] - middle) / spread > _FAR]
    return odd
