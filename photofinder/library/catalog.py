"""The catalogue: folders, photos and their vectors, in SQLite. With its neighbours, the only SQL."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from photofinder.errors import CatalogDamaged, FailureReason, FolderOverlap
from photofinder.library.answering import DRIVES
from photofinder.library.catalog_albums import AlbumStore
from photofinder.library.catalog_backup import backup_if_due, backups
from photofinder.library.catalog_descriptors import DescriptorStore
from photofinder.library.catalog_filters import SHOWN, FilteredStore
from photofinder.library.catalog_folders import FolderStore
from photofinder.library.catalog_lock import exclusive
from photofinder.library.catalog_looks import LookStore
from photofinder.library.catalog_points import PointStore
from photofinder.library.catalog_rows import (
    PHOTO_COLUMNS,
    Counts,
    Details,
    Folder,
    KnownFile,
    Photo,
    holds_anything,
    integers,
    moment_of,
    must_be_listable,
    photo_of,
    reason_of,
    same_folder,
    within,
)
from photofinder.library.catalog_vectors import HAS_VECTORS, KINDS
from photofinder.library.excludes import patterns_of
from photofinder.library.schema import HEADER_BYTES, Database

if TYPE_CHECKING:
    from photofinder.library.scan import FoundFile

__all__ = ["KINDS", "Catalog", "Counts", "Folder", "KnownFile", "Photo"]

_CHUNK = 2048
_PHOTOS = f"SELECT {PHOTO_COLUMNS} FROM photo JOIN folder ON folder.id = photo.folder_id"


class Catalog(FolderStore, LookStore, FilteredStore, PointStore, AlbumStore):
    """One connection to the catalogue; made, used and closed by one thread. Many may be open at once.

    Any method may raise ``CatalogDamaged``, and a changing one also ``DiskFull``, ``DataFolderUnwritable`` or
    ``CatalogInUse`` (another process kept a transaction open for more than ten seconds).
    """

    def __init__(self, database: Database, *, writer: bool) -> None:
        """Use ``open``."""
        super().__init__(database, writer=writer)
        self._locked = False

    @classmethod
    def open(cls, path: Path, *, writer: bool = False) -> Self:
        """Open or create the catalogue at ``path``. Without ``writer`` nothing can be changed through it.

        Raises ``CatalogTooNew``, ``CatalogDamaged`` (also for an empty or deleted file of which there are copies) or
        ``DataFolderUnwritable``, and leaves the file as it is.
        """
        if backups(path) and not (path.exists() and path.stat().st_size >= HEADER_BYTES):
            raise CatalogDamaged(path, "gone, and there are copies of it")
        return cls(Database(path, writer=writer), writer=writer)

    def close(self) -> None:
        """Close the connection; again is harmless."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def lock_for_indexing(self) -> Iterator[None]:
        """Be the only one that analyses photos into this catalogue; twice through one object is harmless.

        Raises ``CatalogInUse`` at once when another process does, and ``CatalogDamaged`` when the last one was
        killed and the file, then read as a whole, is not sound.
        """
        if self._locked:
            yield
            return
        with exclusive(self.path) as unclean:
            if unclean:
                self._database.check()
            self._locked = True
            try:
                yield
            finally:
                self._locked = False

    def back_up_if_due(self) -> None:
        """Once a week keep a dated copy of all but the vectors (``catalog_backup``)."""
        backup_if_due(self.path, date.today())

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All changes inside or none; nested ones belong to the outermost."""
        with self._database.transaction():
            yield

    def descriptor(self, name: str, fingerprint: str, dim: int) -> DescriptorStore:
        """The vectors of one descriptor, through this connection."""
        return DescriptorStore(self._database, writer=self._writer, name=name, fingerprint=fingerprint, dim=dim)

    def data_version(self) -> int:
        """A number that grows whenever anything was committed, through this connection or another one."""
        return self._database.version()

    def folders(self) -> list[Folder]:
        """The roots, in the order they were added."""
        rows = self._database.rows("SELECT id, path, exclude FROM folder ORDER BY id")
        return self._folders([(folder_id, Path(os.fsdecode(stored)), exclude) for folder_id, stored, exclude in rows])

    def _folders(self, roots: Iterable[tuple[int, Path, str]]) -> list[Folder]:
        """All are asked at once, and none may take long (``answering``)."""
        roots = tuple(roots)
        sql = "SELECT 1 FROM photo WHERE folder_id = ? AND missing_since IS NULL LIMIT 1"
        with_photos = {folder_id for folder_id, _, _ in roots if self._database.rows(sql, [folder_id])}
        looks = {path: partial(holds_anything if key in with_photos else Path.is_dir, path) for key, path, _ in roots}
        online = DRIVES.ask_all(looks)
        return [Folder(folder_id, path, online[path], patterns_of(exclude)) for folder_id, path, exclude in roots]

    def add_folder(self, path: Path) -> Folder:
        """Register a root; one that is known already is returned as it is, also while it is offline.

        Raises ``FolderUnavailable`` when it cannot be listed, ``FolderOverlap`` when it lies in or around
        another root.
        """
        path = Path(os.path.abspath(path))  # noqa: PTH100 - Path.resolve replaces the links people see
        known = [
            (folder_id, Path(os.fsdecode(stored)), exclude)
            for folder_id, stored, exclude in self._database.rows("SELECT id, path, exclude FROM folder ORDER BY id")
        ]
        for folder_id, other, exclude in known:
            if same_folder(path, other):
                return self._folders([(folder_id, other, exclude)])[0]
        must_be_listable(path)
        for _, other, _ in known:
            if within(path, other) or within(other, path):
                raise FolderOverlap(path, other)
        folder_id = self._database.insert("INSERT INTO folder (path) VALUES (?)", [os.fsencode(path)])
        return Folder(folder_id, path, online=True)

    def move_folder(self, folder_id: int, path: Path) -> Folder:
        """Say where a root is now: its photos, their vectors and marks stay, and are looked for there.

        Raises what ``add_folder`` raises; another root at, in or around ``path`` is a ``FolderOverlap``.
        """
        path = Path(os.path.abspath(path))  # noqa: PTH100 - as in add_folder
        must_be_listable(path)
        for other_id, stored in self._database.rows("SELECT id, path FROM folder"):
            other = Path(os.fsdecode(stored))
            if other_id != folder_id and (within(path, other) or within(other, path)):
                raise FolderOverlap(path, other)
        self._database.rows("UPDATE folder SET path = ? WHERE id = ?", [os.fsencode(path), folder_id])
        return next(folder for folder in self.folders() if folder.id == folder_id)

    def has_folder(self, folder_id: int) -> bool:
        """Whether the root was not removed meanwhile."""
        return bool(self._database.rows("SELECT 1 FROM folder WHERE id = ?", [folder_id]))

    def remove_folder(self, folder_id: int) -> None:
        """Forget a root with its photos and vectors. The files on disk are not touched."""
        self._database.rows("DELETE FROM folder WHERE id = ?", [folder_id])

    def known_files(self, folder_id: int) -> Iterator[tuple[str, KnownFile]]:
        """Every file the catalogue knows in a root, missing ones too, with its relative path; use them up at once."""
        pack_id, _ = self._pack()
        for rows in self._database.chunks(
            "SELECT rel_path, id, size, mtime_ns, missing_since IS NOT NULL, error,"
            f" {HAS_VECTORS}, content_hash FROM photo WHERE folder_id = ?",
            [pack_id] * len(KINDS) + [folder_id],
            _CHUNK,
        ):
            for rel, photo_id, size, mtime_ns, missing, error, has_vectors, content in rows:
                file = KnownFile(photo_id, size, mtime_ns, bool(missing), reason_of(error), bool(has_vectors), content)
                yield os.fsdecode(rel), file

    def known_sizes(self) -> set[int]:
        """The sizes in bytes of all files whose content is known: only those can have moved or be copies."""
        rows = self._database.rows("SELECT DISTINCT size FROM photo WHERE content_hash IS NOT NULL")
        return {size for (size,) in rows}

    def find_by_content(self, size: int, content_hash: str) -> list[Photo]:
        """The photos with this content, missing ones too, in the order they were catalogued."""
        rows = self._database.rows(
            f"{_PHOTOS} WHERE size = ? AND content_hash = ? ORDER BY photo.id", [size, content_hash]
        )
        return [photo_of(row) for row in rows]

    def photos(self, ids: Iterable[int]) -> dict[int, Photo]:
        """Those of ``ids`` that the catalogue knows, missing ones too."""
        rows = self._database.rows(f"{_PHOTOS} WHERE photo.id IN (SELECT value FROM json_each(?))", [_listed(ids)])
        return {row[0]: photo_of(row) for row in rows}

    def places(self, ids: Iterable[int]) -> dict[int, tuple[int, Path]]:
        """Root's id and path of those of ``ids`` that the catalogue knows: less than ``photos``, but sooner."""
        roots = {root: Path(os.fsdecode(path)) for root, path in self._database.rows("SELECT id, path FROM folder")}
        rows = self._database.rows(
            "SELECT id, folder_id, rel_path FROM photo WHERE id IN (SELECT value FROM json_each(?))", [_listed(ids)]
        )
        return {photo_id: (root, roots[root] / os.fsdecode(rel)) for photo_id, root, rel in rows if root in roots}

    def moments(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """When each of ``ids`` ``(n,)`` was taken, seconds since 1970 on the wall clock; 0 if it is not known."""
        ((known, moments),) = self._database.rows(
            "SELECT group_concat(id), group_concat(moment) FROM photo WHERE id IN (SELECT value FROM json_each(?))",
            [_listed(ids.tolist())],
        )
        found = dict(zip(integers(known).tolist(), integers(moments).tolist(), strict=True))
        return np.fromiter((found.get(photo_id, 0) for photo_id in ids.tolist()), dtype=np.int64, count=len(ids))

    def existing(self, ids: Iterable[int]) -> set[int]:
        """Those of ``ids`` that the catalogue still knows."""
        rows = self._database.rows("SELECT id FROM photo WHERE id IN (SELECT value FROM json_each(?))", [_listed(ids)])
        return {photo_id for (photo_id,) in rows}

    def all_photo_ids(self, newest_first: bool = True) -> list[int]:
        """All photos to show, analysed yet or not, by the time they were taken (or else the file's time).

        Not those that failed or were deleted; those of a folder that is offline are shown.
        """
        order = "DESC" if newest_first else "ASC"
        rows = self._database.rows(f"SELECT id FROM photo WHERE {SHOWN} ORDER BY moment {order}, id {order}")
        return [photo_id for (photo_id,) in rows]

    def searchable_ids(self) -> NDArray[np.int64]:
        """Ids, ascending, of the photos that may be shown now: not removed, deleted or unreadable."""
        ((listed,),) = self._database.rows(f"SELECT group_concat(id) FROM photo WHERE {SHOWN}")
        ids = integers(listed)
        ids.sort()
        return ids

    def failures(self) -> list[Photo]:
        """The photos that are there but could not be read, newest first."""
        rows = self._database.rows(
            f"{_PHOTOS} WHERE error IS NOT NULL AND missing_since IS NULL ORDER BY moment DESC, photo.id DESC"
        )
        return [photo_of(row) for row in rows]

    def counts(self) -> Counts:
        """How many photos there are, of all folders."""
        pack_id, _ = self._pack()
        ((total, missing, failed),) = self._database.rows(
            "SELECT count(*), count(missing_since), count(CASE WHEN missing_since IS NULL THEN error END) FROM photo"
        )
        ((analysed,),) = self._database.rows(
            f"SELECT count(*) FROM photo WHERE {SHOWN} AND {HAS_VECTORS}", [pack_id] * len(KINDS)
        )
        return Counts(photos=total - missing, analysed=analysed, failed=failed, missing=missing)

    def add_photos(self, folder_id: int, files: Iterable[FoundFile]) -> list[int]:
        """Catalogue files that are new in a root, not analysed yet; their ids in the same order."""
        sql = "INSERT INTO photo (folder_id, rel_path, size, mtime_ns, moment) VALUES (?, ?, ?, ?, ?)"
        with self.transaction():
            return [
                self._database.insert(
                    sql,
                    (
                        folder_id,
                        os.fsencode(file.rel_path),
                        file.size,
                        file.mtime_ns,
                        moment_of(None, file.mtime_ns),
                    ),
                )
                for file in files
            ]

    def add_or_update_photo(
        self,
        folder_id: int,
        rel_path: str,
        size: int,
        mtime_ns: int,
        *,
        content_hash: str | None = None,
        info: Details | None = None,
    ) -> int:
        """Record what was read of a file and return its photo id; it is there and readable from now on.

        Vectors of another content (the hash differs from the stored one) are dropped.
        """
        values: dict[str, Any] = {"size": size, "mtime_ns": mtime_ns, "content_hash": content_hash}
        values["moment"] = moment_of(info.taken_at if info else None, mtime_ns)
        for name in ("width", "height", "taken_at", "camera", "lat", "lon"):
            values[name] = getattr(info, name) if info else None
        key = [folder_id, os.fsencode(rel_path)]
        with self.transaction():
            self._database.rows(
                "DELETE FROM vector WHERE photo_id ="
                " (SELECT id FROM photo WHERE folder_id = ? AND rel_path = ? AND content_hash IS NOT ?)",
                [*key, content_hash],
            )
            ((photo_id,),) = self._database.rows(
                f"INSERT INTO photo (folder_id, rel_path, {', '.join(values)})"
                f" VALUES (?, ?{', ?' * len(values)}) ON CONFLICT (folder_id, rel_path) DO UPDATE SET "
                + ", ".join(f"{name} = excluded.{name}" for name in values)
                + ", error = NULL, missing_since = NULL RETURNING id",
                [*key, *values.values()],
            )
        return int(photo_id)

    def copy_analysis(self, source_id: int, target: Photo | FoundFile, folder_id: int, content_hash: str) -> bool:
        """Give a file the details and vectors of another photo with the same content.

        ``False``, and nothing changed, when that photo has no vectors or has another content by now.
        """
        pack_id, _ = self._pack()
        with self.transaction():
            rows = self._database.rows(
                f"{_PHOTOS} WHERE photo.id = ? AND size = ? AND content_hash = ? AND {HAS_VECTORS}",
                [source_id, target.size, content_hash] + [pack_id] * len(KINDS),
            )
            if not rows:
                return False
            photo_id = self.add_or_update_photo(
                folder_id,
                target.rel_path,
                target.size,
                target.mtime_ns,
                content_hash=content_hash,
                info=photo_of(rows[0]),
            )
            self._database.rows(
                "INSERT OR REPLACE INTO vector (photo_id, pack_id, kind, data)"
                " SELECT ?, pack_id, kind, data FROM vector WHERE photo_id = ? AND pack_id = ?",
                [photo_id, source_id, pack_id],
            )
            self.copy_look(source_id, photo_id)
        return True

    def move_photo(
        self,
        photo_id: int,
        rel_path: str,
        *,
        folder_id: int | None = None,
        size: int | None = None,
        mtime_ns: int | None = None,
    ) -> None:
        """Say where the file of a photo is now, with which size and time; id, details and vectors are kept."""
        self._database.rows(
            "UPDATE photo SET rel_path = ?, folder_id = coalesce(?, folder_id), size = coalesce(?, size),"
            " mtime_ns = coalesce(?, mtime_ns), missing_since = NULL WHERE id = ?",
            [os.fsencode(rel_path), folder_id, size, mtime_ns, photo_id],
        )

    def mark_missing(self, ids: Iterable[int]) -> None:
        """Photos that were deleted from a reachable folder: not shown, but kept in case they return."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        self._database.rows(
            "UPDATE photo SET missing_since = ? WHERE missing_since IS NULL AND id IN (SELECT value FROM json_each(?))",
            [now, _listed(ids)],
        )

    def mark_found(self, ids: Iterable[int]) -> None:
        """Photos that are there again."""
        self._database.rows(
            "UPDATE photo SET missing_since = NULL WHERE id IN (SELECT value FROM json_each(?))",
            [_listed(ids)],
        )

    def set_error(
        self, photo_id: int, reason: FailureReason, *, size: int | None = None, mtime_ns: int | None = None
    ) -> None:
        """Record why a photo that is there cannot be read; vectors of what it was before are dropped."""
        with self.transaction():
            self._database.rows("DELETE FROM vector WHERE photo_id = ?", [photo_id])
            self._database.rows(
                "UPDATE photo SET error = ?, missing_since = NULL, content_hash = NULL,"
                " size = coalesce(?, size), mtime_ns = coalesce(?, mtime_ns) WHERE id = ?",
                [reason.value, size, mtime_ns, photo_id],
            )


def _listed(ids: Iterable[int]) -> str:
    """Ids as one SQL parameter, however many."""
    return json.dumps([int(photo_id) for photo_id in ids])
