"""Which photos a search compares, and their vectors: all of an embedded catalogue, the proposed ones of a shared one.

The engine scores what ``Holdings.candidates`` gives it and knows nothing else about where vectors are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from photofinder.library.catalog import Catalog
from photofinder.library.catalog_filters import LibraryRows
from photofinder.library.filters import Filters
from photofinder.model.pack import Pack
from photofinder.search import neighbors
from photofinder.search.vectors import FloatArray, IntArray, VectorTable
from photofinder.search.wishes import Wishes

FEATURE = "feature"
EMBEDDING = "embedding"

_FILTER_IS_FEW = 2
"""When fewer than one in so many photos pass, annoy is not asked."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Photos to score: ``rows`` of ``embeddings``, ascending; the features of the same photos in ``features``."""

    embeddings: VectorTable
    features: VectorTable
    rows: IntArray


class Holdings(Protocol):
    """What the engine asks; of one thread, like its catalogue."""

    def follow(self, by_photo: bool) -> None:
        """Bring what is held up to this moment; ``by_photo``: also the features."""

    def vector(self, kind: str, photo_id: int) -> FloatArray | None:
        """A copy of one photo's unit vector, ``(dim,)`` float32, or None."""

    def newest(self, filters: Sequence[Filters], limit: int) -> LibraryRows:
        """The newest photos to show that pass all ``filters``, analysed or not, at most ``limit``."""

    def candidates(self, wishes: Wishes, filters: Sequence[Filters], excluded: Sequence[int], limit: int) -> Candidates:
        """Photos with an embedding that may be shown, pass all ``filters`` and are not ``excluded``; among them the
        ``limit`` best."""

    def update_neighbors(self) -> bool:
        """Build what makes searches of many photos quick, where it is missing or stale; whether it did."""

    def rest(self) -> None:
        """After an answer: give back memory that is not needed often."""


class OwnVectors:
    """All vectors of an embedded catalogue, mapped and in memory; large libraries are asked through annoy."""

    def __init__(self, catalog: Catalog, pack: Pack, neighbors_dir: Path | None) -> None:
        """``neighbors_dir``: where annoy indexes and mapped vectors are kept; None searches exactly, without."""
        self._catalog = catalog
        self._pack = pack
        self._neighbors_dir = neighbors_dir
        self._tables = {
            FEATURE: VectorTable(FEATURE, pack.feature_dim),
            EMBEDDING: VectorTable(EMBEDDING, pack.embedding_dim),
        }
        self._neighbors: neighbors.Neighbors | None = None
        self._neighbors_wanted = 0
        self._filtered: tuple[tuple[int, tuple[Filters, ...]], LibraryRows] | None = None
        self._followed: dict[str, int] = {}  # by kind, the version of the catalogue last read
        self._shown: NDArray[np.bool_] = np.empty(0, dtype=np.bool_)

    def follow(self, by_photo: bool) -> None:
        """See ``Holdings``."""
        self._follow((EMBEDDING, FEATURE) if by_photo else (EMBEDDING,))

    def vector(self, kind: str, photo_id: int) -> FloatArray | None:
        """See ``Holdings``."""
        return self._tables[kind].vector(photo_id)

    def newest(self, filters: Sequence[Filters], limit: int) -> LibraryRows:
        """See ``Holdings``."""
        passing = self._passing(filters)
        return LibraryRows(passing.ids[:limit], passing.moments[:limit])

    def candidates(self, wishes: Wishes, filters: Sequence[Filters], excluded: Sequence[int], limit: int) -> Candidates:
        """See ``Holdings``."""
        shown = self._shown_now(excluded, filters)
        rows = self._nearby(wishes.clauses[0][0].whole, shown, limit) if wishes.is_one_phrase else None
        if rows is None:
            rows = np.flatnonzero(shown)
        return Candidates(self._tables[EMBEDDING], self._tables[FEATURE], rows)

    def update_neighbors(self) -> bool:
        """See ``Holdings``."""
        if self._neighbors_dir is None:
            return False
        self._keep_features(self._neighbors_dir)
        self._follow((EMBEDDING,))
        table = self._tables[EMBEDDING]
        table.keep(self._neighbors_dir, self._pack.fingerprint)
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

    def rest(self) -> None:
        """See ``Holdings``."""
        self._tables[FEATURE].rest()

    def uses_neighbors(self, limit: int) -> bool:
        """Whether the next phrase for ``limit`` photos is asked of annoy rather than of every photo."""
        return self._neighbors is not None and self._neighbors.is_worth_it(limit, len(self._tables[EMBEDDING]))

    def scanned_bytes(self, kind: str) -> int:
        """What an exact search reads of the vectors of ``kind``; 0 until they were needed."""
        return self._tables[kind].scanned_bytes

    def _follow(self, kinds: tuple[str, ...]) -> None:
        """Bring the tables of ``kinds`` and the list of photos that may be shown up to this moment."""
        version = self._catalog.data_version()
        stale = [kind for kind in kinds if self._followed.get(kind) != version]
        for kind in stale:
            self._tables[kind].follow(self._catalog, self._neighbors_dir, self._pack.fingerprint)
            self._followed[kind] = version
        if EMBEDDING in stale:
            table = self._tables[EMBEDDING]
            rows = table.rows_of(self._catalog.searchable_ids())
            self._shown = np.zeros(len(table), dtype=np.bool_)
            self._shown[rows[rows >= 0]] = True
            self._shown &= table.usable

    def _keep_features(self, directory: Path) -> None:
        """In a table of their own, gone before embeddings are read: after an analysis nothing is mapped yet."""
        table = VectorTable(FEATURE, self._pack.feature_dim)
        table.follow(self._catalog, directory, self._pack.fingerprint)
        table.keep(directory, self._pack.fingerprint)

    def _passing(self, filters: Sequence[Filters]) -> LibraryRows:
        """The photos that pass all ``filters``, at least one, newest first. The last ones are kept."""
        key = (self._catalog.data_version(), tuple(filters))
        if self._filtered is None or self._filtered[0] != key:
            rows = self._catalog.library_rows(filters[0])
            for other in filters[1:]:
                kept = np.isin(rows.ids, self._catalog.filtered_ids(other), assume_unique=True)
                rows = LibraryRows(rows.ids[kept], rows.moments[kept])
            self._filtered = (key, rows)
        return self._filtered[1]

    def _nearby(self, vector: FloatArray, shown: NDArray[np.bool_], limit: int) -> IntArray | None:
        """Rows to score when annoy can tell which; None for all of ``shown``."""
        table = self._tables[EMBEDDING]
        if self._neighbors_dir is None or len(table) < neighbors.MIN_VECTORS:
            return None
        if np.count_nonzero(shown) * _FILTER_IS_FEW < len(table):
            return None  # annoy would propose what the filter throws away; the rest is scored exactly, and faster
        if self._neighbors is None:
            # the first search answers at once, exactly; verifying the index is left to the second
            self._neighbors_wanted += 1
            if self._neighbors_wanted == 2:
                self._neighbors = neighbors.open_newest(self._neighbors_dir, self._pack.fingerprint, table)
        if self._neighbors is None or not self._neighbors.is_worth_it(limit, len(table)):
            return None
        # half as many again: some of what annoy proposes may be gone or embedded anew
        proposed = self._neighbors.nearest(vector, limit + limit // 2 + 10, table).rows
        proposed = proposed[shown[proposed]]
        if len(proposed) < limit:
            return None
        tail = self._neighbors.tail(table)
        return np.sort(np.concatenate([proposed, tail[shown[tail]]]))

    def _shown_now(self, excluded: Sequence[int], filters: Sequence[Filters]) -> NDArray[np.bool_]:
        """Which rows are of photos that may be shown, pass the filters and are not the query itself."""
        if not excluded and not filters:
            return self._shown
        table = self._tables[EMBEDDING]
        shown = self._shown.copy()
        if filters:
            rows = table.rows_of(self._passing(filters).ids)
            passing = np.zeros(len(table), dtype=np.bool_)
            passing[rows[rows >= 0]] = True
            shown &= passing
        own = table.rows_of(np.asarray(excluded, dtype=np.int64))
        shown[own[own >= 0]] = False
        return shown
