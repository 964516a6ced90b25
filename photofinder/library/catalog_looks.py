"""What the pixels of the photos say without a network, in the catalogue."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from photofinder.library.catalog_filters import SHOWN
from photofinder.library.catalog_vectors import VectorStore
from photofinder.library.look import LOOK_VERSION, MEASURES, TINY_SIDE, Look

_CHUNK = 8192


@dataclass(frozen=True, slots=True, eq=False)
class AlikeRows:
    """What duplicates are told by, of ``n`` photos in the order of their ids.

    ``ids`` (n,) int64; ``moments`` (n,) int64, seconds since 1970 on the wall clock, and ``timed`` (n,) bool, whether
    the camera said so; ``contents``: size and content hash, None while that is not known; ``cameras``.
    """

    ids: NDArray[np.int64]
    moments: NDArray[np.int64]
    timed: NDArray[np.bool_]
    contents: list[tuple[int, str] | None]
    cameras: list[str | None]

    def __len__(self) -> int:
        return len(self.ids)


class LookStore(VectorStore):
    """The part of the catalogue that holds looks."""

    def put_looks(self, photo_ids: Sequence[int], looks: Sequence[Look], kinds: Sequence[int]) -> None:
        """Store one look a photo, in the place of an older one; ``kinds``: bits of ``filters.KINDS``."""
        rows = [
            (photo_id, LOOK_VERSION, kind, look.measures.astype("<f4").tobytes(), look.tiny.tobytes())
            for photo_id, look, kind in zip(photo_ids, looks, kinds, strict=True)
        ]
        with self._database.transaction():
            self._database.many(
                "INSERT OR REPLACE INTO look (photo_id, version, kinds, measures, tiny) VALUES (?, ?, ?, ?, ?)", rows
            )

    def copy_look(self, source_id: int, target_id: int) -> None:
        """Give a photo the look of another one with the same content; none when that has none."""
        with self._database.transaction():
            self._database.rows("DELETE FROM look WHERE photo_id = ?", [target_id])
            self._database.rows(
                "INSERT INTO look (photo_id, version, kinds, measures, tiny)"
                " SELECT ?, version, kinds, measures, tiny FROM look WHERE photo_id = ?",
                [target_id, source_id],
            )

    def without_look(self) -> list[int]:
        """Ids of the photos that were analysed, are shown, and whose look is not known or was measured otherwise."""
        rows = self._database.rows(
            f"SELECT id FROM photo WHERE {SHOWN} AND content_hash IS NOT NULL AND NOT EXISTS"
            " (SELECT 1 FROM look WHERE photo_id = photo.id AND version = ?) ORDER BY moment DESC, id DESC",
            [LOOK_VERSION],
        )
        return [photo_id for (photo_id,) in rows]

    def tinies(self, ids: Iterable[int]) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
        """The very small pictures ``(n, 32, 32)`` uint8 of those of ``ids`` that have one, and their ids, ascending."""
        found, blobs = [], []
        wanted = json.dumps([int(photo_id) for photo_id in ids])
        for rows in self._database.chunks(
            "SELECT photo_id, tiny FROM look WHERE version = ? AND photo_id IN (SELECT value FROM json_each(?))"
            " ORDER BY photo_id",
            [LOOK_VERSION, wanted],
            _CHUNK,
        ):
            found += [row[0] for row in rows]
            blobs.append(b"".join(row[1] for row in rows))
        pixels = np.frombuffer(b"".join(blobs), dtype=np.uint8)
        return np.array(found, dtype=np.int64), pixels.reshape(len(found), TINY_SIDE, TINY_SIDE)

    def measures(self, ids: Iterable[int]) -> Mapping[int, NDArray[np.float32]]:
        """``look.MEASURES`` of those of ``ids`` whose look is known, (25,) float32 each."""
        rows = self._database.rows(
            "SELECT photo_id, measures FROM look WHERE version = ? AND photo_id IN (SELECT value FROM json_each(?))",
            [LOOK_VERSION, json.dumps([int(photo_id) for photo_id in ids])],
        )
        return {photo_id: np.frombuffer(data, dtype="<f4", count=len(MEASURES)) for photo_id, data in rows}

    def set_kind(self, bit: int, ids: Iterable[int]) -> None:
        """Say that these photos, and no others, are of the kind with this bit."""
        with self._database.transaction():
            self._database.rows("UPDATE look SET kinds = kinds & ~? WHERE kinds != 0 AND kinds & ?", [bit, bit])
            self._database.rows(
                "UPDATE look SET kinds = kinds | ? WHERE photo_id IN (SELECT value FROM json_each(?))",
                [bit, json.dumps([int(photo_id) for photo_id in ids])],
            )

    def alike_rows(self) -> AlikeRows:
        """All photos that are shown, by id."""
        rows = self._database.rows(
            f"SELECT id, moment, taken_at IS NOT NULL, size, content_hash, camera FROM photo WHERE {SHOWN} ORDER BY id"
        )
        numbers = np.array([row[:3] for row in rows], dtype=np.int64).reshape(-1, 3)
        return AlikeRows(
            numbers[:, 0].copy(),
            numbers[:, 1].copy(),
            numbers[:, 2].astype(np.bool_),
            [None if row[4] is None else (row[3], row[4]) for row in rows],
            [row[5] for row in rows],
        )
