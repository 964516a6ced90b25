"""In the lane ``search``: which photos show the object that was marked on one of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QImage

from photofinder.library.catalog import Catalog
from photofinder.library.decoder import Decoder
from photofinder.library.filters import Filters
from photofinder.model.keypoints import LocalFeatures, Vocabulary, asked_features, load_vocabulary
from photofinder.search.objects import ObjectEngine
from photofinder.search.query import ParsedQuery
from photofinder.search.results import SearchResult
from photofinder.ui.found import Calendar, Found
from photofinder.ui.outside_pictures import Box, cut
from photofinder.ui.picture_lane import image_of

if TYPE_CHECKING:
    from photofinder.ui.search_lane import PhotoRegion

WHOLE: Box = (0.0, 0.0, 1.0, 1.0)
_SIDE = 1536


class ObjectFinder:
    """Keeps the engine, and the points of the object that was looked at last: filters change, the object does not."""

    def __init__(self, neighbors: Path, decoder: Decoder) -> None:
        self._neighbors = neighbors
        self._decoder = decoder
        self._vocabulary: Vocabulary | None = None
        self._engine: ObjectEngine | None = None
        self._looked: tuple[Path, Box, LocalFeatures, QImage] | None = None

    def find(
        self, catalog: Catalog, calendar: Calendar, region: PhotoRegion, parsed: ParsedQuery, filters: Filters
    ) -> tuple[SearchResult, Found, QImage]:
        """What there is to say, the photos but this one that share its object, surest first, and the object's picture.

        Of what was typed only the filters count. Raises ``PhotoUnreadable`` and ``PackDamaged``.
        """
        if self._vocabulary is None or self._engine is None:
            self._vocabulary = load_vocabulary()
            self._engine = ObjectEngine(catalog, self._vocabulary, self._neighbors)
        if self._looked is None or self._looked[:2] != (region.path, region.box):
            pixels = cut(self._decoder.decode(region.path, side=_SIDE).pixels, region.box)
            self._looked = (region.path, region.box, asked_features(pixels), image_of(pixels))
        wanted = [one for one in (filters, parsed.filters) if one]
        result = self._engine.search(self._looked[2], filters=wanted, excluded=[region.photo_id])
        ids = np.array([hit.photo_id for hit in result.hits], dtype=np.int64)
        found = Found(
            ids,
            np.array([hit.probability for hit in result.hits], dtype=np.float64),
            calendar.moments(ids, catalog),
            np.array([hit.points or 0 for hit in result.hits], dtype=np.int64),
        )
        said = replace(result, hits=(), parts=parsed.parts, filters=parsed.filters)
        return said, found, self._looked[3]
