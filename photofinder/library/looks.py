"""What the pixels of a photo say without any network: a very small picture of it, its sharpness, light, colours, lines.

All of it is measured when a photo is decoded to be analysed, or later from its thumbnail, which has the same size.
"""

from __future__ import annotations

import io
import warnings

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photofinder.library.images import THUMBNAIL_SIDE
from photofinder.library.look import TINY_SIDE, FloatArray, Look, Uint8Array

_TILES = 8
_TOP_TILES = 8
_SAMPLE = 64
_LEAST_SIDE = 16
_FLAT, _EDGE, _INK = 2, 12, 40  # levels of grey between neighbours
_LITTLE = 0.05  # of a grey level squared: keeps the logarithm of no texture at all finite


def look_at(pixels: Uint8Array) -> Look:
    """The look of a decoded photo ``(h, w, 3)`` uint8 sRGB of whatever size; what is larger is made smaller first."""
    image = Image.fromarray(pixels)
    if max(image.size) > THUMBNAIL_SIDE:
        image.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.BICUBIC)
    grey = image.convert("L")
    tiny = np.asarray(grey.resize((TINY_SIDE, TINY_SIDE), Image.Resampling.BOX))
    return Look(tiny, measure(image, grey))


def look_at_thumbnail(data: bytes) -> Look | None:
    """The look of a photo by its cached thumbnail; None when that is damaged."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=["JPEG"]) as image:
                return look_at(np.asarray(image.convert("RGB")))
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError):
        return None


def measure(image: Image.Image, grey: Image.Image) -> FloatArray:
    """``MEASURES`` of an RGB image and the same in grey, (25,) float32.

    ``energy_k``: logarithm of the mean square of the Laplacian in octave k, of the image made smaller by 2^(k-1).
    ``sharpest_ratio``: the first octave's energy beside the second's, as logarithms, where there is most texture; a
    blur takes the first and leaves the second (Crete et al. 2007 compare with a blurred copy for the same reason).
    ``across_ratio`` and ``down_ratio``: the same of differences along one direction: a movement takes one of them.
    ``calmest_tile``, ``sharpest_tile``: 10th and 90th percentile of the first octave's energy among 8 x 8 tiles.
    ``mean`` to ``bright_end``: mean, standard deviation, 5th, 50th, 95th percentile of grey in [0, 1]; ``black`` and
    ``white``: shares below 24 and above 235 of 255. ``saturation``: mean of HSV in [0, 1]. ``colours``: different
    colours of 4 bits a channel beside the samples; ``first_colour``, ``four_colours``: share of the most frequent ones.
    ``paper``: share of light grey. ``flat``: share of pixels that hardly differ from their neighbours; ``ink``: share
    that differs much; ``lines_across``, ``lines_down``: share of rows and columns of which half is one edge;
    ``calm_tiles``: share of tiles without texture.
    """
    octaves = [np.asarray(grey)]
    for factor in (2, 4):
        smaller = grey.reduce(factor) if min(grey.size) >= factor * _LEAST_SIDE else grey
        octaves.append(np.asarray(smaller))
    first, second = _Edges(octaves[0]), _Edges(octaves[1])
    third = _Edges(octaves[2])
    top = np.argsort(second.texture.ravel())[-_TOP_TILES:]

    def ratio(fine: FloatArray, coarse: FloatArray) -> float:
        return float((_log(fine.ravel()[top]) - _log(coarse.ravel()[top])).mean())

    energies = np.sort(_log(first.texture), axis=None)
    light = _light(grey)
    return np.array(
        [
            *(float(_log(np.asarray(edges.texture.mean()))) for edges in (first, second, third)),
            ratio(first.texture, second.texture),
            ratio(first.across(), second.across()),
            ratio(first.down(), second.down()),
            energies[len(energies) // 10],
            energies[-len(energies) // 10],
            *light,
            *_colours(image),
            *first.lines(),
            np.count_nonzero(energies < 1.0) / len(energies),
        ],
        dtype=np.float32,
    )


class _Edges:
    """Differences of neighbours in one octave (uint8), and their mean squares in 8 x 8 tiles (float32)."""

    def __init__(self, grey: Uint8Array) -> None:
        if min(grey.shape) < _LEAST_SIDE:
            repeats = -(-_LEAST_SIDE // min(grey.shape))
            grey = np.kron(grey, np.ones((repeats, repeats), dtype=np.uint8))
        self._gx = _apart(grey[1:-1, 1:-1], grey[1:-1, :-2])
        self._gy = _apart(grey[1:-1, 1:-1], grey[:-2, 1:-1])
        wide = grey.astype(np.int16)
        laplacian = 4 * wide[1:-1, 1:-1] - wide[1:-1, :-2] - wide[1:-1, 2:] - wide[:-2, 1:-1] - wide[2:, 1:-1]
        self.texture = _tiled(laplacian)

    def across(self) -> FloatArray:
        """Of differences along the rows, in tiles."""
        return _tiled(self._gx)

    def down(self) -> FloatArray:
        """Of differences along the columns, in tiles."""
        return _tiled(self._gy)

    def lines(self) -> tuple[float, float, float, float]:
        """``flat``, ``ink``, ``lines_across``, ``lines_down``."""
        strongest = np.maximum(self._gx, self._gy)
        height, width = strongest.shape
        rows = (self._gy > _EDGE).view(np.uint8).sum(axis=1, dtype=np.uint16)  # a third of count_nonzero's time
        columns = (self._gx > _EDGE).view(np.uint8).sum(axis=0, dtype=np.uint16)
        return (
            np.count_nonzero(strongest <= _FLAT) / strongest.size,
            np.count_nonzero(strongest > _INK) / strongest.size,
            np.count_nonzero(2 * rows > width) / height,
            np.count_nonzero(2 * columns > height) / width,
        )


def _apart(one: Uint8Array, other: Uint8Array) -> Uint8Array:
    difference: Uint8Array = np.maximum(one, other) - np.minimum(one, other)
    return difference


def _tiled(values: Uint8Array | NDArray[np.int16]) -> FloatArray:
    """Mean squares in ``(8, 8)`` tiles; what is left over at the right and at the bottom does not count."""
    height, width = values.shape[0] // _TILES, values.shape[1] // _TILES
    cut = values[: height * _TILES, : width * _TILES].astype(np.float32).reshape(_TILES, height, _TILES * width)
    rows = np.einsum("thw,thw->tw", cut, cut)
    tiles: FloatArray = rows.reshape(_TILES, _TILES, width).sum(axis=2) / np.float32(height * width)
    return tiles


def _log(values: FloatArray) -> FloatArray:
    logarithm: FloatArray = np.log(values + np.float32(_LITTLE))
    return logarithm


def _light(grey: Image.Image) -> tuple[float, ...]:
    counts = np.asarray(grey.histogram(), dtype=np.float64)
    shares = counts / counts.sum()
    levels = np.arange(256) / 255
    mean = float(shares @ levels)
    rising = np.cumsum(shares)
    ends = (float(np.searchsorted(rising, q) / 255) for q in (0.05, 0.5, 0.95))
    spread = float(shares @ (levels - mean) ** 2) ** 0.5
    return (mean, spread, *ends, float(shares[:24].sum()), float(shares[236:].sum()))


def _colours(image: Image.Image) -> tuple[float, ...]:
    # nearest: the mean of two flat colours would be a third one
    sample = np.asarray(image.resize((_SAMPLE, _SAMPLE), Image.Resampling.NEAREST)).astype(np.int16)
    red, green, blue = sample[..., 0].ravel(), sample[..., 1].ravel(), sample[..., 2].ravel()
    low, high = np.minimum(np.minimum(red, green), blue), np.maximum(np.maximum(red, green), blue)
    counts = np.bincount((red >> 4 << 8) + (green >> 4 << 4) + (blue >> 4))
    most = np.sort(counts[counts > 0])[-4:]
    return (
        float(((high - low) / np.maximum(high, 1)).mean()),
        np.count_nonzero(counts) / red.size,
        float(most[-1]) / red.size,
        float(most.sum()) / red.size,
        np.count_nonzero((low > 200) & (high - low < 24)) / red.size,
    )
