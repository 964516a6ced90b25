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
Box = tuple[float, float, float, float]
"""Left, top, right and bottom as fractions of a photo's width and height."""
_FINE = 24
_SOFT = 0.55


def heat_picture(heat: NDArray[np.float32], box: Box) -> tuple[QImage, Box]:
    """``(rows, columns)`` in [0, 1] as a transparent picture, 24 soft pixels a place, and what part of the photo.

    ``box``: what the heat is of. The network cuts a photo to one of a few shapes; where that leaves a strip narrower
    than half a place, the places beside it speak for it, too. A wider one nothing is known of, and it stays clear.
    """
    rows, columns = heat.shape
    top, bottom, down = _grown(box[1], box[3], rows)
    left, right, across = _grown(box[0], box[2], columns)
    fine = _blend(rows, down) @ heat @ _blend(columns, across).T
    if fine.max() > 0:
        fine = fine / fine.max()
    at = [stop for stop, _ in _STOPS]
    channels = [np.interp(fine, at, [colour[n] for _, colour in _STOPS]) for n in range(4)]
    pixels = np.ascontiguousarray(np.stack(channels, axis=-1).astype(np.uint8))
    height, width = fine.shape
    picture = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()
    return picture, (left, top, right, bottom)


def heat_gradient(width: float) -> QLinearGradient:
    """The same colours from left to right, opaque, for the legend."""
    gradient = QLinearGradient(0, 0, width, 0)
    for stop, (red, green, blue, _) in _STOPS:
        gradient.setColorAt(stop, QColor(red, green, blue))
    return gradient


def _grown(start: float, end: float, places: int) -> tuple[float, float, int]:
    """An interval of the photo with the narrow strips beside it, and how many fine pixels each of those takes.

    Both strips are alike, because the network cuts from the middle.
    """
    place = (end - start) / places
    strip = max(start, 1 - end)
    if not 0 < strip <= place / 2:
        return start, end, 0
    return 0.0, 1.0, round(strip / place * _FINE)


def _blend(places: int, more: int) -> NDArray[np.float64]:
    """``(24 * places + 2 * more, places)``: how much each place counts at each fine pixel."""
    fine = (np.arange(-more, places * _FINE + more) + 0.5) / _FINE - 0.5
    weights = np.exp(-np.square(fine[:, None] - np.arange(places)) / (2 * _SOFT**2))
    result: NDArray[np.float64] = weights / weights.sum(1, keepdims=True)
    return result
