"""How sure the program is of phrases of two things."""

from __future__ import annotations

import math

import numpy as np

from photofinder.model.caption import CaptionRegressor
from photofinder.model.lexicon import unit_rows
from photofinder.model.pack import Pack
from photofinder.model.querybank import MORE_NUMBERS
from photofinder.search.calibration import calibration
from photofinder.search.certainty import WORDS
from photofinder.training.certainty import by_pair
from photofinder.training.wishes import CONCEPTS, Gallery


def test_photos_of_one_thing_are_not_surely_photos_of_two(pack: Pack) -> None:
    """Photos like the words; how usual they are (``model.querybank``) is such that the whole phrase is just sure."""
    regressor, fit = CaptionRegressor(pack), calibration(pack, "text")
    both, dog, beach = (regressor(text).vector for text in ("perro y playa", "perro", "playa"))
    assert both is not None and dog is not None and beach is not None
    words = np.stack([dog, beach])[:, :-MORE_NUMBERS]
    photos = unit_rows(words + 0.3 * words[::-1])
    photos = np.concatenate([photos, unit_rows(words.sum(0)[None])])
    alike = photos @ both[:-MORE_NUMBERS] * math.sqrt(0.5)
    usual = (alike.min() - (log_odds(0.9) - fit.bias) / fit.slope) * 2
    bank = np.tile([-usual, math.sqrt(1 - usual**2)], (3, 1))
    shows = dict.fromkeys(CONCEPTS, np.zeros(3, dtype=bool))
    shows |= {"perro": np.array([True, False, True]), "playa": np.array([False, True, True])}
    gallery = Gallery(np.concatenate([photos, bank], 1).astype(np.float32) * np.float32(math.sqrt(0.5)), shows)
    by_whole, told, right = by_pair(pack, gallery, least=2)
    assert right.tolist() == [[False, False, True]]
    assert (by_whole >= WORDS.sure).all(), "one half is nearly as like the whole"
    assert (told >= WORDS.sure).tolist() == right.tolist()


def log_odds(chance: float) -> float:
    return math.log(chance / (1 - chance))
