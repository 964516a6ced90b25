"""The thumbnail cache: disposable, so nothing that happens to it is ever an error for anyone."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from photofinder.library.schema import use_wal

_log = logging.getLogger(__name__)

_APPLICATION_ID = 0x50485448  # "PHTH"
_VERSION = 1
_TABLES = """
PRAGMA auto_vacuum = INCREMENTAL;
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS thumbnail (
    serial INTEGER PRIMARY KEY AUTOINCREMENT,
    photo_id INTEGER NOT NULL UNIQUE,
    mtime_ns INTEGER NOT NULL,
    data BLOB NOT NULL
) STRICT;
PRAGMA application_id = {application_id};
PRAGMA user_version = {version};
COMMIT;
"""
_TRIM_ROWS = 64


class ThumbnailCache:
    """Thumbnails by photo id and file time; one object a thread, many at once.

    A cache that is damaged or foreign is made anew; one that cannot be written answers ``None`` and keeps nothing.
    """

    def __init__(self, path: Path) -> None:
        """Use ``open``."""
        self._path = path
        self._connection = self._connect()

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open or create the cache at ``path``; raises nothing that the disk can cause."""
        return cls(path)

    def close(self) -> None:
        """Close the connection; again is harmless."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def get(self, photo_id: int, mtime_ns: int) -> bytes | None:
        """The encoded thumbnail of the photo as it was at ``mtime_ns``, or ``None``."""
        if self._connection is None:
            return None
        try:
            row = self._connection.execute(
                "SELECT data FROM thumbnail WHERE photo_id = ? AND mtime_ns = ?", [photo_id, mtime_ns]
            ).fetchone()
        except sqlite3.Error as error:
            self._mend(error)
            return None
        return None if row is None else bytes(row[0])

    def put(self, photo_id: int, mtime_ns: int, data: bytes) -> None:
        """Keep one thumbnail in the place of any older one of that photo."""
        self.put_many([(photo_id, mtime_ns, data)])

    def put_many(self, rows: Iterable[tuple[int, int, bytes]]) -> None:
        """Keep many ``(photo_id, mtime_ns, data)`` in one transaction; all or none."""
        kept = list(rows)
        for _ in range(2):  # once more when the cache turned out to be damaged and was made anew
            if self._connection is None:
                return
            try:
                with self._connection:
                    self._connection.execute("BEGIN IMMEDIATE")
                    self._connection.executemany(
                        "INSERT OR REPLACE INTO thumbnail (photo_id, mtime_ns, data) VALUES (?, ?, ?)", kept
                    )
                return
            except sqlite3.Error as error:
                self._mend(error)
                if not _is_damage(error):
                    return

    def trim(self, max_bytes: int) -> None:
        """Drop what was stored longest ago until the file holds at most ``max_bytes``, and give the space back.

        A dropped thumbnail that is looked at again is stored again, and then is the newest one.
        """
        if self._connection is None:
            return
        try:
            while self._bytes_in_use(self._connection) > max_bytes:
                gone = self._connection.execute(
                    "DELETE FROM thumbnail WHERE serial IN (SELECT serial FROM thumbnail ORDER BY serial LIMIT ?)",
                    [_TRIM_ROWS],
                )
                if gone.rowcount == 0:
                    break
            # executescript: execute would take the first step only, and free a single page.
            self._connection.executescript("PRAGMA incremental_vacuum")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except sqlite3.Error as error:
            self._mend(error)

    @staticmethod
    def _bytes_in_use(connection: sqlite3.Connection) -> int:
        pages, free, size = (
            int(connection.execute(f"PRAGMA {name}").fetchone()[0])
            for name in ("page_count", "freelist_count", "page_size")
        )
        return (pages - free) * size

    def _connect(self, *, anew: bool = False) -> sqlite3.Connection | None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            if anew:
                for suffix in ("", "-wal", "-shm"):
                    self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
            return self._opened()
        except (sqlite3.Error, OSError) as error:
            if _is_damage(error) and not anew:
                _log.warning("thumbnail cache %r is made anew: %s", self._path, error)
                return self._connect(anew=True)
            _log.warning("no thumbnail cache at %r: %s", self._path, error)
            return None

    def _opened(self) -> sqlite3.Connection:
        """A connection with our tables; ``sqlite3.Error`` when the file is not such a cache."""
        connection = sqlite3.connect(self._path, timeout=5, isolation_level=None)
        try:
            # The owner last: another process may be making the file, and then it has tables before we look.
            (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            (owner,) = connection.execute("PRAGMA application_id").fetchone()
            if tables and (owner, version) != (_APPLICATION_ID, _VERSION):
                raise _Foreign("made by something else")
            if not tables:
                connection.executescript(_TABLES.format(application_id=_APPLICATION_ID, version=_VERSION))
            use_wal(connection)
            # A thumbnail lost in a power cut is drawn again: no reason to wait for the disk.
            connection.execute("PRAGMA synchronous = OFF")
        except BaseException:
            connection.close()
            raise
        return connection

    def _mend(self, error: sqlite3.Error) -> None:
        """After a failure: a damaged file is made anew; one that is full, busy or unwritable is left for later."""
        if _is_damage(error):
            _log.warning("thumbnail cache %r is made anew: %s", self._path, error)
            self.close()
            self._connection = self._connect(anew=True)
        elif _code(error) in _TEMPORARY:
            _log.warning("thumbnail cache %r: %s", self._path, error)
        else:
            raise error


_TEMPORARY = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
)


class _Foreign(sqlite3.DatabaseError):
    """A sound database, but not a cache of this version."""


def _code(error: Exception) -> int:
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def _is_damage(error: Exception) -> bool:
    return isinstance(error, _Foreign) or _code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
