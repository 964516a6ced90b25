"""Where answers are sure and where they end; why a photo was found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from photofinder.model.caption import CaptionRegressor
from photofinder.model.pack import Pack
from photofinder.search.calibration import SimilarWeights, probability
from photofinder.search.certainty import PHOTOS, WORDS, Grades, Limits, doubt, grade, less_sure
from photofinder.search.explain import NearestWords, heat_map, photo_score, text_score
from photofinder.search.query import PhotoVectorsOne

Floats = NDArray[np.float32]


@dataclass
class Places:
    features: Floats
    box: tuple[float, float, float, float] = (0.0, 0.1, 1.0, 0.9)


class OneWarmPlace:
    """A network of three dimensions; what is asked for is the first of them, and only one place has it."""

    def __init__(self, row: int, column: int) -> None:
        self.features = np.zeros((6, 8, 3), dtype=np.float32)
        self.features[..., 1] = 1.0
        self.features[row, column] = (4.0, 0.0, 0.0)

    def spatial(self, image: NDArray[np.uint8]) -> Places:
        return Places(self.features)

    def embed(self, features: Floats) -> Floats:
        return features / np.linalg.norm(features, axis=1, keepdims=True)


def test_grades_add_up() -> None:
    limits = Limits(sure=0.8, floor=0.4)
    assert grade(np.array([0.9, 0.8, 0.7, 0.4, 0.39, 0.0]), limits) == Grades(2, 2, 2)
    assert grade(np.empty(0), limits) == Grades(0, 0, 0)
    for shipped in (WORDS, PHOTOS):
        assert 0 < shipped.floor < shipped.sure < 1


def test_a_photo_that_lacks_a_word_is_less_sure_but_stays_where_it_was_shown() -> None:
    whole = np.array([4.0, 4.0, 4.0, -3.0], dtype=np.float32)
    words = np.array([[5.0, 6.0, 6.0, 0.0], [4.5, 1.0, -9.0, 0.0]], dtype=np.float32)
    always, of_two, of_three, hardly, never = probability(np.array([4, 2.5, 3, -1 / 3, -3], dtype=np.float32)).tolist()

    def doubted(some: NDArray[np.float32]) -> NDArray[np.float64]:
        return less_sure(whole, doubt(whole, some))

    assert doubted(words).tolist() == pytest.approx([always, of_two, WORDS.floor, never])
    three = np.concatenate([words, words[:1]])
    assert doubted(three).tolist() == pytest.approx([always, of_three, hardly, never])
    assert (doubted(words)[:3] >= WORDS.floor).all(), "not a rounding below what is shown"
    assert doubted(words[:1]).tolist() == probability(whole).tolist(), "one word is the phrase"


def test_the_warmest_place_is_what_was_asked_for() -> None:
    network = OneWarmPlace(4, 6)
    image = np.zeros((60, 80, 3), dtype=np.uint8)
    first = np.array([1, 0, 0], dtype=np.float32)
    found = heat_map(image, network, text_score(network, [first]))
    assert found.heat.shape == (6, 8)
    assert np.unravel_index(found.heat.argmax(), found.heat.shape) == (4, 6)
    assert found.heat.max() == 1.0
    assert found.heat.min() >= 0.0
    assert found.box == (0.0, 0.1, 1.0, 0.9)
    likes = photo_score(network, PhotoVectorsOne(first, first), SimilarWeights(0.5, 0.5))
    assert np.unravel_index(heat_map(image, network, likes).heat.argmax(), (6, 8)) == (4, 6)
    third = np.array([0, 0, 1], dtype=np.float32)
    assert heat_map(image, network, text_score(network, [third])).heat.max() == 0.0, "nothing speaks for it"


def test_the_nearest_words_are_those_that_other_photos_lack(pack: Pack) -> None:
    regressor = CaptionRegressor(pack)
    words = NearestWords(regressor)
    others = np.stack([regressor(text).vector for text in ("coche rojo", "playa", "mesa con platos", "un árbol")])
    elephant = regressor("elefante").vector
    assert elephant is not None
    nearest = words.of(elephant, others)
    assert nearest[0].startswith("elefante")
    assert len(nearest) == len(set(nearest)) == 8
    assert len(words.of(elephant, np.empty((0, len(elephant)), dtype=np.float32), limit=3)) == 3
