"""The vectors of one kind, in memory, following the catalogue as it grows.

float32 throughout: 100,000 x 256 takes 100 MB and its product 3-8 ms on one core, where float16 rows, widened
block by block, take 50 MB and 33-76 ms (measured with NumPy 2.4 and OpenBLAS on one x86 core).
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from photofinder.errors import CatalogDamaged
from photofinder.library.catalog import Catalog

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]

_GROWTH = 1.5
_UNIT_TOLERANCE = 0.1  # unit vectors kept as float16 have squared length 1 +- 0.002; anything else is damage
_T = TypeVar("_T", bound=np.generic)


class VectorTable:
    """A growing ``(n, dim)`` float32 matrix with the photo id and the revision of each row.

    A photo has one row at most: when it is embedded again the row is overwritten in place.
    """

    def __init__(self, kind: str, dim: int) -> None:
        self.kind = kind
        self.dim = dim
        self.clear()

    def clear(self) -> None:
        """Forget everything; the next ``follow`` reads the whole catalogue."""
        self._count = 0
        self._last_revision = 0
        self._matrix: FloatArray = np.empty((0, self.dim), dtype=np.float32)
        self._ids: IntArray = np.empty(0, dtype=np.int64)
        self._revisions: IntArray = np.empty(0, dtype=np.int64)
        self._usable: NDArray[np.bool_] = np.empty(0, dtype=np.bool_)
        self._by_id: IntArray | None = None

    def __len__(self) -> int:
        return self._count

    @property
    def last_revision(self) -> int:
        """The highest revision read so far; 0 when nothing was."""
        return self._last_revision

    @property
    def matrix(self) -> FloatArray:
        """``(n, dim)`` float32, C-contiguous; a view that is valid until the next ``follow``."""
        return self._matrix[: self._count]

    @property
    def ids(self) -> IntArray:
        """Photo id of each row, ``(n,)`` int64, all different."""
        return self._ids[: self._count]

    @property
    def revisions(self) -> IntArray:
        """Catalogue revision of each row, ``(n,)`` int64."""
        return self._revisions[: self._count]

    @property
    def usable(self) -> NDArray[np.bool_]:
        """Which rows hold a unit vector, ``(n,)``; the others are damaged and resemble nothing."""
        return self._usable[: self._count]

    @property
    def scanned_bytes(self) -> int:
        """What a product with all rows reads from memory."""
        return self.matrix.nbytes

    def follow(self, catalog: Catalog) -> bool:
        """Read what was committed since the last call, by whomever. Returns whether anything was new.

        Raises CatalogDamaged.
        """
        revisions, ids, vectors = catalog.vector_rows(self.kind, self._last_revision)
        if len(revisions) == 0:
            return False
        if vectors.shape[1] != self.dim:
            raise CatalogDamaged(catalog.path, f"{self.kind}: {vectors.shape[1]} numbers, not {self.dim}")
        self._last_revision = int(revisions.max())
        self._take(revisions, ids, vectors)
        return True

    def rows_of(self, photo_ids: IntArray) -> IntArray:
        """The row of each photo, ``(len(photo_ids),)`` int64; -1 for a photo without one."""
        if self._count == 0 or len(photo_ids) == 0:
            return np.full(len(photo_ids), -1, dtype=np.int64)
        if self._by_id is None:
            # timsort: ids arrive almost in order, so this is one pass over the array
            self._by_id = np.argsort(self.ids, kind="stable").astype(np.int64)
        ordered = self.ids[self._by_id]
        places = np.minimum(np.searchsorted(ordered, photo_ids), self._count - 1)
        rows: IntArray = np.where(ordered[places] == photo_ids, self._by_id[places], -1)
        return rows

    def vector(self, photo_id: int) -> FloatArray | None:
        """A copy of one photo's vector, ``(dim,)``, or None."""
        row = int(self.rows_of(np.asarray([photo_id], dtype=np.int64))[0])
        return None if row < 0 or not self._usable[row] else self._matrix[row].copy()

    def _take(self, revisions: IntArray, ids: IntArray, vectors: FloatArray) -> None:
        # of a photo embedded twice since the last call only the newest vector counts
        _, newest = np.unique(ids[::-1], return_index=True)
        chosen = np.sort(len(ids) - 1 - newest)
        if len(chosen) != len(ids):
            revisions, ids, vectors = revisions[chosen], ids[chosen], vectors[chosen]
        known = self.rows_of(ids)
        replaced = known >= 0
        if replaced.any():
            rows = known[replaced]
            fresh = vectors[replaced]
            self._usable[rows] = _made_unit(fresh)
            self._matrix[rows] = fresh
            self._revisions[rows] = revisions[replaced]
        added = ~replaced
        if added.any():
            self._append(revisions[added], ids[added], vectors[added])

    def _append(self, revisions: IntArray, ids: IntArray, vectors: FloatArray) -> None:
        start, stop = self._count, self._count + len(ids)
        self._by_id = None
        if start == 0:
            # the first read, of a whole library, is kept as it came: a copy would double the memory
            self._matrix = np.require(vectors, np.float32, ["C", "W"])
            self._ids = np.array(ids, dtype=np.int64)
            self._revisions = np.array(revisions, dtype=np.int64)
            self._usable = _made_unit(self._matrix)
            self._count = stop
            return
        if stop > len(self._ids):
            capacity = max(stop, int(len(self._ids) * _GROWTH), 1024)
            self._matrix = _grown(self._matrix, start, (capacity, self.dim))
            self._ids = _grown(self._ids, start, (capacity,))
            self._revisions = _grown(self._revisions, start, (capacity,))
            self._usable = _grown(self._usable, start, (capacity,))
        self._matrix[start:stop] = vectors
        self._ids[start:stop] = ids
        self._revisions[start:stop] = revisions
        self._usable[start:stop] = _made_unit(self._matrix[start:stop])
        self._count = stop


def _grown(old: NDArray[_T], used: int, shape: tuple[int, ...]) -> NDArray[_T]:
    new = np.empty(shape, dtype=old.dtype)
    new[:used] = old[:used]
    return new


def _made_unit(vectors: FloatArray) -> NDArray[np.bool_]:
    """Scale rows to length 1 in place; returns which could be, for NaN, zeros and flipped bits cannot."""
    squares = np.einsum("ij,ij->i", vectors, vectors)
    usable: NDArray[np.bool_] = np.abs(squares - 1.0) < _UNIT_TOLERANCE
    squares[~usable] = 1.0
    vectors /= np.sqrt(squares)[:, None]
    return usable
