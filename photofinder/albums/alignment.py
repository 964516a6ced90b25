"""Whether a very small picture is a part of another one, or its mirror image: the best correlation of any window."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from photofinder.library.look import TINY_SIDE

FloatArray = NDArray[np.float32]

_SIDE = 16
_SCALES = (1.0, 0.975, 0.95, 0.925, 0.9, 0.88)
"""Sides of the windows that are tried: 0.88 leaves 23 % of the photo out."""
_CHUNK = 512


def straight_correlation(some: NDArray[np.uint8], others: NDArray[np.uint8]) -> FloatArray:
    """The first of what ``correlation`` returns, in half the time: 0.15 ms a pair."""
    straight = np.empty(len(some), dtype=np.float32)
    for start in range(0, len(some), _CHUNK):
        one = some[start : start + _CHUNK].astype(np.float32)
        other = others[start : start + _CHUNK].astype(np.float32)
        straight[start : start + len(one)] = np.maximum(_inside(one, other), _inside(other, one))
    return straight


def correlation(some: NDArray[np.uint8], others: NDArray[np.uint8]) -> tuple[FloatArray, FloatArray]:
    """How alike pictures ``(n, 32, 32)`` uint8 are, pair by pair, as they are and with one of them mirrored.

    Each (n,) in [-1, 1]: the best normalised correlation of the whole of one with a window of the other, either way.
    """
    straight, mirrored = (np.empty(len(some), dtype=np.float32) for _ in range(2))
    for start in range(0, len(some), _CHUNK):
        one = some[start : start + _CHUNK].astype(np.float32)
        other = others[start : start + _CHUNK].astype(np.float32)
        turned = other[:, :, ::-1]
        stop = start + len(one)
        straight[start:stop] = np.maximum(_inside(one, other), _inside(other, one))
        mirrored[start:stop] = np.maximum(_inside(one, turned), _inside(turned, one))
    return straight, mirrored


def _inside(whole: FloatArray, part: FloatArray) -> FloatArray:
    """The best correlation of ``part`` (n, 32, 32) with a window of ``whole``, (n,)."""
    place = _windows(1.0)[0]
    target = _normed(place @ part @ place.T)
    best = np.full(len(whole), -1.0, dtype=np.float32)
    for scale in _SCALES:
        windows = _windows(scale)
        for down in windows:
            rows = down @ whole
            for across in windows:
                found = (_normed(rows @ across.T) * target).sum(axis=(1, 2))
                np.maximum(best, found, out=best)
    return best


def _normed(pictures: NDArray[np.floating]) -> FloatArray:
    centred = pictures - pictures.mean(axis=(1, 2), keepdims=True)
    length = np.sqrt((centred * centred).sum(axis=(1, 2), keepdims=True))
    normed: FloatArray = (centred / np.maximum(length, np.float32(1e-3))).astype(np.float32, copy=False)
    return normed


@lru_cache(maxsize=len(_SCALES))
def _windows(scale: float) -> tuple[FloatArray, ...]:
    """Matrices (16, 32) that cut a window with this side out of a row, one for each place, and resample it."""
    side = TINY_SIDE * scale
    room = TINY_SIDE - side
    places = np.linspace(0.0, room, 1 if scale == 1.0 else int(np.ceil(room)) + 1)
    return tuple(_resampled(place, place + side) for place in places)


def _resampled(first: float, last: float) -> FloatArray:
    edges = np.linspace(first, last, _SIDE + 1)
    pixels = np.arange(TINY_SIDE)
    overlap = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    shares = np.maximum(overlap, 0.0)
    return np.asarray(shares / shares.sum(axis=1, keepdims=True), dtype=np.float32)
