"""Dated copies of the catalogue, without what can be made again: what a person marked outlives a bad disk."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from photofinder.library.schema import migration

EVERY = timedelta(days=7)
KEPT = 3
"""The newest ones; older ones are deleted."""
MADE_AGAIN = frozenset(("vector", "look", "object_points"))
"""Tables that are left out: their rows come from the photos again, and are nearly all of the file."""

_PREFIX, _ENDING, _TEMPORARY = "catalog-", ".sqlite", "catalog.new"
_log = logging.getLogger(__name__)


def backup_folder(catalog: Path) -> Path:
    """Where the copies of a catalogue are."""
    return catalog.parent / "backups"


def backups(catalog: Path) -> list[tuple[date, Path]]:
    """The copies there are, the newest first."""
    found = []
    with contextlib.suppress(OSError):
        for path in backup_folder(catalog).glob(f"{_PREFIX}*{_ENDING}"):
            with contextlib.suppress(ValueError):
                found.append((date.fromisoformat(path.name[len(_PREFIX) : -len(_ENDING)]), path))
    return sorted(found, reverse=True)


def backup_if_due(catalog: Path, today: date) -> Path | None:
    """Copy the catalogue unless that was done within the last days; the copy, or None when none was made.

    What keeps it from being written (a full disk, a catalogue that cannot be read) leaves the older copies as they are
    and is no error: it is tried again the next time.
    """
    before = backups(catalog)
    if before and timedelta(0) <= today - before[0][0] < EVERY:
        return None
    target = backup_folder(catalog) / f"{_PREFIX}{today.isoformat()}{_ENDING}"
    temporary = target.with_name(_TEMPORARY)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _clear(temporary)
        if not _copy(catalog, temporary):
            _clear(temporary)
            return None
        temporary.replace(target)
        for _, old in backups(catalog)[KEPT:]:
            old.unlink(missing_ok=True)
    except (OSError, sqlite3.Error) as error:
        _log.warning("no copy of the catalogue: %s", error)
        with contextlib.suppress(OSError):
            _clear(temporary)
        return None
    return target


def _clear(temporary: Path) -> None:
    """Delete what an interrupted copy left: its journal, too, which would be played back into the next one."""
    for suffix in ("", "-journal"):
        temporary.with_name(temporary.name + suffix).unlink(missing_ok=True)


def _copy(catalog: Path, target: Path) -> bool:
    """Write the copy; False when there is nothing worth it, or it is not sound. Raises OSError or sqlite3.Error."""
    connection = sqlite3.connect(target, isolation_level=None, uri=True)
    try:
        connection.execute("PRAGMA synchronous = FULL")
        migration.upgrade(connection)
        connection.execute("ATTACH ? AS live", [f"{catalog.absolute().as_uri()}?mode=ro"])
        connection.execute("BEGIN")
        if not connection.execute("SELECT 1 FROM live.folder LIMIT 1").fetchone():
            return False
        with without_triggers(connection):
            for table in tables_of(connection):
                if table not in MADE_AGAIN:
                    names = ", ".join(f'"{name}"' for name in columns_of(connection, table))
                    connection.execute(f'INSERT INTO main."{table}" ({names}) SELECT {names} FROM live."{table}"')
        connection.execute("COMMIT")
        sound: bool = connection.execute("PRAGMA main.quick_check(1)").fetchone() == ("ok",)
        return sound
    finally:
        connection.close()


def tables_of(connection: sqlite3.Connection) -> list[str]:
    """The plain tables of a catalogue of this version, and of no extension of SQLite."""
    rows = connection.execute(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' ORDER BY name"
    )
    return [name for (name,) in rows if not name.startswith("sqlite_")]


def columns_of(connection: sqlite3.Connection, table: str) -> list[str]:
    """The columns of a table that can be written, in their order."""
    rows = connection.execute(f'PRAGMA main.table_xinfo("{table}")').fetchall()
    return [name for _, name, _, _, _, _, hidden in rows if not hidden]


@contextlib.contextmanager
def without_triggers(connection: sqlite3.Connection) -> Iterator[None]:
    """Rows are copied as they are: what a trigger would make of them is among them already."""
    triggers = connection.execute("SELECT name, sql FROM main.sqlite_schema WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        connection.execute(f'DROP TRIGGER main."{name}"')
    yield
    for _, sql in triggers:
        connection.execute(sql)
