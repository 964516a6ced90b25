"""The catalogue's tables as numbered migrations, and the one way to open such a file.

Every version the tables ever had stays here as a migration; a released migration is never edited, and a small
catalogue of each version is kept for the tests (``python -m tests.library.old_catalogs`` makes that of a new one).
The file says whose it is (``application_id``) and which version it has (``user_version``); both change in the same
transaction as the tables, so an interrupted upgrade leaves the old catalogue.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from photofinder.errors import CatalogDamaged, CatalogInUse, CatalogTooNew, DataFolderUnwritable, DiskFull

APPLICATION_ID = 0x50484F46
"""``PHOF`` in ASCII: how the file says that it is a catalogue of ours."""

HEADER_BYTES = 100
"""What every SQLite file begins with; a shorter one counts as empty."""

BUSY_TIMEOUT_S = 10.0
"""How long a connection waits for another one's transaction; ours last one batch, far below a second."""

_ALWAYS_THERE = frozenset(("folder", "photo", "pack", "vector"))
"""Tables of every version: a file that has them is ours, whatever became of its header."""

Migration = Callable[[sqlite3.Connection], None]


class Migrations:
    """Numbered steps from an empty file to the newest tables."""

    def __init__(self) -> None:
        self._steps: dict[int, Migration] = {}

    def __call__(self, number: int) -> Callable[[Migration], Migration]:
        """Decorator: register the step that turns version ``number - 1`` into ``number``.

        Raises ``ValueError`` unless numbers are given in order, from 1, without gaps.
        """
        if number != self.newest + 1:
            raise ValueError(f"migration {number} follows {self.newest}")

        def register(step: Migration) -> Migration:
            self._steps[number] = step
            return step

        return register

    @property
    def newest(self) -> int:
        """The version this program writes; 0 without any migration."""
        return max(self._steps, default=0)

    def upgrade(self, connection: sqlite3.Connection, to: int | None = None) -> None:
        """Run what is missing up to version ``to`` (default: the newest), in one transaction.

        Two processes may do this at once: the second one waits, reads the version and finds nothing to do.
        """
        connection.execute("BEGIN IMMEDIATE")
        try:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            for number in range(version + 1, (self.newest if to is None else to) + 1):
                self._steps[number](connection)
                connection.execute(f"PRAGMA user_version = {number}")
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")


migration = Migrations()


@migration(1)
def _first_tables(connection: sqlite3.Connection) -> None:
    """Folders, photos, packs, vectors.

    Paths are BLOBs because a file name on disk is bytes: names that are no valid UTF-8 come back unchanged.
    ``moment`` orders photos: seconds since 1970 on the wall clock where the photo was taken, from ``taken_at``
    or else the file's time. ``vector.revision`` only grows: a reader asks for what is newer than what it has.
    """
    connection.execute(
        """CREATE TABLE folder (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            path BLOB NOT NULL UNIQUE
        ) STRICT"""
    )
    connection.execute(
        """CREATE TABLE photo (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            folder_id INTEGER NOT NULL REFERENCES folder (id) ON DELETE CASCADE,
            rel_path BLOB NOT NULL,
            size INTEGER NOT NULL,
            mtime_ns INTEGER NOT NULL,
            moment INTEGER NOT NULL,
            content_hash TEXT,
            width INTEGER,
            height INTEGER,
            taken_at TEXT,
            camera TEXT,
            lat REAL,
            lon REAL,
            error TEXT,
            missing_since TEXT,
            UNIQUE (folder_id, rel_path)
        ) STRICT"""
    )
    connection.execute("CREATE INDEX photo_by_content ON photo (size, content_hash) WHERE content_hash IS NOT NULL")
    connection.execute("CREATE INDEX photo_shown ON photo (moment) WHERE missing_since IS NULL AND error IS NULL")
    connection.execute("CREATE INDEX photo_failed ON photo (moment) WHERE error IS NOT NULL")
    connection.execute(
        """CREATE TABLE pack (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            fingerprint TEXT NOT NULL UNIQUE,
            feature_dim INTEGER NOT NULL,
            embedding_dim INTEGER NOT NULL,
            current INTEGER NOT NULL DEFAULT 0
        ) STRICT"""
    )
    connection.execute(
        """CREATE TABLE vector (
            revision INTEGER PRIMARY KEY AUTOINCREMENT,
            photo_id INTEGER NOT NULL REFERENCES photo (id) ON DELETE CASCADE,
            pack_id INTEGER NOT NULL REFERENCES pack (id) ON DELETE CASCADE,
            kind TEXT NOT NULL,
            data BLOB NOT NULL,
            UNIQUE (photo_id, pack_id, kind)
        ) STRICT"""
    )
    # Ends in the rowid, which is the revision: one kind is read in order without touching the others' pages.
    connection.execute("CREATE INDEX vector_by_kind ON vector (pack_id, kind)")


@migration(2)
def _marks_and_exclusions(connection: sqlite3.Connection) -> None:
    """Favourites of the person, and what of a folder is left out (patterns, one a line)."""
    connection.execute("ALTER TABLE photo ADD COLUMN favorite INTEGER NOT NULL DEFAULT 0")
    connection.execute("CREATE INDEX photo_favorite ON photo (id) WHERE favorite")
    connection.execute("ALTER TABLE folder ADD COLUMN exclude TEXT NOT NULL DEFAULT ''")


@migration(3)
def _looks(connection: sqlite3.Connection) -> None:
    """What the pixels of a photo say without a network (``look.Look``), and the kinds it belongs to, as bits."""
    connection.execute(
        """CREATE TABLE look (
            photo_id INTEGER PRIMARY KEY REFERENCES photo (id) ON DELETE CASCADE,
            version INTEGER NOT NULL,
            kinds INTEGER NOT NULL,
            measures BLOB NOT NULL,
            tiny BLOB NOT NULL
        ) STRICT"""
    )
    # Few photos are of any kind: a filter reads these few entries and no table.
    connection.execute("CREATE INDEX look_by_kind ON look (kinds) WHERE kinds != 0")


@migration(4)
def _object_points(connection: sqlite3.Connection) -> None:
    """Local descriptors of photos, for «the same object»: they mean nothing without their vocabulary.

    Whatever changes what a photo shows takes its points away. ``revision`` only grows, as that of vectors.
    """
    connection.execute(
        """CREATE TABLE object_points (
            revision INTEGER PRIMARY KEY AUTOINCREMENT,
            photo_id INTEGER NOT NULL UNIQUE REFERENCES photo (id) ON DELETE CASCADE,
            vocabulary TEXT NOT NULL,
            data BLOB NOT NULL
        ) STRICT"""
    )
    connection.execute(
        """CREATE TRIGGER object_points_of_other_content AFTER UPDATE OF content_hash ON photo
        WHEN OLD.content_hash IS NOT NEW.content_hash
        BEGIN DELETE FROM object_points WHERE photo_id = NEW.id; END"""
    )


@migration(5)
def _places(connection: sqlite3.Connection) -> None:
    """Where photos were taken: places in larger places, and the smallest one of each photo.

    ``photo_area`` is derived from ``lat`` and ``lon`` and forgotten when they change; ``area_id`` is NULL for a photo
    that was taken in no known place, ``edition`` says from which data it was looked up. ``keys``: names as they are
    compared, with ``|`` between.
    """
    connection.execute(
        """CREATE TABLE area (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            code TEXT NOT NULL UNIQUE,
            level INTEGER NOT NULL,
            parent INTEGER REFERENCES area (id),
            es TEXT NOT NULL,
            en TEXT NOT NULL,
            keys TEXT NOT NULL,
            lat REAL,
            lon REAL
        ) STRICT"""
    )
    connection.execute(
        """CREATE TABLE photo_area (
            photo_id INTEGER PRIMARY KEY REFERENCES photo (id) ON DELETE CASCADE,
            area_id INTEGER REFERENCES area (id),
            edition INTEGER NOT NULL
        ) STRICT"""
    )
    connection.execute("CREATE INDEX photo_by_area ON photo_area (area_id)")
    connection.execute("CREATE INDEX photo_hidden ON photo (id) WHERE missing_since IS NOT NULL OR error IS NOT NULL")
    connection.execute("CREATE INDEX photo_placed ON photo (lat, lon) WHERE lat IS NOT NULL AND lon IS NOT NULL")
    connection.execute(
        """CREATE TRIGGER photo_moved AFTER UPDATE OF lat, lon ON photo
        WHEN OLD.lat IS NOT NEW.lat OR OLD.lon IS NOT NEW.lon
        BEGIN DELETE FROM photo_area WHERE photo_id = NEW.id; END"""
    )


@migration(6)
def _albums(connection: sqlite3.Connection) -> None:
    """Albums, which may lie in others, and what the person said of photos: 1 it belongs, 0 it does not."""
    connection.execute(
        """CREATE TABLE album (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,
            parent_id INTEGER REFERENCES album (id) ON DELETE CASCADE,
            created TEXT NOT NULL
        ) STRICT"""
    )
    connection.execute("CREATE INDEX album_in ON album (parent_id)")
    connection.execute(
        """CREATE TABLE album_photo (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            album_id INTEGER NOT NULL REFERENCES album (id) ON DELETE CASCADE,
            photo_id INTEGER NOT NULL REFERENCES photo (id) ON DELETE CASCADE,
            verdict INTEGER NOT NULL,
            UNIQUE (album_id, photo_id)
        ) STRICT"""
    )
    connection.execute("CREATE INDEX album_photo_by_photo ON album_photo (photo_id)")


@migration(7)
def _points_by_photo(connection: sqlite3.Connection) -> None:
    """Which photos have points of a vocabulary, and since when, without a look at the points themselves.

    A photo has some 10 KB of them, so that counting 100,000 photos read a gigabyte.
    """
    connection.execute("CREATE INDEX object_points_of ON object_points (vocabulary, photo_id)")


def use_wal(connection: sqlite3.Connection) -> None:
    """Let readers and a writer work at once. The file keeps that, so only its first user really changes anything."""
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        # Another process has just made the file and changes it at this moment: SQLite does not wait for that.
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise


def in_our_words(error: sqlite3.Error, path: Path) -> Exception:
    """The exception of ours for what SQLite met in the world; ``error`` itself when it is a bug of ours."""
    primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if primary == sqlite3.SQLITE_FULL:
        return DiskFull(path)
    if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return CatalogDamaged(path, str(error))
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_INTERRUPT):
        return CatalogInUse(path)
    if primary in (
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_IOERR,
    ):
        return DataFolderUnwritable(path.parent)
    return error


class Database:
    """One connection to a catalogue, for one thread; SQLite's errors come out as ours."""

    def __init__(self, path: Path, *, writer: bool, migrations: Migrations = migration) -> None:
        """Open ``path``, creating or upgrading its tables; a reader cannot change anything afterwards.

        Raises ``CatalogTooNew``, ``CatalogDamaged`` (also for a file that is not a catalogue of ours),
        ``CatalogInUse``, ``DiskFull`` or ``DataFolderUnwritable``. A file that is refused is left as it is.
        """
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise (DiskFull(path) if error.errno == errno.ENOSPC else DataFolderUnwritable(path.parent)) from error
        connection: sqlite3.Connection | None = None
        try:
            connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None)
            self._prepare(connection, migrations)
            # FULL: what was committed survives a power cut; at one commit a batch it cannot be noticed.
            connection.execute(f"PRAGMA synchronous = {'FULL' if writer else 'NORMAL'}")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute(f"PRAGMA query_only = {0 if writer else 1}")
        except BaseException as error:
            if connection is not None:
                connection.close()
            if isinstance(error, sqlite3.Error):
                raise in_our_words(error, path) from error
            raise
        self._connection = connection

    def _prepare(self, connection: sqlite3.Connection, migrations: Migrations) -> None:
        # The owner last: another process may be making the file, and then it has tables before we look.
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema").fetchall()}
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (owner,) = connection.execute("PRAGMA application_id").fetchone()
        if (tables or version) and owner != APPLICATION_ID:
            why = "" if tables >= _ALWAYS_THERE else "foreign"
            raise CatalogDamaged(self.path, "not a catalogue of this program", why)
        if version > migrations.newest:
            raise CatalogTooNew(self.path, version, migrations.newest)
        if version < migrations.newest or owner != APPLICATION_ID:
            migrations.upgrade(connection)
        use_wal(connection)

    def close(self) -> None:
        """Close the connection; again is harmless."""
        self._connection.close()

    def interrupt(self) -> None:
        """Called by any thread: what this connection reads or writes now ends with ``CatalogInUse``."""
        with suppress(sqlite3.ProgrammingError):  # it is closed
            self._connection.interrupt()

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of one statement, a reading or a changing one."""
        try:
            return self._connection.execute(sql, parameters).fetchall()
        except sqlite3.Error as error:
            raise in_our_words(error, self.path) from error

    def chunks(self, sql: str, parameters: Sequence[Any], size: int) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of one statement, at most ``size`` at a time, as they were when it began; use them up at once."""
        try:
            cursor = self._connection.execute(sql, parameters)
            while rows := cursor.fetchmany(size):
                yield rows
        except sqlite3.Error as error:
            raise in_our_words(error, self.path) from error

    def insert(self, sql: str, parameters: Sequence[Any]) -> int:
        """Run one ``INSERT`` and return the id of the new row."""
        try:
            return int(self._connection.execute(sql, parameters).lastrowid or 0)
        except sqlite3.Error as error:
            raise in_our_words(error, self.path) from error

    def many(self, sql: str, parameters: Iterable[Sequence[Any]]) -> None:
        """Run one statement for each row of parameters."""
        try:
            self._connection.executemany(sql, parameters)
        except sqlite3.Error as error:
            raise in_our_words(error, self.path) from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; inside another transaction it is a part of that one."""
        if self._connection.in_transaction:
            yield
            return
        self.rows("BEGIN IMMEDIATE")
        try:
            yield
            self.rows("COMMIT")
        finally:
            if self._connection.in_transaction:
                self._connection.rollback()

    def version(self) -> int:
        """A number that grows with every change committed through this connection or any other one."""
        ((others,),) = self.rows("PRAGMA data_version")
        return int(others) + self._connection.total_changes

    def check(self) -> None:
        """Read the whole file; raise ``CatalogDamaged`` unless it is sound."""
        found = [str(row[0]) for row in self.rows("PRAGMA quick_check(3)")]
        if found != ["ok"]:
            raise CatalogDamaged(self.path, "; ".join(found))
