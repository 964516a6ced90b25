"""Bring a photo of any shape to one of the few shapes that the CNN works on. Pillow and NumPy only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Uint8Array = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class InputShapes:
    """Widths and heights in pixels, so that photos of one shape go through the network as one batch."""

    shapes: tuple[tuple[int, int], ...]

    @classmethod
    def from_manifest(cls, manifest_input: Mapping[str, Any]) -> InputShapes:
        """Read ``{"shapes": [[width, height], ...]}``."""
        return cls(tuple((int(width), int(height)) for width, height in manifest_input["shapes"]))

    def nearest(self, width: int, height: int) -> tuple[int, int]:
        """The shape whose aspect ratio is closest to that of a ``width`` x ``height`` photo."""
        aspect = np.log(width / height)
        return min(self.shapes, key=lambda shape: abs(np.log(shape[0] / shape[1]) - aspect))


def cover(image: Image.Image, width: int, height: int) -> Uint8Array:
    """Scale to cover ``width`` x ``height`` and cut the centre: ``(height, width, 3)`` uint8."""
    w, h = image.size
    scale = min(w / width, h / height)
    # Rounding may leave the picture by a hair, which Pillow refuses.
    left, top = max(0.0, (w - width * scale) / 2), max(0.0, (h - height * scale) / 2)
    box = (left, top, min(w, left + width * scale), min(h, top + height * scale))
    return np.asarray(image.resize((width, height), Image.Resampling.BILINEAR, box=box), dtype=np.uint8)


Cut = Callable[[Uint8Array, int, int], Uint8Array]
"""``cover`` for arrays: an image ``(h, w, 3)``, a width and a height to ``(height, width, 3)``."""


def cover_array(image: Uint8Array, width: int, height: int) -> Uint8Array:
    """``cover`` of an array."""
    return cover(Image.fromarray(image), width, height)


def group_by_shape(
    images: Sequence[Uint8Array], shapes: InputShapes, cut: Cut = cover_array
) -> dict[tuple[int, int], tuple[list[int], Uint8Array]]:
    """Prepare ``(h, w, 3)`` images: for each shape used, the images' positions and ``(n, height, width, 3)`` uint8."""
    positions: dict[tuple[int, int], list[int]] = {}
    for index, image in enumerate(images):
        positions.setdefault(shapes.nearest(image.shape[1], image.shape[0]), []).append(index)
    return {
        shape: (chosen, np.stack([cut(images[index], *shape) for index in chosen]))
        for shape, chosen in positions.items()
    }
