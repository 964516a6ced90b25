"""The vectors of one kind, in memory, following the catalogue as it grows.

Most rows are mapped from a file (``vector_files``), so that a start reads nothing and their memory is the system's to
take back; what came since then is kept beside them. Rows have two bytes a number (``row_format``): half the memory of
float32 is half of what a cold start reads from the disk, too.
"""

from __future__ import annotations

from mmap import mmap
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from photofinder.errors import CatalogDamaged
from photofinder.library.catalog_vectors import VectorStore
from photofinder.search import vector_files
from photofinder.search.row_format import FIXED_POINT, HALF, RowFormat, product, widened

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]

_GROWTH = 1.5
_UNIT_TOLERANCE = 0.1  # unit vectors kept as float16 have squared length 1 +- 0.002; anything else is damage
_GATHER_SHARE = 3
"""Gathering rows costs more than a product with all of them when more than one in so many is wanted."""
_LARGEST_HALF = 65_504.0
_BLOCK = 8192
_ANY_REVISION = 2**63 - 1
_T = TypeVar("_T", bound=np.generic)


class VectorTable:
    """A growing ``(n, dim)`` matrix of unit vectors with the photo id and the revision of each row.

    A photo has one row at most: when it is embedded again the row is overwritten in place. The first rows may be mapped
    from a file; they are private to this table (copied when written). Without ``unit`` rows may have any length, and
    what is asked for as unit rows is scaled; float16 numbers are kept exactly then.
    """

    def __init__(self, kind: str, dim: int, *, unit: bool = True) -> None:
        self.kind = kind
        self.dim = dim
        self._unit = unit
        self._count = 0
        self._last_revision = 0
        self._form: RowFormat = FIXED_POINT if unit else HALF
        self._mapped: NDArray[Any] = np.empty((0, dim), dtype=self._form.dtype)
        self._recent: NDArray[Any] = np.empty((0, dim), dtype=self._form.dtype)
        self._ids: IntArray = np.empty(0, dtype=np.int64)
        self._revisions: IntArray = np.empty(0, dtype=np.int64)
        self._scales: FloatArray = np.empty(0, dtype=np.float32)  # what a row is multiplied by to be as it was
        self._lengths: FloatArray = np.empty(0, dtype=np.float32)  # what it is divided by to be a unit vector
        self._usable: NDArray[np.bool_] = np.empty(0, dtype=np.bool_)
        self._by_id: IntArray | None = None
        self._has_followed = False
        self._file: mmap | None = None  # of the mapped rows, until one of them is overwritten

    def __len__(self) -> int:
        return self._count

    @property
    def last_revision(self) -> int:
        """The highest revision read so far; 0 when nothing was."""
        return self._last_revision

    @property
    def matrix(self) -> FloatArray:
        """A copy of all rows, ``(n, dim)`` float32 of unit length, C-contiguous."""
        return self.take(np.arange(self._count))

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
        return self._count * self.dim * self._form.dtype.itemsize

    @property
    def mapped(self) -> int:
        """How many rows are mapped from a file."""
        return len(self._mapped)

    def cosines(self, vector: FloatArray, rows: IntArray | None = None) -> FloatArray:
        """Products of ``rows`` (all, in order, when None) with ``vector`` ``(dim,)``: float32 ``(len(rows),)``."""
        if rows is not None and len(rows) * _GATHER_SHARE <= self._count:
            return np.asarray(np.vecdot(self.take(rows), vector), dtype=np.float32)
        found = np.empty(self._count, dtype=np.float32)
        start = len(self._mapped)
        product(self._form, self._mapped, vector, found[:start])
        product(self._form, self._recent[: self._count - start], vector, found[start:])
        found /= self._lengths[: self._count]
        return found if rows is None else found[rows]

    def take(self, rows: IntArray) -> FloatArray:
        """A copy of ``rows``, float32 ``(len(rows), dim)`` of unit length."""
        wide = self._wide(rows)
        wide /= self._lengths[rows][:, None]
        return wide

    def raw(self, rows: IntArray) -> FloatArray:
        """A copy of ``rows`` as they were put in, float32 ``(len(rows), dim)``, of whatever length."""
        wide = self._wide(rows)
        wide *= self._scales[rows][:, None]
        return wide

    def keep_only(self, revisions: IntArray) -> None:
        """From now on rows of other revisions count as not usable: their vectors are gone from the catalogue."""
        self._usable[: self._count] &= np.isin(self.revisions, revisions)

    def follow(self, catalog: VectorStore, directory: Path | None = None, pack_fingerprint: str = "") -> bool:
        """Read what was committed since the last call, by whomever. Returns whether anything was new.

        ``directory``: where the file of ``keep`` may be; it is used the first time, if it fits the catalogue. Raises
        CatalogDamaged.
        """
        if directory is not None and not self._has_followed:
            found = vector_files.open_newest(directory, pack_fingerprint, self.kind, self.dim, self._form, catalog)
            if found is not None:
                self._mapped, self._ids, self._revisions = found.matrix, found.ids, found.revisions
                self._scales, self._lengths, self._usable = found.scales, found.lengths, found.usable
                self._file = found.file
                self._count, self._last_revision = len(found.ids), found.revision
        is_new = self._count > 0 and self._last_revision > 0 and not self._has_followed
        self._has_followed = True
        for revisions, ids, vectors in catalog.vector_chunks(self.kind, self._last_revision):
            if vectors.shape[1] != self.dim:
                raise CatalogDamaged(catalog.path, f"{self.kind}: {vectors.shape[1]} numbers, not {self.dim}")
            if self._count == 0:
                self._make_room(catalog.count_vectors(self.kind, _ANY_REVISION))
            self._last_revision = int(revisions.max())
            self._take_in(revisions, ids, vectors)
            is_new = True
        return is_new

    def take_in(self, ids: IntArray, vectors: NDArray[Any]) -> None:
        """Add rows ``(n, dim)`` of photos that are not in the table yet. Raises ValueError for another shape."""
        if vectors.shape != (len(ids), self.dim):
            raise ValueError(f"{self.kind}: {vectors.shape}, not {(len(ids), self.dim)}")
        self._append(np.zeros(len(ids), dtype=np.int64), ids, vectors.astype(np.float16))

    def keep(self, directory: Path, pack_fingerprint: str) -> bool:
        """Write the file that a later ``follow`` maps, when there is none or much is newer; whether it was written.

        A full disk, or a folder that cannot be written, leaves no trace and no error.
        """
        recent = self._count - len(self._mapped)
        if self._count < vector_files.MIN_ROWS or recent * vector_files.STALE_SHARE < self._count:
            return False
        rows = np.flatnonzero(self.usable)
        parts = np.array_split(rows, len(rows) // _BLOCK + 1)
        return vector_files.write(
            directory, pack_fingerprint, self.kind, self._form, self._last_revision,
            self.ids[rows], self.revisions[rows],
            ((self._kept(part), self._scales[part], self._lengths[part]) for part in parts),
        )  # fmt: skip

    def rest(self) -> None:
        """After a search that is not asked often: what is mapped from a file need not stay in memory.

        As long as the system has room it keeps the file, and reading it again takes 6 ms more for 100,000 rows of 512.
        """
        if self._file is not None:
            vector_files.give_back(self._file)

    def rows_of(self, photo_ids: IntArray) -> IntArray:
        """The row of each photo, ``(len(photo_ids),)`` int64; -1 for a photo without one."""
        if self._count == 0 or len(photo_ids) == 0:
            return np.full(len(photo_ids), -1, dtype=np.int64)
        if self._by_id is None:
            # timsort: ids arrive almost in order, so this is one pass over the array
            self._by_id = np.argsort(self.ids, kind="stable").astype(np.int64)
        places = np.minimum(np.searchsorted(self.ids, photo_ids, sorter=self._by_id), self._count - 1)
        found = self._by_id[places]
        rows: IntArray = np.where(self.ids[found] == photo_ids, found, -1)
        return rows

    def vector(self, photo_id: int) -> FloatArray | None:
        """A copy of one photo's vector, ``(dim,)``, or None."""
        rows = self.rows_of(np.asarray([photo_id], dtype=np.int64))
        return None if rows[0] < 0 or not self._usable[rows[0]] else self.take(rows)[0]

    def _wide(self, rows: IntArray) -> FloatArray:
        """A copy of ``rows`` in float32, without their scales."""
        wide = np.empty((len(rows), self.dim), dtype=np.float32)
        self._form.widen(self._kept(rows), wide)
        return wide

    def _kept(self, rows: IntArray) -> NDArray[Any]:
        """A copy of ``rows`` as they are kept."""
        start = len(self._mapped)
        found = np.empty((len(rows), self.dim), dtype=self._form.dtype)
        old = rows < start
        found[old] = self._mapped[rows[old]]
        found[~old] = self._recent[rows[~old] - start]
        return found

    def _take_in(self, revisions: IntArray, ids: IntArray, vectors: NDArray[Any]) -> None:
        # of a photo embedded twice since the last call only the newest vector counts
        _, newest = np.unique(ids[::-1], return_index=True)
        chosen = np.sort(len(ids) - 1 - newest)
        if len(chosen) != len(ids):
            revisions, ids, vectors = revisions[chosen], ids[chosen], vectors[chosen]
        known = self.rows_of(ids)
        replaced = known >= 0
        if not replaced.any():
            self._append(revisions, ids, vectors)
            return
        self._overwrite(known[replaced], revisions[replaced], vectors[replaced])
        if not replaced.all():
            self._append(revisions[~replaced], ids[~replaced], vectors[~replaced])

    def _overwrite(self, rows: IntArray, revisions: IntArray, vectors: NDArray[Any]) -> None:
        stored, self._scales[rows], self._lengths[rows], self._usable[rows] = self._stored(vectors)
        self._revisions[rows] = revisions
        start = len(self._mapped)
        old = rows < start
        self._mapped[rows[old]] = stored[old]
        if old.any():
            self._file = None
        self._recent[rows[~old] - start] = stored[~old]

    def _append(self, revisions: IntArray, ids: IntArray, vectors: NDArray[Any]) -> None:
        start, stop, mapped = self._count, self._count + len(ids), len(self._mapped)
        if stop > len(self._ids) or stop - mapped > len(self._recent):
            self._make_room(max(stop, mapped + int((start - mapped) * _GROWTH) + 1024))
        now = slice(start, stop)
        stored, self._scales[now], self._lengths[now], self._usable[now] = self._stored(vectors)
        self._recent[start - mapped : stop - mapped] = stored
        self._ids[start:stop] = ids
        self._revisions[start:stop] = revisions
        self._count = stop
        if self._by_id is not None and start and ids.min() > self._ids[self._by_id[-1]]:
            self._by_id = np.concatenate([self._by_id, start + np.argsort(ids, kind="stable")])
        else:
            self._by_id = None

    def _make_room(self, rows: int) -> None:
        """For so many rows in all. Memory that is not written to costs nothing."""
        used, mapped = self._count, len(self._mapped)
        self._recent = _grown(self._recent, used - mapped, (rows - mapped, self.dim))
        self._ids = _grown(self._ids, used, (rows,))
        self._revisions = _grown(self._revisions, used, (rows,))
        self._scales = _grown(self._scales, used, (rows,))
        self._lengths = _grown(self._lengths, used, (rows,))
        self._usable = _grown(self._usable, used, (rows,))

    def _stored(self, vectors: NDArray[Any]) -> tuple[NDArray[Any], FloatArray, FloatArray, NDArray[np.bool_]]:
        """float16 rows as they are kept, their scales and lengths, and which are usable.

        NaN, zeros and flipped bits are not.
        """
        wide = widened(vectors)
        squares = np.einsum("ij,ij->i", wide, wide)
        usable = np.abs(squares - 1.0) < _UNIT_TOLERANCE if self._unit else _is_sound(wide, squares)
        wide[~usable] = 0.0  # nothing can come of it but warnings
        squares[~usable] = 1.0
        rows, scales = self._form.encode(wide)
        return rows, scales, np.sqrt(squares) / scales, usable


def _is_sound(rows: FloatArray, squares: FloatArray) -> NDArray[np.bool_]:
    """Which rows of any length can be compared: not zero, and without what ``widened`` makes of infinities and NaN."""
    return np.asarray((squares > 0) & (np.abs(rows).max(axis=1, initial=0) <= _LARGEST_HALF))


def _grown(old: NDArray[_T], used: int, shape: tuple[int, ...]) -> NDArray[_T]:
    new = np.empty(shape, dtype=old.dtype)
    new[:used] = old[:used]
    return new
