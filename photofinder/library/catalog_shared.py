"""A catalogue that several people search: folders, photos and vectors in PostgreSQL, nearest photos by pgvector.

Everything that is said of ``Catalog`` holds; here is what the other database does itself. Whoever searches holds no
vectors in memory: the server proposes the nearest photos (``nearest``) and hands out theirs (``vectors_of``).
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from photofinder.errors import CatalogDamaged, CatalogInUse
from photofinder.library.catalog import Catalog
from photofinder.library.catalog_filters import LibraryRows
from photofinder.library.catalog_rows import Folder
from photofinder.library.filters import Filters, plain
from photofinder.library.places import Area, Level, Places
from photofinder.library.postgres import PostgresDatabase
from photofinder.library.postgres_filters import PathTest, column_conditions
from photofinder.library.postgres_schema import SCHEMA

IntArray = NDArray[np.int64]

INDEX_FROM = 50_000
"""With fewer vectors a scan of all is as fast as their index, and exact."""
EXACT_PASSING = 20_000
"""So many photos or fewer that pass a filter are compared one by one."""

_INDEXING, _BUILDING, _WRITING = 1346785095, 1346785096, 1346785097  # numbers of advisory locks
_CHUNK = 8192
_MOST_EF = 1000  # what pgvector allows


class SharedCatalog(Catalog):
    """One connection to a shared catalogue; made, used and closed by one thread. Many may be open at once.

    ``facets`` is the window's and not answered. Any method may raise ``StoreUnavailable`` where the embedded one raises
    ``DiskFull`` or ``DataFolderUnwritable``.
    """

    def __init__(self, database: PostgresDatabase, *, writer: bool, roots: Mapping[str, Path]) -> None:
        """Use ``open_store``."""
        super().__init__(database, writer=writer)
        self._store = database
        self._roots = roots
        self._indexed: dict[str, bool] = {}

    @classmethod
    def open_store(cls, url: str, *, writer: bool = False, roots: Mapping[str, Path] | None = None) -> Self:
        """Connect to the catalogue at ``postgresql://…``; a writer makes its tables where there are none.

        ``roots``: where this machine has the folders that the catalogue knows under other names. Raises
        ``StoreUnavailable``, ``ExtraMissing``.
        """
        return cls(PostgresDatabase(url, writer=writer), writer=writer, roots=roots or {})

    @contextmanager
    def lock_for_indexing(self) -> Iterator[None]:
        """As ``Catalog.lock_for_indexing``, for every machine that reaches the server; a lost connection frees it."""
        if self._locked:
            yield
            return
        if not self._store.try_lock(_INDEXING):
            raise CatalogInUse(self.path)
        self._locked = True
        try:
            yield
        finally:
            self._locked = False
            self._store.unlock(_INDEXING)

    def back_up_if_due(self) -> None:
        """Left to those who run the server (``pg_dump``)."""

    def put_vectors(self, photo_ids: int | Sequence[int], kind: str, vectors: NDArray[np.float32]) -> None:
        """As ``VectorStore.put_vectors``; one writer at a time, so that revisions are committed in their order."""
        from pgvector import HalfVector

        ids, rows, pack_id = self._to_put(photo_ids, kind, vectors)
        with self._database.transaction():
            self._database.rows("SELECT pg_advisory_xact_lock(?)", [_WRITING])
            self._database.many(
                "INSERT OR REPLACE INTO vector (photo_id, pack_id, kind, data) VALUES (?, ?, ?, ?)",
                [(photo_id, pack_id, kind, HalfVector(row)) for photo_id, row in zip(ids, rows, strict=True)],
            )

    def vector_chunks(self, kind: str, after: int = 0) -> Iterator[tuple[IntArray, IntArray, NDArray[np.float16]]]:
        """As ``VectorStore.vector_chunks``."""
        pack_id, dims = self._pack()
        for rows in self._database.chunks(
            "SELECT revision, photo_id, halfvec_send(data) FROM vector WHERE pack_id = ? AND kind = ? AND revision > ?"
            " ORDER BY revision",
            [pack_id, kind, after],
            _CHUNK,
        ):
            numbers = np.array([row[:2] for row in rows], dtype=np.int64)
            yield numbers[:, 0].copy(), numbers[:, 1].copy(), self._halves([row[2] for row in rows], dims.get(kind))

    def vector(self, photo_id: int, kind: str) -> NDArray[np.float32] | None:
        """As ``VectorStore.vector``."""
        _, found = self.vectors_of(kind, [photo_id])
        return found[0].astype(np.float32) if len(found) else None

    def vectors_of(self, kind: str, photo_ids: Collection[int]) -> tuple[IntArray, NDArray[np.float16]]:
        """Those of ``photo_ids`` that have a vector, ``(n,)`` ascending, and their vectors ``(n, d)``."""
        pack_id, dims = self._pack()
        ids, blobs = [], []
        for rows in self._database.chunks(
            "SELECT photo_id, halfvec_send(data) FROM vector WHERE pack_id = ? AND kind = ? AND photo_id = ANY(?)"
            " ORDER BY photo_id",
            [pack_id, kind, [int(one) for one in photo_ids]],
            _CHUNK,
        ):
            ids += [row[0] for row in rows]
            blobs += [row[1] for row in rows]
        return np.array(ids, dtype=np.int64), self._halves(blobs, dims.get(kind))

    def nearest(
        self,
        kind: str,
        vector: NDArray[np.float32],
        count: int,
        filters: Sequence[Filters] = (),
        excluded: Sequence[int] = (),
    ) -> IntArray:
        """Ids of the ``count`` photos to show with the highest cosine to ``vector`` ``(d,)``, best first.

        All ``filters`` hold of them, and none is ``excluded``. Where the index might have missed some, because few
        photos pass, all that pass are compared. Of photos with the same vector those of the lowest ids are among them
        where all are compared; of an index, any.
        """
        from pgvector import HalfVector

        pack_id, dims = self._pack()
        if pack_id < 0 or not np.any(vector):
            return np.empty(0, dtype=np.int64)
        dim = dims[kind]
        condition, parameters = self._all_conditions(filters)
        asked = HalfVector(np.asarray(vector / np.linalg.norm(vector), dtype=np.float16))
        sql = (
            f"SELECT photo.id FROM vector_{kind} JOIN photo ON photo.id = photo_id WHERE pack_id = ? AND {condition}"
            f" AND NOT photo.id = ANY(?) ORDER BY data::halfvec({dim}) <=> ?::halfvec({dim})"
        )
        values = [pack_id, *parameters, list(excluded), asked, count]
        exact = not self._has_index(kind, pack_id, dim) or (bool(filters) and self._pass_few(condition, parameters))
        with self._database.transaction():
            rows = []
            if not exact:
                self._tune(False, count)
                rows = self._database.rows(f"{sql} LIMIT ?", values)
            if len(rows) < count:
                self._tune(True, count)
                rows = self._database.rows(f"{sql}, photo.id LIMIT ?", values)
        return np.array([photo_id for (photo_id,) in rows], dtype=np.int64)

    def library_rows(self, filters: Filters | None = None, newest_first: bool = True) -> LibraryRows:
        """As ``FilteredStore.library_rows``; the words for folders and names alone are read here, path by path."""
        filters = filters or Filters()
        condition, parameters = self._condition(filters)
        found = [np.empty((0, 2), dtype=np.int64)]
        columns, passes = "id, moment", None
        if filters.path_contains or filters.name_contains:
            columns, passes = "id, moment, folder_id, rel_path", PathTest(self._root_names(), filters)
        order = "DESC" if newest_first else "ASC"
        for rows in self._database.chunks(
            f"SELECT {columns} FROM photo WHERE {condition} ORDER BY moment {order}, id {order}", parameters, _CHUNK
        ):
            passing = [row[:2] for row in rows if passes is None or passes(row[2], os.fsdecode(row[3]))]
            found.append(np.array(passing, dtype=np.int64).reshape(-1, 2))
        both = np.concatenate(found)
        return LibraryRows(both[:, 0].copy(), both[:, 1].copy())

    def newest(self, filters: Sequence[Filters], count: int) -> LibraryRows:
        """The newest ``count`` photos to show that pass all ``filters``, in order."""
        condition, parameters = self._all_conditions(filters)
        rows = self._database.rows(
            f"SELECT id, moment FROM photo WHERE {condition} ORDER BY moment DESC, id DESC LIMIT ?",
            [*parameters, count],
        )
        both = np.array(rows, dtype=np.int64).reshape(-1, 2)
        return LibraryRows(both[:, 0].copy(), both[:, 1].copy())

    def index_vectors(self) -> bool:
        """Build the index of each kind that has enough vectors and none yet; whether one was built. Takes minutes.

        The server keeps it up to date by itself.
        """
        pack_id, dims = self._pack()
        built = False
        for kind, dim in dims.items():
            ((count,),) = self._database.rows(f"SELECT count(*) FROM vector_{kind} WHERE pack_id = ?", [pack_id])
            if count < INDEX_FROM or self._has_index(kind, pack_id, dim):
                continue
            if not self._store.try_lock(_BUILDING):
                return built  # somebody else is at it
            try:
                self._database.rows(
                    f"CREATE INDEX IF NOT EXISTS {_index_name(kind, pack_id)} ON vector_{kind}"
                    f" USING hnsw ((data::halfvec({dim})) halfvec_cosine_ops) WHERE pack_id = {pack_id}"
                )
                self._database.rows(f"ANALYZE vector_{kind}")
            finally:
                self._store.unlock(_BUILDING)
            self._indexed.clear()
            built = True
        return built

    def disk_bytes(self) -> int:
        """What the tables and their indexes take on the server."""
        ((held,),) = self._database.rows(
            "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r'"
            f" AND relnamespace = '{SCHEMA}'::regnamespace"
        )
        return int(held)

    def places(self, ids: Iterable[int]) -> dict[int, tuple[int, Path]]:
        """As ``Catalog.places``, where this machine has them."""
        stored = dict(self._database.rows("SELECT id, path FROM folder"))
        found = super().places(ids)
        if not self._roots:
            return found
        return {key: (root, self._here(os.fsdecode(stored[root]), path)) for key, (root, path) in found.items()}

    def _read_places(self) -> Places:
        """As ``PlaceStore._read_places``; how many photos each place has is not counted, only whether there are any."""
        rows = self._database.rows(
            "SELECT id, code, level, parent, es, en, keys, lat, lon,"
            " EXISTS (SELECT 1 FROM photo_area WHERE area_id = area.id) FROM area ORDER BY level"
        )
        photos = {row[0]: int(row[-1]) for row in rows}
        for row in reversed(rows):  # the smallest first
            if row[3] in photos:
                photos[row[3]] = max(photos[row[3]], photos[row[0]])
        return Places.of(
            Area(area_id, code, Level(level), parent, es, en, tuple(keys.split("|")), lat, lon, photos[area_id])
            for area_id, code, level, parent, es, en, keys, lat, lon, _ in rows
        )

    def _folders(self, roots: Iterable[tuple[int, Path, str]]) -> list[Folder]:
        return super()._folders([(key, self._here(str(path), path), exclude) for key, path, exclude in roots])

    def _here(self, root: str, path: Path) -> Path:
        """A path of the folder ``root`` as this machine has it."""
        there = self._roots.get(root)
        return path if there is None else there / path.relative_to(root)

    def _condition(self, filters: Filters) -> tuple[str, list[Any]]:
        """All that the server can tell, with its parameters."""
        condition, parameters = super()._condition(filters)
        conditions = [condition]
        for more, values in column_conditions(filters, self._cameras_like):
            conditions.append(more)
            parameters += values
        if filters.not_places:
            conditions.append(
                "id NOT IN (SELECT photo_id FROM photo_area WHERE area_id IN (SELECT value FROM json_each(?)))"
            )
            parameters.append(self._areas(filters.not_places))
        return " AND ".join(conditions), parameters

    def _cameras_like(self, words: Sequence[str]) -> list[str]:
        known = self._database.rows("SELECT DISTINCT camera FROM photo WHERE camera > ''")
        return [camera for (camera,) in known if any(word in plain(camera) for word in words)]

    def _all_conditions(self, filters: Sequence[Filters]) -> tuple[str, list[object]]:
        """Condition on ``photo``, and its parameters; what only paths tell is looked up first."""
        conditions, parameters = [], []
        for one in filters or (Filters(),):
            if one.path_contains or one.name_contains:
                conditions.append("photo.id = ANY(?)")
                parameters.append(self.filtered_ids(one).tolist())
                continue
            condition, values = self._condition(one)
            conditions.append(condition)
            parameters += values
        return " AND ".join(conditions), parameters

    def _pass_few(self, condition: str, parameters: Sequence[object]) -> bool:
        ((count,),) = self._database.rows(
            f"SELECT count(*) FROM (SELECT 1 FROM photo WHERE {condition} LIMIT {EXACT_PASSING + 1}) AS passing",
            parameters,
        )
        return int(count) <= EXACT_PASSING

    def _has_index(self, kind: str, pack_id: int, dim: int) -> bool:
        name = _index_name(kind, pack_id)
        if not self._indexed.get(name):
            rows = self._database.rows(
                "SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(?) AND indisvalid", [name]
            )
            self._indexed[name] = bool(rows)
        return self._indexed[name]

    def _tune(self, exact: bool, count: int) -> None:
        """For the rest of this transaction: compare all, or search the index until enough rows pass."""
        settings = {"enable_indexscan": "off" if exact else "on"}
        if not exact:
            settings |= {"hnsw.iterative_scan": "strict_order", "hnsw.ef_search": str(min(_MOST_EF, max(200, count)))}
        for name, value in settings.items():
            self._database.rows("SELECT set_config(?, ?, true)", [name, value])

    def _halves(self, sent: Sequence[bytes], dim: int | None) -> NDArray[np.float16]:
        """Vectors as the server sends them, two small numbers before each, big-endian."""
        blob = b"".join(sent)
        dim = dim if dim is not None else (len(blob) // (2 * len(sent)) - 2 if sent else 0)
        if len(blob) != 2 * (dim + 2) * len(sent):
            raise CatalogDamaged(self.path, "vectors differ in length")
        rows = np.frombuffer(blob, dtype=">f2").reshape(len(sent), dim + 2)
        return rows[:, 2:].astype("<f2")


def _index_name(kind: str, pack_id: int) -> str:
    return f"nearest_{kind}_{pack_id}"
