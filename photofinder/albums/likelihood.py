"""From the score of a photo to the probability that it belongs to an album, honest with three examples.

Platt's sigmoid asks for more examples than a person marks, so its constants were fitted once, on albums of everyday
photos and of narrow classes (``python -m photofinder.training.albums --calibrate``). Of the album itself one number is
used: how far ahead of the library its own photos come out when it is learnt without them. An album whose photos stand
far out is a narrow one, and a photo must stand out as far to belong. With few photos that number is drawn towards the
usual one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from photofinder.albums.classifier import FloatArray, Learnt, Method
from photofinder.search.calibration import probability

FLOOR = 0.1
"""From this probability on a photo is proposed."""


class Constants(NamedTuple):
    """Of the log-odds: ``nearest_slope`` times a photo's place and ``nearest_bias`` where an album has one or two
    photos; else ``slope`` times its place, ``lead_weight`` times the album's lead, and ``bias``. With few photos the
    lead is drawn to ``usual_lead``, which counts as ``usual_counts`` photos.
    """

    nearest_slope: float
    nearest_bias: float
    slope: float
    lead_weight: float
    bias: float
    usual_lead: float
    usual_counts: float


SHIPPED = Constants(0.83, -4.04, 1.38, -1.79, -0.88, 2.5, 6.0)
"""Fitted on validation photos; those of training photos promise more than validation photos keep, because the network
saw them (``docs/ALBUMS.md``).
"""


def lead_of(learnt: Learnt, constants: Constants = SHIPPED) -> float:
    """How far the album's own photos lie ahead of the library, in its standard deviations, drawn to the usual lead."""
    usual = constants.usual_counts * constants.usual_lead
    return (usual + float(learnt.held_out.sum())) / (constants.usual_counts + len(learnt.held_out))


def likelihoods(learnt: Learnt, scores: FloatArray) -> NDArray[np.float64]:
    """The probability that each photo belongs, ``(n,)`` in [0, 1]; it grows with the score ``(n,)``."""
    return chances(learnt, (scores - learnt.middle) / learnt.spread)


def chances(learnt: Learnt, places: NDArray[np.floating], constants: Constants = SHIPPED) -> NDArray[np.float64]:
    """The same of scores that are expressed in standard deviations of the library already."""
    if learnt.method is Method.NEAREST:
        return probability(constants.nearest_slope * places + constants.nearest_bias)
    lead = constants.lead_weight * lead_of(learnt, constants)
    return probability(constants.slope * places + lead + constants.bias)


def is_proposed(learnt: Learnt, scores: FloatArray, share: float = 0.5) -> NDArray[np.bool_]:
    """Whether each photo is proposed: it is likely to belong, or as much like the album as ``share`` of its own photos.

    How many photos of a library belong nobody knows; where it is many, the probability is too low.
    """
    good = likelihoods(learnt, scores) >= FLOOR
    if len(learnt.held_out):
        usual = float(np.quantile(learnt.held_out, 1 - share))
        good |= (scores - learnt.middle) / learnt.spread >= max(1.0, usual)
    return good
