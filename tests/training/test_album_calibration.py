"""Constants that were fitted say how likely what they were fitted on is."""

from __future__ import annotations

import numpy as np

from photofinder.albums.classifier import Learnt, Method
from photofinder.albums.likelihood import SHIPPED, Constants, chances
from photofinder.training.album_calibration import Scored, fitted, judged

TRUE = Constants(0.9, -2.5, 1.5, -1.2, 0.4, 2.0, 0.0)


def album(method: Method, lead: float, seed: int) -> Scored:
    """Places drawn by chance, and who belongs by what ``TRUE`` says."""
    rng = np.random.default_rng(seed)
    photos = 1 if method is Method.NEAREST else (3, 5, 20)[seed % 3]
    held_out = np.full(photos if method is Method.SVM else 0, lead)
    learnt = Learnt(method, np.zeros(2, dtype=np.float32), 0.0, 1.0, held_out, None, photos)
    places = rng.normal(0, 2, 4000)
    return Scored(
        "everyday" if seed % 2 else "narrow", learnt, places, rng.random(4000) < chances(learnt, places, TRUE)
    )


def test_the_constants_are_found_again_and_are_honest() -> None:
    every = [album(Method.NEAREST, 0, seed) for seed in range(6)]
    every += [album(Method.SVM, lead, seed) for seed, lead in enumerate(np.linspace(0.5, 3.5, 12))]
    found = fitted(every)
    assert abs(found.nearest_slope - TRUE.nearest_slope) < 0.06
    assert abs(found.nearest_bias - TRUE.nearest_bias) < 0.12
    assert abs(found.slope - TRUE.slope) < 0.06
    assert found.usual_counts == 0 and abs(found.lead_weight - TRUE.lead_weight) < 0.1
    honest, shipped = judged(every, found), judged(every, SHIPPED)
    assert honest["log loss"] < shipped["log loss"]  # type: ignore[operator]
    assert honest["log loss"] < honest["log loss of one chance for all"]  # type: ignore[operator]
    shares = [int(str(line).partition(" %")[0]) for line in honest["everyday, 5"]]  # type: ignore[attr-defined]
    assert 10 <= shares[0] <= 30 <= shares[1] <= 50 <= shares[2] <= 70 <= shares[3]
