"""The search: a query to photos, best first, over whatever the catalogue holds at this moment.

Words are compared with photos in the joint space (cosine of "embedding"); photos with photos by a weighted
sum of two cosines ("feature" and "embedding", weights of the pack). Both together: the mean of the two
calibrated log-odds, so that neither scale drowns the other. Nothing here imports torch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from photofinder.errors import EmptyQuery
from photofinder.library.catalog import Catalog
from photofinder.model.caption import CaptionRegressor, Phrase
from photofinder.model.pack import Pack
from photofinder.search import neighbors
from photofinder.search.calibration import calibration, probability, similar_weights
from photofinder.search.query import PhotoVectorsOne, Query, clean_text
from photofinder.search.vectors import FloatArray, IntArray, VectorTable

if TYPE_CHECKING:
    from photofinder.library.decoder import Decoder


class Vectors(Protocol):
    """What a network answers: float32 unit vectors, ``(n, feature_dim)`` and ``(n, embedding_dim)``."""

    @property
    def features(self) -> FloatArray:
        """The pooled outputs of the CNN."""

    @property
    def embeddings(self) -> FloatArray:
        """The places in the joint space of photos and phrases."""


Visual = Callable[[Sequence[NDArray[np.uint8]]], Vectors]
"""A ``model.visual.VisualNetwork``, whose module is not imported here because it needs torch."""

FEATURE = "feature"
EMBEDDING = "embedding"
DEFAULT_LIMIT = 200

_MAX_EXPLAINED_WORDS = 5  # of a page of gibberish, nobody reads more suggestions than that


@dataclass(frozen=True, slots=True)
class Hit:
    """One photo of the answer.

    ``score`` orders the hits: for words a cosine in [-1, 1], for photos a weighted cosine in [-1, 1], for
    both together a log-odds (any real number). ``probability`` in [0, 1] is what a person is told.
    ``offline``: the photo is known but its folder cannot be reached now.
    """

    photo_id: int
    path: Path
    score: float
    probability: float
    offline: bool


@dataclass(frozen=True, slots=True)
class Ranking:
    """The bare answer, best first: ids (n,) int64, scores (n,) float32, probabilities (n,) float64."""

    photo_ids: IntArray
    scores: FloatArray
    probabilities: NDArray[np.float64]
    phrase: Phrase | None
    not_analysed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The answer as it is shown.

    ``known`` and ``unknown`` are the words of the phrase as typed; ``suggestions`` maps unknown words to
    known ones that are spelt alike; ``corrected`` maps misspelt words to what was read instead;
    ``not_analysed`` are the query's own photos (ids) that have no vectors yet and so could not be compared.
    """

    hits: tuple[Hit, ...]
    known: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    suggestions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    corrected: Mapping[str, str] = field(default_factory=dict)
    not_analysed: tuple[int, ...] = ()


class SearchEngine:
    """Searches one catalogue with one pack. Belongs to one thread, and so does its catalogue connection."""

    def __init__(self, catalog: Catalog, pack: Pack, neighbors_dir: Path | None = None) -> None:
        """``neighbors_dir``: where annoy indexes are kept; None searches exactly. Raises PackDamaged."""
        # vectors of another pack are never read, also when a writer starts to use one
        catalog.use_pack(pack.fingerprint, pack.feature_dim, pack.embedding_dim)
        self._catalog = catalog
        self._pack = pack
        self._neighbors_dir = neighbors_dir
        self._text_calibration = calibration(pack, "text")
        self._photo_calibration = calibration(pack, "photo")
        self._weights = similar_weights(pack)
        self._tables = {
            FEATURE: VectorTable(FEATURE, pack.feature_dim),
            EMBEDDING: VectorTable(EMBEDDING, pack.embedding_dim),
        }
        self._regressor: CaptionRegressor | None = None
        self._neighbors: neighbors.Neighbors | None = None
        self._neighbors_wanted = 0
        self._followed: dict[str, int] = {}  # by kind, the version of the catalogue last read
        self._shown: NDArray[np.bool_] = np.empty(0, dtype=np.bool_)

    def search(self, query: Query, limit: int = DEFAULT_LIMIT) -> SearchResult:
        """At most ``limit`` photos, best first, ties by photo id; sees what was committed until now.

        A phrase without a known word, whatever its script, gives no hits and says which words were not
        understood. Raises EmptyQuery when nothing is asked, ValueError when ``limit`` < 1.
        """
        ranking = self.rank(query, limit)
        known = self._catalog.photos([int(photo_id) for photo_id in ranking.photo_ids])
        online = {folder.id: folder.online for folder in self._catalog.folders()}
        hits = []
        for photo_id, score, likely in zip(
            ranking.photo_ids.tolist(), ranking.scores.tolist(), ranking.probabilities.tolist(), strict=True
        ):
            photo = known.get(photo_id)
            if photo is not None:  # removed by another connection since the ranking
                hits.append(Hit(photo_id, photo.path, score, likely, not online.get(photo.folder_id, False)))
        phrase = ranking.phrase
        if phrase is None:
            return SearchResult(tuple(hits), not_analysed=ranking.not_analysed)
        return SearchResult(
            tuple(hits),
            phrase.known,
            phrase.unknown,
            self._suggestions(phrase.unknown),
            phrase.corrected,
            ranking.not_analysed,
        )

    def rank(self, query: Query, limit: int = DEFAULT_LIMIT) -> Ranking:
        """What ``search`` does, without looking up the photos: for those who need every photo's place."""
        if limit < 1:
            raise ValueError(f"limit must be at least 1, not {limit}")
        text = clean_text(query.text)
        if not text and not query.photos and not query.photo_ids:
            raise EmptyQuery
        phrase = self._phrase(text) if text else None
        text_vector = None if phrase is None else phrase.vector
        needs_features = bool(query.photos or query.photo_ids)
        self._follow((EMBEDDING, FEATURE) if needs_features else (EMBEDDING,))
        example, not_analysed = self._example(query)
        if text_vector is None and example is None:
            return _no_photos(phrase, not_analysed)
        table = self._tables[EMBEDDING]
        rows = None
        if text_vector is not None and example is None:
            rows = self._nearby(text_vector, limit)
        if rows is None:
            rows = np.flatnonzero(self._shown_without(query.photo_ids))
        scores, logits = self._score(rows, text_vector, example)
        place = neighbors.best(scores, table.ids[rows], limit)
        return Ranking(table.ids[rows[place]], scores[place], probability(logits[place]), phrase, not_analysed)

    def update_neighbors(self) -> bool:
        """Build the annoy index if the library is large enough and the one there is missing or stale.

        Takes seconds to minutes: call it after indexing, never in answer to a search. Returns whether it
        built.
        """
        if self._neighbors_dir is None:
            return False
        self._follow((EMBEDDING,))
        table = self._tables[EMBEDDING]
        if len(table) < neighbors.MIN_VECTORS:
            return False
        current = self._neighbors
        if current is None or not current.covers(table):
            current = neighbors.open_newest(self._neighbors_dir, self._pack.fingerprint, table)
        if current is not None and not current.is_stale(table):
            self._neighbors = current
            return False
        self._neighbors = current = None  # Windows cannot delete a file that is mapped
        built = neighbors.build(self._neighbors_dir, self._pack.fingerprint, table)
        self._neighbors = neighbors.open_newest(self._neighbors_dir, self._pack.fingerprint, table)
        return built

    def _phrase(self, text: str) -> Phrase:
        if self._regressor is None:
            self._regressor = CaptionRegressor(self._pack)
        return self._regressor(text)

    def _suggestions(self, unknown: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
        if self._regressor is None:
            return {}
        found = {word: tuple(self._regressor.suggestions(word)) for word in unknown[:_MAX_EXPLAINED_WORDS]}
        return {word: words for word, words in found.items() if words}

    def _follow(self, kinds: tuple[str, ...]) -> None:
        """Bring the tables of ``kinds`` and the list of photos that may be shown up to this moment."""
        version = self._catalog.data_version()
        stale = [kind for kind in kinds if self._followed.get(kind) != version]
        for kind in stale:
            self._tables[kind].follow(self._catalog)
            self._followed[kind] = version
        if EMBEDDING in stale:
            table = self._tables[EMBEDDING]
            rows = table.rows_of(self._catalog.searchable_ids())
            self._shown = np.zeros(len(table), dtype=np.bool_)
            self._shown[rows[rows >= 0]] = True
            self._shown &= table.usable

    def _example(self, query: Query) -> tuple[PhotoVectorsOne | None, tuple[int, ...]]:
        """The mean vectors of the query's photos (not unit when several), and its photos without vectors."""
        examples = list(query.photos)
        not_analysed = []
        for photo_id in query.photo_ids:
            feature = self._tables[FEATURE].vector(photo_id)
            embedding = self._tables[EMBEDDING].vector(photo_id)
            if feature is None or embedding is None:
                not_analysed.append(photo_id)
            else:
                examples.append(PhotoVectorsOne(feature, embedding))
        if not examples:
            return None, tuple(not_analysed)
        mean = PhotoVectorsOne(
            np.mean([one.feature for one in examples], axis=0, dtype=np.float32),
            np.mean([one.embedding for one in examples], axis=0, dtype=np.float32),
        )
        return mean, tuple(not_analysed)

    def _nearby(self, vector: FloatArray, limit: int) -> IntArray | None:
        """Rows to score when annoy can tell which; None for all that may be shown."""
        table = self._tables[EMBEDDING]
        if self._neighbors_dir is None or len(table) < neighbors.MIN_VECTORS:
            return None
        if self._neighbors is None:
            # the first search answers at once, exactly; verifying the index is left to the second
            self._neighbors_wanted += 1
            if self._neighbors_wanted == 2:
                self._neighbors = neighbors.open_newest(self._neighbors_dir, self._pack.fingerprint, table)
        if self._neighbors is None or not self._neighbors.is_worth_it(limit, len(table)):
            return None
        # half as many again: some of what annoy proposes may be gone or embedded anew
        proposed = self._neighbors.nearest(vector, limit + limit // 2 + 10, table).rows
        proposed = proposed[self._shown[proposed]]
        if len(proposed) < limit:
            return None
        tail = self._neighbors.tail(table)
        return np.sort(np.concatenate([proposed, tail[self._shown[tail]]]))

    def _shown_without(self, excluded: tuple[int, ...]) -> NDArray[np.bool_]:
        """Which rows are of photos that may be shown and are not the query itself."""
        if not excluded:
            return self._shown
        own = self._tables[EMBEDDING].rows_of(np.asarray(excluded, dtype=np.int64))
        shown = self._shown.copy()
        shown[own[own >= 0]] = False
        return shown

    def _score(
        self, rows: IntArray, text: FloatArray | None, example: PhotoVectorsOne | None
    ) -> tuple[FloatArray, FloatArray]:
        """Scores and log-odds of ``rows``, both ``(len(rows),)`` float32; -inf for a photo without
        features.
        """
        by_text = by_photo = None
        if text is not None:
            by_text = self._cosines(EMBEDDING, rows, text)
        if example is not None:
            by_photo = np.float32(self._weights.embedding) * self._cosines(EMBEDDING, rows, example.embedding)
            by_photo += np.float32(self._weights.feature) * self._feature_cosines(rows, example.feature)
        if by_photo is None:
            assert by_text is not None
            return by_text, self._text_calibration.logit(by_text)
        if by_text is None:
            return by_photo, self._photo_calibration.logit(by_photo)
        both = self._text_calibration.logit(by_text) + self._photo_calibration.logit(by_photo)
        both *= np.float32(0.5)
        return both, both

    def _feature_cosines(self, rows: IntArray, vector: FloatArray) -> FloatArray:
        features = self._tables[FEATURE]
        feature_rows = features.rows_of(self._tables[EMBEDDING].ids[rows])
        there = feature_rows >= 0
        there[there] = features.usable[feature_rows[there]]
        cosines = np.full(len(rows), -np.inf, dtype=np.float32)
        cosines[there] = self._cosines(FEATURE, feature_rows[there], vector)
        return cosines

    def _cosines(self, kind: str, rows: IntArray, vector: FloatArray) -> FloatArray:
        """The product over the whole matrix when most of it is wanted: gathering rows costs more than
        that.
        """
        matrix = self._tables[kind].matrix
        if len(rows) * 3 > len(matrix):
            return np.asarray((matrix @ vector)[rows], dtype=np.float32)
        return np.asarray(matrix[rows] @ vector, dtype=np.float32)


def external_photo(photo: Path | bytes, decoder: Decoder, visual: Visual) -> PhotoVectorsOne:
    """The vectors of a photo that need not be catalogued: a path, or the bytes of a dropped or pasted image.

    The photo is decoded in the disposable process, like every other. Raises PhotoUnreadable.
    """
    decoded = decoder.decode_bytes(photo) if isinstance(photo, bytes) else decoder.decode(photo)
    vectors = visual([decoded.pixels])
    return PhotoVectorsOne(vectors.features[0], vectors.embeddings[0])


def _no_photos(phrase: Phrase | None, not_analysed: tuple[int, ...]) -> Ranking:
    empty = np.empty(0, dtype=np.float32)
    return Ranking(np.empty(0, dtype=np.int64), empty, empty.astype(np.float64), phrase, not_analysed)
