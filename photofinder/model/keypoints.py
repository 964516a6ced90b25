"""Local descriptors of a photo, and the visual words they become: what finds the same object again, not its like.

SIFT (Lowe 2004) through OpenCV, made RootSIFT (Arandjelović and Zisserman 2012), each assigned to the nearest word of
a vocabulary (Sivic and Zisserman 2003) with a binary signature that says where in the word's cell it lies (Jégou,
Douze and Schmid 2008). A point is kept as 16 bytes, with its place, size and direction, so that photos are
compared without being opened again. OpenCV is imported when the first photo is looked at, never before.
"""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from photofinder.errors import PackDamaged
from photofinder.paths import resource

MOST_POINTS = 800
"""Of one photo that is kept: the strongest, spread over it. Chosen by ``python -m photofinder.training.objects``."""
MOST_ASKED = 800
"""Of the object that is searched for: they are compared once and not kept."""
ASKED_SIDE = 640
"""Long side in pixels to which an object that is searched for is reduced; a small one stays as it is."""
SIDE = 512
"""Long side in pixels at which photos are looked at: that of the thumbnails, which are there already."""

POINT = np.dtype([("word", "<u2"), ("x", "<u2"), ("y", "<u2"), ("size", "u1"), ("angle", "u1"), ("signature", "<u8")])
"""One kept point: places in 65535ths of the photo's long side, sizes and angles as ``LocalFeatures`` packs them."""

_CONTRAST = 0.02
"""Half of OpenCV's limit: plain objects, too, have points; the weakest are cut later."""
_CELLS = 6
"""The photo in 6 x 6 cells, each of which may keep its strongest points before any cell keeps more."""
_SIZES_AN_OCTAVE = 16.0
_SMALLEST = -12.0  # log2 of size over long side
_ROOT_SCALE = 512.0  # RootSIFT values are at most 1, nearly all below 0.5
_BLOCK = 256  # descriptors compared with all words at a time: 4 MB

FloatArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class LocalFeatures:
    """``n`` points of one image.

    ``places`` ``(n, 4)`` float32: x, y and size as fractions of the image's long side, angle in turns [0, 1).
    ``descriptors`` ``(n, 128)`` uint8: RootSIFT times 512, cut at 255.
    """

    places: FloatArray
    descriptors: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.places)


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """``centres`` ``(words, 128)`` uint8, in the scale of ``LocalFeatures``; ``projection`` ``(64, 128)`` float32.

    ``name`` follows from the arrays: points of another vocabulary mean nothing.
    """

    name: str
    centres: NDArray[np.uint8]
    projection: FloatArray
    _wide: FloatArray = field(repr=False)
    _lengths: FloatArray = field(repr=False)

    @classmethod
    def of(cls, centres: NDArray[np.uint8], projection: FloatArray) -> Vocabulary:
        """From its arrays. Raises ``ValueError`` for other shapes or more words than a point can name."""
        if centres.ndim != 2 or centres.shape[1] != 128 or not 1 < len(centres) <= 2**16 or centres.dtype != np.uint8:
            raise ValueError(f"centres {centres.shape} {centres.dtype}")
        if projection.shape != (64, 128):
            raise ValueError(f"projection {projection.shape}")
        projection = np.ascontiguousarray(projection, dtype=np.float32)
        digest = hashlib.sha256(np.ascontiguousarray(centres).tobytes() + projection.tobytes())
        wide = centres.astype(np.float32)
        return cls(digest.hexdigest()[:16], centres, projection, wide, np.einsum("wd,wd->w", wide, wide))

    def __len__(self) -> int:
        return len(self.centres)

    def nearest(self, descriptors: NDArray[np.uint8], count: int = 1) -> NDArray[np.uint16]:
        """The nearest words ``(n, count)`` of each descriptor, the nearest first."""
        found = np.empty((len(descriptors), count), dtype=np.uint16)
        for start in range(0, len(descriptors), _BLOCK):
            block = descriptors[start : start + _BLOCK].astype(np.float32)
            far = self._lengths - 2.0 * (block @ self._wide.T)
            if count == 1:
                found[start : start + _BLOCK, 0] = far.argmin(axis=1)
                continue
            some = np.argpartition(far, count - 1, axis=1)[:, :count]
            order = np.take_along_axis(far, some, axis=1).argsort(axis=1, kind="stable")
            found[start : start + _BLOCK] = np.take_along_axis(some, order, axis=1)
        return found

    def signatures(self, descriptors: NDArray[np.uint8], words: NDArray[np.uint16]) -> NDArray[np.uint64]:
        """On which side of the word's centre a descriptor lies, one bit for each row of the projection; ``(n,)``."""
        offsets = descriptors.astype(np.float32) - self._wide[words]
        bits = np.packbits(offsets @ self.projection.T > 0, axis=1, bitorder="little")
        return np.ascontiguousarray(bits).view("<u8")[:, 0]

    def points(self, features: LocalFeatures) -> NDArray[np.void]:
        """What is kept of a photo: ``POINT`` ``(n,)``, ordered by word."""
        words = self.nearest(features.descriptors)[:, 0]
        return _packed(features.places, words, self.signatures(features.descriptors, words))

    def asked(self, features: LocalFeatures, count: int = 3) -> NDArray[np.void]:
        """What is searched for: like ``points``, but each point with its ``count`` nearest words, ordered by word.

        A descriptor on the border of two cells is found in either (Philbin et al. 2008).
        """
        words = self.nearest(features.descriptors, count).ravel()
        signatures = self.signatures(np.repeat(features.descriptors, count, axis=0), words)
        return _packed(np.repeat(features.places, count, axis=0), words, signatures)


def local_features(pixels: NDArray[np.uint8], most: int = MOST_POINTS) -> LocalFeatures:
    """The strongest points of an image ``(h, w, 3)`` uint8, at most ``most``, spread over it; maybe none.

    Takes about 115 ms of one busy core for a detailed photo of 512 x 384, 20 ms for one of 300 x 224. Most of that
    runs without Python's lock.
    """
    import cv2

    if min(pixels.shape[:2]) < _LEAST_SIDE:
        return _NOTHING
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    found, values = cv2.SIFT.create(nfeatures=3 * most, contrastThreshold=_CONTRAST).detectAndCompute(grey, None)
    if not found:
        return _NOTHING
    rows = np.array([(*one.pt, one.size, one.angle, one.response) for one in found], dtype=np.float32)
    chosen = _spread(rows, pixels.shape[1], pixels.shape[0], most)
    places = rows[chosen, :4]
    places[:, :3] /= max(pixels.shape[:2])
    places[:, 3] = places[:, 3] / 360.0 % 1.0
    return LocalFeatures(places, _root(np.asarray(values[chosen], dtype=np.float32)))


def asked_features(pixels: NDArray[np.uint8]) -> LocalFeatures:
    """The points of an object that is searched for, ``(h, w, 3)`` uint8, made small first when it is large."""
    import cv2

    longest = max(pixels.shape[:2])
    if longest > ASKED_SIDE:
        height, width = (max(1, round(length * ASKED_SIDE / longest)) for length in pixels.shape[:2])
        smaller = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)
        pixels = np.asarray(smaller, dtype=np.uint8)
    return local_features(np.ascontiguousarray(pixels), MOST_ASKED)


def _spread(rows: FloatArray, width: int, height: int, most: int) -> NDArray[np.intp]:
    """The rows to keep: each cell's best first, then its second ones and so on, the stronger before the weaker."""
    cells = (rows[:, 0] * _CELLS / width).astype(int) * _CELLS + (rows[:, 1] * _CELLS / height).astype(int)
    strongest = np.lexsort((-rows[:, 4], cells))
    starts = np.searchsorted(cells[strongest], cells[strongest])
    place = np.empty(len(rows), dtype=np.intp)
    place[strongest] = np.arange(len(rows)) - starts
    return np.lexsort((-rows[:, 4], place))[:most]


def _root(values: FloatArray) -> NDArray[np.uint8]:
    """RootSIFT: the square root of the values over their sum, as bytes."""
    sums = np.maximum(values.sum(axis=1, keepdims=True), 1e-6)
    return np.asarray(np.rint(np.sqrt(values / sums) * _ROOT_SCALE).clip(0, 255), dtype=np.uint8)


def _packed(places: FloatArray, words: NDArray[np.uint16], signatures: NDArray[np.uint64]) -> NDArray[np.void]:
    points = np.empty(len(places), dtype=POINT)
    points["word"] = words
    points["x"] = np.rint(places[:, 0] * 65535).clip(0, 65535)
    points["y"] = np.rint(places[:, 1] * 65535).clip(0, 65535)
    octaves = np.log2(np.maximum(places[:, 2], 1e-9)) - _SMALLEST
    points["size"] = np.rint(octaves * _SIZES_AN_OCTAVE).clip(0, 255)
    points["angle"] = np.rint(places[:, 3] * 256).astype(np.int64) % 256
    points["signature"] = signatures
    return points[np.argsort(points["word"], kind="stable")]


def unpacked(points: NDArray[np.void]) -> FloatArray:
    """``places`` of kept points: ``(n, 4)`` float32, x, y and size in long sides, angle in turns."""
    places = np.empty((len(points), 4), dtype=np.float32)
    places[:, 0] = points["x"] / np.float32(65535)
    places[:, 1] = points["y"] / np.float32(65535)
    places[:, 2] = np.exp2(points["size"] / np.float32(_SIZES_AN_OCTAVE) + np.float32(_SMALLEST))
    places[:, 3] = points["angle"] / np.float32(256)
    return places


def load_vocabulary(path: Path | None = None) -> Vocabulary:
    """The bundled vocabulary (how it was made: ``docs/OBJECTS.md``), or another one. Raises ``PackDamaged``."""
    path = resource("objects", VOCABULARY_FILE) if path is None else path
    try:
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as stored:
            return Vocabulary.of(stored["centres"], stored["projection"].astype(np.float32))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise PackDamaged(path, str(error)) from error


VOCABULARY_FILE = "vocabulary.npz"
_LEAST_SIDE = 16
_NOTHING = LocalFeatures(np.empty((0, 4), dtype=np.float32), np.empty((0, 128), dtype=np.uint8))
