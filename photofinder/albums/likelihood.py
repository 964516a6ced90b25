"""From the score of a photo to the probability that it belongs to an album, honest with three examples.

Platt's sigmoid asks for more examples than a person marks, so its constants were fitted once, on albums of everyday
photos and of narrow classes (``python -m photofinder.training.albums``). Of the album itself one number is used: how
far ahead of the library its own photos come out when it is learnt without them. An album whose photos stand far out is
a narrow one, and a photo must stand out as far to belong. With few photos that number is drawn towards the usual one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from photofinder.albums.classifier import FloatArray, Learnt, Method
from photofinder.search.calibration import probability

FLOOR = 0.1
"""From this probability on a photo is proposed."""

_NEAREST_SLOPE, _NEAREST_BIAS = 0.83, -4.04
_SLOPE, _LEAD_WEIGHT, _BIAS = 1.38, -1.79, -0.88
_USUAL_LEAD = 2.5
_USUAL_COUNTS = 6.0
"""As how many photos the usual lead counts; of 0, 3, 6, 10 and 20 the likeliest."""


def lead_of(learnt: Learnt) -> float:
    """How far the album's own photos lie ahead of the library, in its standard deviations, drawn to the usual lead."""
    return (_USUAL_COUNTS * _USUAL_LEAD + float(learnt.held_out.sum())) / (_USUAL_COUNTS + len(learnt.held_out))


def likelihoods(learnt: Learnt, scores: FloatArray) -> NDArray[np.float64]:
    """The probability that each photo belongs, ``(n,)`` in [0, 1]; it grows with the score ``(n,)``."""
    places = (scores - learnt.middle) / learnt.spread
    if learnt.method is Method.NEAREST:
        return probability(_NEAREST_SLOPE * places + _NEAREST_BIAS)
    return probability(_SLOPE * places + _LEAD_WEIGHT * lead_of(learnt) + _BIAS)


def is_proposed(learnt: Learnt, scores: FloatArray, share: float = 0.5) -> NDArray[np.bool_]:
    """Whether each photo is proposed: it is likely to belong, or as much like the album as ``share`` of its own photos.

    How many photos of a library belong nobody knows; where it is many, the probability is too low.
    """
    good = likelihoods(learnt, scores) >= FLOOR
    if len(learnt.held_out):
        usual = float(np.quantile(learnt.held_out, 1 - share))
        good |= (scores - learnt.middle) / learnt.spread >= max(1.0, usual)
    return good
