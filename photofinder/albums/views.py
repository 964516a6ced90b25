"""The views of a marked photo that an album learns from: the photo, its mirror image, and crops."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Uint8Array = NDArray[np.uint8]
FloatArray = NDArray[np.float32]

_CROP = 2 / 3
"""Side of a crop as a share of the photo's, so that each has 4/9 of its area (Razavian et al. 2014, section 2.1)."""
_LEAST_SIDE = 32
"""Of a crop, in pixels: what is smaller shows nothing."""


def views_of(pixels: Uint8Array) -> list[Uint8Array]:
    """Seven views of ``(h, w, 3)`` uint8: the mirror image, then the four corners, the centre and its mirror image.

    The photo as it is comes not among them: its vectors are in the catalogue. A photo too small to be cut gives its
    mirror image alone.
    """
    mirrored = pixels[:, ::-1]
    height, width = pixels.shape[0], pixels.shape[1]
    tall, wide = round(height * _CROP), round(width * _CROP)
    if min(tall, wide) < _LEAST_SIDE:
        return [np.ascontiguousarray(mirrored)]
    down, right = height - tall, width - wide
    corners = [(0, 0), (0, right), (down, 0), (down, right), (down // 2, right // 2)]
    cut = [pixels[top : top + tall, left : left + wide] for top, left in corners]
    return [np.ascontiguousarray(view) for view in (mirrored, *cut, cut[-1][:, ::-1])]
