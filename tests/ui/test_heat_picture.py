"""The heat over a photo: all of it where the network saw nearly all, and nothing where it saw nothing."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QImage

from photofinder.ui.heat_picture import Box, heat_picture


def hot(left: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Six lines of eight places, warm from the left on."""
    heat = np.zeros((6, 8), dtype=np.float32)
    heat[:, : round(8 * left)] = 1.0
    return heat


def test_a_narrow_strip_takes_the_heat_beside_it() -> None:
    picture, part = heat_picture(hot(0.5), (0.03, 0.0, 0.97, 1.0))
    assert part == (0.0, 0.0, 1.0, 1.0)
    assert (picture.width(), picture.height()) == (8 * 24 + 2 * 6, 6 * 24)
    middle = picture.height() // 2
    assert picture.pixelColor(0, middle).alpha() > 150
    assert picture.pixelColor(picture.width() - 1, middle).alpha() < 20


@pytest.mark.parametrize("box", [(0.0, 0.0, 1.0, 1.0), (0.2, 0.0, 0.8, 1.0)])
def test_of_what_was_not_seen_nothing_is_said(box: Box) -> None:
    picture, part = heat_picture(hot(0.5), box)
    assert part == box
    assert isinstance(picture, QImage)
    assert (picture.width(), picture.height()) == (8 * 24, 6 * 24)
