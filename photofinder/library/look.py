"""What is known of a photo's pixels without any network; ``looks`` measures it, and only that needs Pillow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Uint8Array = NDArray[np.uint8]
FloatArray = NDArray[np.float32]

LOOK_VERSION = 2
"""Grows whenever the same pixels would be measured differently: older looks are then measured again."""

TINY_SIDE = 32
"""Side of the very small picture, in pixels: enough to see where a crop was cut, 1 KB a photo."""

MEASURES = (
    "energy_1", "energy_2", "energy_3",
    "sharpest_ratio", "across_ratio", "down_ratio", "calmest_tile", "sharpest_tile",
    "mean", "spread", "dark_end", "middle", "bright_end", "black", "white",
    "saturation", "colours", "first_colour", "four_colours", "paper",
    "flat", "ink", "lines_across", "lines_down", "calm_tiles",
)  # fmt: skip
"""Names of what ``Look.measures`` holds, in order; ``looks.measure`` says what each is."""


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """``tiny``: (32, 32) uint8, the whole photo in grey, whatever its shape. ``measures``: (25,) float32."""

    tiny: Uint8Array
    measures: FloatArray
