"""The vectors of one descriptor, in the catalogue: beside those of the packs, as a pack of their own.

They need no tables of their own: whatever drops the vectors of a photo (its content changed, it cannot be read, its
folder is removed) drops these, too, and a photo that moves keeps them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from photofinder.library.catalog_filters import SHOWN
from photofinder.library.catalog_rows import integers
from photofinder.library.catalog_vectors import VectorStore
from photofinder.library.schema import Database

_AT_ONCE = 500
"""Rows deleted or copied in one transaction, so that others who write wait for milliseconds only."""


@dataclass(frozen=True, slots=True)
class DescribedPhoto:
    """A photo as it was when it was looked at; its vector is kept only if the catalogue still says so."""

    photo_id: int
    size: int
    mtime_ns: int


class DescriptorStore(VectorStore):
    """Raw float16 vectors ``(dim,)``, one a photo, of the kind that the descriptor is called."""

    def __init__(self, database: Database, *, writer: bool, name: str, fingerprint: str, dim: int) -> None:
        """Use ``Catalog.descriptor``."""
        super().__init__(database, writer=writer)
        self.name = name
        self.dim = dim
        self._fingerprint = fingerprint

    def _pack(self) -> tuple[int, dict[str, int]]:
        rows = self._database.rows("SELECT id FROM pack WHERE fingerprint = ?", [self._fingerprint])
        return (rows[0][0] if rows else -1), {self.name: self.dim}

    def begin(self) -> None:
        """Make room for vectors; the pack in use stays in use."""
        self._database.rows(
            "INSERT INTO pack (fingerprint, feature_dim, embedding_dim) VALUES (?, ?, 0)"
            " ON CONFLICT (fingerprint) DO NOTHING",
            [self._fingerprint, self.dim],
        )

    def held(self) -> NDArray[np.int64]:
        """The revisions of all vectors, in no order: what a table must not hold any longer is told by them."""
        pack_id, _ = self._pack()
        ((listed,),) = self._database.rows(
            "SELECT group_concat(revision) FROM vector WHERE pack_id = ? AND kind = ?", [pack_id, self.name]
        )
        return integers(listed)

    def lacking(self, folder_ids: Collection[int]) -> list[int]:
        """Ids of the photos in these roots that may be shown, were read once, and have no vector; the newest first."""
        pack_id, _ = self._pack()
        rows = self._database.rows(
            f"SELECT id FROM photo WHERE {SHOWN} AND width IS NOT NULL"
            " AND folder_id IN (SELECT value FROM json_each(?)) AND NOT EXISTS"
            " (SELECT 1 FROM vector WHERE photo_id = photo.id AND pack_id = ? AND kind = ?)"
            " ORDER BY moment DESC, id DESC",
            [json.dumps(list(folder_ids)), pack_id, self.name],
        )
        return [photo_id for (photo_id,) in rows]

    def interrupt(self) -> None:
        """Called by any thread: what is counted now ends with ``CatalogInUse``."""
        self._database.interrupt()

    def progress(self, photos: int | None = None) -> tuple[int, int]:
        """Of the photos that may be shown and were read once: how many have a vector, and how many there are.

        ``photos``: how many there are, where that was counted before: five seconds at a million photos, from the disk.
        """
        pack_id, _ = self._pack()
        can_be = f"{SHOWN} AND width IS NOT NULL"
        ((described,),) = self._database.rows(
            "SELECT count(*) FROM vector CROSS JOIN photo ON photo.id = vector.photo_id"
            f" WHERE vector.pack_id = ? AND vector.kind = ? AND {can_be}",  # CROSS: nothing to do where there is none
            [pack_id, self.name],
        )
        if photos is None:
            ((photos,),) = self._database.rows(f"SELECT count(*) FROM photo WHERE {can_be}")
        return int(described), int(photos)

    def copy_from_twins(self, photo_ids: Sequence[int]) -> set[int]:
        """Give those of ``photo_ids`` whose content another photo has that photo's vector; which ones got one."""
        pack_id, _ = self._pack()
        found: set[int] = set()
        for start in range(0, len(photo_ids), _AT_ONCE):
            rows = self._database.rows(
                "INSERT INTO vector (photo_id, pack_id, kind, data)"
                " SELECT photo.id, ?1, ?2, (SELECT vector.data FROM photo AS twin JOIN vector"
                "   ON vector.photo_id = twin.id AND vector.pack_id = ?1 AND vector.kind = ?2"
                "   WHERE twin.size = photo.size AND twin.content_hash = photo.content_hash LIMIT 1) AS shared"
                " FROM photo WHERE id IN (SELECT value FROM json_each(?3)) AND shared IS NOT NULL"
                " ON CONFLICT (photo_id, pack_id, kind) DO NOTHING RETURNING photo_id",
                [pack_id, self.name, json.dumps(list(photo_ids[start : start + _AT_ONCE]))],
            )
            found |= {photo_id for (photo_id,) in rows}
        return found

    def put(self, photos: Sequence[DescribedPhoto], vectors: NDArray[np.float32]) -> int:
        """Keep ``vectors`` ``(len(photos), dim)`` in one transaction, but for photos that changed or went meanwhile.

        How many were kept. Raises ``ValueError`` for another shape or what is not finite.
        """
        with self._database.transaction():
            rows = self._database.rows(
                "SELECT id, size, mtime_ns FROM photo WHERE error IS NULL AND id IN (SELECT value FROM json_each(?))",
                [json.dumps([photo.photo_id for photo in photos])],
            )
            now = set(rows)
            kept = [i for i, one in enumerate(photos) if (one.photo_id, one.size, one.mtime_ns) in now]
            self.put_vectors([photos[i].photo_id for i in kept], self.name, vectors[kept])
        return len(kept)

    def delete_some(self) -> bool:
        """Delete some hundred vectors; whether there may be more. What a later ``begin`` needs is kept."""
        pack_id, _ = self._pack()
        gone = self._database.rows(
            "DELETE FROM vector WHERE revision IN"
            " (SELECT revision FROM vector WHERE pack_id = ? AND kind = ? LIMIT ?) RETURNING revision",
            [pack_id, self.name, _AT_ONCE],
        )
        return len(gone) == _AT_ONCE
