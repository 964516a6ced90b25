from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from photofinder.errors import CatalogDamaged, CatalogInUse, CatalogTooNew, DataFolderUnwritable
from photofinder.library import schema
from photofinder.library.schema import APPLICATION_ID, Database, Migrations, migration


@contextmanager
def plain(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def tables_of(path: Path) -> list[tuple[str, ...]]:
    with plain(path) as connection:
        return connection.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name").fetchall()


def header_of(path: Path) -> tuple[int, int]:
    with plain(path) as connection:
        return tuple(connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version"))


def two_steps() -> Migrations:
    steps = Migrations()

    @steps(1)
    def first(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE photo (id INTEGER PRIMARY KEY, name TEXT) STRICT")

    @steps(2)
    def second(connection: sqlite3.Connection) -> None:
        connection.execute("ALTER TABLE photo ADD COLUMN size INTEGER NOT NULL DEFAULT 0")

    return steps


def test_migrations_are_numbered_without_gaps() -> None:
    assert migration.newest >= 1
    steps = two_steps()
    for wrong in (0, 1, 2, 4):
        with pytest.raises(ValueError, match=str(wrong)):
            steps(wrong)


@pytest.mark.parametrize("version", range(migration.newest + 1))
def test_upgrading_any_released_version_gives_the_newest_tables(tmp_path: Path, version: int) -> None:
    Database(tmp_path / "new.sqlite", writer=True).close()
    with plain(tmp_path / "old.sqlite") as old:
        migration.upgrade(old, to=version)
    Database(tmp_path / "old.sqlite", writer=True).close()
    assert tables_of(tmp_path / "old.sqlite") == tables_of(tmp_path / "new.sqlite")
    assert header_of(tmp_path / "old.sqlite") == (APPLICATION_ID, migration.newest)


def test_every_table_is_strict_and_numbers_of_photos_are_never_reused(tmp_path: Path) -> None:
    Database(tmp_path / "c.sqlite", writer=True).close()
    tables = {name: sql for kind, name, sql in tables_of(tmp_path / "c.sqlite") if kind == "table" and sql}
    ours = {name: sql for name, sql in tables.items() if not name.startswith("sqlite_")}
    assert {"folder", "photo", "pack", "vector"} <= set(ours)
    for name, sql in ours.items():
        assert sql.rstrip().endswith("STRICT")
        assert "PRIMARY KEY AUTOINCREMENT" in sql or name in ("look", "photo_area")  # whose key is the photo's


def test_an_older_catalogue_keeps_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    steps = two_steps()
    with plain(path) as old:
        steps.upgrade(old, to=1)
        old.execute("INSERT INTO photo (name) VALUES ('a.jpg')")
    database = Database(path, writer=False, migrations=steps)
    assert database.rows("SELECT name, size FROM photo") == [("a.jpg", 0)]
    database.close()


def test_a_failing_upgrade_leaves_the_old_catalogue(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    steps = two_steps()
    with plain(path) as old:
        steps.upgrade(old)
    before = tables_of(path)

    @steps(3)
    def third(connection: sqlite3.Connection) -> None:
        connection.execute("DROP TABLE photo")
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        Database(path, writer=True, migrations=steps)
    assert tables_of(path) == before
    assert header_of(path) == (APPLICATION_ID, 2)


def test_a_catalogue_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    Database(path, writer=True).close()
    with plain(path) as connection:
        connection.execute(f"PRAGMA user_version = {migration.newest + 3}")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = path.read_bytes()
    for writer in (True, False):
        with pytest.raises(CatalogTooNew) as caught:
            Database(path, writer=writer)
        assert (caught.value.found, caught.value.supported) == (migration.newest + 3, migration.newest)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"just text, long enough to be no header" * 40, b"\x00" * 5000])
def test_a_file_that_is_no_database_is_damaged_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "c.sqlite"
    path.write_bytes(content)
    with pytest.raises(CatalogDamaged):
        Database(path, writer=True)
    assert path.read_bytes() == content


def test_the_database_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    with plain(path) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    before = path.read_bytes()
    with pytest.raises(CatalogDamaged, match="not a catalogue"):
        Database(path, writer=True)
    assert path.read_bytes() == before


def test_a_place_that_cannot_be_made_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DataFolderUnwritable):
        Database(tmp_path / "file" / "c.sqlite", writer=True)
    (tmp_path / "folder.sqlite").mkdir()
    with pytest.raises(DataFolderUnwritable):
        Database(tmp_path / "folder.sqlite", writer=True)


def test_many_processes_create_one_catalogue_at_once(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    code = (
        "import sys; from pathlib import Path; from photofinder.library.schema import Database\n"
        "sys.stdin.readline(); Database(Path(sys.argv[1]), writer=True).close()"
    )
    root = Path(schema.__file__).parents[2]
    processes = [
        subprocess.Popen([sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, cwd=root) for _ in range(4)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b"go\n")
        process.stdin.close()
    assert [process.wait() for process in processes] == [0, 0, 0, 0]
    assert header_of(path) == (APPLICATION_ID, migration.newest)


def test_a_transaction_is_all_or_nothing_and_nests(tmp_path: Path) -> None:
    database = Database(tmp_path / "c.sqlite", writer=True)
    with pytest.raises(KeyError), database.transaction():
        with database.transaction():
            database.insert("INSERT INTO folder (path) VALUES (?)", [b"/a"])
        raise KeyError
    assert database.rows("SELECT count(*) FROM folder") == [(0,)]
    with database.transaction():
        database.insert("INSERT INTO folder (path) VALUES (?)", [b"/a"])
    assert database.rows("SELECT count(*) FROM folder") == [(1,)]
    database.close()


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    database = Database(tmp_path / "c.sqlite", writer=False)
    with pytest.raises(Exception, match=r"cannot write|readonly"):
        database.insert("INSERT INTO folder (path) VALUES (?)", [b"/a"])
    database.close()


def test_what_is_read_can_be_ended_by_another_thread(tmp_path: Path) -> None:
    database = Database(tmp_path / "catalog.sqlite", writer=True)
    ended = threading.Event()

    def end() -> None:
        while not ended.wait(0.01):  # it may not have begun yet
            database.interrupt()

    thread = threading.Thread(target=end)
    thread.start()
    try:
        with pytest.raises(CatalogInUse):
            database.rows("WITH RECURSIVE n(x) AS (VALUES(1) UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n")
    finally:
        ended.set()
        thread.join()
    assert database.rows("SELECT 1") == [(1,)], "and goes on"
    database.close()
    database.interrupt()
