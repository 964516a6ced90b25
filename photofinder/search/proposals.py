"""Vectors that stay on a server: it proposes the photos nearest to each wish, and those are scored here exactly.

A single phrase is answered as the server orders it. Of several wishes each proposes its own nearest, several times as
many as are wanted, and all that were proposed are compared with all wishes: a photo that is good in everything and
among the best in nothing may be missed (``docs/SCALE.md`` has how often).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from photofinder.library.catalog_filters import LibraryRows
from photofinder.library.catalog_shared import SharedCatalog
from photofinder.library.filters import Filters
from photofinder.model.pack import Pack
from photofinder.search.holdings import EMBEDDING, FEATURE, Candidates
from photofinder.search.scoring import mean_photo
from photofinder.search.vectors import FloatArray, VectorTable
from photofinder.search.wishes import Wishes

TIMES_AS_MANY = 10
LEAST_PROPOSED = 500
MOST_PROPOSED = 5_000
"""Of each wish, where there are several."""


class ProposedVectors:
    """The ``Holdings`` of a shared catalogue: in memory is what one search needs."""

    def __init__(self, catalog: SharedCatalog, pack: Pack) -> None:
        self._catalog = catalog
        self._dims = {FEATURE: pack.feature_dim, EMBEDDING: pack.embedding_dim}

    def follow(self, by_photo: bool) -> None:
        """Nothing is held that could be out of date."""

    def vector(self, kind: str, photo_id: int) -> FloatArray | None:
        """See ``Holdings``."""
        return self._table(kind, [photo_id]).vector(photo_id)

    def newest(self, filters: Sequence[Filters], limit: int) -> LibraryRows:
        """See ``Holdings``."""
        return self._catalog.newest(filters, limit)

    def candidates(self, wishes: Wishes, filters: Sequence[Filters], excluded: Sequence[int], limit: int) -> Candidates:
        """See ``Holdings``; of several wishes the best of what was proposed."""
        alone = wishes.is_one_phrase
        # half as many again: the server compares halves, and their last bit may change places
        few = limit + limit // 2 + 10
        count = few if alone else max(few, min(MOST_PROPOSED, max(LEAST_PROPOSED, limit * TIMES_AS_MANY)))
        proposed = [self._catalog.nearest(kind, vector, count, filters, excluded) for kind, vector in _asked(wishes)]
        ids = np.unique(np.concatenate(proposed)) if proposed else np.empty(0, dtype=np.int64)
        embeddings = self._table(EMBEDDING, ids.tolist())
        features = self._table(FEATURE, [] if alone else ids.tolist())
        return Candidates(embeddings, features, np.flatnonzero(embeddings.usable))

    def update_neighbors(self) -> bool:
        """See ``Holdings``: the server's own index."""
        return self._catalog.index_vectors()

    def rest(self) -> None:
        """Nothing is held."""

    def _table(self, kind: str, photo_ids: Sequence[int]) -> VectorTable:
        table = VectorTable(kind, self._dims[kind])
        if photo_ids:
            table.take_in(*self._catalog.vectors_of(kind, photo_ids))
        return table


def _asked(wishes: Wishes) -> Iterator[tuple[str, FloatArray]]:
    """The vectors whose nearest photos may be in the answer, with their kind."""
    for clause in wishes.clauses:
        for phrase in clause:
            yield EMBEDDING, phrase.whole
    examples = list(wishes.liked)
    if wishes.examples:
        examples.append(mean_photo(wishes.examples, wishes.weights))
    for photo in examples:
        yield FEATURE, photo.feature
        yield EMBEDDING, photo.embedding
    if wishes.clauses or examples:
        return
    for vector in wishes.without:  # nothing else is asked: what is least like it
        yield EMBEDDING, -vector
    for photo in wishes.unlike:
        yield FEATURE, -photo.feature
        yield EMBEDDING, -photo.embedding
