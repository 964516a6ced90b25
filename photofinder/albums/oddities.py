"""Photos unlike the others of a library: those whose features a Gaussian, fitted to the library itself, finds unlikely.

The density lives in the first principal components, which is the inner layer of a linear autoencoder (Bourlard and
Kamp 1988); what lies far out in it is odd. Nothing is trained beforehand: every library, and every pack, has its own.
"""

from __future__ import annotations

from collections.abc import Generator

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


def mark_odd(catalog: Catalog) -> Generator[Comparing, None, int]:
    """Tell anew which photos are odd, and store it as a kind; returns how many are. ``catalog``: open for writing.

    A library of fewer than 100 analysed photos has none. 2 seconds for 100,000 photos.
    """
    yield Comparing(0, 2)
    shown = catalog.searchable_ids()
    ids: list[NDArray[np.int64]] = []
    features: list[NDArray[np.float16]] = []
    for _, photo_ids, vectors in catalog.vector_chunks("feature"):
        wanted = np.isin(photo_ids, shown)
        ids.append(photo_ids[wanted])
        features.append(vectors[wanted])
    count = sum(map(len, ids))
    odd = np.empty(0, dtype=np.int64)
    if count >= FEWEST:
        yield Comparing(1, 2)
        distances = oddness(np.concatenate(features))
        odd = np.concatenate(ids)[odd_rows(distances)]
    catalog.set_kind(KINDS["odd"], odd.tolist())
    return len(odd)


def oddness(features: NDArray[np.float16]) -> FloatArray:
    """How far each of ``(n, d)`` lies from the middle of all, ``(n,)`` float32: the square of Mahalanobis' distance.

    In the first ``COMPONENTS`` principal components, at most; fitted to at most 20,000 of the rows.
    """
    count = len(features)
    rows = np.arange(count)
    if count > _FITTED:
        rows = np.sort(np.random.default_rng(_SEED).choice(count, _FITTED, replace=False))
    fitted = features[rows].astype(np.float32)
    mean = fitted.mean(axis=0)
    variances, directions = np.linalg.eigh(np.cov((fitted - mean).T))
    kept = [place for place in range(-1, -1 - min(COMPONENTS, len(variances)), -1) if variances[place] > 1e-9]
    whitening = (directions[:, kept] / np.sqrt(variances[kept])).astype(np.float32)
    distances = np.empty(count, dtype=np.float32)
    for start in range(0, count, 8192):
        places = (features[start : start + 8192].astype(np.float32) - mean) @ whitening
        distances[start : start + 8192] = np.vecdot(places, places)
    return distances


def odd_rows(distances: FloatArray) -> NDArray[np.int64]:
    """Which of ``(n,)`` distances are far beyond the usual ones, the farthest first; at most one in a hundred."""
    logs = np.log(distances + np.float32(1e-6))
    middle = np.median(logs)
    spread = 1.4826 * np.median(np.abs(logs - middle)) + 1e-6
    order = np.argsort(-distances, kind="stable")[: max(1, int(MOST_ODD * len(distances)))]
    odd: NDArray[np.int64] = order[(logs[order] - middle) / spread > _FAR]
    return odd
