"""Kinds of photos that pixels alone give away: pictures of a screen, documents, blurred and dark photos.

A logistic model a kind, over the measures of a look and their products, trained on generated examples
(``training/oddities.py``) and kept as JSON: plain numbers, ready in a millisecond.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from photofinder.library.filters import KINDS
from photofinder.library.look import MEASURES
from photofinder.paths import resource

FloatArray = NDArray[np.float32]

MODEL = "looks/kinds.json"
"""Beside the other resources."""
_FAR = 4.0  # standard deviations: what lies further out than anything in training says no more than that


SPOKEN = "screenshot"
"""The kind that phrases help to tell."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """How phrases help: what the best of ``texts`` says of a photo (calibrated log-odds, ``search/kind_phrases.py``),
    in ``spread``s from ``mean``, is added to the log-odds of ``SPOKEN``; from ``threshold`` on it is of that kind.
    """

    texts: tuple[str, ...]
    mean: float
    spread: float
    threshold: float


@dataclass(frozen=True, slots=True, eq=False)
class KindModel:
    """``names`` of the kinds; ``centre``, ``scale`` (25,); ``weights`` (k, 350), ``biases``, ``thresholds`` (k,).

    A photo is of a kind when the log-odds reach its threshold.
    """

    names: tuple[str, ...]
    centre: FloatArray
    scale: FloatArray
    weights: FloatArray
    biases: FloatArray
    thresholds: FloatArray
    spoken: Spoken

    def log_odds(self, measures: FloatArray) -> FloatArray:
        """``(n, 25)`` of ``look.MEASURES`` to ``(n, k)``."""
        odds: FloatArray = products((measures - self.centre) / self.scale) @ self.weights.T + self.biases
        return odds

    def holds(self, odds: FloatArray, said: FloatArray | None = None) -> NDArray[np.bool_]:
        """Which kinds hold, ``(n, k)``, by log-odds ``(n, k)`` and, where asked, what phrases say ``(n,)``."""
        found: NDArray[np.bool_] = odds >= self.thresholds
        if said is not None:
            place = self.names.index(SPOKEN)
            found[:, place] = self.with_phrases(odds, said) >= self.spoken.threshold
        return found

    def with_phrases(self, odds: FloatArray, said: FloatArray) -> FloatArray:
        """The log-odds of ``SPOKEN`` and what phrases say, (n,)."""
        both: FloatArray = odds[:, self.names.index(SPOKEN)] + (said - self.spoken.mean) / self.spoken.spread
        return both


@cache
def kind_model() -> KindModel:
    """The model that ships."""
    stored = json.loads(resource(MODEL).read_text(encoding="utf-8"))
    if stored["measures"] != list(MEASURES):
        raise ValueError(f"{MODEL} was trained on other measures; run photofinder.training.oddities")

    def array(name: str) -> FloatArray:
        return np.array(stored[name], dtype=np.float32)

    spoken = stored["spoken"]
    return KindModel(
        tuple(stored["kinds"]),
        array("centre"),
        array("scale"),
        array("weights"),
        array("biases"),
        array("thresholds"),
        Spoken(tuple(spoken["texts"]), spoken["mean"], spoken["spread"], spoken["threshold"]),
    )


def kinds_of(
    measures: Sequence[FloatArray], cameras: Sequence[str | None], said: FloatArray | None = None
) -> list[int]:
    """The bits of ``filters.KINDS`` of each photo, from its measures (25,), the camera in its EXIF and, where they were
    asked, what phrases say (n,).

    A photo that names a camera is no picture of a screen: no phone or computer writes one into those.
    """
    if not len(measures):
        return []
    model = kind_model()
    is_kind = model.holds(model.log_odds(np.stack(measures)), said)
    found = []
    for row, camera in zip(is_kind.tolist(), cameras, strict=True):
        names = [name for name, holds in zip(model.names, row, strict=True) if holds]
        found.append(sum(KINDS[name] for name in names if not (name == "screenshot" and camera)))
    return found


def products(standard: FloatArray) -> FloatArray:
    """Standardised measures ``(n, m)``, clipped, and all their products ``(n, m (m + 3) / 2)``."""
    clipped = standard.clip(-_FAR, _FAR)
    one, other = np.triu_indices(clipped.shape[1])
    return np.concatenate([clipped, clipped[:, one] * clipped[:, other]], axis=1)
