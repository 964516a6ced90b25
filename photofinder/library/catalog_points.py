"""What is kept of the photos' local descriptors, in the catalogue: one blob a photo, for «the same object»."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from photofinder.library.catalog_filters import SHOWN
from photofinder.library.catalog_vectors import VectorStore

_CHUNK = 512
_WAITING = f"{SHOWN} AND content_hash IS NOT NULL AND NOT EXISTS (" + (
    "SELECT 1 FROM object_points WHERE photo_id = photo.id AND vocabulary = ?)"
)
"""Condition on ``photo``, with the vocabulary's name: analysed, to be shown, and without points of this vocabulary."""


@dataclass(frozen=True, slots=True)
class WaitingPhoto:
    """A photo whose points are still to be taken; ``mtime_ns`` as of its thumbnail."""

    photo_id: int
    folder_id: int
    path: Path
    mtime_ns: int
    content_hash: str


class PointStore(VectorStore):
    """The part of the catalogue that holds points. A photo's points go with it, and with a change of its content."""

    def count_points(self, vocabulary: str) -> tuple[int, int]:
        """Photos that may be shown and have points of this vocabulary (maybe none found), and those that wait."""
        ((have,),) = self._database.rows(
            f"SELECT count(*) FROM object_points JOIN photo ON photo.id = photo_id WHERE vocabulary = ? AND {SHOWN}",
            [vocabulary],
        )
        ((wait,),) = self._database.rows(f"SELECT count(*) FROM photo WHERE {_WAITING}", [vocabulary])
        return int(have), int(wait)

    def waiting_for_points(self, vocabulary: str) -> list[WaitingPhoto]:
        """The photos to look at, newest first; those of a folder that is offline are among them."""
        roots = {root: Path(os.fsdecode(path)) for root, path in self._database.rows("SELECT id, path FROM folder")}
        rows = self._database.rows(
            f"SELECT id, folder_id, rel_path, mtime_ns, content_hash FROM photo WHERE {_WAITING}"
            " ORDER BY moment DESC, id DESC",
            [vocabulary],
        )
        return [
            WaitingPhoto(photo_id, root, roots[root] / os.fsdecode(rel), mtime_ns, content)
            for photo_id, root, rel, mtime_ns, content in rows
            if root in roots
        ]

    def share_points(self, vocabulary: str) -> None:
        """Give photos that wait the points of another one with the same content: copies are not looked at again."""
        self._database.rows(
            "INSERT OR REPLACE INTO object_points (photo_id, vocabulary, data)"
            " SELECT photo.id, ?, points.data FROM photo"
            " JOIN photo AS other ON other.size = photo.size AND other.content_hash = photo.content_hash"
            " JOIN object_points AS points ON points.photo_id = other.id AND points.vocabulary = ?"
            f" WHERE photo.id IN (SELECT id FROM photo WHERE {_WAITING}) GROUP BY photo.id",
            [vocabulary, vocabulary, vocabulary],
        )

    def put_points(self, vocabulary: str, rows: Sequence[tuple[int, str, bytes]]) -> None:
        """Keep ``(photo_id, content_hash, points)`` in one transaction.

        A photo that is gone by now, or has another content, is left out.
        """
        with self._database.transaction():
            self._database.many(
                "INSERT OR REPLACE INTO object_points (photo_id, vocabulary, data)"
                " SELECT id, ?, ? FROM photo WHERE id = ? AND content_hash = ?",
                [(vocabulary, data, photo_id, content) for photo_id, content, data in rows],
            )

    def point_chunks(self, vocabulary: str, after: int = 0) -> Iterator[list[tuple[int, int, bytes]]]:
        """``(revision, photo_id, points)`` with a revision above ``after``, in order, some hundred at a time.

        They are as they were when the first was taken; use them up at once.
        """
        yield from self._database.chunks(
            "SELECT revision, photo_id, data FROM object_points WHERE vocabulary = ? AND revision > ?"
            " ORDER BY revision",
            [vocabulary, after],
            _CHUNK,
        )

    def point_revisions(self, vocabulary: str, ids: Iterable[int] | None = None) -> dict[int, int]:
        """The current revision of the points of each photo, or of those of ``ids`` that have any, by photo id."""
        sql, parameters = "SELECT photo_id, revision FROM object_points WHERE vocabulary = ?", [vocabulary]
        if ids is not None:
            sql += " AND photo_id IN (SELECT value FROM json_each(?))"
            parameters.append(json.dumps([int(photo_id) for photo_id in ids]))
        return dict(self._database.rows(sql, parameters))

    def ids_at(self, path: Path) -> list[int]:
        """The photo whose file this absolute path is, if it is known: none or one."""
        for root, stored in self._database.rows("SELECT id, path FROM folder"):
            folder = Path(os.fsdecode(stored))
            if path.is_relative_to(folder):
                rel = os.fsencode(path.relative_to(folder).as_posix())
                rows = self._database.rows("SELECT id FROM photo WHERE folder_id = ? AND rel_path = ?", [root, rel])
                return [photo_id for (photo_id,) in rows]
        return []

    def points_of(self, vocabulary: str, ids: Iterable[int]) -> dict[int, bytes]:
        """The points of those of ``ids`` that have any row."""
        return dict(
            self._database.rows(
                "SELECT photo_id, data FROM object_points"
                " WHERE vocabulary = ? AND photo_id IN (SELECT value FROM json_each(?))",
                [vocabulary, json.dumps([int(photo_id) for photo_id in ids])],
            )
        )
