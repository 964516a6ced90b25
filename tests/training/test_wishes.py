"""The measurement of «sin», «y», «o» and likes."""

from __future__ import annotations

import re

import numpy as np

from photofinder.model.caption import CaptionRegressor
from photofinder.model.pack import Pack
from photofinder.training.wishes import CONCEPTS, Gallery, _average_precisions, _pairs, _precisions


def test_every_concept_is_known_and_its_pattern_says_it(pack: Pack) -> None:
    regressor = CaptionRegressor(pack)
    for name, pattern in CONCEPTS.items():
        assert regressor(name).vector is not None
        assert re.search(pattern, f"un {name} aquí")


def test_precision_counts_the_right_ones_among_the_first_ten() -> None:
    x, y = np.arange(20) < 12, np.arange(20) < 4
    nothing = np.zeros(20, dtype=bool)
    shows = dict.fromkeys(CONCEPTS, nothing) | {"perro": x, "gato": y}
    shown = Gallery(np.zeros((20, 4), dtype=np.float32), shows)
    pairs = _pairs(shown, lambda one, other: bool((one & ~other).sum() >= 8), ordered=True)
    assert ("perro", "gato") in pairs
    assert ("gato", "perro") not in pairs
    first = -np.arange(20, dtype=np.float32)
    found = _precisions(shown, [("perro", "gato")], lambda one, other: one & ~other, lambda a, b: first)
    assert found.tolist() == [np.float32(0.6)]
    average = _average_precisions(shown, [("perro", "gato")], lambda one, other: one & ~other, lambda a, b: first)
    assert np.isclose(average[0], np.mean([(n + 1) / (n + 5) for n in range(8)])), "the right ones are 5th to 12th"
