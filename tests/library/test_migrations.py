"""Catalogues of every version open with this one; an upgrade that is killed anywhere leaves one or the other."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from photofinder.library.catalog import Catalog
from photofinder.library.schema import APPLICATION_ID, Database, migration
from tests.library.old_catalogs import COMMAND, catalogue_of, file_of, missing

ROOT = Path(__file__).parents[2]
VERSIONS = range(migration.newest + 1)

KILLED = """
import os, shutil, signal, sys
from pathlib import Path
from photofinder.library.schema import Migrations, migration
import sqlite3

old, work = Path(sys.argv[1]), Path(sys.argv[2])

def upgrade(at):
    connection = sqlite3.connect(work, isolation_level=None)
    left = at

    def count(statement):
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    connection.set_trace_callback(count)
    migration.upgrade(connection)
    connection.set_trace_callback(None)
    connection.close()

for at in range(1, 10_000):
    for suffix in ("", "-wal", "-shm", "-journal"):
        Path(f"{work}{suffix}").unlink(missing_ok=True)
    shutil.copy(old, work)
    child = os.fork()
    if child == 0:
        upgrade(at)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    connection = sqlite3.connect(work, isolation_level=None)
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    sound = connection.execute("PRAGMA integrity_check").fetchone()[0]
    connection.close()
    connection = sqlite3.connect(work, isolation_level=None)
    migration.upgrade(connection)
    connection.close()
    print(version, sound, os.waitstatus_to_exitcode(status), flush=True)
    if status == 0:
        break
"""


def contents(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table of ours, by the columns that the table had."""
    with closing(sqlite3.connect(path)) as connection:
        tables = [
            name
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            )
        ]
        return {name: connection.execute(f'SELECT * FROM "{name}" ORDER BY 1').fetchall() for name in tables}


def test_every_version_is_kept_as_a_file() -> None:
    assert not missing(), f"run «{COMMAND}» and commit what it writes"


@pytest.mark.parametrize("version", VERSIONS[1:])
def test_a_kept_catalogue_has_the_tables_that_its_migrations_make(tmp_path: Path, version: int) -> None:
    """Fails when a released migration was edited: then people's catalogues would not be what it expects."""
    with closing(sqlite3.connect(tmp_path / "made.sqlite", isolation_level=None)) as made:
        migration.upgrade(made, to=version)
        expected = made.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name").fetchall()
    with closing(sqlite3.connect(catalogue_of(version, tmp_path / "kept.sqlite"))) as kept:
        assert kept.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name").fetchall() == expected
        assert kept.execute("PRAGMA user_version").fetchone() == (version,)
        assert kept.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert kept.execute("PRAGMA foreign_key_check").fetchall() == []
    assert all(contents(tmp_path / "kept.sqlite").values()), "every table has a row to lose"


@pytest.mark.parametrize("version", VERSIONS)
def test_an_older_catalogue_is_upgraded_without_losing_a_row(tmp_path: Path, version: int) -> None:
    path = catalogue_of(version, tmp_path / "c.sqlite")
    before = contents(path)
    with Catalog.open(path, writer=True) as catalog:
        catalog._database.check()
        photos = catalog.photos([3, 4, 9])
        if version:
            assert [str(folder.path) for folder in catalog.folders()] == ["/fotos/Año nuevo", "/media/usb"]
            assert os.fsencode(photos[4].rel_path) == b"\xff.jpg"
            assert catalog.counts().analysed == 2
            assert catalog.vector(3, "feature") == pytest.approx([1, 0, 0])
    after = contents(path)
    for table, rows in before.items():
        width = len(rows[0]) if rows else 0
        assert [row[:width] for row in after[table]] == rows


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a process of its own with SIGKILL")
@pytest.mark.parametrize("version", VERSIONS[:-1])
def test_an_upgrade_killed_at_any_statement_leaves_one_version_or_the_other(tmp_path: Path, version: int) -> None:
    old, work = catalogue_of(version, tmp_path / "old.sqlite"), tmp_path / "work.sqlite"
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(old), str(work)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    tries = [line.split() for line in done.stdout.splitlines()]
    assert len(tries) > 2 * (migration.newest - version), "each step was interrupted, more than once"
    assert {(found, sound) for found, sound, _ in tries} <= {(str(version), "ok"), (str(migration.newest), "ok")}
    assert tries[-1][2] == "0" and {code for *_, code in tries[:-1]} == {"-9"}
    newest = catalogue_of(migration.newest, tmp_path / "newest.sqlite")
    with closing(sqlite3.connect(newest)) as one, closing(sqlite3.connect(work)) as other:
        schema = "SELECT type, name, sql FROM sqlite_schema ORDER BY type, name"
        assert other.execute(schema).fetchall() == one.execute(schema).fetchall()
    if version:
        assert len(contents(work)["photo"]) == 3


@pytest.mark.parametrize("version", VERSIONS)
def test_two_programs_upgrade_one_catalogue_at_once(tmp_path: Path, version: int) -> None:
    path = catalogue_of(version, tmp_path / "c.sqlite")
    code = (
        "import sys; from pathlib import Path; from photofinder.library.schema import Database\n"
        "sys.stdin.readline(); Database(Path(sys.argv[1]), writer=True).close()"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, cwd=ROOT) for _ in range(2)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b"go\n")
        process.stdin.flush()
    assert [process.wait(timeout=200) for process in processes] == [0, 0]
    for process in processes:
        assert process.stdin is not None
        process.stdin.close()
    database = Database(path, writer=False)
    database.check()
    assert database.rows("PRAGMA user_version") == [(migration.newest,)]
    assert database.rows("SELECT count(*) FROM photo") == [(3 if version else 0,)]
    database.close()


def test_a_catalogue_of_a_newer_version_is_refused_by_every_command_and_left_as_it_is(tmp_path: Path) -> None:
    data = tmp_path / "estado"
    (data / "data").mkdir(parents=True)
    path = catalogue_of(migration.newest, data / "data" / "catalog.sqlite")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {migration.newest + 1}")
        connection.commit()
    kept = shutil.copy(path, tmp_path / "kept.sqlite")
    (tmp_path / "fotos").mkdir()
    for arguments in (["index", str(tmp_path / "fotos")], ["search", "playa"]):
        done = subprocess.run(
            [sys.executable, "-m", "photofinder", "--language", "es", "--data-dir", str(data), *arguments],
            cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip
        assert done.returncode == 1
        assert done.stderr.strip().splitlines() == [
            "El catálogo lo escribió una versión más nueva de PhotoFinder; actualiza el programa para abrirlo."
        ]
    assert path.read_bytes() == kept.read_bytes()


def test_the_files_are_small() -> None:
    assert all(file_of(version).stat().st_size < 20_000 for version in VERSIONS[1:] if version not in missing())
