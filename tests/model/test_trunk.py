from __future__ import annotations

import numpy as np
import pytest

from photofinder.model.preparation import cover_array
from photofinder.model.trunk import Trunk, cover_by_torch, depths_of
from tests.conftest import draw_photo


@pytest.mark.parametrize("size", [(500, 375), (320, 240), (512, 384)])
def test_photos_are_scaled_as_pillow_scales_them(size: tuple[int, int]) -> None:
    image = np.asarray(draw_photo(size, 3))
    found, expected = cover_by_torch(image, 256, 192), cover_array(image, 256, 192)
    assert found.shape == expected.shape == (192, 256, 3)
    assert np.abs(found.astype(int) - expected.astype(int)).max() <= 1


@pytest.mark.parametrize("size", [(500, 333), (333, 500), (375, 500), (900, 30), (30, 900), (3, 5), (1, 1)])
@pytest.mark.parametrize("shape", [(224, 224), (256, 192), (184, 272)])
def test_the_centre_is_cut(size: tuple[int, int], shape: tuple[int, int]) -> None:
    """To within a pixel of the photo, whose left half is black: the border stays in the middle, and nothing else."""
    image = np.zeros((size[1], size[0], 3), dtype=np.uint8)
    image[:, size[0] // 2 :] = 255
    found = cover_by_torch(image, *shape)
    assert found.shape == (shape[1], shape[0], 3)
    pixel = max(shape[0] / size[0], shape[1] / size[1])
    share = 255 * pixel / shape[0] + 1
    assert abs(float(found.mean()) - float(cover_array(image, *shape).mean())) <= share


def test_read_only_and_mirrored_arrays_are_taken() -> None:
    image = np.asarray(draw_photo((320, 240), 5))[:, ::-1]
    np.testing.assert_array_equal(cover_by_torch(image, 256, 192), cover_by_torch(image.copy(), 256, 192))


def test_depths_are_read_from_names() -> None:
    for depths in ((2, 2, 2, 2), (3, 4, 6, 3), (1, 1, 12, 1)):
        names = Trunk((4, 4, 4, 4), depths).state_dict()
        assert depths_of(names) == depths
        assert depths_of(f"trunk.{name}" for name in names) == depths
    assert depths_of(["conv1.weight", "player1.0.weight"]) == ()
