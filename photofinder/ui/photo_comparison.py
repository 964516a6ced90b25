"""What the search lane compares photos with photos by, as chosen in the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from photofinder.errors import WeightsMissing, WeightsRejected
from photofinder.model.descriptor_weights import is_ready
from photofinder.model.descriptors import Comparison
from photofinder.paths import DataPaths
from photofinder.search.query import PhotoVectorsOne, Query
from photofinder.search.results import Ranking
from photofinder.ui.model_source import ModelSource

if TYPE_CHECKING:
    from photofinder.ui.search_lane import Asked


class PhotoComparison:
    """Belongs to the lane; ``chosen`` is None for the features of the pack."""

    def __init__(self, paths: DataPaths, models: ModelSource) -> None:
        self._paths = paths
        self._models = models
        self.chosen: Comparison | None = None

    def choose(self, chosen: Comparison | None) -> bool:
        """Whether photos that were read before must be read again: another network is to describe them."""
        before, self.chosen = self.chosen, chosen
        return (before and before.descriptor) != (chosen and chosen.descriptor)

    def described(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32] | None:
        """What the descriptor says of a picture; None without one, or without its weights."""
        if self.chosen is None:
            return None
        try:
            numbers: NDArray[np.float32] = self._models.describe(self.chosen.descriptor)([pixels])[0]
        except (WeightsMissing, WeightsRejected):
            return None
        return numbers

    def unread(self, ranking: Ranking) -> set[int]:
        """The query's own photos that the descriptor has to look at before they can be compared by it."""
        compared = ranking.compared
        if compared is None or not is_ready(self._paths, compared.comparison.descriptor):
            return set()
        return set(compared.not_described)

    def query(
        self,
        asked: Asked,
        outside: tuple[tuple[PhotoVectorsOne, float], ...],
        known: tuple[tuple[int, float], ...],
    ) -> Query:
        """For the engine: vectors of photos from outside, and ids of photos of the catalogue, with their weights."""
        return Query(
            asked.text,
            photos=tuple(vectors for vectors, _ in outside),
            photo_ids=tuple(photo_id for photo_id, _ in known),
            photo_weights=(*(weight for _, weight in outside), *(weight for _, weight in known)),
            liked=asked.liked,
            disliked=asked.disliked,
            filters=asked.filters,
            compare=self.chosen,
        )
