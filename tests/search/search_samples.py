"""Vectors and words that the tests of searching share."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

FEATURE_DIM, EMBEDDING_DIM = 12, 16
WORDS = ("perro", "gato", "playa", "montaña", "bicicleta", "tren")

Vectors = NDArray[np.float32]


def unit(vectors: NDArray[np.float64] | Vectors) -> Vectors:
    """Rows scaled to length 1."""
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


def random_units(count: int, dim: int, seed: int) -> Vectors:
    return unit(np.random.default_rng(seed).standard_normal((count, dim)))


AddPhotos = Callable[..., list[int]]
