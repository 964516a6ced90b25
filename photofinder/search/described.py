"""Photos compared by a descriptor of the person's choice: exact distances, and how they order an answer.

The features of the pack come with a calibration that says how sure a likeness is; a descriptor has none. So it
decides *which* photos come first, and the pack decides *how sure* the first, the second and so on are: the pack's
log-odds of all photos are kept and dealt out anew, the highest to the nearest photo. Words, «sin», filters and marks
combine with that as with the pack's own. A photo without the descriptor's vector keeps the log-odds it had.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from photofinder.library.catalog import Catalog
from photofinder.model.descriptors import COSINE, L1, Comparison
from photofinder.search.results import Compared
from photofinder.search.row_format import BLOCK
from photofinder.search.scoring import mean_photo
from photofinder.search.vectors import FloatArray, IntArray, VectorTable
from photofinder.search.wishes import Wishes


class Described:
    """The vectors of one descriptor, following the catalogue. Belongs to one thread, like its catalogue."""

    def __init__(self, comparison: Comparison, catalog: Catalog, directory: Path | None = None) -> None:
        """``directory``: where the vectors may lie to be mapped (``keep``)."""
        self.comparison = comparison
        """The distance may change between two searches, the descriptor does not."""
        descriptor = comparison.descriptor
        self._fingerprint = descriptor.fingerprint
        self._catalog = catalog
        self._store = catalog.descriptor(descriptor.name, descriptor.fingerprint, descriptor.dim)
        self._directory = directory
        self._table = VectorTable(descriptor.name, descriptor.dim, unit=False)
        self._version = -1

    def __len__(self) -> int:
        return len(self._table)

    def follow(self) -> None:
        """Bring the vectors up to this moment; those that the catalogue dropped are not compared any longer."""
        version = self._catalog.data_version()
        if version != self._version:
            self._table.follow(self._store, self._directory, self._fingerprint)
            self._table.keep_only(self._store.held())
            self._version = version

    def keep(self) -> bool:
        """Write the vectors to be mapped by the next program, where that is worth it; whether it was written."""
        self.follow()
        return self._directory is not None and self._table.keep(self._directory, self._fingerprint)

    def vector(self, photo_id: int) -> FloatArray | None:
        """The raw vector ``(dim,)`` of a catalogued photo, or None."""
        rows = self._table.rows_of(np.asarray([photo_id], dtype=np.int64))
        return None if rows[0] < 0 or not self._table.usable[rows[0]] else self._table.raw(rows)[0]

    def has(self, photo_ids: IntArray) -> NDArray[np.bool_]:
        """Which photos have a vector, ``(len(photo_ids),)``."""
        rows = self._table.rows_of(photo_ids)
        there = rows >= 0
        there[there] = self._table.usable[rows[there]]
        return there

    def distances(self, vector: FloatArray, photo_ids: IntArray) -> FloatArray:
        """Exact distances ``(len(photo_ids),)`` float32 to a raw vector ``(dim,)``; NaN for a photo without one.

        L1 and L2 are those of the raw numbers, block by block of a million in float32; the cosine distance is 1 less
        the cosine, 0 to 2, and 1 to a vector of zeros.
        """
        found = np.full(len(photo_ids), np.nan, dtype=np.float32)
        there = self.has(photo_ids)
        found[there] = self._of_rows(vector, self._table.rows_of(photo_ids[there]))
        return found

    def reordered(self, values: FloatArray, photo_ids: IntArray, vector: FloatArray) -> FloatArray:
        """``values`` (log-odds or cosines, ``(n,)``) dealt out anew, the highest to the photo nearest to ``vector``.

        Only among the photos that have a vector and a finite value; equally near ones get the same value.
        """
        there = self.has(photo_ids) & np.isfinite(values)
        dealt = values.copy()
        if there.any():
            distances = self._of_rows(vector, self._table.rows_of(photo_ids[there]))
            _, places, counts = np.unique(distances, return_inverse=True, return_counts=True)
            nearer = np.cumsum(counts) - counts  # how many photos are nearer than each distance
            dealt[there] = np.sort(values[there])[::-1][nearer[places]]
        return dealt

    def _of_rows(self, vector: FloatArray, rows: IntArray) -> FloatArray:
        if self.comparison.distance == COSINE:
            length = float(np.linalg.norm(vector))
            if length == 0:
                return np.ones(len(rows), dtype=np.float32)
            cosines = self._table.cosines(vector / np.float32(length), rows)
            return np.asarray(1 - cosines, dtype=np.float32)
        found = np.empty(len(rows), dtype=np.float32)
        step = max(1, BLOCK // self._table.dim)
        for start in range(0, len(rows), step):
            away = self._table.raw(rows[start : start + step])
            away -= vector
            if self.comparison.distance == L1:
                found[start : start + step] = np.abs(away, out=away).sum(axis=1)
            else:
                found[start : start + step] = np.sqrt(np.vecdot(away, away))
        return found


class LastDescribed:
    """The descriptor that was last compared by, kept because the next search mostly compares by it again."""

    def __init__(self, catalog: Catalog, directory: Path | None) -> None:
        self._catalog = catalog
        self._directory = directory
        self._last: Described | None = None

    def ready_for(self, comparison: Comparison | None) -> Described | None:
        """Its vectors as they are at this moment; None when the pack's features are to compare."""
        if comparison is None:
            return None
        if self._last is None or self._last.comparison.descriptor != comparison.descriptor:
            self._last = Described(comparison, self._catalog, self._directory)
        self._last.comparison = comparison
        self._last.follow()
        return self._last


def judged(
    described: Described | None, wishes: Wishes, photo_ids: IntArray, best: IntArray
) -> tuple[Compared | None, FloatArray | None]:
    """What came of comparing ``photo_ids`` by a descriptor, and the distances of the ``best`` of them (places)."""
    if described is None:
        return None, None
    used = bool(wishes.photos) and all(photo.described is not None for photo in wishes.photos)
    lacking = len(photo_ids) - int(np.count_nonzero(described.has(photo_ids)))
    compared = Compared(described.comparison, used, lacking, tuple(wishes.not_described))
    if not wishes.is_photos_alone:
        return compared, None
    mean = mean_photo(wishes.examples, wishes.weights).described
    return compared, None if mean is None else described.distances(mean, photo_ids[best])
