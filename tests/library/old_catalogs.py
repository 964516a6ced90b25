"""Small catalogues of every version there ever was, kept as SQL: ``catalogs/0001.sql``, ``0002.sql``, …

A new migration needs one new file; this command writes those that are missing::

    python -m tests.library.old_catalogs

Each is the one before it, upgraded by the migration and with a row in every table that is still empty, as ``sqlite3``
would dump it. A file that exists is never written again: it is what people have on their disks.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from photofinder.library.schema import APPLICATION_ID, migration

FOLDER = Path(__file__).with_name("catalogs")
COMMAND = "python -m tests.library.old_catalogs"

_FIRST = (
    "INSERT INTO folder (id, path) VALUES (2, CAST('/fotos/Año nuevo' AS BLOB)), (5, CAST('/media/usb' AS BLOB))",
    "INSERT INTO pack (id, fingerprint, feature_dim, embedding_dim, current) VALUES (1, 'antiguo', 3, 2, 1)",
    "INSERT INTO photo (id, folder_id, rel_path, size, mtime_ns, moment, content_hash, width, height, camera) VALUES"
    " (3, 2, CAST('2019/playa.jpg' AS BLOB), 10, 20, 30, 'aa', 640, 480, 'Cámara'),"
    " (4, 2, x'ff2e6a7067', 11, 21, 31, 'bb', 640, 480, NULL),"
    " (9, 5, CAST('rota.jpg' AS BLOB), 12, 22, 32, NULL, NULL, NULL, NULL)",
    "UPDATE photo SET error = 'damaged' WHERE id = 9",
    "INSERT INTO vector (revision, photo_id, pack_id, kind, data) VALUES"
    " (7, 3, 1, 'feature', x'003c00000000'), (8, 3, 1, 'embedding', x'003c0000'),"
    " (11, 4, 1, 'feature', x'0000003c0000'), (12, 4, 1, 'embedding', x'0000003c')",
)


def catalogue_of(version: int, path: Path) -> Path:
    """Write at ``path`` the catalogue of a version, from its file; version 0 is an empty file."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        if version:
            connection.executescript(file_of(version).read_text(encoding="utf-8"))
            connection.execute("PRAGMA journal_mode = WAL")
    return path


def file_of(version: int) -> Path:
    """Where the catalogue of a version is kept."""
    return FOLDER / f"{version:04}.sql"


def missing() -> list[int]:
    """The versions without a file."""
    return [version for version in range(1, migration.newest + 1) if not file_of(version).is_file()]


def make(version: int) -> None:
    """Write the file of a version; that of the one before is there."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        if version > 1:
            connection.executescript(file_of(version - 1).read_text(encoding="utf-8"))
        migration.upgrade(connection, to=version)
        connection.execute("PRAGMA foreign_keys = ON")
        for statement in _FIRST if version == 1 else ():
            connection.execute(statement)
        _fill_empty_tables(connection)
        (owner,) = connection.execute("PRAGMA application_id").fetchone()
        assert owner == APPLICATION_ID
        head = ["PRAGMA foreign_keys = OFF;", f"PRAGMA application_id = {owner};", f"PRAGMA user_version = {version};"]
        file_of(version).write_text("\n".join([*head, *_dump(connection)]) + "\n", encoding="utf-8")


def _dump(connection: sqlite3.Connection) -> list[str]:
    return [line for line in connection.iterdump() if not line.startswith("PRAGMA")]


def _fill_empty_tables(connection: sqlite3.Connection) -> None:
    """One row in each table of ours that has none; what it refers to exists already."""
    tables = connection.execute(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    waiting = [name for (name,) in tables if not connection.execute(f'SELECT 1 FROM "{name}"').fetchone()]
    for _ in range(len(waiting)):  # a table that refers to another empty one waits for the next round
        for name in list(waiting):
            if _fill(connection, name):
                waiting.remove(name)
    if waiting:
        raise SystemExit(f"no plain row fits the tables {waiting}: write their rows into the file by hand")


def _fill(connection: sqlite3.Connection, table: str) -> bool:
    refers = {
        column: (to, key) for _, _, to, column, key, *_ in connection.execute(f'PRAGMA foreign_key_list("{table}")')
    }
    values: dict[str, object] = {}
    for _, column, kind, needed, _, is_key in connection.execute(f'PRAGMA table_info("{table}")').fetchall():
        if column in refers:
            to, key = refers[column]
            found = connection.execute(f'SELECT "{key or "rowid"}" FROM "{to}"').fetchone()
            if found is None and not needed:
                continue  # a table that may refer to itself
            if found is None:
                if needed or is_key:
                    return False
                continue
            values[column] = found[0]
        elif needed or is_key:
            values[column] = {"INTEGER": 6, "REAL": 0.5, "BLOB": b"x"}.get(kind, "texto")
    names = ", ".join(f'"{column}"' for column in values)
    marks = ", ".join("?" * len(values))
    try:
        connection.execute(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', list(values.values()))
    except sqlite3.IntegrityError:
        return False
    return True


def main() -> None:
    """Write what is missing."""
    FOLDER.mkdir(exist_ok=True)
    for version in missing():
        make(version)
        print(file_of(version))


if __name__ == "__main__":
    main()
