"""How much of an answer is sure, and where it ends. Chosen by ``python -m photofinder.training.certainty``."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from photofinder.search.calibration import probability

FloatArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Limits:
    """Calibrated probabilities from which on a photo is a ``sure`` answer, and below which it is none (``floor``)."""

    sure: float
    floor: float


WORDS = Limits(sure=0.8, floor=0.4)
"""Among 514 validation photos, 696 words: above ``sure``, photos whose captions name the word are eighteen times as
frequent as by chance (0.28 to 0.015; captions leave out much that photos show), five a search. Above ``floor`` are
4 % of the photos, nine times as often right as by chance; of a hundred words that photos show 98 find something."""
PHOTOS = Limits(sure=0.9, floor=0.5)
"""Among 1,330 labelled validation photos: above ``sure``, photos of the same fine class are 48 times as frequent as by
chance (0.124 to 0.0026), six a search; above ``floor`` are 9 % of the photos, with 80 % of the right ones."""


OBJECTS = Limits(sure=0.9, floor=0.5)
"""By ``object_probability``: ten points are sure, six are the least. How often either is wrong: ``docs/OBJECTS.md``."""


def object_probability(points: int) -> float:
    """How likely a photo that shares ``points`` places with an object shows it: 0.5 for six, 0.9 for ten."""
    return 1 / (1 + math.exp(-(points - 6) * math.log(9) / 4))


@dataclass(frozen=True, slots=True)
class Grades:
    """Of an answer, best first: how many are ``sure``, how many ``perhaps`` come next, and how many ``weak`` ones."""

    sure: int
    perhaps: int
    weak: int


def doubt(phrase: FloatArray, words: FloatArray) -> FloatArray:
    """How many of its log-odds of showing a phrase, ``(n,)``, each photo owes to other words than the one that it shows
    least: ``(n,)``, 0 or more. ``words`` ``(k, n)``: the log-odds of each of its ``k`` content words alone.

    A photo of one half is nearly as like the phrase as a photo of both. So the word that it shows least counts as one
    part of k and the whole as the others, where that is less. What that brings: docs/MODEL.md.
    """
    if len(words) < 2:
        return np.zeros_like(phrase)
    return np.asarray(np.maximum(phrase - words.min(0), 0) / np.float32(len(words)), dtype=np.float32)


def less_sure(logit: FloatArray, doubt: FloatArray) -> NDArray[np.float64]:
    """How likely photos are right, ``(n,)`` in [0, 1], of log-odds of which ``doubt`` is taken off.

    Never below ``WORDS.floor`` for that: what would be shown is shown.
    """
    return np.maximum(probability(logit - doubt), np.minimum(probability(logit), WORDS.floor))


def levels(probabilities: NDArray[np.float64], limits: Limits) -> NDArray[np.int64]:
    """Of calibrated probabilities ``(n,)`` in [0, 1]: 2 where a photo is sure, 1 where it is perhaps one, 0 below."""
    return (probabilities >= limits.sure).astype(np.int64) + (probabilities >= limits.floor)


def grade(probabilities: NDArray[np.float64], limits: Limits) -> Grades:
    """Grades of calibrated probabilities ``(n,)`` in [0, 1], in any order."""
    weak, perhaps, sure = np.bincount(levels(probabilities, limits), minlength=3).tolist()
    return Grades(sure, perhaps, weak)
