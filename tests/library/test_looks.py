from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageFilter

from photofinder.library.look import MEASURES, TINY_SIDE
from photofinder.library.looks import look_at, look_at_thumbnail
from tests.conftest import draw_photo


def measures(image: Image.Image) -> dict[str, float]:
    return dict(zip(MEASURES, look_at(np.asarray(image.convert("RGB"))).measures.tolist(), strict=True))


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (16, 15), (40, 3000), (512, 384), (4000, 3000)])
def test_photos_of_any_size_have_a_look(size: tuple[int, int]) -> None:
    look = look_at(np.asarray(Image.new("RGB", size, (10, 120, 250))))
    assert look.tiny.shape == (TINY_SIDE, TINY_SIDE)
    assert look.measures.shape == (len(MEASURES),)
    assert np.isfinite(look.measures).all()


def test_a_blur_takes_the_finest_octave_first() -> None:
    sharp, blurred = draw_photo(seed=1), draw_photo(seed=1).filter(ImageFilter.GaussianBlur(2))
    assert measures(blurred)["sharpest_ratio"] < measures(sharp)["sharpest_ratio"] - 1
    assert measures(blurred)["energy_1"] < measures(sharp)["energy_1"] - 1


def test_a_movement_takes_one_direction() -> None:
    pixels = np.asarray(draw_photo(seed=1)).astype(np.float32)
    moved = np.mean([np.roll(pixels, step, axis=1) for step in range(9)], axis=0).astype(np.uint8)
    sharp, blurred = measures(draw_photo(seed=1)), measures(Image.fromarray(moved))
    taken = {name: sharp[name] - blurred[name] for name in ("across_ratio", "down_ratio")}
    assert taken["across_ratio"] > taken["down_ratio"] + 0.2


def test_light_and_colours_are_measured() -> None:
    white = measures(Image.new("RGB", (300, 200), "white"))
    assert (white["mean"], white["white"], white["paper"], white["first_colour"], white["flat"]) == (1, 1, 1, 1, 1)
    black = measures(Image.new("RGB", (300, 200), "black"))
    assert (black["mean"], black["black"], black["saturation"], black["calm_tiles"]) == (0, 1, 0, 1)
    assert measures(Image.new("RGB", (300, 200), (255, 0, 0)))["saturation"] == 1


def test_a_thumbnail_says_what_the_pixels_say() -> None:
    image = draw_photo((512, 384), seed=5)
    data = io.BytesIO()
    image.save(data, "JPEG", quality=80)
    look, again = look_at(np.asarray(image)), look_at_thumbnail(data.getvalue())
    assert again is not None
    assert np.abs(look.tiny.astype(int) - again.tiny).max() <= 6
    for name in ("mean", "spread", "saturation"):
        place = MEASURES.index(name)
        assert again.measures[place] == pytest.approx(look.measures[place], abs=0.05)


@pytest.mark.parametrize("data", [b"", b"no", b"\xff\xd8\xff\xe0 cut", b"\x89PNG\r\n\x1a\n"])
def test_a_damaged_thumbnail_has_no_look(data: bytes) -> None:
    assert look_at_thumbnail(data) is None
