"""What an album looks like, learnt from the photos a person marked: CNN features off the shelf and a linear SVM.

The recipe of Razavian et al. 2014 («CNN Features off-the-shelf»): vectors of the untouched network, the marked photos
also mirrored and cropped (``albums.views``), a linear SVM. Photos of the library stand for what is not in the album.
With one or two photos there is nothing to separate: the nearest neighbours of their mean are proposed. All is plain
arrays and takes milliseconds, so nothing learnt is ever stored: it is learnt again when a mark changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]

LEAST_FOR_SVM = 3
"""Photos in an album from which on there is something to separate; below, the nearest neighbours are proposed."""
LEAST_FOR_QUALITY = 5
"""Photos from which on there is something to say about how good the proposals are."""
FOLDS = 5
"""At most so many times the album is learnt without some of its photos, to see whether they are found."""
_COST = 3.0
"""Of the SVM, for all photos of the album together."""
_DOUBTS = 1.0
"""How much all photos of the library, some of which may belong, count beside all photos of the album, which count 1."""


class Method(StrEnum):
    """How the photos of the library are compared with an album."""

    NEAREST = "nearest"
    SVM = "svm"


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """What an album is learnt from; all rows are unit vectors of ``d`` numbers.

    ``yes``: of each photo in the album its own vector and those of its views, ``(views, d)``. ``no``: photos called
    wrong, and rivals, ``(n, d)``. ``library``: photos drawn from all others, ``(m, d)``; some may belong.
    """

    yes: tuple[FloatArray, ...]
    no: FloatArray
    library: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Learnt:
    """The score of a photo is its product with ``direction`` ``(d,)`` float32, of unit length.

    ``middle``, ``spread``: of the scores of the library, in which a score is expressed. ``held_out``: so expressed, the
    scores of the album's own photos when it is learnt without them, ``(photos,)``; empty for fewer than three.
    ``precision``: the average precision of finding those photos among the library's, in [0, 1], or None.
    """

    method: Method
    direction: FloatArray
    middle: float
    spread: float
    held_out: NDArray[np.float64]
    precision: float | None
    photos: int


def learn(lesson: Lesson, seed: int = 0) -> Learnt:
    """Learn an album of at least one photo. The same lesson and seed give the same numbers.

    Raises ``ValueError`` for an album without photos or a library without any.
    """
    if not lesson.yes or not len(lesson.library):
        raise ValueError("an album needs a photo, and a library to tell it from")
    method = Method.NEAREST if len(lesson.yes) < LEAST_FOR_SVM else Method.SVM
    direction = nearest(lesson) if method is Method.NEAREST else separating(lesson)
    middle, spread = _scale(lesson.library @ direction)
    held_out, precision = np.empty(0), None
    if method is Method.SVM:
        held_out, precision = _examined(lesson, seed)
    return Learnt(method, direction, middle, spread, held_out, precision, len(lesson.yes))


def nearest(lesson: Lesson) -> FloatArray:
    """Towards the mean of the photos themselves, away from that of the library."""
    return _of_unit_length(np.stack([views[0] for views in lesson.yes]).mean(0) - lesson.library.mean(0))


def separating(lesson: Lesson) -> FloatArray:
    """Across the border that a linear SVM draws; its offset means nothing, the library's scores give the scale."""
    from sklearn.svm import LinearSVC  # half a second, and only for albums

    yes = np.concatenate(lesson.yes)
    rows = np.concatenate([yes, lesson.no, lesson.library]) - lesson.library.mean(0)
    weights = np.concatenate(
        [
            *(np.full(len(views), 1 / len(views)) for views in lesson.yes),
            np.ones(len(lesson.no)),
            np.full(len(lesson.library), _DOUBTS * len(lesson.yes) / len(lesson.library)),
        ]
    )
    belongs = np.arange(len(rows)) < len(yes)
    size = float(np.sqrt(np.square(rows[len(yes) :]).sum(1).mean())) or 1.0
    machine = LinearSVC(C=_COST / len(lesson.yes), dual=True, max_iter=2000, tol=1e-3, random_state=0)
    machine.fit(rows / size, belongs, weights)
    return _of_unit_length(machine.coef_[0])


def _examined(lesson: Lesson, seed: int) -> tuple[NDArray[np.float64], float]:
    """Scores of the album's photos when it is learnt without them, and how precisely they are found so."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(lesson.yes))
    held_out = np.empty(len(lesson.yes))
    others = np.empty(0)
    half = rng.permutation(len(lesson.library))
    folds = min(FOLDS, len(lesson.yes))
    for fold in range(folds):
        out = order[fold::folds]
        kept = tuple(lesson.yes[place] for place in np.setdiff1d(order, out))
        tested = half[fold::folds]
        library = lesson.library[np.setdiff1d(half, tested)] if len(half) > folds else lesson.library
        direction = separating(Lesson(kept, lesson.no, library))
        middle, spread = _scale(library @ direction)
        own = np.stack([lesson.yes[place][0] for place in out])
        held_out[out] = (own @ direction - middle) / spread
        others = np.concatenate([others, (lesson.library[tested] @ direction - middle) / spread])
    return held_out, average_precision(held_out, others)


def average_precision(right: NDArray[np.float64], wrong: NDArray[np.float64]) -> float:
    """Mean, over the right ones, of the share of right ones among all that score at least as high; in [0, 1]."""
    wrong = np.sort(wrong)
    ahead = len(wrong) - np.searchsorted(wrong, np.sort(right)[::-1], side="left")
    found = np.arange(1, len(right) + 1)
    return float((found / (found + ahead)).mean())


def _scale(scores: FloatArray) -> tuple[float, float]:
    """Mean and standard deviation of the library's scores; the latter never 0."""
    return float(scores.mean()), float(scores.std()) or 1.0


def _of_unit_length(row: NDArray[np.floating]) -> FloatArray:
    unit: FloatArray = (row / max(float(np.linalg.norm(row)), 1e-9)).astype(np.float32)
    return unit
