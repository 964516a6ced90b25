"""A heat map as something to lay over a photo: nothing where it is cold, violet to yellow where it is warm."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage, QLinearGradient

_STOPS = (
    (0.0, (66, 30, 140, 0)),
    (0.35, (96, 60, 190, 70)),
    (0.6, (214, 64, 128, 125)),
    (0.8, (250, 140, 60, 155)),
    (1.0, (255, 226, 110, 175)),
)
"""Red, green, blue, alpha at each heat; not premultiplied."""
_FINE = 24
_SOFT = 0.55


def heat_picture(heat: NDArray[np.float32]) -> QImage:
    """``(rows, columns)`` in [0, 1] as a transparent picture, 24 soft pixels a place."""
    rows, columns = heat.shape
    fine = _blend(rows) @ heat @ _blend(columns).T
    if fine.max() > 0:
        fine = fine / fine.max()
    at = [stop for stop, _ in _STOPS]
    channels = [np.interp(fine, at, [colour[n] for _, colour in _STOPS]) for n in range(4)]
    pixels = np.ascontiguousarray(np.stack(channels, axis=-1).astype(np.uint8))
    height, width = fine.shape
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()


def heat_gradient(width: float) -> QLinearGradient:
    """The same colours from left to right, opaque, for the legend."""
    gradient = QLinearGradient(0, 0, width, 0)
    for stop, (red, green, blue, _) in _STOPS:
        gradient.setColorAt(stop, QColor(red, green, blue))
    return gradient


def _blend(places: int) -> NDArray[np.float64]:
    """``(24 * places, places)``: how much each place counts at each fine pixel."""
    fine = (np.arange(places * _FINE) + 0.5) / _FINE - 0.5
    weights = np.exp(-np.square(fine[:, None] - np.arange(places)) / (2 * _SOFT**2))
    result: NDArray[np.float64] = weights / weights.sum(1, keepdims=True)
    return result
