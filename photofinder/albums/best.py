"""Which photo of a group to keep, and why: a suggestion, never more."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from photofinder.library.catalog import Photo
from photofinder.library.look import MEASURES

Measures = Mapping[int, NDArray[np.float32]]

_ENERGY, _MEAN = MEASURES.index("energy_1"), MEASURES.index("mean")
_BLACK, _WHITE = MEASURES.index("black"), MEASURES.index("white")
_BEST_LIGHT = 0.45
"""Mean grey of a well exposed photo, a little below the middle: the median of the validation photos is 0.44."""


class GroupKind(StrEnum):
    """Files with one content, versions of one picture, photos taken in one go."""

    COPIES = "copies"
    SAME = "same"
    BURST = "burst"


class Reason(StrEnum):
    """Why a photo is the one to keep."""

    FAVORITE = "favorite"
    PIXELS = "pixels"
    SHARPEST = "sharpest"
    LIGHT = "light"
    CAMERA = "camera"
    QUALITY = "quality"
    FIRST = "first"


Judge = tuple[Reason, float, Callable[[Photo, Measures], float]]
"""What is judged, by how much the best must lead, and the value, larger is better."""


def _pixels(photo: Photo, measures: Measures) -> float:
    return float(np.log(max(1, (photo.width or 1) * (photo.height or 1))))


def _bytes_a_pixel(photo: Photo, measures: Measures) -> float:
    return float(np.log(max(1, photo.size))) - _pixels(photo, measures)


def _sharpness(photo: Photo, measures: Measures) -> float:
    return float(measures[photo.id][_ENERGY]) if photo.id in measures else 0.0


def _light(photo: Photo, measures: Measures) -> float:
    if photo.id not in measures:
        return 0.0
    values = measures[photo.id]
    return float(-abs(values[_MEAN] - _BEST_LIGHT) - values[_BLACK] - values[_WHITE])


_FAVORITE: Judge = (Reason.FAVORITE, 0.5, lambda photo, measures: float(photo.favorite))
_SIZE: Judge = (Reason.PIXELS, 0.15, _pixels)
_SHARPEST: Judge = (Reason.SHARPEST, 0.2, _sharpness)
_LIGHT: Judge = (Reason.LIGHT, 0.1, _light)
_CAMERA: Judge = (Reason.CAMERA, 0.5, lambda photo, measures: float(bool(photo.camera) + bool(photo.taken_at)))
_QUALITY: Judge = (Reason.QUALITY, 0.15, _bytes_a_pixel)
_JUDGES: Mapping[GroupKind, Sequence[Judge]] = {
    GroupKind.COPIES: (_FAVORITE,),
    GroupKind.SAME: (_FAVORITE, _SIZE, _CAMERA, _SHARPEST, _LIGHT, _QUALITY),
    GroupKind.BURST: (_FAVORITE, _SHARPEST, _LIGHT, _SIZE, _QUALITY),
}
"""In the order in which they decide. Logarithms: 0.15 is 16 % more, 0.2 of the Laplacian's variance 22 %."""
_SAID = 2


def best_first(kind: GroupKind, photos: Sequence[Photo], measures: Measures) -> tuple[list[Photo], tuple[Reason, ...]]:
    """The photos with the one to keep first, and up to two reasons for it, the weightier first; at least one.

    Each judge leaves those that are as good as the best within its margin; the one catalogued first is taken of what
    is left. Nothing is known of eyes and faces.
    """
    left = sorted(photos, key=lambda photo: photo.id)
    reasons: list[Reason] = []
    for reason, margin, value in _JUDGES[kind]:
        values = [value(photo, measures) for photo in left]
        kept = [photo for photo, one in zip(left, values, strict=True) if one >= max(values) - margin]
        if len(kept) < len(left):
            reasons.append(reason)
        left = kept
    best = left[0]
    rest = sorted(
        (photo for photo in photos if photo is not best),
        key=lambda photo: (-photo.favorite, -_pixels(photo, measures), -_sharpness(photo, measures), photo.id),
    )
    return [best, *rest], tuple(reasons[:_SAID]) or (Reason.FIRST,)
