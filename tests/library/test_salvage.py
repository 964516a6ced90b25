"""A damaged catalogue is set aside and what can be read of it goes on; a dated copy fills in what cannot."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from photofinder.errors import CatalogDamaged, CatalogInUse, DataFolderUnwritable
from photofinder.library import catalog_salvage
from photofinder.library.catalog import Catalog
from photofinder.library.catalog_backup import KEPT, backup_folder, backup_if_due, backups
from photofinder.library.catalog_lock import exclusive
from photofinder.library.catalog_salvage import rescue

PHOTOS = 300
TODAY = date(2026, 3, 9)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three hundred photos of two folders with their vectors; every third is a favourite."""
    tmp_path = tmp_path_factory.mktemp("made")
    path = tmp_path / "data" / "catalog.sqlite"
    rng = np.random.default_rng(0)
    with Catalog.open(path, writer=True) as catalog:
        for name in ("uno", "dos"):
            (tmp_path / name).mkdir()
        catalog.use_pack("huella", 32, 16)
        roots = [catalog.add_folder(tmp_path / name) for name in ("uno", "dos")]
        with catalog.transaction():
            for number in range(PHOTOS):
                photo_id = catalog.add_or_update_photo(
                    roots[number % 2].id, f"{number:04}.jpg", 1000 + number, 5, content_hash=f"{number:032}"
                )
                for kind, dim in (("feature", 32), ("embedding", 16)):
                    vector = rng.standard_normal(dim).astype(np.float32)
                    catalog.put_vectors(photo_id, kind, vector / np.linalg.norm(vector))
            catalog._database.rows("UPDATE photo SET favorite = 1 WHERE id % 3 = 0")
        catalog._database.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.fixture
def catalog(made: Path, tmp_path: Path) -> Path:
    """A copy to be damaged."""
    (tmp_path / "data").mkdir()
    return Path(shutil.copy(made, tmp_path / "data"))


def known(path: Path) -> dict[int, tuple[str, bool]]:
    with Catalog.open(path) as catalog:
        photos = catalog.photos(range(1, PHOTOS + 1))
    return {photo_id: (photo.rel_path, photo.favorite) for photo_id, photo in photos.items()}


def is_sound(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("PRAGMA integrity_check").fetchall()
        return found == [("ok",)] and not connection.execute("PRAGMA foreign_key_check").fetchall()


def pages_of(path: Path, table: str) -> list[int]:
    """The leaf pages of a table, without SQLite's statistics: those whose rows it holds."""
    with closing(sqlite3.connect(path)) as connection:
        return [
            page
            for page, kind in connection.execute(
                "SELECT pageno, pagetype FROM dbstat WHERE name = ? AND aggregate = FALSE", [table]
            )
            if kind == "leaf"
        ]


def wreck(path: Path, page: int) -> None:
    with open(path, "r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xa5" * 4096)


def test_a_lost_page_costs_its_own_rows_and_no_others(catalog: Path) -> None:
    before = known(catalog)
    pages = pages_of(catalog, "photo")
    assert len(pages) > 3
    wreck(catalog, pages[1])
    with pytest.raises(CatalogDamaged), Catalog.open(catalog) as broken:
        broken.photos(range(1, PHOTOS + 1))
    damaged = catalog.read_bytes()
    found = rescue(catalog, TODAY)
    assert found.aside is not None and found.aside.name == "catalog-damaged-2026-03-09.sqlite"
    assert found.aside.read_bytes() == damaged
    after = known(catalog)
    assert is_sound(catalog)
    assert PHOTOS * 0.6 < len(after) < PHOTOS
    assert after.items() <= before.items()
    assert found.photos == found.analysed == len(after)
    with Catalog.open(catalog, writer=True) as again:
        new = again.add_or_update_photo(1, "otra.jpg", 1, 1)
        assert new > PHOTOS, "numbers are never used again"


def test_the_copy_fills_in_what_is_lost_and_nothing_else(catalog: Path) -> None:
    before = known(catalog)
    copy = backup_if_due(catalog, TODAY - timedelta(3))
    assert copy is not None and copy.name == "catalog-2026-03-06.sqlite"
    with closing(sqlite3.connect(copy)) as connection:
        counts = [connection.execute(f"SELECT count(*) FROM {table}").fetchone() for table in ("photo", "vector")]
    assert counts == [(PHOTOS,), (0,)], "vectors are made again, and are nearly all of the file"
    with Catalog.open(catalog, writer=True) as writer:
        writer._database.rows("UPDATE photo SET favorite = 0 WHERE id = 3")
        writer._database.rows("DELETE FROM photo WHERE id = ?", [PHOTOS])
        writer._database.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    pages = pages_of(catalog, "photo")
    wreck(catalog, pages[len(pages) // 2])
    wreck(catalog, pages_of(catalog, "folder")[0])
    found = rescue(catalog, TODAY)
    assert found.copy_of == TODAY - timedelta(3)
    after = known(catalog)
    assert is_sound(catalog)
    assert after.pop(3) == (before.pop(3)[0], False), "what was read counts, not the copy"
    assert PHOTOS not in after and before.pop(PHOTOS), "who was deleted since does not return"
    assert after == before
    with Catalog.open(catalog) as again:
        assert [folder.path.name for folder in again.folders()] == ["uno", "dos"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b"esto no es SQLite " * 400),
        lambda path: path.write_bytes(b""),
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b"S"),
        lambda path: path.write_bytes(path.read_bytes()[:5000]),
        lambda path: path.write_bytes(bytes(4096) + path.read_bytes()[4096:]),
    ],
    ids=["text", "empty", "deleted", "one byte", "a page and a bit", "first page"],
)
def test_when_nothing_can_be_read_the_copy_is_taken(catalog: Path, damage: Callable[[Path], object]) -> None:
    before = known(catalog)
    assert backup_if_due(catalog, TODAY)
    damage(catalog)
    with pytest.raises(CatalogDamaged):
        Catalog.open(catalog)
    found = rescue(catalog, TODAY)
    assert known(catalog) == before
    assert (found.photos, found.analysed, found.copy_of) == (PHOTOS, 0, TODAY)


def test_without_a_copy_it_begins_anew(catalog: Path) -> None:
    catalog.write_bytes(b"esto no es SQLite " * 400)
    found = rescue(catalog, TODAY)
    assert (found.photos, found.copy_of) == (0, None)
    assert known(catalog) == {} and is_sound(catalog)
    catalog.write_bytes(b"otra vez " * 400)
    again = rescue(catalog, TODAY)
    assert again.aside is not None and again.aside.name == "catalog-damaged-2026-03-09-2.sqlite"


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_damaged_a_sound_catalogue_comes_of_it(catalog: Path, seed: int) -> None:
    before = known(catalog)
    chance = random.Random(seed)
    data = bytearray(catalog.read_bytes())
    if seed % 4 == 0:
        data = data[: chance.randrange(1, len(data))]
    elif seed % 4 == 1:
        for _ in range(40):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    elif seed % 4 == 2:
        for _ in range(5):
            at = chance.randrange(len(data) // 4096) * 4096
            data[at : at + 4096] = chance.randbytes(4096)
    else:
        one, other = (chance.randrange(1, len(data) // 4096) * 4096 for _ in range(2))
        data[one : one + 4096], data[other : other + 4096] = data[other : other + 4096], data[one : one + 4096]
    catalog.write_bytes(data)
    found = rescue(catalog, TODAY)
    assert is_sound(catalog)
    after = known(catalog)
    assert len(after) - 3 <= found.photos <= len(after), "a flipped bit may say that a photo is missing"
    if seed % 4 != 1:  # whole pages: what is read is what was written
        assert after.items() <= before.items()
    with Catalog.open(catalog) as reader:
        reader.use_pack("huella", 32, 16)
        for kind in ("feature", "embedding"):
            _, _, vectors = reader.vector_rows(kind)
            assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=0.1)


def test_what_was_not_written_into_the_file_yet_is_read_too(catalog: Path) -> None:
    writer = Catalog.open(catalog, writer=True)
    writer._database.rows("UPDATE photo SET favorite = 1 WHERE id = 1")
    log = catalog.with_name("catalog.sqlite-wal").read_bytes()
    main = bytearray(catalog.read_bytes())
    writer.close()
    page = pages_of(catalog, "photo")[-1]
    main[(page - 1) * 4096 : page * 4096] = bytes(4096)
    catalog.write_bytes(main)
    catalog.with_name("catalog.sqlite-wal").write_bytes(log)
    rescue(catalog, TODAY)
    assert known(catalog)[1][1]
    assert not catalog.with_name("catalog.sqlite-wal").exists() or is_sound(catalog)


def test_interrupted_at_any_file_it_can_be_called_again(catalog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = known(catalog)
    backup_if_due(catalog, TODAY)
    wreck(catalog, pages_of(catalog, "photo")[1])
    damaged = catalog.read_bytes()
    real_replace, real_link = Path.replace, os.link
    for at in range(1, 10):
        left = at

        def step(left_of: list[int]) -> None:
            left_of[0] -= 1
            if left_of[0] == 0:
                raise KeyboardInterrupt

        counter = [left]
        monkeypatch.setattr(Path, "replace", lambda *a, c=counter: (step(c), real_replace(*a))[1])
        monkeypatch.setattr(os, "link", lambda *a, c=counter: (step(c), real_link(*a))[1])
        try:
            rescue(catalog, TODAY)
        except KeyboardInterrupt:
            monkeypatch.undo()
            assert catalog.exists(), "at no moment there is no catalogue"
            continue
        monkeypatch.undo()
        break
    assert at > 2
    assert known(catalog) == before
    assert damaged in [path.read_bytes() for path in catalog.parent.glob("catalog-damaged-*.sqlite")]


def test_a_catalogue_that_another_program_uses_is_left_alone(catalog: Path) -> None:
    wreck(catalog, pages_of(catalog, "photo")[0])
    before = catalog.read_bytes()
    with exclusive(catalog), pytest.raises(CatalogInUse):
        rescue(catalog, TODAY)
    assert catalog.read_bytes() == before


@pytest.mark.parametrize("error", [OSError(28, "full"), OSError(5, "io")])
def test_a_disk_that_fails_leaves_it_as_it_is(catalog: Path, monkeypatch: pytest.MonkeyPatch, error: OSError) -> None:
    wreck(catalog, pages_of(catalog, "photo")[0])
    before = catalog.read_bytes()

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(catalog_salvage, "_build", fail)
    with pytest.raises((DataFolderUnwritable, Exception), match=r"no space|cannot write"):
        rescue(catalog, TODAY)
    assert catalog.read_bytes() == before


# Copies


def test_a_copy_a_week_and_the_newest_are_kept(catalog: Path) -> None:
    for day in range(40):
        made = backup_if_due(catalog, TODAY + timedelta(day))
        assert (made is not None) == (day % 7 == 0)
    assert [day for day, _ in backups(catalog)] == [TODAY + timedelta(35 - 7 * number) for number in range(KEPT)]
    assert all(is_sound(path) for _, path in backups(catalog))
    assert backup_if_due(catalog, TODAY - timedelta(400)), "a clock that was set back"


def test_an_empty_catalogue_is_not_worth_a_copy(tmp_path: Path) -> None:
    Catalog.open(tmp_path / "catalog.sqlite", writer=True).close()
    assert backup_if_due(tmp_path / "catalog.sqlite", TODAY) is None
    assert not list(backup_folder(tmp_path / "catalog.sqlite").iterdir())


def test_a_damaged_catalogue_does_not_take_the_place_of_a_good_copy(catalog: Path) -> None:
    good = backup_if_due(catalog, TODAY)
    assert good is not None
    kept = good.read_bytes()
    wreck(catalog, pages_of(catalog, "photo")[1])
    assert backup_if_due(catalog, TODAY + timedelta(8)) is None
    assert [path for _, path in backups(catalog)] == [good]
    assert good.read_bytes() == kept


def test_a_copy_that_was_cut_short_is_begun_anew(catalog: Path) -> None:
    folder = backup_folder(catalog)
    folder.mkdir()
    (folder / "catalog.new").write_bytes(b"half")
    (folder / "catalog.new-journal").write_bytes(b"half of a journal")
    assert backup_if_due(catalog, TODAY)
    assert [path.name for path in folder.iterdir()] == [f"catalog-{TODAY}.sqlite"]
