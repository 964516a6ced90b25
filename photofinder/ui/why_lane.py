"""Lane ``why``: decodes one photo and works out why it was found. Only asked for, never ahead; latest wins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from photofinder.errors import PhotoFinderError
from photofinder.library.catalog import Catalog, Photo
from photofinder.library.decoder import Decoder
from photofinder.model.caption import CaptionRegressor
from photofinder.paths import DataPaths
from photofinder.search.calibration import similar_weights
from photofinder.search.explain import HeatMap, NearestWords, Network, Score, heat_map, photo_score, text_score
from photofinder.search.query import PhotoVectorsOne, parse
from photofinder.ui.jobs import Dispatcher, Lane
from photofinder.ui.model_source import ModelSource
from photofinder.ui.picture_lane import image_of

_SIDE = 1280
_OTHERS = 200
"""Photos of the library that the nearest words are set against."""


@dataclass(frozen=True, slots=True, eq=False)
class WhyAsked:
    """``text`` as typed; ``examples``: the photos searched by, ids of the catalogue or vectors of others."""

    serial: int
    photo_id: int
    text: str
    examples: tuple[int | PhotoVectorsOne, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Why:
    """The answer: the photo, where the heat is, the nearest words; or the error that prevented it.

    ``about``: the word that the heat is about when nothing was searched for.
    """

    serial: int
    photo: Photo | None
    image: QImage | None = None
    heat: HeatMap | None = None
    words: tuple[str, ...] = ()
    about: str = ""
    error: PhotoFinderError | OSError | None = None


class WhyLane:
    """Its own connection, so that no search waits for it."""

    def __init__(self, paths: DataPaths, models: ModelSource, decoder: Decoder, dispatcher: Dispatcher) -> None:
        self._paths = paths
        self._models = models
        self._decoder = decoder
        self._dispatcher = dispatcher
        self.lane = Lane("why", on_crash=lambda crash: dispatcher.post("crashed", crash), on_end=self._close)
        self._latest = 0
        self._catalog: Catalog | None = None
        self._regressor: CaptionRegressor | None = None
        self._words: NearestWords | None = None

    def ask(self, asked: WhyAsked) -> None:
        """A ``Why`` with this serial comes by the dispatcher's signal, unless another is asked before."""
        self._latest = asked.serial
        self.lane.submit(lambda: self._run(asked))

    def _run(self, asked: WhyAsked) -> None:
        if asked.serial != self._latest:
            return
        photo = None
        try:
            photo = self._catalog_of().photos([asked.photo_id]).get(asked.photo_id)
            answer = Why(asked.serial, None) if photo is None else self._explain(asked, photo)
        except (PhotoFinderError, OSError) as error:
            answer = Why(asked.serial, photo, error=error)
        self._dispatcher.post("why", answer)

    def _explain(self, asked: WhyAsked, photo: Photo) -> Why:
        pixels = self._decoder.decode(photo.path, side=_SIDE).pixels
        network: Network = self._models.visual()
        regressor = self._regressor_of()
        words = self._nearest_words(photo.id, regressor)
        score, about = self._score(asked, network, regressor, words)
        heat = None if score is None else heat_map(pixels, network, score)
        return Why(asked.serial, photo, image_of(pixels), heat, words, about)

    def _score(
        self, asked: WhyAsked, network: Network, regressor: CaptionRegressor, words: tuple[str, ...]
    ) -> tuple[Score | None, str]:
        """What the search compared; without a search the nearest word of all."""
        vectors = [
            vector
            for clause in parse(asked.text, date.today(), places=self._catalog_of().known_places()).clauses
            for text in clause
            if (vector := regressor(text).vector) is not None
        ]
        if vectors:
            return text_score(network, vectors), ""
        example = self._mean([one for one in map(self._vectors, asked.examples) if one is not None])
        if example is not None:
            return photo_score(network, example, similar_weights(self._models.pack())), ""
        for word in words[:1]:
            vector = regressor(word).vector
            if vector is not None:
                return text_score(network, [vector]), word
        return None, ""

    def _vectors(self, example: int | PhotoVectorsOne) -> PhotoVectorsOne | None:
        if isinstance(example, PhotoVectorsOne):
            return example
        catalog = self._catalog_of()
        feature, embedding = catalog.vector(example, "feature"), catalog.vector(example, "embedding")
        return None if feature is None or embedding is None else PhotoVectorsOne(feature, embedding)

    def _mean(self, examples: list[PhotoVectorsOne]) -> PhotoVectorsOne | None:
        if not examples:
            return None
        return PhotoVectorsOne(
            np.stack([one.feature for one in examples]).mean(0), np.stack([one.embedding for one in examples]).mean(0)
        )

    def _nearest_words(self, photo_id: int, regressor: CaptionRegressor) -> tuple[str, ...]:
        own = self._catalog_of().vector(photo_id, "embedding")
        if own is None:
            return ()
        if self._words is None:
            self._words = NearestWords(regressor)
        return self._words.of(own, self._others(photo_id, len(own)))

    def _others(self, photo_id: int, dim: int) -> NDArray[np.float32]:
        catalog = self._catalog_of()
        ids = catalog.searchable_ids()
        chosen = ids[:: max(1, len(ids) // _OTHERS)].tolist()
        found = [catalog.vector(other, "embedding") for other in chosen if other != photo_id]
        rows = [vector for vector in found if vector is not None]
        return np.stack(rows) if rows else np.empty((0, dim), dtype=np.float32)

    def _catalog_of(self) -> Catalog:
        if self._catalog is None:
            self._catalog = Catalog.open(self._paths.catalog)
            pack = self._models.pack()
            self._catalog.use_pack(pack.fingerprint, pack.feature_dim, pack.embedding_dim)
        return self._catalog

    def _regressor_of(self) -> CaptionRegressor:
        if self._regressor is None:
            self._regressor = CaptionRegressor(self._models.pack())
        return self._regressor

    def _close(self) -> None:
        if self._catalog is not None:
            self._catalog.close()
