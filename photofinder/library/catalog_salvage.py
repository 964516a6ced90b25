"""A damaged catalogue is set aside, and what can be read of it goes on: row by row, the rest from the newest copy.

SQLite's own recovery (``.recover``) is a part of its shell, which most machines do not have. Here each table is read
in ranges of row numbers that are halved around what cannot be read, so a page that is lost costs its own rows and no
others. Only rows of such a range are taken from the copy (``catalog_backup``): one that the person deleted since does
not return. Vectors that are lost are made anew by the next analysis.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from photofinder.errors import DataFolderUnwritable, DiskFull
from photofinder.library.catalog_backup import MADE_AGAIN, backups, columns_of, tables_of, without_triggers
from photofinder.library.catalog_lock import exclusive
from photofinder.library.schema import APPLICATION_ID, in_our_words, migration

_RANGE = 1024
_FAR = 2**20
"""Numbers are counted on from so far beyond what was read where nobody knows which were given out already."""
_UNIT_TOLERANCE = 0.1
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rescued:
    """What became of a damaged catalogue.

    ``aside``: where it is now (None: there was no file). ``photos`` are known again, ``analysed`` of them need no
    further look. ``copy_of``: the day of the copy that what could not be read was taken from, if it was.
    """

    aside: Path | None
    photos: int
    analysed: int
    copy_of: date | None


@dataclass(slots=True)
class _Found:
    """``lost``: ranges of row numbers that could not be read, of each table; None for a whole table.

    ``numbers``: the highest one that each table ever gave out, as far as it is known.
    """

    numbers: dict[str, int] = field(default_factory=dict)
    lost: dict[str, list[tuple[int, int]] | None] = field(default_factory=dict)
    copy_of: date | None = None


def rescue(catalog: Path, today: date) -> Rescued:
    """Put a sound catalogue in the place of a damaged or lost one, which is renamed and never deleted.

    Call it when this process has no connection to it. Interrupted at any moment it can be called again. Raises
    ``CatalogInUse``, ``DiskFull`` or ``DataFolderUnwritable``, and then nothing has changed.
    """
    try:
        with exclusive(catalog):
            finished = catalog.with_name(catalog.name + ".rescued")
            found = _Found() if _is_newer(finished, catalog) else _build(catalog, finished)
            photos, analysed = _figures(finished)
            aside = _swap(catalog, finished, today)
    except sqlite3.Error as error:
        raise in_our_words(error, catalog) from error
    except OSError as error:
        full = error.errno == errno.ENOSPC
        raise (DiskFull(catalog) if full else DataFolderUnwritable(catalog.parent)) from error
    _log.warning("the catalogue was damaged: %r, %s", str(aside), found)
    return Rescued(aside, photos, analysed, found.copy_of)


def _is_newer(finished: Path, catalog: Path) -> bool:
    """Whether an interrupted rescue has left its result, and nothing was written to the damaged file since."""
    try:
        made = finished.stat().st_mtime_ns
    except OSError:
        return False
    for path in (catalog, catalog.with_name(catalog.name + "-wal")):
        with contextlib.suppress(OSError):
            if path.stat().st_mtime_ns > made:
                return False
    return True


def _build(catalog: Path, finished: Path) -> _Found:
    temporary = catalog.with_name(catalog.name + ".rescuing")
    for suffix in ("", "-journal"):
        temporary.with_name(temporary.name + suffix).unlink(missing_ok=True)
    found = _Found()
    target = sqlite3.connect(temporary, isolation_level=None)
    try:
        target.execute("PRAGMA synchronous = FULL")
        migration.upgrade(target)
        target.execute("BEGIN")
        with without_triggers(target):
            _take_readable(catalog, target, found)
            if found.lost:
                _fill_from_copies(catalog, target, found)
            _drop_what_cannot_be(target)
        _count_on(target, found)
        target.execute("COMMIT")
    finally:
        target.close()
    temporary.replace(finished)
    return found


def _figures(finished: Path) -> tuple[int, int]:
    """How many photos are known, and how many of them have vectors."""
    connection = sqlite3.connect(finished, isolation_level=None)
    try:
        (photos,) = connection.execute("SELECT count(*) FROM photo WHERE missing_since IS NULL").fetchone()
        (analysed,) = connection.execute(
            "SELECT count(*) FROM photo WHERE missing_since IS NULL AND id IN (SELECT photo_id FROM vector)"
        ).fetchone()
        return photos, analysed
    finally:
        connection.close()


def _swap(catalog: Path, finished: Path, today: date) -> Path | None:
    """Give the damaged file its other name and the sound one its place; at no moment there is neither."""
    aside: Path | None = None
    if catalog.exists():
        aside = _free_name(catalog, today)
        try:
            os.link(catalog, aside)
        except OSError:  # a disk without links, such as FAT
            shutil.copy2(catalog, aside)
    for suffix in ("-wal", "-journal"):
        beside = catalog.with_name(catalog.name + suffix)
        if beside.exists() and aside is not None:
            beside.replace(aside.with_name(aside.name + suffix))
        else:
            beside.unlink(missing_ok=True)
    catalog.with_name(catalog.name + "-shm").unlink(missing_ok=True)
    finished.replace(catalog)
    return aside


def _free_name(catalog: Path, today: date) -> Path:
    for number in range(1, 10_000):
        more = f"-{number}" if number > 1 else ""
        path = catalog.with_name(f"{catalog.stem}-damaged-{today.isoformat()}{more}{catalog.suffix}")
        if not path.exists():
            return path
    raise OSError(f"no free name beside {catalog}")


# Reading what is damaged -------------------------------------------------------------------------------------------


def _reading(path: Path) -> sqlite3.Connection:
    """A connection that changes nothing, takes a malformed schema as far as it goes, and any text."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("PRAGMA cell_size_check = ON")
    return connection


def _take_readable(catalog: Path, target: sqlite3.Connection, found: _Found) -> None:
    """Every row that can be read, and in ``found`` the ranges of those that cannot."""
    try:
        source = _reading(catalog)
    except sqlite3.Error:
        found.lost = dict.fromkeys(tables_of(target))
        return
    try:
        with contextlib.suppress(sqlite3.DatabaseError):
            found.numbers = dict(source.execute("SELECT name, seq FROM sqlite_sequence").fetchall())
        for table in tables_of(target):
            try:
                lost = _take_table(source, target, table)
            except sqlite3.DatabaseError as error:
                _log.warning("table %s: %s", table, error)
                found.lost[table] = None
            else:
                if lost:
                    found.lost[table] = lost
                elif table not in MADE_AGAIN and not _is_whole(source, table):
                    found.lost[table] = None
    finally:
        source.close()


def _is_whole(source: sqlite3.Connection, table: str) -> bool:
    """Whether nothing seems to lack: the rest of a page that was cut reads as zeros, and so as a table without rows."""
    try:
        found = source.execute(f'PRAGMA integrity_check("{table}")').fetchall()
    except sqlite3.DatabaseError:
        return False
    return all(line == "ok" or "index" in line for (line,) in found)  # indexes are made anew


def _take_table(source: sqlite3.Connection, target: sqlite3.Connection, table: str) -> list[tuple[int, int]]:
    """Copy one table; the ranges of row numbers that were lost.

    Raises ``sqlite3.DatabaseError`` when nothing of it can be read.
    """
    columns = _common(source, target, table)
    top = _highest(source, table)
    lost: list[tuple[int, int]] = []
    ranges = [(low, min(low + _RANGE - 1, top)) for low in range(1, top + 1, _RANGE)][::-1]
    while ranges:
        low, high = ranges.pop()
        try:
            rows = source.execute(
                f'SELECT rowid, {columns} FROM "{table}" WHERE rowid BETWEEN ? AND ?', [low, high]
            ).fetchall()
        except sqlite3.DatabaseError:
            if low == high:
                lost.append((low, high))
            else:
                middle = (low + high) // 2
                ranges += [(middle + 1, high), (low, middle)]
        else:
            lost += [(number, number) for number in _put(target, table, columns, rows)]
    return lost


def _common(source: sqlite3.Connection, target: sqlite3.Connection, table: str) -> str:
    """The columns that both have, as SQL. Raises ``sqlite3.DatabaseError`` when the source has no such table."""
    there = {row[1] for row in source.execute(f'PRAGMA table_xinfo("{table}")').fetchall()}
    names = [name for name in columns_of(target, table) if name in there]
    if not names:
        raise sqlite3.DatabaseError("not there")
    return ", ".join(f'"{name}"' for name in names)


def _highest(source: sqlite3.Connection, table: str) -> int:
    """A number that no row of a table is above. Raises ``sqlite3.DatabaseError`` when nothing of it can be read."""
    with contextlib.suppress(sqlite3.DatabaseError):
        return int(source.execute(f'SELECT coalesce(max(rowid), 0) FROM "{table}"').fetchone()[0])
    with contextlib.suppress(sqlite3.DatabaseError):
        found = source.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", [table]).fetchone()
        if found:
            return int(found[0])
    first = source.execute(f'SELECT rowid FROM "{table}" ORDER BY rowid LIMIT 1').fetchone()
    return int(first[0]) + _FAR if first else 0


def _put(target: sqlite3.Connection, table: str, columns: str, rows: Sequence[tuple[Any, ...]]) -> Iterator[int]:
    """Insert rows that begin with their number; the numbers of those that no catalogue can have."""
    marks = ", ".join("?" * (columns.count(",") + 1))
    sql = f'INSERT OR IGNORE INTO "{table}" ({columns}) VALUES ({marks})'
    for number, *values in rows:
        try:
            target.execute(sql, values)
        except (sqlite3.Error, OverflowError):
            yield int(number)


# What is not in it any more ----------------------------------------------------------------------------------------


def _fill_from_copies(catalog: Path, target: sqlite3.Connection, found: _Found) -> None:
    """Take the rows of lost ranges from the newest copy that can be read."""
    for day, path in backups(catalog):
        try:
            source = _reading(path)
        except sqlite3.Error:
            continue
        try:
            if source.execute("PRAGMA application_id").fetchone() != (APPLICATION_ID,):
                continue
            for table in set(found.lost) - MADE_AGAIN:
                columns = _common(source, target, table)
                for low, high in found.lost[table] or [(1, 2**62)]:
                    rows = source.execute(
                        f'SELECT rowid, {columns} FROM "{table}" WHERE rowid BETWEEN ? AND ?', [low, high]
                    ).fetchall()
                    list(_put(target, table, columns, rows))
            found.copy_of = day
            return
        except sqlite3.DatabaseError as error:
            _log.warning("copy %r: %s", str(path), error)
        finally:
            source.close()


def _drop_what_cannot_be(target: sqlite3.Connection) -> None:
    """Rows that refer to one that is lost, and vectors that are none: their photos are analysed again."""
    bad = []
    for revision, dim, data in target.execute(
        "SELECT revision, CASE kind WHEN 'feature' THEN feature_dim WHEN 'embedding' THEN embedding_dim END, data"
        " FROM vector JOIN pack ON pack.id = pack_id"
    ):
        if dim is None:
            continue
        vector = np.frombuffer(data[: len(data) // 2 * 2], dtype="<f2").astype(np.float32)
        if len(data) != 2 * dim or not abs(float(np.linalg.norm(vector)) - 1) < _UNIT_TOLERANCE:
            bad.append((revision,))
    target.executemany("DELETE FROM vector WHERE revision = ?", bad)
    while broken := target.execute("PRAGMA foreign_key_check").fetchall():
        for table, number, *_ in broken:
            target.execute(f'DELETE FROM "{table}" WHERE rowid = ?', [number])


def _count_on(target: sqlite3.Connection, found: _Found) -> None:
    """Numbers travel to derived files and are never given twice, also those of rows that are lost now."""
    used = dict(target.execute("SELECT name, seq FROM sqlite_sequence").fetchall())
    target.execute("DELETE FROM sqlite_sequence")
    counted = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'"
    for (table,) in target.execute(counted).fetchall():
        number = max(used.get(table, 0), found.numbers.get(table, 0)) + (_FAR if table in found.lost else 0)
        target.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", [table, number])
