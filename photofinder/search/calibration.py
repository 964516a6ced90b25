"""From a cosine to what a person can be told: the probability that the photo answers the search."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from photofinder.errors import PackDamaged
from photofinder.model.pack import Pack


@dataclass(frozen=True, slots=True)
class Calibration:
    """Platt scaling fitted when the pack was made: ``logit = slope * score + bias``."""

    slope: float
    bias: float

    def logit(self, score: NDArray[np.float32]) -> NDArray[np.float32]:
        """Log-odds (float32, same shape) of scores in [-1, 1]; it grows with the score."""
        return np.float32(self.slope) * score + np.float32(self.bias)


@dataclass(frozen=True, slots=True)
class SimilarWeights:
    """How much each cosine counts in the likeness of two photos; both >= 0, sum 1."""

    feature: float
    embedding: float


def probability(logit: NDArray[np.float32]) -> NDArray[np.float64]:
    """``1 / (1 + exp(-logit))`` in float64, without overflow for any finite logit."""
    wide = logit.astype(np.float64)
    small = np.exp(-np.abs(wide))
    result: NDArray[np.float64] = np.where(wide >= 0, 1.0, small) / (1.0 + small)
    return result


def calibration(pack: Pack, kind: str) -> Calibration:
    """The pack's calibration of ``kind``, ``"text"`` or ``"photo"``. Raises PackDamaged."""
    entry = _mapping(_mapping(pack.manifest, "calibration", pack), kind, pack)
    found = Calibration(_number(entry, "slope", pack), _number(entry, "bias", pack))
    if found.slope <= 0:
        # a falling curve would call the worst photo the surest one
        raise PackDamaged(pack.folder, f"calibration of {kind}: slope {found.slope} is not positive")
    return found


def similar_weights(pack: Pack) -> SimilarWeights:
    """The pack's weights of the two cosines between photos, scaled to sum 1. Raises PackDamaged."""
    entry = _mapping(pack.manifest, "similar", pack)
    feature, embedding = _number(entry, "feature", pack), _number(entry, "embedding", pack)
    total = feature + embedding
    if feature < 0 or embedding < 0 or total <= 0:
        raise PackDamaged(pack.folder, f"weights of similar photos: {feature}, {embedding}")
    return SimilarWeights(feature / total, embedding / total)


def _mapping(parent: Mapping[str, Any], key: str, pack: Pack) -> Mapping[str, Any]:
    value = parent.get(key)
    if not isinstance(value, Mapping):
        raise PackDamaged(pack.folder, f"the manifest has no {key!r}")
    return value


def _number(parent: Mapping[str, Any], key: str, pack: Pack) -> float:
    value = parent.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise PackDamaged(pack.folder, f"the manifest has no number {key!r}")
    return float(value)
