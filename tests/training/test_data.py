from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photofinder.training.data import WHOLE, Corpus, centre_square, crop, load_crops, random_box
from tests.training.conftest import write_corpus


def test_photos_are_read_from_where_the_table_says(corpus: Corpus) -> None:
    assert corpus.photos[0].spanish_names == ("pintura rojo",)
    red, green, blue = (np.asarray(corpus.image(n)).mean((0, 1)).argmax() for n in range(3))
    assert (red, green, blue) == (0, 1, 2)
    assert {p.part for p in corpus.part("val")} == {"val"}
    assert all(p.set == "coco" for p in corpus.part("train", ["coco"]))


def test_numbers_must_count_up(tmp_path: Path) -> None:
    folder = write_corpus(tmp_path / "corpus", per_kind=6)
    lines = (folder / "photos.tsv").read_text().splitlines()
    (folder / "photos.tsv").write_text("\n".join([lines[0], *lines[2:]]))
    with pytest.raises(ValueError, match="count up"):
        Corpus(folder)


@pytest.mark.parametrize("size", [(100, 100), (300, 50), (50, 300), (1, 1)])
def test_random_boxes_lie_inside(size: tuple[int, int]) -> None:
    rng = np.random.default_rng(0)
    for _ in range(200):
        left, top, right, bottom = random_box(rng, *size)
        assert 0 <= left < right <= 1 + 1e-9 and 0 <= top < bottom <= 1 + 1e-9


@pytest.mark.parametrize("aspect", [4 / 3, 3 / 4, 1.0])
def test_random_boxes_are_about_as_wide_as_they_should_be(aspect: float) -> None:
    rng = np.random.default_rng(0)
    boxes = [random_box(rng, 400, 400, aspect=aspect) for _ in range(200)]
    shapes = np.asarray([(right - left) / (bottom - top) for left, top, right, bottom in boxes])
    assert aspect * 3 / 4 - 1e-6 <= shapes.min() and shapes.max() <= aspect * 4 / 3 + 1e-6
    assert np.median(shapes) == pytest.approx(aspect, rel=0.08)


def test_centre_square_is_square_and_centred() -> None:
    left, top, right, bottom = centre_square(300, 100)
    assert (right - left) * 300 == pytest.approx((bottom - top) * 100)
    assert left == pytest.approx(1 - right)


def test_crop_cuts_what_the_box_says() -> None:
    image = Image.new("RGB", (100, 50))
    image.paste((255, 0, 0), (0, 0, 50, 50))
    assert crop(image, (0, 0, 0.4, 1), 8, 8)[..., 0].min() == 255
    assert crop(image, (0.6, 0, 1, 1), 8, 8).max() == 0


def test_crops_are_loaded_in_order(corpus: Corpus) -> None:
    with ThreadPoolExecutor(4) as pool:
        batch = load_crops(corpus, [(n, WHOLE) for n in (2, 0, 1)], 16, 12, pool)
    assert batch.shape == (3, 12, 16, 3)
    assert batch.mean((1, 2)).argmax(1).tolist() == [2, 0, 1]
