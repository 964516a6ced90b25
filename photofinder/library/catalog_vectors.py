"""The vectors of the photos, in the catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from photofinder.errors import CatalogDamaged
from photofinder.library.schema import Database

KINDS = ("feature", "embedding")
"""The vectors every analysed photo has."""

HAS_VECTORS = " AND ".join(
    f"EXISTS (SELECT 1 FROM vector WHERE photo_id = photo.id AND pack_id = ? AND kind = '{kind}')" for kind in KINDS
)
"""Condition on ``photo`` with one parameter, the pack's id, for each of ``KINDS``."""

_CHUNK = 8192


class VectorStore:
    """The part of the catalogue that holds vectors, those of the pack in use."""

    def __init__(self, database: Database, *, writer: bool) -> None:
        self._database = database
        self._writer = writer
        self._fingerprint: str | None = None

    @property
    def path(self) -> Path:
        """The file of the catalogue."""
        return self._database.path

    def use_pack(self, fingerprint: str, feature_dim: int, embedding_dim: int) -> None:
        """Use the vectors of this pack alone; those of others stay, unused.

        Until it is called, the pack in use is the last one that a writer used.
        """
        self._fingerprint = fingerprint
        if not self._writer:
            return
        known = self._database.rows("SELECT current FROM pack WHERE fingerprint = ?", [fingerprint])
        if known == [(1,)]:
            return
        with self._database.transaction():
            self._database.rows(
                "INSERT INTO pack (fingerprint, feature_dim, embedding_dim) VALUES (?, ?, ?)"
                " ON CONFLICT (fingerprint) DO NOTHING",
                [fingerprint, feature_dim, embedding_dim],
            )
            self._database.rows("UPDATE pack SET current = (fingerprint = ?)", [fingerprint])

    def analysed_with_content(self, size: int, content_hash: str) -> int | None:
        """The first photo with this content that has the vectors of this pack, a missing one too."""
        pack_id, _ = self._pack()
        rows = self._database.rows(
            f"SELECT id FROM photo WHERE size = ? AND content_hash = ? AND {HAS_VECTORS} ORDER BY id LIMIT 1",
            [size, content_hash] + [pack_id] * len(KINDS),
        )
        return int(rows[0][0]) if rows else None

    def _pack(self) -> tuple[int, dict[str, int]]:
        """Id of the pack in use (-1: nothing was analysed with it yet) and the dimension of each kind."""
        sql = "SELECT id, feature_dim, embedding_dim FROM pack WHERE "
        if self._fingerprint is None:
            rows = self._database.rows(sql + "current")
        else:
            rows = self._database.rows(sql + "fingerprint = ?", [self._fingerprint])
        if not rows:
            return -1, {}
        ((pack_id, feature_dim, embedding_dim),) = rows
        return pack_id, {"feature": feature_dim, "embedding": embedding_dim}

    def put_vectors(self, photo_ids: int | Sequence[int], kind: str, vectors: NDArray[np.float32]) -> None:
        """Store one vector ``(d,)`` or one a photo ``(n, d)``, for the pack in use, as little-endian float16.

        Raises ``ValueError`` for another shape, for what is not finite, and without ``use_pack``.
        """
        ids, rows, pack_id = self._to_put(photo_ids, kind, vectors)
        with self._database.transaction():
            self._database.many(
                "INSERT OR REPLACE INTO vector (photo_id, pack_id, kind, data) VALUES (?, ?, ?, ?)",
                [(photo_id, pack_id, kind, row.tobytes()) for photo_id, row in zip(ids, rows, strict=True)],
            )

    def _to_put(
        self, photo_ids: int | Sequence[int], kind: str, vectors: NDArray[np.float32]
    ) -> tuple[list[int], NDArray[np.float16], int]:
        """Ids, rows as they are kept and the pack's id, or the ``ValueError`` of ``put_vectors``."""
        ids = [photo_ids] if isinstance(photo_ids, int) else [int(photo_id) for photo_id in photo_ids]
        pack_id, dims = self._pack()
        rows = np.asarray(vectors, dtype="<f2").reshape(len(ids), -1) if len(ids) else np.empty((0, 0), "<f2")
        if pack_id < 0:
            raise ValueError("no pack in use")
        if not np.isfinite(rows).all() or (len(ids) and rows.shape[1] != dims.get(kind, rows.shape[1])):
            raise ValueError(f"vectors of kind {kind!r}: shape {np.shape(vectors)}, or not finite")
        return ids, rows, pack_id

    def vector_rows(
        self, kind: str, after: int = 0
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
        """Revisions ``(n,)``, photo ids ``(n,)``, vectors ``(n, d)`` with a revision above ``after``, in order.

        A photo that was analysed again comes again, with a new revision; its old row is gone. Norms are
        1 within 0.001 (float16 on disk). Photos that are missing now are among them.
        """
        _, dims = self._pack()
        chunks = list(self.vector_chunks(kind, after))
        dim = dims.get(kind, chunks[0][2].shape[1] if chunks else 0)
        if any(vectors.shape[1] != dim for _, _, vectors in chunks):
            raise CatalogDamaged(self.path, f"vectors of kind {kind!r} differ in length")
        vectors = np.empty((sum(len(one[0]) for one in chunks), dim), dtype=np.float32)
        none = np.empty(0, dtype=np.int64)
        if chunks:
            np.concatenate([rows for _, _, rows in chunks], out=vectors, casting="same_kind")
        return (
            np.concatenate([none, *(revisions for revisions, _, _ in chunks)]),
            np.concatenate([none, *(ids for _, ids, _ in chunks)]),
            vectors,
        )

    def vector_chunks(
        self, kind: str, after: int = 0
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float16]]]:
        """What ``vector_rows`` gives, some thousand rows at a time and as they are kept, little-endian float16.

        They are as they were when the first was taken; use them up at once. Raises ``CatalogDamaged``.
        """
        pack_id, dims = self._pack()
        for rows in self._database.chunks(
            "SELECT revision, photo_id, data FROM vector WHERE pack_id = ? AND kind = ? AND revision > ?"
            " ORDER BY revision",
            [pack_id, kind, after],
            _CHUNK,
        ):
            numbers = np.array([row[:2] for row in rows], dtype=np.int64)
            blob = b"".join(row[2] for row in rows)
            dim = dims.get(kind, len(blob) // (2 * len(rows)))
            if len(blob) != 2 * dim * len(rows) or any(len(row[2]) != 2 * dim for row in (rows[0], rows[-1])):
                raise CatalogDamaged(self.path, f"vectors of kind {kind!r} differ in length")
            vectors = np.frombuffer(blob, dtype="<f2").reshape(len(rows), dim)
            yield numbers[:, 0].copy(), numbers[:, 1].copy(), vectors

    def count_vectors(self, kind: str, revision: int) -> int:
        """How many vectors of ``kind`` have a revision up to ``revision``."""
        pack_id, _ = self._pack()
        ((count,),) = self._database.rows(
            "SELECT count(*) FROM vector WHERE pack_id = ? AND kind = ? AND revision <= ?", [pack_id, kind, revision]
        )
        return int(count)

    def vector_revisions(self, kind: str, revision: int) -> NDArray[np.int64]:
        """The revisions of ``kind`` up to ``revision``, ascending; one a vector."""
        pack_id, _ = self._pack()
        rows = self._database.rows(
            "SELECT revision FROM vector WHERE pack_id = ? AND kind = ? AND revision <= ? ORDER BY revision",
            [pack_id, kind, revision],
        )
        return np.fromiter((one for (one,) in rows), dtype=np.int64, count=len(rows))

    def vector(self, photo_id: int, kind: str) -> NDArray[np.float32] | None:
        """The vector ``(d,)`` of one photo; ``None`` when it has none (of this pack)."""
        pack_id, _ = self._pack()
        rows = self._database.rows(
            "SELECT data FROM vector WHERE photo_id = ? AND pack_id = ? AND kind = ?",
            [photo_id, pack_id, kind],
        )
        return np.frombuffer(rows[0][0], dtype="<f2").astype(np.float32) if rows else None
